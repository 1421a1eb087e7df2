"""How soon organisations answered and acted, what they left unanswered, and what waits for them now."""

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from events.deadlines import working_time
from homes.access import current_posts
from homes.roles import ROLES, Picture
from oversight.escalation.ladders import ANSWER_WITHIN
from oversight.escalation.models import Alert, Branch, Tier

#: The page looks back a year.
BACK = timedelta(days=365)


@dataclass(frozen=True)
class Spread:
    """Of so many times (count) the median and the 90th percentile; None where there is none."""

    count: int
    median: timedelta | None
    ninetieth: timedelta | None

    @classmethod
    def of(cls, times: Iterable[timedelta]) -> "Spread":
        found = sorted(times)
        if not found:
            return cls(0, None, None)
        middle = timedelta(seconds=statistics.median(time.total_seconds() for time in found))
        return cls(len(found), middle, found[math.ceil(0.9 * len(found)) - 1])


@dataclass(frozen=True)
class Response:
    """One organisation at one level: ladders that asked it, and how it answered. working: times are working hours."""

    organisation: str
    tier: Tier
    working: bool
    asked: int
    answered: Spread
    acted: Spread
    unanswered: int


@dataclass(frozen=True)
class _Asked:
    organisation: str
    tier: Tier
    at: datetime
    answered_at: datetime | None
    decided_at: datetime | None
    unanswered: bool

    def after(self, moment: datetime) -> timedelta:
        return working_time(self.at, moment) if is_working(self.tier) else moment - self.at


def is_working(tier: Tier) -> bool:
    """Whether the level's clock runs in working days, so that times are told in working hours."""
    return not ANSWER_WITHIN[tier].hours


def responses(user: UUID, now: datetime) -> list[Response]:
    """Each organisation at each level in the last year: to the regulator all that it may see, to others their own."""
    groups: dict[tuple[str, Tier], list[_Asked]] = defaultdict(list)
    for asked in _asked(user, now):
        groups[asked.organisation, asked.tier].append(asked)
    order = list(Tier)
    keys = sorted(groups, key=lambda key: (key[0], -order.index(key[1])))
    return [_response(name, tier, groups[name, tier]) for name, tier in keys]


def overdue(user: UUID, now: datetime, most: int = 50) -> list[Branch]:
    """Ladders that wait past their deadline, the longest first."""
    late = _ladders(user, now).filter(state=Branch.State.WAITING, due_at__lte=now)
    return list(late.select_related("alert", "organisation", "escalation").order_by("due_at")[:most])


def whole_nation(user: UUID, now: datetime) -> bool:
    """Whether the reader sees every organisation that overseers' alerts asked: a regulator does."""
    return any(ROLES[post.role].picture is Picture.REGULATOR for post in current_posts(user, now))


def _ladders(user: UUID, now: datetime) -> QuerySet[Branch]:
    branches = Branch.objects.filter(alert__in=Alert.objects.visible_to(user, now).values("pk"))
    if whole_nation(user, now):
        return branches
    own = [post.organisation_id for post in current_posts(user, now) if ROLES[post.role].acknowledges]
    return branches.filter(organisation_id__in=own)


def _asked(user: UUID, now: datetime) -> Sequence[_Asked]:
    rows = (
        _ladders(user, now)
        .filter(escalation__opened_at__gte=now - BACK)
        .annotate(
            first=Min("steps__opened_at"),
            first_due=Min("steps__due_at"),
            steps_taken=Count("steps", distinct=True),
            decided=Min("decisions__at"),
        )
        .values_list(
            "organisation__name",
            "escalation__tier",
            "first",
            "first_due",
            "steps_taken",
            "acknowledgement__at",
            "decided",
            "state",
        )
    )
    return [
        _Asked(name, Tier(tier), first, answered, decided, _left(answered, steps, state, due, now))
        for name, tier, first, due, steps, answered, decided, state in rows
        if first is not None
    ]


def _left(answered: datetime | None, steps: int, state: str, due: datetime, now: datetime) -> bool:
    """Unanswered past its first deadline: it climbed, or waits and is late."""
    return answered is None and (steps > 1 or (state == Branch.State.WAITING and due <= now))


def _response(name: str, tier: Tier, asked: Sequence[_Asked]) -> Response:
    return Response(
        organisation=name,
        tier=tier,
        working=is_working(tier),
        asked=len(asked),
        answered=Spread.of(one.after(one.answered_at) for one in asked if one.answered_at),
        acted=Spread.of(one.after(one.decided_at) for one in asked if one.decided_at),
        unanswered=sum(one.unanswered for one in asked),
    )

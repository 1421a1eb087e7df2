"""Reads across apps for the dashboards: as few queries as a page needs, however many records there are.

Each read is narrowed to the picture in which the viewer stands; row-level security is the second wall.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject

from events.clock import london_day
from homes.access import Capacity
from homes.models import AccessHome, Home, Placement, Post
from homes.roles import OVERSEERS, ROLES, Picture
from oversight.dashboards.wording import LEVEL_RANK, level_of_alert
from oversight.escalation import states
from oversight.escalation.models import CLIMBS, Alert, Branch
from oversight.matters.models import MatterLink
from oversight.risk.bars import newest
from oversight.risk.models import Assessment, Calibration, HomeMonth
from oversight.visits.models import Visit, VisitReport

#: Where somebody stands to a home in several capacities, the page shows one picture; a home's own people come first,
#: so that no second post shows them what others said.
PRECEDENCE = (
    Picture.PROVIDER,
    Picture.REGULATOR,
    Picture.AUTHORITY,
    Picture.LADO,
    Picture.VISITOR,
    Picture.ICB,
    Picture.VISITS,
    Picture.AUTHOR,
    Picture.CHILD,
)

#: A visit or report that did not come, once answered, says nothing of a home two months later.
MISSING_STANDS = timedelta(days=62)


def posts_of(user: UUID, now: datetime) -> list[Post]:
    """The posts in force, newest first, each with `to_answer`: alerts of its organisation that wait. One query."""
    waiting = (
        Branch.objects.filter(
            state=Branch.State.WAITING,
            organisation_id=OuterRef("organisation_id"),
            alert__ended_at__isnull=True,
        )
        .order_by()
        .values("organisation_id")
        .annotate(found=Count("alert_id", distinct=True))
        .values("found")
    )
    posts = (
        Post.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), user_id=user, starts_at__lte=now)
        .select_related("organisation", "home", "user__person")
        .annotate(waiting=Coalesce(Subquery(waiting, output_field=IntegerField()), 0))
        .order_by("-starts_at", "role")
    )
    found: list[Any] = list(posts)
    for post in found:
        post.to_answer = post.waiting if ROLES[post.role].acknowledges else 0
    return found


@dataclass(frozen=True)
class Resident:
    """A child living in a home now, as far as the viewer may know."""

    child_id: UUID
    home_id: UUID
    initials: str
    authority_id: UUID
    authority: str
    miles: int | None
    since: datetime


@dataclass(frozen=True)
class Standpoint:
    """A home, and how the viewer stands to it. `residents` are those of whom they may know; `standing` is the newest stored look of the viewer's own picture, `calibration` what the bars were set by."""

    home: Home
    picture: Picture
    capacities: tuple[Capacity, ...]
    manager: str
    manager_since: date | None
    undecided: int = 0
    residents: tuple[Resident, ...] = ()
    standing: dict[str, Any] | None = None
    calibration: dict[str, Any] | None = None

    @property
    def engine_picture(self) -> str:
        """overseers or provider: of whose records alerts, levels and charts are made for this viewer."""
        return "provider" if self.picture is Picture.PROVIDER else "overseers"

    @property
    def sees_alerts(self) -> bool:
        return self.picture is Picture.PROVIDER or self.picture in OVERSEERS

    @property
    def sees_whistleblowing(self) -> bool:
        return self.picture is Picture.REGULATOR


def standpoint(user: UUID, urn: str, now: datetime) -> Standpoint | None:
    """How the viewer stands to the home with this URN; None where they may not open it. One query."""
    manager = Post.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        home_id=OuterRef("home_id"),
        role="registered_manager",
        starts_at__lte=now,
    ).order_by("-starts_at")
    looks = Assessment.objects.filter(home_id=OuterRef("home_id")).order_by("-as_of")
    undecided = (
        MatterLink.objects.filter(home_id=OuterRef("home_id"), state=MatterLink.State.PROPOSED)
        .order_by()
        .values("home_id")
        .annotate(found=Count("id"))
        .values("found")
    )
    residing = Placement.objects.visible_to(user, now).in_force(now)
    living = residing.filter(home_id=OuterRef("home_id")).order_by("starts_at", "id")
    resident = JSONObject(
        child_id="child_id",
        initials="child__initials",
        authority_id="placing_authority_id",
        authority="placing_authority__name",
        miles="miles",
        since="starts_at",
    )
    look = JSONObject(score="score", tier="tier", pattern="pattern", began_on="began_on", on="assessed_on")
    rows = (
        AccessHome.objects.in_force(user, now)
        .filter(home__urn=urn)
        .select_related("home__provider", "home__host_authority")
        .annotate(
            manager=Subquery(manager.values("user__person__name")[:1]),
            manager_since=Subquery(manager.values("starts_at")[:1]),
            living=ArraySubquery(living.values(found=resident)),
            undecided=Coalesce(Subquery(undecided, output_field=IntegerField()), 0),
            of_overseers=Subquery(looks.filter(picture="overseers").values(found=look)[:1]),
            of_provider=Subquery(looks.filter(picture="provider").values(found=look)[:1]),
            calibration=Subquery(newest(Calibration.objects.visible_to(user, now))[:1]),
        )
    )
    found: list[Any] = list(rows)
    if not found:
        return None
    capacities = tuple({Capacity(row.capacity, Picture(row.picture), row.organisation_id) for row in found})
    picture = min((one.picture for one in capacities), key=PRECEDENCE.index)
    row = found[0]
    since = row.manager_since
    return Standpoint(
        home=row.home,
        picture=picture,
        capacities=capacities,
        manager=row.manager or "",
        manager_since=london_day(since) if since else None,
        undecided=row.undecided,
        residents=tuple(_resident(row.home, one) for one in row.living),
        standing=row.of_provider if picture is Picture.PROVIDER else row.of_overseers,
        calibration=row.calibration,
    )


def _resident(home: Home, found: dict[str, Any]) -> Resident:
    return Resident(
        child_id=UUID(found["child_id"]),
        home_id=home.pk,
        initials=found["initials"],
        authority_id=UUID(found["authority_id"]),
        authority=found["authority"],
        miles=found["miles"],
        since=datetime.fromisoformat(found["since"]),
    )


@dataclass(frozen=True)
class Answer:
    """What one organisation owes on an alert: told when, and answered by whom and when, or due when."""

    organisation_id: UUID
    organisation: str
    state: str
    told_at: datetime
    due_at: datetime
    by: str
    at: datetime | None


@dataclass
class AlertRow:
    """An alert as lists and timelines show it."""

    id: UUID
    reference: str
    home_id: UUID | None
    provider_id: UUID
    kind: str
    pattern: str
    tier: str
    raised_on: date
    began_on: date | None
    opened_at: datetime
    ended_at: datetime | None
    explanation: dict[str, Any]
    answers: list[Answer] = field(default_factory=list)

    @property
    def level(self) -> str:
        return level_of_alert(self.kind, self.tier)

    @property
    def open(self) -> bool:
        return self.ended_at is None

    @property
    def answered(self) -> Answer | None:
        """The first answer, by whoever gave it."""
        given = [answer for answer in self.answers if answer.at is not None]
        return min(given, key=lambda answer: answer.at or answer.due_at, default=None)

    @property
    def latest_answers(self) -> list[Answer]:
        """The newest answer of each organisation, newest first."""
        newest: dict[UUID, Answer] = {}
        for answer in sorted((one for one in self.answers if one.at), key=lambda one: one.at or one.due_at):
            newest.pop(answer.organisation_id, None)
            newest[answer.organisation_id] = answer
        return list(reversed(newest.values()))

    def stands(self, today: date) -> bool:
        """Whether the alert still says something of today: open, and no answered matter of a month long past."""
        past = self.kind == "missing_report" and self.raised_on < today - MISSING_STANDS
        return self.open and not (past and not self.waiting)

    @property
    def waiting(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.state == Branch.State.WAITING]


ALERT_FIELDS = (
    "id", "reference", "home_id", "provider_id", "kind", "pattern", "tier", "raised_on", "began_on",
    "opened_at", "ended_at", "explanation",
)  # fmt: skip
BRANCH_FIELDS = (
    "branchs__organisation_id", "branchs__organisation__name", "branchs__state",
    "branchs__escalation__opened_at", "branchs__due_at",
    "branchs__acknowledgement__by__name", "branchs__acknowledgement__at",
)  # fmt: skip


def alerts_of(
    homes: Sequence[UUID],
    providers: Sequence[UUID],
    *,
    picture: str,
    since: datetime | None = None,
    open_only: bool = False,
) -> list[AlertRow]:
    """Alerts of a picture about the homes, or about the providers as a whole, oldest first. One query."""
    about = Q(home_id__in=homes) | Q(home__isnull=True, provider_id__in=providers)
    rows = Alert.objects.filter(about, picture=picture)
    if picture == "provider":
        rows = rows.filter(skips_provider=False)
    if since is not None:
        rows = rows.filter(Q(opened_at__gte=since) | Q(ended_at__isnull=True))
    if open_only:
        rows = rows.filter(ended_at__isnull=True)
    found: dict[UUID, AlertRow] = {}
    fields = rows.order_by("opened_at", "reference", "branchs__organisation__name")
    for values in fields.values_list(*ALERT_FIELDS, *BRANCH_FIELDS):
        alert, branch = values[: len(ALERT_FIELDS)], values[len(ALERT_FIELDS) :]
        row = found.setdefault(alert[0], AlertRow(*alert))
        if branch[0] is not None and branch[2] not in (Branch.State.OVERTAKEN, Branch.State.LAPSED):
            key, name, state, told_at, due_at, by, at = branch
            row.answers.append(Answer(key, name, state, told_at, due_at, by or "", at))
    return list(found.values())


@dataclass(frozen=True)
class VisitRow:
    """A visit, and what its report said about safeguarding (empty where no report has come)."""

    id: UUID
    visited_on: date
    opinion: str
    well_being: str


def visits_of(home: UUID, since: date, viewer: UUID, now: datetime) -> list[VisitRow]:
    """Visits of a home since a day that the viewer may know of, oldest first. One query."""
    report = VisitReport.objects.visible_to(viewer, now).filter(visit=OuterRef("pk"))
    seen = Visit.objects.visible_to(viewer, now).filter(home_id=home, visited_on__gte=since)
    rows = seen.annotate(
        safeguarded=Subquery(report.values("safeguarded")), well_being=Subquery(report.values("well_being"))
    )
    fields = rows.order_by("visited_on", "id").values_list("id", "visited_on", "safeguarded", "well_being")
    return [VisitRow(key, on, opinion or "", well or "") for key, on, opinion, well in fields]


def months_of(
    homes: Sequence[UUID], picture: str, since: date, viewer: UUID, now: datetime
) -> dict[UUID, dict[tuple[date, str], Any]]:
    """(told, only outside) by home, month and stream, as far as the viewer may know them. One query."""
    readable = HomeMonth.objects.visible_to(viewer, now)
    rows = readable.filter(home_id__in=homes, picture=picture, month_on__gte=since)
    found: dict[UUID, dict[tuple[date, str], Any]] = {home: {} for home in homes}
    for home, month, stream, told, outside in rows.values_list(
        "home_id", "month_on", "stream", "told", "outside"
    ):
        found[home][(month, stream)] = (told, outside)
    return found


def residents_of(homes: Iterable[UUID], viewer: UUID, now: datetime) -> list[Resident]:
    """Children living in the homes now whom the viewer may see, in the order they came. One query."""
    residing = Placement.objects.visible_to(viewer, now).in_force(now)
    rows = residing.filter(home_id__in=list(homes)).order_by("starts_at", "id")
    fields = rows.values_list(
        "child_id",
        "home_id",
        "child__initials",
        "placing_authority_id",
        "placing_authority__name",
        "miles",
        "starts_at",
    )
    return [Resident(*row) for row in fields]


def managers_of(homes: Sequence[UUID], now: datetime) -> dict[UUID, str]:
    """The name of each home's registered manager, where one is in post. One query."""
    posts = Post.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        home_id__in=homes,
        role="registered_manager",
        starts_at__lte=now,
    ).order_by("starts_at")
    return {home: name for home, name in posts.values_list("home_id", "user__person__name") if home}


def rank_of(level: str) -> int:
    return LEVEL_RANK[level]


@dataclass(frozen=True)
class Owed:
    """An answer, or the decision after it, that an organisation owes on an alert."""

    reference: str
    home: str
    pattern: str
    level: str
    opened_at: datetime
    due_at: datetime
    step: int
    decides: bool


def owed_by(organisations: Sequence[UUID], limit: int = 12) -> list[Owed]:
    """Alerts that wait for an answer or a decision of these organisations and that the viewer may read, the latest first. One query."""
    rows = (
        Branch.objects.filter(
            organisation_id__in=organisations,
            state__in=states.UNDECIDED,
            alert__ended_at__isnull=True,
        )
        .annotate(step=Count("steps"), climbs=CLIMBS)
        .order_by("climbs", "alert__reference")
    )
    fields = rows.values_list(
        "alert__reference",
        "alert__home__name",
        "alert__provider__name",
        "alert__pattern",
        "alert__kind",
        "alert__tier",
        "alert__opened_at",
        "climbs",
        "step",
        "acknowledgement__at",
    )
    return [
        Owed(
            reference,
            home or provider,
            pattern,
            level_of_alert(kind, tier),
            opened,
            due,
            step,
            answered is not None,
        )
        for reference, home, provider, pattern, kind, tier, opened, due, step, answered in fields[:limit]
    ]

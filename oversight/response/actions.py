"""The weekly digest: owed once to each mailbox for each week, from Monday 8:00 in London on.

What is due is asked of PostgreSQL each time: a hub that was down on Monday owes it when it is back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q

from events.clock import LONDON, london_day
from homes.models import DutyMailbox, Organisation, Post
from homes.roles import Kind
from oversight.escalation import states
from oversight.escalation.channels.email.wording import message_id
from oversight.escalation.deciding.models import Decision, Outcome
from oversight.escalation.models import Acknowledgement, Alert, Branch, Delivery, Tier
from oversight.escalation.owing import prompt_delivery
from oversight.response.wording import Open, Week, digest

AT = time(8, 0)
#: Names the mail of a week to a mailbox, so that it is owed once however often it is asked for.
_WEEKS = UUID("0f0a6f1e-6f55-5d31-8d0b-4f8a4cf6a001")
#: Desks at which some ladder begins; heads of service and directors hear when a ladder climbs to them.
ASKED_FIRST = ("duty", "lado", "safeguarding")


@dataclass
class _Recipient:
    """One mailbox of one organisation; home: only what concerns it, for those who run one home."""

    organisation: Organisation
    address: str
    desks: set[str] = field(default_factory=set)
    home: UUID | None = None

    def hears_of(self, desk: str) -> bool:
        return not self.desks or desk in self.desks

    def is_for(self, branch: Branch) -> bool:
        if self.home is not None:
            return branch.alert.home_id == self.home
        return self.hears_of(branch.desk)


def week_of(now: datetime) -> datetime:
    """The latest Monday, 8:00 in London, that is not after ``now``."""
    day = london_day(now)
    monday = datetime.combine(day - timedelta(days=day.weekday()), AT, LONDON)
    return monday if monday <= now else datetime.combine(day - timedelta(days=day.weekday() + 7), AT, LONDON)


@transaction.atomic
def owe_digests(*, now: datetime) -> int:
    """Owe this week's digest to every mailbox that has none yet and something to be told; how many.

    Call it as the worker. Alerts opened since Monday are left to the next one: their own e-mails have just gone.
    """
    monday = week_of(now)
    branches = _branches(monday)
    weeks = _weeks(monday)
    owed = 0
    for recipient in _recipients({*branches, *(key for key, _ in weeks)}, now):
        key = uuid5(_WEEKS, f"{monday.date()}:{recipient.organisation.pk}:{recipient.address.lower()}")
        waiting = [_open(one) for one in branches[recipient.organisation.pk] if recipient.is_for(one)]
        week = _week([one for (key, desk), one in weeks.items() if _concerns(recipient, key, desk)])
        if not waiting and not week:
            continue
        subject, body = digest(recipient.organisation.name, waiting, week, now)
        _, made = Delivery.objects.get_or_create(
            id=key,
            defaults={
                "organisation": recipient.organisation,
                "address": recipient.address,
                "subject": subject,
                "body": body,
                "message_id": message_id(key),
                "owed_since": now,
            },
        )
        owed += made
    if owed:
        prompt_delivery()
    return owed


def _branches(monday: datetime) -> dict[UUID, list[Branch]]:
    """Ladders that waited for somebody on Monday and still do, by organisation."""
    found: dict[UUID, list[Branch]] = defaultdict(list)
    waiting = Branch.objects.filter(state__in=states.UNDECIDED, alert__opened_at__lt=monday)
    open_alerts = waiting.exclude(alert__state=Alert.State.CLOSED)
    for branch in open_alerts.select_related("alert", "escalation", "acknowledgement").order_by("due_at"):
        found[branch.organisation_id].append(branch)
    return found


def _weeks(monday: datetime) -> dict[tuple[UUID, str], Counter[str]]:
    """What was done in the seven days before Monday, by organisation and the desk whose ladder it was."""
    since = Q(at__gte=monday - timedelta(days=7), at__lt=monday)
    found: dict[tuple[UUID, str], Counter[str]] = defaultdict(Counter)
    for key, desk in Acknowledgement.objects.filter(since).values_list("organisation_id", "branch__desk"):
        found[key, desk]["answered"] += 1
    for key, desk, acts in Decision.objects.filter(since).values_list(
        "organisation_id", "branch__desk", "acts"
    ):
        found[key, desk]["acting" if acts else "not_acting"] += 1
    for key, desk, result in Outcome.objects.filter(since).values_list(
        "organisation_id", "decision__branch__desk", "result"
    ):
        found[key, desk][result] += 1
    return found


def _concerns(recipient: _Recipient, organisation: UUID, desk: str) -> bool:
    """Whoever runs one home is told of what waits there, and not of the week of the whole organisation."""
    return recipient.home is None and recipient.organisation.pk == organisation and recipient.hears_of(desk)


def _week(counts: Sequence[Counter[str]]) -> Week:
    total = sum(counts, Counter())
    outcomes = [(label, total[result]) for result, label in Outcome.Result.choices if total[result]]
    return Week(total["answered"], total["acting"], total["not_acting"], tuple(outcomes))


def _recipients(organisations: set[UUID], now: datetime) -> Iterator[_Recipient]:
    """The mailboxes of the desks that are asked first, once each; a provider's responsible individuals and managers."""
    for organisation in Organisation.objects.filter(pk__in=organisations).order_by("name", "pk"):
        found: dict[str, _Recipient] = {}
        boxes = DutyMailbox.objects.filter(organisation=organisation, desk__in=ASKED_FIRST).exclude(
            hours="out_of_hours"
        )
        for box in boxes.order_by("desk", "hours"):
            one = found.setdefault(box.email.lower(), _Recipient(organisation, box.email))
            one.desks.add(box.desk)
        if organisation.kind == Kind.PROVIDER:
            for post in _holders(organisation, now):
                home = None if post.role == "responsible_individual" else post.home_id
                found.setdefault(
                    post.user.email.lower(), _Recipient(organisation, post.user.email, home=home)
                )
        yield from found.values()


def _holders(organisation: Organisation, now: datetime) -> Iterator[Post]:
    roles = ("responsible_individual", "registered_manager")
    posts = Post.objects.filter(organisation=organisation, role__in=roles, starts_at__lte=now)
    in_force = posts.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), user__is_active=True)
    for post in in_force.select_related("user").order_by("-role", "starts_at"):
        if post.user.email:
            yield post


def _open(branch: Branch) -> Open:
    answer = getattr(branch, "acknowledgement", None)
    decides = branch.state == Branch.State.ACKNOWLEDGED and answer is not None
    return Open(
        reference=branch.alert.reference,
        tier=Tier(branch.escalation.tier),
        due_at=answer.decide_by if decides and answer is not None else branch.due_at,
        decides=decides,
    )

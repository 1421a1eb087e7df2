"""What a reader may see of alerts: the list, and one alert with its ladder and the records behind it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from events.clock import LONDON, london_day
from homes.access import Capacity, NotAllowedError
from homes.models import AccessHome
from homes.roles import ROLES, Picture
from incidents.record import finding
from oversight.dashboards import wording
from oversight.escalation import states
from oversight.escalation.answering import answerers, role_for
from oversight.escalation.deciding.models import Decision
from oversight.escalation.ladders import DESK_HEADINGS
from oversight.escalation.models import (
    CLIMBS,
    Acknowledgement,
    Alert,
    Branch,
    Delivery,
    Escalation,
    Seen,
    Step,
    Tier,
    places_for,
)
from oversight.escalation.plans import Plan
from oversight.escalation.rules import RULES
from oversight.visits.models import VisitReport

STREAM_WORDS = {"concern": "Significant concern"}
SOURCES = {
    "home": "The home",
    "lado": "The LADO",
    "hospital": "A hospital",
    "placing_authority": "A placing authority",
    "regulator": "The regulator",
    "visitor": "The visitor",
    "whistleblower": "A whistleblower",
    "police": "The police",
    "parent": "A parent",
    "child": "A child",
}
#: States in which nobody is waited for any more, without an answer.
GONE = (Branch.State.OVERTAKEN, Branch.State.LAPSED)
KNOWN = {"told": "Home told us", "shared": "Shared with the home", "outside": "Only outside"}


def moment_words(moment: datetime, now: datetime) -> str:
    """today 17:00; 9 Nov 2026, 17:00 (London)."""
    local = moment.astimezone(LONDON)
    if local.date() == london_day(now):
        return f"today {local:%H:%M}"
    return f"{wording.day_words(moment)}, {local:%H:%M}"


def title_of(alert: Alert) -> str:
    """The alert's name for people, with its home or provider."""
    what = RULES[alert.pattern].title if alert.pattern in RULES else wording.pattern_words(alert.pattern)
    where = f"at {alert.home.name}" if alert.home else f"across the homes of {alert.provider.name}"
    return f"{what}, {where.removeprefix('at ')}" if alert.pattern in RULES else f"{what} {where}"


def level_of(alert: Alert) -> str:
    return wording.level_of_alert(alert.kind, alert.tier)


def sentence_of(alert: Alert, *, regulator: bool) -> str:
    """Why the alert was opened, in plain words; disclosures are named to the regulator only."""
    if alert.pattern in RULES and alert.pattern not in wording.RULES:
        return str(alert.explanation.get("sentence", ""))
    explanation = alert.explanation
    if alert.picture == "provider":
        # The provider's picture holds no disclosure, and not a word about whether there are any.
        parts = [part for part in explanation.get("parts", []) if part["stream"] != "whistleblowing"]
        explanation = {**explanation, "parts": parts}
    return wording.alert_sentence(alert.pattern, alert.began_on, explanation, whistleblowing=regulator)


def alerts_for(user: UUID, now: datetime) -> QuerySet[Alert]:
    """Every alert of the person's pictures: those that wait for their organisation first, the soonest due first."""
    answering = [role.key for role in ROLES.values() if role.acknowledges]
    mine = AccessHome.objects.in_force(user, now).filter(capacity__in=answering)
    kept = places_for(user, now)
    waiting = Branch.objects.filter(alert=OuterRef("pk"), state__in=states.UNDECIDED).annotate(climbs=CLIMBS)
    organisations = {*mine.values_list("organisation_id", flat=True).distinct(), *kept}
    found = Alert.objects.filter(pk__in=Alert.objects.visible_to(user, now).values("pk"))
    return (
        found.annotate(
            waits_for_me=Exists(waiting.filter(organisation__in=organisations)),
            next_due=Subquery(waiting.order_by("climbs").values("climbs")[:1]),
        )
        .select_related("home", "provider")
        .order_by("-waits_for_me", F("next_due").asc(nulls_last=True), "-opened_at", "reference")
    )


@dataclass(frozen=True)
class AlertRow:
    """One line of the list of alerts."""

    reference: str
    title: str
    level: str
    opened_at: datetime
    waits_for_me: bool
    answered: str
    due_at: datetime | None
    late: bool


def rows_of(alerts: Sequence[Alert], now: datetime) -> list[AlertRow]:
    """Lines for these alerts. One query, however many."""
    branches: dict[UUID, list[Branch]] = defaultdict(list)
    rows = Branch.objects.filter(alert__in=alerts).exclude(state__in=GONE)
    for branch in rows.select_related("acknowledgement"):
        branches[branch.alert_id].append(branch)
    found = []
    for alert in alerts:
        own = branches[alert.pk]
        answered = sum(hasattr(branch, "acknowledgement") for branch in own)
        owing = [branch.climbs_at() for branch in own if branch.state in states.UNDECIDED]
        due = min(owing, default=None)
        found.append(
            AlertRow(
                reference=alert.reference,
                title=title_of(alert),
                level=level_of(alert),
                opened_at=alert.opened_at,
                waits_for_me=bool(getattr(alert, "waits_for_me", False)),
                answered=_answered_words(alert, answered, len(own)),
                due_at=due,
                late=due is not None and due < now,
            )
        )
    return found


def _answered_words(alert: Alert, answered: int, told: int) -> str:
    if alert.state in (Alert.State.ACTED_ON, Alert.State.CLOSED):
        return "Closed" if alert.state == Alert.State.CLOSED else "Decided by all"
    return f"{answered} of {told} answered"


def alert_or_refuse(reference: str, user: UUID, now: datetime) -> Alert:
    """The alert with this reference, if it is of the person's picture; else NotAllowedError."""
    alert = (
        Alert.objects.filter(pk__in=Alert.objects.visible_to(user, now).values("pk"), reference=reference)
        .select_related("home", "provider")
        .first()
    )
    if alert is None:
        raise NotAllowedError("no such alert")
    return alert


def to_acknowledge(alert: Alert, capacities: Sequence[Capacity]) -> list[Branch]:
    """The branches that the person may answer and that nobody has answered yet, soonest due first."""
    waiting = answerable(alert, capacities)
    return [branch for branch in waiting if not hasattr(branch, "acknowledgement")]


def to_decide(alert: Alert, capacities: Sequence[Capacity]) -> list[Branch]:
    """The branches that somebody has acknowledged and that the person may decide on; those without a decision first."""
    found = [
        branch
        for state in (Branch.State.WAITING, Branch.State.ACKNOWLEDGED, Branch.State.DECIDED)
        for branch in answerable(alert, capacities, state)
        if hasattr(branch, "acknowledgement")
    ]
    return found if alert.state != Alert.State.CLOSED else []


def answerable(
    alert: Alert, capacities: Sequence[Capacity], state: str = Branch.State.WAITING
) -> list[Branch]:
    """The waiting branches that the person may answer, soonest due first; or, by state, those that they could."""
    allowed = answerers(alert)
    found = []
    branches = Branch.objects.filter(alert=alert, state=state)
    for branch in branches.select_related("organisation", "acknowledgement").order_by("due_at"):
        try:
            role_for(capacities, branch, allowed)
        except NotAllowedError:
            continue
        found.append(branch)
    return found


@dataclass(frozen=True)
class Told:
    """One organisation's line of a step: told, seen, acknowledged and acted are four different facts."""

    name: str
    post: str
    told: datetime | None
    told_words: str
    seen: datetime | None
    acknowledged: datetime | None
    acted: datetime | None


@dataclass(frozen=True)
class LadderStep:
    """One step of the ladder; state is answered, part, late, waiting or next."""

    heading: str
    state: str
    due: str
    answered: str
    people: list[Told] = field(default_factory=list)


@dataclass(frozen=True)
class Waiting:
    """The next deadline: when, who has not answered, who has answered and not decided, and what happens then."""

    due_at: datetime
    names: list[str]
    undecided: list[str]
    then: str
    late: bool


@dataclass(frozen=True)
class Ladder:
    """A tier's ladder as it stands."""

    tier: str
    opened_at: datetime
    steps: list[LadderStep]


def next_deadline(alert: Alert, now: datetime) -> Waiting | None:
    """The soonest deadline of the branches that still owe something; None when everybody has decided."""
    owing = sorted(
        Branch.objects.filter(alert=alert, state__in=states.UNDECIDED).select_related(
            "organisation", "escalation", "acknowledgement"
        ),
        key=lambda branch: (branch.climbs_at(), branch.organisation.name),
    )
    if not owing:
        return None
    first = owing[0]
    plan = Plan.from_json(first.escalation.policy).branch(first.organisation_id, first.desk)
    latest = Step.objects.filter(branch=first).order_by("-number").first()
    following = plan.from_rung(latest.desk if latest else None)[0]
    answered = {branch.pk for branch in owing if hasattr(branch, "acknowledgement")}
    return Waiting(
        due_at=first.climbs_at(),
        names=_names(branch for branch in owing if branch.pk not in answered),
        undecided=_names(branch for branch in owing if branch.pk in answered),
        then=following.words.replace("your ", "the ", 1),
        late=first.climbs_at() < now,
    )


def _names(branches: Iterable[Branch]) -> list[str]:
    return list(dict.fromkeys(branch.organisation.name for branch in branches))


def ladders_of(alert: Alert, now: datetime) -> list[Ladder]:
    """The ladders of the tiers reached, the latest first. Six queries, however long they have grown."""
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for step in (
        Step.objects.filter(alert=alert)
        .select_related("branch__organisation", "organisation")
        .order_by("number", "branch__organisation__name", "branch__desk")
    ):
        steps[step.branch.escalation_id].append(step)
    facts = _Facts(alert)
    found = []
    for escalation in Escalation.objects.filter(alert=alert).order_by("-opened_at"):
        if steps[escalation.pk]:
            found.append(
                Ladder(
                    tier=Tier(escalation.tier).label,
                    opened_at=escalation.opened_at,
                    steps=_steps(steps[escalation.pk], facts, now),
                )
            )
    return sorted(found, key=lambda ladder: [tier.label for tier in Tier].index(ladder.tier), reverse=True)


class _Facts:
    """What is on record about who was told, saw and answered, read once."""

    def __init__(self, alert: Alert) -> None:
        self.deliveries: dict[UUID, list[Delivery]] = defaultdict(list)
        for delivery in Delivery.objects.filter(alert=alert).order_by("sent_at"):
            if delivery.step_id:
                self.deliveries[delivery.step_id].append(delivery)
        self.seen: dict[UUID | None, list[datetime]] = defaultdict(list)
        for seen in Seen.objects.filter(alert=alert).order_by("at"):
            self.seen[seen.organisation_id].append(seen.at)
        answers = Acknowledgement.objects.filter(alert=alert).select_related("by")
        self.answers = {answer.branch_id: answer for answer in answers}
        decided = Decision.objects.filter(alert=alert).order_by("-at")
        self.decided = {decision.branch_id: decision.at for decision in decided}

    def line(self, step: Step) -> Told:
        mails = self.deliveries[step.pk]
        sent = [mail.sent_at for mail in mails if mail.sent_at and mail.state == Delivery.State.SENT]
        words = "Not yet" if any(mail.state == Delivery.State.OWED for mail in mails) else "Not reached"
        # Somebody who saw it before a later step was told has not seen that step.
        seen = next(
            (at for at in self.seen[step.organisation_id] if step.number == 1 or at >= step.opened_at),
            None,
        )
        answer = self.answers.get(step.branch_id)
        return Told(
            name=_told_name(step),
            post=f"{_desk_words(step.desk)}. {answer.by.name}" if answer else _desk_words(step.desk),
            told=min(sent) if sent else None,
            told_words=words,
            seen=seen,
            acknowledged=answer.at if answer else None,
            acted=self.decided.get(step.branch_id),
        )


def _told_name(step: Step) -> str:
    if step.organisation_id == step.branch.organisation_id:
        return step.organisation.name
    return f"{step.organisation.name}, for {step.branch.organisation.name}"


def _desk_words(desk: str) -> str:
    words = {
        "duty": "Duty desk",
        "lado": "LADO",
        "safeguarding": "Safeguarding lead",
        "regulator": "Duty desk",
    }
    return words.get(desk) or {"senior": "Head of service", "director": "Director"}.get(desk, desk)


def _steps(steps: Sequence[Step], facts: _Facts, now: datetime) -> list[LadderStep]:
    by_number: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        by_number[step.number].append(step)
    return [_one_step(number, group, facts, now) for number, group in sorted(by_number.items())]


def _one_step(number: int, group: Sequence[Step], facts: _Facts, now: datetime) -> LadderStep:
    people = [facts.line(step) for step in group]
    answered = sum(person.acknowledged is not None for person in people)
    due = min(step.due_at for step in group)
    unanswered = [
        step.due_at for step, person in zip(group, people, strict=True) if person.acknowledged is None
    ]
    if not unanswered:
        state = "answered"
    elif min(unanswered) < now:
        state = "late"
    else:
        state = "part" if answered else "waiting"
    return LadderStep(
        heading=f"Step {number}. {DESK_HEADINGS.get(group[0].desk, 'People with a duty')}",
        state=state,
        due=f"{wording.day_words(group[0].opened_at)}, answer due {moment_words(due, now)}.",
        answered=f"{answered} of {len(people)} answered",
        people=people,
    )


@dataclass(frozen=True)
class Behind:
    """A record behind an alert as this reader may see it; href is empty where they may not open it."""

    when: str
    stream: str
    source: str
    known: str
    href: str


def records_for(
    alert: Alert, user: UUID, pictures: frozenset[Picture], now: datetime
) -> tuple[list[Behind], bool]:
    """The records behind an alert for this reader, newest first, and whether part rests on the regulator's.

    A record that an authority may not open shows its month and stream; LADO, board and provider see of the others
    nothing. Whistleblowing is listed for the regulator only. Two queries.
    """
    rows: list[dict[str, Any]] = list(alert.explanation.get("records", []))
    references = [row["reference"] for row in rows]
    may_open = finding.openable(references, user, now)
    reports = dict(VisitReport.objects.filter(reference__in=references).values_list("reference", "visit_id"))
    regulator = Picture.REGULATOR in pictures
    by_month = regulator or Picture.AUTHORITY in pictures
    held = any(row["stream"] == "whistleblowing" for row in rows) and not regulator
    found = []
    for row in sorted(rows, key=lambda row: (row["on"], row["reference"]), reverse=True):
        if row["stream"] == "whistleblowing" and not regulator:
            continue
        opens = row["reference"] in may_open or row["reference"] in reports
        if opens or by_month:
            found.append(_behind(row, opens or regulator, may_open, reports))
    return found, held and alert.picture == "overseers"


def opens_all(alert: Alert, records: Sequence[Behind]) -> bool:
    """Whether a reader to whom these are shown may open every record behind the alert."""
    return len(records) == len(alert.explanation.get("records", [])) and all(one.href for one in records)


def _behind(row: dict[str, Any], whole: bool, may_open: frozenset[str], reports: dict[str, UUID]) -> Behind:
    on = date.fromisoformat(row["on"])
    stream = STREAM_WORDS.get(row["stream"]) or wording.STREAMS[row["stream"]][0]
    href = f"/incidents/{row['reference']}/" if row["reference"] in may_open else ""
    if row["reference"] in reports:
        href = f"/visits/{reports[row['reference']]}/"
    return Behind(
        when=wording.day_words(on) if whole else f"{on:%b %Y}",
        stream=stream,
        source=SOURCES.get(row["source"], "") if whole else "",
        known=KNOWN[row["known"]] if whole else "",
        href=href,
    )

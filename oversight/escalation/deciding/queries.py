"""What happened on an alert, moment by moment, and what its reader can do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from events.clock import LONDON
from homes.access import Capacity, NotAllowedError
from incidents.record.replies.queries import repliable
from oversight.dashboards.wording import day_words
from oversight.escalation.by_link.queries import answers_by_link
from oversight.escalation.deciding import actions
from oversight.escalation.deciding.models import Closing, Decision, Outcome, ProviderTold
from oversight.escalation.models import Acknowledgement, Alert, Branch, Escalation, Seen, Step, Tier
from oversight.escalation.queries import to_acknowledge, to_decide


@dataclass(frozen=True)
class Moment:
    """One line of the timeline: what happened, who did it and when, what they said."""

    at: datetime
    heading: str
    by: str
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Do:
    """Something that the reader can do now."""

    words: str
    href: str


@dataclass(frozen=True)
class Next:
    """The one thing to do first, and what else is open to the reader; missing: why it cannot be closed yet."""

    first: Do | None = None
    others: list[Do] = field(default_factory=list)
    missing: str = ""


def timeline(alert: Alert, *, overseer: bool) -> list[Moment]:
    """Everything on record about the alert, the latest first. Eight queries, however much has happened.

    overseer: whether to list how the provider is told, which its own people never read.
    """
    found = [
        *_told(alert),
        *_seen(alert),
        *_by_link(alert),
        *_answered(alert),
        *_decided(alert),
        *_measured(alert),
        *(_provider_told(alert) if overseer else ()),
        *_closed(alert),
    ]
    # Of what happened at one moment, what follows from the other stands above it.
    return sorted(found, key=lambda moment: moment.at)[::-1]


def _told(alert: Alert) -> Iterator[Moment]:
    for escalation in Escalation.objects.filter(alert=alert).exclude(policy={}):
        yield Moment(
            escalation.opened_at, f"It reached {Tier(escalation.tier).label}", _when(escalation.opened_at)
        )
    steps = Step.objects.filter(alert=alert).select_related("organisation", "branch__organisation")
    told: dict[tuple[datetime, bool], list[Step]] = {}
    for step in steps.order_by("opened_at", "organisation__name"):
        told.setdefault((step.opened_at, step.number > 1), []).append(step)
    for (at, again), some in told.items():
        names = list(dict.fromkeys(_whose(step) for step in some))
        heading = "Nobody had answered or decided: the next desk was told" if again else "Told"
        yield Moment(
            at,
            heading,
            f"{_when(at)}. Answer due {_when(min(step.due_at for step in some))}",
            ", ".join(names),
        )


def _whose(step: Step) -> str:
    if step.organisation_id == step.branch.organisation_id:
        return step.organisation.name
    return f"{step.organisation.name} (because {step.branch.organisation.name} did not answer)"


def _seen(alert: Alert) -> Iterator[Moment]:
    for seen in Seen.objects.filter(alert=alert).select_related("by", "organisation"):
        yield Moment(seen.at, "Seen", f"{_name(seen)}, {_when(seen.at)}")


def _by_link(alert: Alert) -> Iterator[Moment]:
    for answer in answers_by_link(alert):
        organisation = answer.delivery.organisation
        who = f"{answer.name_said}, {answer.post_said}, as they said, {organisation}, {_when(answer.at)}"
        yield Moment(answer.at, "Answered by link, identity not proven", who)


def _name(row: Any) -> str:
    return f"{row.by.name}, {row.organisation.name}" if row.organisation else str(row.by.name)


def _signed(row: Any) -> str:
    return f"{row.by.name}, {row.post}, {row.organisation.name}, {_when(row.at)}"


def _answered(alert: Alert) -> Iterator[Moment]:
    for answer in Acknowledgement.objects.filter(alert=alert).select_related("by", "organisation"):
        text = answer.note or "(no words)"
        facts = (("Decision due", _when(answer.decide_by)),)
        yield Moment(answer.at, "Acknowledged", _signed(answer), text, facts)


def _decided(alert: Alert) -> Iterator[Moment]:
    rows = (
        Decision.objects.filter(alert=alert).select_related("by", "organisation").order_by("branch", "number")
    )
    for decision in rows:
        again = "Decided anew" if decision.number > 1 else "Decided"
        if decision.acts:
            facts = (("By whom", decision.owner), ("By when", day_words(_day(decision.due_on))))
            yield Moment(
                decision.at,
                f"{again}: {decision.action}",
                _signed(decision),
                f"Why: {decision.reason}",
                facts,
            )
        else:
            yield Moment(decision.at, f"{again}: no action", _signed(decision), f"Why: {decision.reason}")


def _day(day: date | None) -> date:
    if day is None:
        raise ValueError("an action has a day")
    return day


def _measured(alert: Alert) -> Iterator[Moment]:
    rows = Outcome.objects.filter(alert=alert).select_related("by", "organisation", "decision")
    for outcome in rows:
        yield Moment(
            outcome.at,
            f"Outcome: {outcome.get_result_display()}",
            _signed(outcome),
            outcome.what,
            (("Of", outcome.decision.action), ("Measured", day_words(outcome.measured_on))),
        )


def _provider_told(alert: Alert) -> Iterator[Moment]:
    for told in ProviderTold.objects.filter(alert=alert).select_related("by", "organisation"):
        not_yet = told.how == ProviderTold.How.NOT_YET
        when = "Looked at again" if not_yet else "When"
        yield Moment(
            told.at,
            "The provider is not told yet" if not_yet else "How the provider is told",
            _signed(told),
            told.may_say,
            (("How", told.get_how_display()), (when, day_words(told.told_on)), ("Who", told.who)),
        )


def _closed(alert: Alert) -> Iterator[Moment]:
    rows = list(Closing.objects.filter(alert=alert).select_related("by", "organisation").order_by("at", "pk"))
    for number, signed in enumerate(rows):
        of = [row for row in rows[: number + 1] if row.tier == signed.tier]
        wanted = actions.SIGNATURES[Tier(signed.tier)]
        last = len(of) >= wanted
        heading = "Closed" if last else "Asked to be closed: a second person must confirm"
        yield Moment(signed.at, heading, _signed(signed), signed.reason)


def _when(at: datetime) -> str:
    return f"{day_words(at)}, {at.astimezone(LONDON):%H:%M}"


def next_steps(alert: Alert, capacities: Sequence[Capacity], user: UUID, now: datetime) -> Next:
    """What this reader can do now: one thing first."""
    try:
        actions.told_capacity(alert, user, now)
    except NotAllowedError:
        return Next()
    path = f"/alerts/{alert.reference}"
    others: list[Do] = []
    first: Do | None = None
    if to_acknowledge(alert, capacities):
        first = Do("Acknowledge", "#acknowledge")
    branches = to_decide(alert, capacities)
    undecided = [branch for branch in branches if branch.state != Branch.State.DECIDED]
    if undecided:
        first = first or Do("Record your decision", f"{path}/decide/")
    elif branches:
        others.append(Do("Decide anew", f"{path}/decide/"))
    mine = {branch.pk for branch in branches}
    for decision in actions.standing_decisions(alert, acts=True, outcome__isnull=True):
        if decision.branch_id in mine:
            do = Do("Record what came of it", f"{path}/outcome/")
            first, others = (do, others) if first is None else (first, [*others, do])
    missing = actions.not_ready_to_close(alert)
    signed = Closing.objects.filter(alert=alert, tier=alert.tier)
    if not missing and not signed.filter(by_id=user).exists():
        do = Do("Confirm that it is closed" if signed.exists() else "Close this alert", f"{path}/close/")
        first, others = (do, others) if first is None else (first, [*others, do])
    if repliable(alert.evidence, user, now):
        others.append(Do("Tell whoever reported what came of it", f"{path}/reply/"))
    if alert.picture == "overseers":
        others.append(Do("How the provider is told", f"{path}/provider/"))
    return Next(first, others, missing if first is None else "")

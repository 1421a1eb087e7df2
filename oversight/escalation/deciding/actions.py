"""Deciding on an alert, saying what came of it, telling the provider, closing it: whatever writes these facts.

Each locks the alert first, so that two people who write at once are told of each other (homes.crossing).
"""

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from events import outbox
from homes import crossing
from homes.access import Capacity, NotAllowedError
from homes.roles import ROLES
from incidents.record.replies.actions import release
from oversight.escalation import states
from oversight.escalation.actions import AlreadyAnsweredError, settle
from oversight.escalation.answering import answerers, may_answer, role_for, standing
from oversight.escalation.deciding.facts import (
    AlertClosed,
    AlertDecided,
    OutcomeMeasured,
    ProviderToldRecorded,
)
from oversight.escalation.deciding.models import Closing, Decision, Outcome, ProviderTold
from oversight.escalation.models import Acknowledgement, Alert, Branch, Tier

#: How many people sign the closing of an alert.
SIGNATURES = {Tier.LOOK: 1, Tier.ESCALATE: 1, Tier.REGULATOR: 2}


class NotReadyError(Exception):
    """Something must be recorded before this; the message says what, for people."""


@dataclass(frozen=True)
class NewDecision:
    """acts: whether anything is done; if so action, owner (a name and post) and due_on are given. reason always."""

    acts: bool
    reason: str
    action: str = ""
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class NewOutcome:
    """result: a value of Outcome.Result."""

    result: str
    what: str
    measured_on: date


@dataclass(frozen=True)
class NewTelling:
    """how: a value of ProviderTold.How. told_on: the day, or, where it is not yet told, when it is looked at again."""

    how: str
    told_on: date
    who: str
    may_say: str


@transaction.atomic
def decide(
    *, alert: Alert, branch: Branch, decision: NewDecision, opened: str, by: UUID, now: datetime
) -> Decision:
    """Record what an organisation decided on its branch, once it has acknowledged. A later one supersedes.

    opened: the seal of the decision that the writer saw (empty: none). Raises NotAllowedError, NotReadyError before the
    acknowledgement or after closing, AlreadyAnsweredError where a higher tier took over, CrossedError where a colleague
    decided meanwhile.
    """
    alert = _locked(alert)
    held = may_answer(alert, branch, by, now)
    branch = Branch.objects.select_for_update().get(pk=branch.pk, alert=alert)
    if branch.state == Branch.State.OVERTAKEN:
        raise AlreadyAnsweredError("a higher level took over; answer that one")
    if alert.state == Alert.State.CLOSED:
        raise NotReadyError("The alert is closed.")
    if not Acknowledgement.objects.filter(branch=branch).exists():
        raise NotReadyError("Acknowledge the alert first.")
    latest = latest_decision(branch)
    wanted = says_of(decision)
    if not crossing.to_write(standing_of(latest), wanted, opened=opened) and latest is not None:
        return latest
    made = Decision(
        alert=alert,
        branch=branch,
        number=latest.number + 1 if latest else 1,
        **wanted,
        **_signed(held, by, now),
    )
    made.save(force_insert=True)
    states.check(states.BRANCH, branch.state, Branch.State.DECIDED)
    Branch.objects.filter(pk=branch.pk).update(state=Branch.State.DECIDED)
    settle(alert)
    outbox.record(
        AlertDecided(home_id=alert.home_id, alert_id=alert.pk, branch_id=branch.pk, acts=made.acts),
        by=by,
        now=now,
    )
    return made


@transaction.atomic
def record_outcome(*, decision: Decision, outcome: NewOutcome, by: UUID, now: datetime) -> Outcome:
    """Record what came of the action that was decided, once; it stands.

    Raises NotAllowedError, NotReadyError where nothing was to be done or a later decision stands, CrossedError where a
    colleague recorded another outcome first.
    """
    alert = _locked(decision.alert)
    held = may_answer(alert, decision.branch, by, now)
    if held.organisation_id != decision.organisation_id:
        raise NotAllowedError("not this organisation's decision")
    latest = latest_decision(decision.branch)
    if not decision.acts or latest is None or latest.pk != decision.pk:
        raise NotReadyError("There is no action here whose outcome could be recorded.")
    first = Outcome.objects.select_related("by").filter(decision=decision).first()
    wanted = asdict(outcome)
    was = crossing.Standing(_outcome_says(first), first.by.name if first else "", first.at if first else None)
    if not crossing.to_write_once(was, wanted) and first is not None:
        return first
    made = Outcome(alert=alert, decision=decision, **wanted, **_signed(held, by, now))
    made.save(force_insert=True)
    outbox.record(
        OutcomeMeasured(
            home_id=alert.home_id, alert_id=alert.pk, decision_id=decision.pk, result=made.result
        ),
        by=by,
        now=now,
    )
    return made


@transaction.atomic
def record_provider_told(
    *, alert: Alert, telling: NewTelling, opened: str, by: UUID, now: datetime
) -> ProviderTold:
    """Record how and when the provider is told, or why not yet. It shares no record and tells nobody by itself.

    opened: the seal of the row that the writer saw. Raises NotAllowedError for the provider's own picture.
    """
    alert = _locked(alert)
    held = told_capacity(alert, by, now)
    if alert.picture != "overseers":
        raise NotAllowedError("the provider is told of its own picture by the hub")
    latest = latest_telling(alert)
    wanted = asdict(telling)
    was = crossing.Standing(
        _telling_says(latest), latest.by.name if latest else "", latest.at if latest else None
    )
    if not crossing.to_write(was, wanted, opened=opened) and latest is not None:
        return latest
    number = latest.number + 1 if latest else 1
    made = ProviderTold(alert=alert, number=number, **wanted, **_signed(held, by, now))
    made.save(force_insert=True)
    outbox.record(ProviderToldRecorded(home_id=alert.home_id, alert_id=alert.pk), by=by, now=now)
    return made


#: Words from which whoever reported could learn that there is an alert.
TELLING_WORDS = re.compile(r"\balert|escalat|\bAL-", re.IGNORECASE)


def reveals(words: str, alert: Alert) -> bool:
    """Whether the words speak of an alert."""
    return bool(TELLING_WORDS.search(words)) or alert.reference.lower() in words.lower()


@transaction.atomic
def tell_reporter(*, alert: Alert, reference: str, words: str, by: UUID, now: datetime) -> None:
    """Release words to whoever made one of the records behind the alert: what came of it, not that an alert existed.

    Raises NotAllowedError where the writer answers for nobody who was told, may not open the record, or it lies behind
    another alert; NotReadyError where the words speak of an alert.
    """
    held = told_capacity(alert, by, now)
    if reveals(words, alert):
        raise NotReadyError("Write it without a word of an alert or an escalation.")
    if reference not in alert.evidence:
        raise NotAllowedError("no such record behind this alert")
    release(reference=reference, words=words, capacity=held, by=by, now=now)


@transaction.atomic
def close(*, alert: Alert, reason: str, by: UUID, now: datetime) -> Closing:
    """Sign that the alert is closed; it closes with the last signature that its tier asks for. Twice is once.

    Raises NotAllowedError where the person answers for no organisation that was told; NotReadyError while somebody has
    not decided or what came of an action is not measured.
    """
    alert = _locked(alert)
    held = told_capacity(alert, by, now)
    signed = Closing.objects.filter(alert=alert, tier=alert.tier)
    mine = signed.filter(by_id=by).first()
    if mine is not None:
        return mine
    if missing := not_ready_to_close(alert):
        raise NotReadyError(missing)
    made = Closing(alert=alert, tier=alert.tier, reason=reason, **_signed(held, by, now))
    made.save(force_insert=True)
    if signed.count() >= SIGNATURES[Tier(alert.tier)]:
        states.check(states.ALERT, alert.state, Alert.State.CLOSED)
        Alert.objects.filter(pk=alert.pk).update(state=Alert.State.CLOSED)
        outbox.record(AlertClosed(home_id=alert.home_id, alert_id=alert.pk), by=by, now=now)
    return made


def not_ready_to_close(alert: Alert) -> str:
    """What must be recorded before this alert can be closed, in words; empty where nothing is missing."""
    if alert.state == Alert.State.CLOSED:
        return "The alert is closed."
    if alert.state != Alert.State.ACTED_ON:
        return "Everybody who was told must have answered and decided first."
    unmeasured = standing_decisions(alert, acts=True, outcome__isnull=True)
    names = ", ".join(dict.fromkeys(decision.organisation.name for decision in unmeasured))
    return f"What came of the action must be recorded first: {names}." if names else ""


def standing_decisions(alert: Alert, **narrowed: Any) -> list[Decision]:
    """The decision that stands on each branch, the first first."""
    rows = Decision.objects.filter(alert=alert).exclude(branch__state=Branch.State.OVERTAKEN)
    latest = rows.order_by("branch", "-number").distinct("branch").values("pk")
    found = Decision.objects.filter(pk__in=latest, **narrowed)
    return list(found.select_related("organisation", "by", "branch").order_by("at", "pk"))


def told_capacity(alert: Alert, user: UUID, now: datetime) -> Capacity:
    """In what capacity the person may answer for some branch of this alert; NotAllowedError where there is none."""
    held, allowed = standing(alert, user, now), answerers(alert)
    gone = (Branch.State.OVERTAKEN, Branch.State.LAPSED)
    for branch in Branch.objects.filter(alert=alert).exclude(state__in=gone).order_by("pk"):
        try:
            return role_for(held, branch, allowed)
        except NotAllowedError:
            continue
    raise NotAllowedError("not of an organisation that was told")


def latest_decision(branch: Branch) -> Decision | None:
    return Decision.objects.filter(branch=branch).select_related("by").order_by("-number").first()


def latest_telling(alert: Alert) -> ProviderTold | None:
    return ProviderTold.objects.filter(alert=alert).select_related("by").order_by("-number").first()


def says_of(decision: NewDecision | Decision | None) -> dict[str, Any]:
    """A decision as the form says it."""
    if decision is None:
        return {}
    return {name: getattr(decision, name) for name in ("acts", "reason", "action", "owner", "due_on")}


def standing_of(decision: Decision | None) -> crossing.Standing:
    if decision is None:
        return crossing.Standing({})
    return crossing.Standing(says_of(decision), decision.by.name, decision.at)


def _outcome_says(outcome: Outcome | None) -> dict[str, Any]:
    return {name: getattr(outcome, name) for name in ("result", "what", "measured_on")} if outcome else {}


def _telling_says(telling: ProviderTold | None) -> dict[str, Any]:
    return {name: getattr(telling, name) for name in ("how", "told_on", "who", "may_say")} if telling else {}


def telling_seal(telling: ProviderTold | None) -> str:
    return crossing.seal_of(_telling_says(telling))


def _locked(alert: Alert) -> Alert:
    return Alert.objects.select_for_update().get(pk=alert.pk)


def _signed(held: Capacity, by: UUID, now: datetime) -> dict[str, Any]:
    return {"by_id": by, "organisation_id": held.organisation_id, "post": ROLES[held.role].title, "at": now}

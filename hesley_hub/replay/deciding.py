"""Simulated people decide on what they have acknowledged, say what came of it, and close, under a virtual clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from homes.access import NotAllowedError
from oversight.escalation.deciding import actions
from oversight.escalation.deciding.actions import NewDecision, NewOutcome
from oversight.escalation.deciding.models import Decision
from oversight.escalation.models import Acknowledgement, Alert, Branch, Tier

Decided = Callable[[Acknowledgement, datetime], NewDecision]
Measured = Callable[[Decision], NewOutcome | None]


def half_way(answer: Acknowledgement) -> datetime:
    """When half of the time for the decision is gone."""
    return answer.at + (answer.decide_by - answer.at) / 2


def decide(now: datetime, decided: Decided) -> None:
    """Let whoever acknowledged decide once half of their time is gone."""
    waiting = Acknowledgement.objects.filter(
        branch__state__in=(Branch.State.ACKNOWLEDGED, Branch.State.WAITING), at__lte=now
    )
    for answer in waiting.select_related("alert__home", "alert__provider", "branch").order_by("at", "pk"):
        at = half_way(answer)
        if at <= now:
            _decide(answer, at, decided(answer, at))


def _decide(answer: Acknowledgement, at: datetime, decision: NewDecision) -> None:
    # Whose post has ended meanwhile decided when they answered.
    for moment in (at, answer.at):
        try:
            actions.decide(
                alert=answer.alert,
                branch=answer.branch,
                decision=decision,
                opened="",
                by=answer.by_id,
                now=moment,
            )
        except NotAllowedError:
            continue
        return


def measure(now: datetime, measured: Measured) -> None:
    """Let whoever decided to act say what came of it, on the day that it was due."""
    for decision in _unmeasured(now):
        outcome = measured(decision)
        if outcome is None:
            continue
        at = max(decision.at, now - timedelta(hours=13, minutes=30))
        try:
            actions.record_outcome(decision=decision, outcome=outcome, by=decision.by_id, now=at)
        except (NotAllowedError, actions.NotReadyError):
            continue
        _close(decision.alert_id, decision.by_id, at)


def _unmeasured(now: datetime) -> list[Decision]:
    rows = Decision.objects.filter(acts=True, outcome__isnull=True, due_on__lte=now.date(), at__lte=now)
    return list(rows.exclude(branch__state=Branch.State.OVERTAKEN).select_related("alert", "branch"))


def _close(alert: UUID, by: UUID, now: datetime) -> None:
    """Close what nothing is missing of; where it takes two, the others who decided sign too."""
    found = Alert.objects.get(pk=alert)
    if actions.not_ready_to_close(found):
        return
    signers = [by, *(one.by_id for one in actions.standing_decisions(found) if one.by_id != by)]
    for person in list(dict.fromkeys(signers))[: actions.SIGNATURES[Tier(found.tier)]]:
        try:
            actions.close(alert=found, reason="What was decided was done and measured.", by=person, now=now)
        except NotAllowedError:
            continue

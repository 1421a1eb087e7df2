"""When simulated people answer the alerts of the simulated past: most in time, some late, a few after long silence."""

from datetime import datetime, time, timedelta

from django.db.models import F

from events.clock import LONDON, london_day
from events.deadlines import is_working_day
from events.identity import new_id
from hesley_hub.demo import words
from hesley_hub.demo.country import MANAGERS_HOME
from hesley_hub.demo.draws import pick, share
from hesley_hub.demo.keys import key
from hesley_hub.replay import answering, deciding
from oversight.escalation.deciding.actions import NewDecision, NewOutcome
from oversight.escalation.deciding.models import Decision
from oversight.escalation.models import Acknowledgement, Attempt, Branch, Delivery, Tier

IN_TIME, LATE = 0.72, 0.93
ACTS, MEASURED = 0.8, 0.85
#: Who keeps silent about the home of `manager` until somebody signs in and answers.
SILENT = "eastvale"
A_MINUTE = timedelta(minutes=1)


def answer_and_climb(now: datetime) -> None:
    """Let everybody answer who would have by `now`, climb what is overdue, and hand over what is owed."""
    answering.answer(now, moment_of, _note)
    deciding.decide(now, _decision)
    deciding.measure(now, _outcome)
    answering.climb(now)
    hand_over(now)


def _note(branch: Branch, at: datetime) -> str:
    return pick(words.ANSWERS, f"{branch.organisation.name} {london_day(at)}")


def _decision(answer: Acknowledgement, at: datetime) -> NewDecision:
    """Most act, within two or three weeks; some see nothing to be done, and say why."""
    name = f"{answer.organisation_id} {london_day(answer.at)}"
    if share(f"acts {name}") > ACTS:
        return NewDecision(acts=False, reason=words.NO_ACTION)
    action, owner, _, _ = pick(words.DECISIONS, name)
    days = 7 + int(14 * share(f"days {name}"))
    reason = pick(words.REASONS, f"why {name}")
    return NewDecision(
        acts=True, reason=reason, action=action, owner=owner, due_on=london_day(at) + timedelta(days=days)
    )


def _outcome(decision: Decision) -> NewOutcome | None:
    """What came of it; of some nobody has said."""
    if decision.due_on is None or share(f"outcome {decision.organisation_id} {decision.due_on}") > MEASURED:
        return None
    ours = {action: (result, known) for action, _, result, known in words.DECISIONS}
    if decision.action not in ours:
        return None  # decided by somebody who tries the demonstration
    result, known = ours[decision.action]
    return NewOutcome(result=result, what=known, measured_on=decision.due_on)


def moment_of(branch: Branch) -> datetime | None:
    """When this organisation answers this alert; None where it keeps silent."""
    alert, opened = branch.alert, branch.escalation.opened_at
    if (
        alert.home
        and alert.home.urn == MANAGERS_HOME
        and branch.organisation_id == key("organisation", SILENT)
    ):
        return None
    place = alert.home.urn if alert.home else "provider"
    name = f"{branch.organisation.name} {place} {london_day(opened)} {branch.escalation.tier} {alert.pattern}"
    turn, within = share(f"turn {name}"), share(f"within {name}")
    if branch.escalation.tier == Tier.REGULATOR:
        hours = 0.4 + 3.2 * within if turn < IN_TIME else 4.5 + 30 * within
        return opened + timedelta(hours=hours)
    allowed = 2 if branch.escalation.tier == Tier.ESCALATE else 5
    if turn < IN_TIME:
        days = 1 + int(within * (allowed - 1))
    elif turn < LATE:
        days = allowed + 1 + int(within * 6)
    else:
        days = allowed + 10 + int(within * 15)
    return _in_office(opened, days, within)


def _in_office(opened: datetime, days: int, within: float) -> datetime:
    """Some time between 9:10 and 16:30 on the working day so many working days later."""
    day = london_day(opened)
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    minutes = 10 + int(440 * within)
    return datetime.combine(day, time(9), LONDON) + timedelta(minutes=minutes)


def hand_over(now: datetime) -> None:
    """Note every e-mail owed by `now` as taken by the demonstration's mailbox, a minute after it was owed.

    What a real person sets off while the past is loaded is owed later than any of it, and is really sent.
    """
    waiting = Delivery.objects.filter(state=Delivery.State.OWED, owed_since__lte=now)
    owed = list(waiting.only("id", "owed_since"))
    if not owed:
        return
    Attempt.objects.bulk_create(
        Attempt(
            id=new_id(),
            delivery=delivery,
            number=1,
            as_of=delivery.owed_since + A_MINUTE,
            finished_at=delivery.owed_since + A_MINUTE,
            result="sent",
        )
        for delivery in owed
    )
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in owed]).update(
        state=Delivery.State.SENT, sent_at=F("owed_since") + A_MINUTE
    )

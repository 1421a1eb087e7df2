"""Opening and strengthening alerts, climbing their ladders, seeing and answering them: whatever writes an alert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction

from events import fault_points, outbox
from events.identity import new_reference
from homes import crossing
from homes.models import Home, Organisation
from homes.roles import ROLES
from oversight.escalation import alarms, states, telling
from oversight.escalation.answering import may_answer, standing
from oversight.escalation.behind import describe, records_behind
from oversight.escalation.facts import (
    AlertAcknowledged,
    AlertEnded,
    AlertOpened,
    AlertSeen,
    AlertStrengthened,
    BranchClimbed,
    BranchLapsed,
    NotTheRightPerson,
)
from oversight.escalation.ladders import Audience
from oversight.escalation.models import Acknowledgement, Alert, Branch, Delivery, Escalation, Seen, Step, Tier
from oversight.escalation.plans import Plan, make
from oversight.escalation.rules import RULES, month_key, skips_provider
from oversight.risk.engine import Picture, missing_reports

if TYPE_CHECKING:
    from oversight.risk.queries import EngineWorld

PICTURES: tuple[Picture, ...] = ("overseers", "provider")
RANK = {Tier.LOOK: 0, Tier.ESCALATE: 1, Tier.REGULATOR: 2}


class AlreadyAnsweredError(Exception):
    """The branch was overtaken by a higher tier before this answer came."""


@transaction.atomic
def open_alert(
    *,
    picture: str,
    home: Home | None,
    provider: Organisation,
    kind: str,
    pattern: str,
    tier: str,
    raised_on: date,
    began_on: date | None = None,
    score: float | None = None,
    bar: float | None = None,
    evidence: Sequence[str] = (),
    explanation: Mapping[str, Any] | None = None,
    set_off_by: UUID | None = None,
    passed: Sequence[tuple[str, float | None]] = (),
    now: datetime,
) -> Alert | None:
    """Open an alert on one picture, or strengthen the one that is open; the alert where either happened, else None.

    home is None for a provider as a whole. score and bar in nats. evidence holds references of records and visit
    reports. set_off_by is the key of the one record that set a rule off: each opens an alert of its own, once.
    passed names lower tiers reached by the same assessment, each with its bar: noted, but nobody is told twice.
    A higher tier starts that tier's ladder anew, whatever became of the lower one. Call it as the worker.
    """
    reach = _Reach(pattern, Tier(tier), raised_on, began_on, score, bar, list(evidence))
    alert = _standing_alert(picture, home, provider.pk, kind, pattern, set_off_by)
    if alert is None:
        try:
            with transaction.atomic():
                alert = _new_alert(picture, home, provider, kind, reach, explanation, set_off_by, now)
        except IntegrityError:
            # Another worker opened it in the same moment: strengthen theirs.
            alert = _standing_alert(picture, home, provider.pk, kind, pattern, set_off_by)
            if alert is None:
                raise
        else:
            _reach(alert, reach, passed, now)
            outbox.record(AlertOpened(home_id=alert.home_id, alert_id=alert.pk, tier=tier), by=None, now=now)
            return alert
    if set_off_by is not None:
        return None
    return _strengthen(alert, reach, explanation, passed, now)


@dataclass
class _Reach:
    """What an alert rests on at the moment at which it reaches a tier."""

    pattern: str
    tier: Tier
    raised_on: date
    began_on: date | None
    score: float | None
    bar: float | None
    evidence: list[str]


def _standing_alert(
    picture: str, home: Home | None, provider: UUID, kind: str, pattern: str, set_off_by: UUID | None
) -> Alert | None:
    alerts = Alert.objects.select_for_update().filter(picture=picture)
    if set_off_by is not None:
        return alerts.filter(set_off_by=set_off_by, pattern=pattern).first()
    return alerts.filter(
        home=home, provider_id=provider, kind=kind, set_off_by__isnull=True, ended_at__isnull=True
    ).first()


def _new_alert(
    picture: str,
    home: Home | None,
    provider: Organisation,
    kind: str,
    reach: _Reach,
    explanation: Mapping[str, Any] | None,
    set_off_by: UUID | None,
    now: datetime,
) -> Alert:
    return Alert.objects.create(
        reference=new_reference("AL"),
        picture=picture,
        scope="home" if home else "provider",
        home=home,
        provider=provider,
        kind=kind,
        pattern=reach.pattern,
        tier=reach.tier,
        skips_provider=skips_provider(kind, reach.pattern),
        opened_at=now,
        raised_on=reach.raised_on,
        began_on=reach.began_on,
        score=reach.score,
        bar=reach.bar,
        evidence=reach.evidence,
        explanation=describe(explanation or {}, reach.evidence),
        set_off_by=set_off_by,
    )


def _strengthen(
    alert: Alert,
    reach: _Reach,
    explanation: Mapping[str, Any] | None,
    passed: Sequence[tuple[str, float | None]],
    now: datetime,
) -> Alert | None:
    """Let an open alert grow. What the provider has been told of never turns into something it must not see."""
    skips = skips_provider(alert.kind, reach.pattern)
    if alert.picture == "provider" and skips and not alert.skips_provider:
        return None
    higher = RANK[reach.tier] > RANK[Tier(alert.tier)]
    told_now = alert.picture == "provider" and alert.skips_provider and not skips
    grown = bool(set(reach.evidence) - set(alert.evidence)) or reach.pattern != alert.pattern
    if not (higher or told_now or grown):
        return None
    alert.pattern, alert.began_on, alert.score = reach.pattern, reach.began_on, reach.score
    alert.evidence, alert.skips_provider, alert.strengthened_at = reach.evidence, skips, now
    alert.explanation = describe(explanation or {}, reach.evidence)
    if higher:
        alert.tier, alert.bar = reach.tier, reach.bar
        if alert.state != Alert.State.OPEN:
            states.check(states.ALERT, alert.state, Alert.State.OPEN)
            alert.state = Alert.State.OPEN
    alert.save()
    if higher or told_now:
        reach.tier = Tier(alert.tier)
        _overtake(alert)
        _reach(alert, reach, passed, now)
    outbox.record(
        AlertStrengthened(home_id=alert.home_id, alert_id=alert.pk, tier=alert.tier), by=None, now=now
    )
    return alert


def _overtake(alert: Alert) -> None:
    for state in states.UNDECIDED:
        states.check(states.BRANCH, state, Branch.State.OVERTAKEN)
    undecided = Branch.objects.filter(alert=alert, state__in=states.UNDECIDED)
    undecided.update(state=Branch.State.OVERTAKEN)


def _reach(alert: Alert, reach: _Reach, passed: Sequence[tuple[str, float | None]], now: datetime) -> None:
    """Note the tiers reached; start the ladder of the highest with its first steps."""
    for tier, bar in passed:
        if RANK[Tier(tier)] < RANK[reach.tier]:
            _note_tier(alert, Tier(tier), bar, reach, {}, now)
    found = records_behind(reach.evidence)
    plan = make(alert, reach.tier, found, now)
    escalation = _note_tier(alert, reach.tier, reach.bar, reach, plan.as_json(), now)
    if not plan.branches and not (alert.picture == "provider" and alert.skips_provider):
        alarms.raise_alarm(kind="no_branch", about=alert.reference, now=now)
    for planned in plan.branches:
        branch = Branch.objects.create(
            alert=alert,
            escalation=escalation,
            organisation_id=planned.organisation_id,
            desk=planned.desk,
            due_at=plan.clock.due(now),
        )
        telling.open_step(alert=alert, branch=branch, plan=plan, after=None, due_from=now, now=now)
    told = {Audience.LADO: alert.told_ids, Audience.ICB: alert.told_ids, Audience.PLACING: alert.placing_ids}
    for planned in plan.branches:
        theirs = told.get(planned.audience)
        if theirs is not None and planned.organisation_id not in theirs:
            theirs.append(planned.organisation_id)
    if plan.branches:
        alert.save(update_fields=["told_ids", "placing_ids"])


def _note_tier(
    alert: Alert, tier: Tier, bar: float | None, reach: _Reach, policy: dict[str, Any], now: datetime
) -> Escalation:
    escalation, made = Escalation.objects.get_or_create(
        alert=alert,
        tier=tier,
        defaults={
            "policy": policy,
            "opened_at": now,
            "pattern": reach.pattern,
            "raised_on": reach.raised_on,
            "began_on": reach.began_on,
            "score": reach.score,
            "bar": bar,
            "evidence": reach.evidence,
        },
    )
    if not made and policy:
        escalation.policy = policy
        escalation.save(update_fields=["policy"])
    return escalation


@transaction.atomic
def end_alert(*, picture: str, home: Home | None, provider: UUID, kind: str, now: datetime) -> Alert | None:
    """Note that the episode behind an open alert is over, so that a later one opens an alert of its own.

    Nothing is closed by it: whoever has not answered is asked again. None where no alert was open.
    """
    alert = _standing_alert(picture, home, provider, kind, "", None)
    if alert is None:
        return None
    alert.ended_at = now
    alert.save(update_fields=["ended_at"])
    outbox.record(AlertEnded(home_id=alert.home_id, alert_id=alert.pk), by=None, now=now)
    return alert


@transaction.atomic
def open_missing_reports(*, world: "EngineWorld", day: date, now: datetime) -> list[Alert]:
    """Open an alert at look for each home and month whose visit or report fell due on ``day`` and is not here.

    Visits 7 days after the month's end, reports by the end of the month after the visit (the engine's parameters).
    Once per home and month on each picture: a missing visit is no outside record, so the provider is told too.
    """
    opened = []
    for home in world.homes:
        row, records = world.rows[home.urn], world.records.get(home.urn, [])
        for picture in PICTURES:
            for alarm in missing_reports(home, records, day, picture=picture, since=day):
                rule = RULES[alarm.rule]
                alert = open_alert(
                    picture=picture,
                    home=row,
                    provider=row.provider,
                    kind=rule.kind,
                    pattern=rule.name,
                    tier=rule.tier,
                    raised_on=alarm.raised_on,
                    began_on=alarm.began_on,
                    explanation=rule.explain(),
                    set_off_by=month_key(row.pk, alarm.began_on),
                    now=now,
                )
                opened += [alert] if alert else []
    return opened


@transaction.atomic
def mark_seen(*, alert: Alert, by: UUID, now: datetime) -> Seen | None:
    """Record that somebody opened the alert's page, the first time they do; None ever after."""
    if Seen.objects.filter(alert=alert, by_id=by).exists():
        return None
    stands = standing(alert, by, now)
    try:
        with transaction.atomic():
            seen = Seen(alert=alert, by_id=by, organisation_id=stands[0].organisation_id, at=now)
            seen.save(force_insert=True)
    except IntegrityError:
        return None  # opened twice in the same moment
    outbox.record(AlertSeen(home_id=alert.home_id, alert_id=alert.pk), by=by, now=now)
    return seen


@transaction.atomic
def acknowledge(*, alert: Alert, branch: Branch, note: str, by: UUID, now: datetime) -> Acknowledgement:
    """A named person answers for their organisation: its branch stops, and no other. Twice is once.

    A decision is due next; without one in time the branch waits again, and then only a decision stops it.
    Raises NotAllowedError where the person holds no post that may answer for this branch, AlreadyAnsweredError where
    a higher tier's ladder has taken over meanwhile, CrossedError where it was answered before in other words.
    """
    # The alert first: two answers at once must not each think the other still open.
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    held = may_answer(alert, branch, by, now)
    branch = Branch.objects.select_for_update().get(pk=branch.pk, alert=alert)
    if branch.state == Branch.State.OVERTAKEN:
        raise AlreadyAnsweredError("a higher level took over; answer that one")
    if Acknowledgement.objects.filter(branch=branch).exists():
        return _first_answer(branch, note)
    answer = Acknowledgement(
        alert=alert,
        branch=branch,
        by_id=by,
        organisation_id=held.organisation_id or branch.organisation_id,
        post=ROLES[held.role].title,
        note=note,
        at=now,
        decide_by=Plan.from_json(branch.escalation.policy).decide.due(now),
    )
    answer.save(force_insert=True)
    states.check(states.BRANCH, branch.state, Branch.State.ACKNOWLEDGED)
    Branch.objects.filter(pk=branch.pk).update(state=Branch.State.ACKNOWLEDGED)
    settle(alert)
    outbox.record(
        AlertAcknowledged(home_id=alert.home_id, alert_id=alert.pk, branch_id=branch.pk), by=by, now=now
    )
    return answer


def _first_answer(branch: Branch, note: str) -> Acknowledgement:
    first = Acknowledgement.objects.select_related("by").get(branch=branch)
    crossing.to_write_once(crossing.Standing({"note": first.note}, first.by.name, first.at), {"note": note})
    return first


def settle(alert: Alert) -> None:
    """Let the alert stand as its branches do: open while one waits, acted on once all have decided."""
    standing_in = set(Branch.objects.filter(alert=alert).values_list("state", flat=True))
    if Branch.State.WAITING in standing_in:
        state = Alert.State.OPEN
    elif Branch.State.ACKNOWLEDGED in standing_in:
        state = Alert.State.ACKNOWLEDGED
    elif Branch.State.DECIDED in standing_in:
        state = Alert.State.ACTED_ON
    else:
        return
    if state != alert.state:
        states.check(states.ALERT, alert.state, state)
        Alert.objects.filter(pk=alert.pk).update(state=state)
        alert.state = state


@transaction.atomic
def hand_on(*, alert: Alert, branch: Branch, by: UUID, now: datetime) -> None:
    """Record that somebody is not the right person; the branch climbs at once, in the worker's hands."""
    may_answer(alert, branch, by, now)
    latest = Step.objects.filter(branch=branch).order_by("-number").first()
    if latest is None or branch.state != Branch.State.WAITING:
        return
    outbox.record(
        NotTheRightPerson(home_id=alert.home_id, alert_id=alert.pk, branch_id=branch.pk, step=latest.number),
        by=by,
        now=now,
    )


@transaction.atomic
def climb_branch(*, branch: UUID, now: datetime, from_step: int | None = None) -> Step | None:
    """Take one waiting branch to its next step; after the last rung the first comes again.

    Without from_step: only if it is overdue at ``now``. With it: only if that is still its latest step. None where
    nothing was due, or where another worker has the branch in hand.
    """
    sweeping = from_step is None
    # The alert first, as whoever answers does: two who lock the other way round would wait for each other.
    of_branch = Branch.objects.filter(pk=branch, state__in=states.UNDECIDED).values("alert_id")
    alert = Alert.objects.select_for_update(skip_locked=sweeping).filter(pk__in=of_branch).first()
    rows = Branch.objects.select_for_update(of=("self",)).select_related("escalation")
    held = rows.filter(pk=branch, state__in=states.UNDECIDED).first() if alert else None
    if alert is None or held is None:
        return None
    latest = Step.objects.filter(branch=held).order_by("-number").first()
    if from_step is None and held.climbs_at() > now:
        return None
    if from_step is not None and (
        held.state != Branch.State.WAITING or latest is None or latest.number != from_step
    ):
        return None
    states.check(states.BRANCH, held.state, Branch.State.WAITING)
    if held.state != Branch.State.WAITING:
        Branch.objects.filter(pk=held.pk).update(state=Branch.State.WAITING)
        settle(alert)
    plan = Plan.from_json(held.escalation.policy)
    step = telling.open_step(alert=alert, branch=held, plan=plan, after=latest, due_from=now, now=now)
    outbox.record(
        BranchClimbed(home_id=alert.home_id, alert_id=alert.pk, branch_id=held.pk, step=step.number),
        by=None,
        now=now,
    )
    fault_points.reached("climb_before_commit")
    return step


@transaction.atomic
def lapse(*, branch: UUID, now: datetime) -> None:
    """Let a branch rest whose authority's last child had left before anybody there was told: it answers nothing."""
    of_branch = Branch.objects.filter(pk=branch).values("alert_id")
    alert = Alert.objects.select_for_update().get(pk__in=of_branch)
    held = Branch.objects.select_for_update().get(pk=branch)
    if held.state != Branch.State.WAITING:
        return
    states.check(states.BRANCH, held.state, Branch.State.LAPSED)
    Branch.objects.filter(pk=held.pk).update(state=Branch.State.LAPSED)
    alert.placing_ids = [key for key in alert.placing_ids if key != held.organisation_id]
    alert.save(update_fields=["placing_ids"])
    settle(alert)
    outbox.record(BranchLapsed(home_id=alert.home_id, alert_id=alert.pk, branch_id=held.pk), by=None, now=now)


def overdue(now: datetime, limit: int = 500) -> list[UUID]:
    """Keys of branches whose answer, or whose decision, is overdue at ``now``, longest overdue first."""
    waiting = Branch.objects.filter(state=Branch.State.WAITING, due_at__lte=now)
    undecided = Branch.objects.filter(
        state=Branch.State.ACKNOWLEDGED, acknowledgement__decide_by__lte=now
    ).order_by("acknowledgement__decide_by")
    found = [
        *waiting.order_by("due_at").values_list("due_at", "pk")[:limit],
        *undecided.values_list("acknowledgement__decide_by", "pk")[:limit],
    ]
    return [branch for _, branch in sorted(found)[:limit]]


def undeliverable(delivery: Delivery) -> bool:
    """Whether nobody was reached at the delivery's step: every e-mail of it was given up or came back."""
    if delivery.step_id is None:
        return False
    reached_nobody = (Delivery.State.DEAD, Delivery.State.BOUNCED)
    return not Delivery.objects.filter(step_id=delivery.step_id).exclude(state__in=reached_nobody).exists()

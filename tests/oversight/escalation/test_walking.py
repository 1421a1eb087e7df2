"""Branches walked through time by chance: none goes quiet, every deadline is right, no state is left by a move unknown."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import deadlines
from events.context import acting_as
from oversight.escalation import actions, climbing, states
from oversight.escalation.deciding.actions import NewDecision, decide
from oversight.escalation.models import Acknowledgement, Alert, Branch, Delivery, Step
from tests.cast import Cast
from tests.conftest import as_role, owner, worker
from tests.oversight.escalation.conftest import opened, raised

NAMES = {
    "Northmoor Council": "fran",
    "Eastvale Council": "gita",
    "Calderbrook Council": "jon",
    "Ofsted": "mo",
}
TIERS = ("look", "escalate", "regulator")
#: What the policy says, said once more: answer within, decide within; working days, but for urgent answers.
ANSWER = {"look": 5, "escalate": 2}
DECIDE = {"look": 10, "escalate": 5, "regulator": 1}
DESKS: dict[str, dict[str, tuple[str, ...]]] = {
    "look": {"duty": ("duty", "senior", "director"), "safeguarding": ("safeguarding", "senior", "director")},
    "escalate": {
        "duty": ("duty", "senior", "regulator"),
        "safeguarding": ("safeguarding", "senior", "regulator"),
    },
    "regulator": {"duty": ("duty", "director"), "safeguarding": ("safeguarding", "director")},
}
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["wait", "wait", "answer", "decide", "rise"]),
        st.sampled_from(sorted(NAMES)),
        st.integers(1, 200),
    ),
    min_size=4,
    max_size=14,
)


def due_after(tier: str, at: datetime) -> datetime:
    if tier == "regulator":
        return at + timedelta(hours=4)
    return deadlines.after_working_days(at, ANSWER[tier])


def do(world: Cast, alert: Alert, move: str, name: str, now: datetime) -> None:
    """One move, where the branch stands so that it can be made."""
    branch = Branch.objects.filter(alert=alert, organisation__name=name, state__in=states.UNDECIDED).first()
    if branch is None:
        return
    user = world.people[NAMES[name]].pk
    with as_role("hub_web"), acting_as(user, now):
        answered = Acknowledgement.objects.filter(branch=branch).exists()
        if move == "answer":
            actions.acknowledge(alert=alert, branch=branch, note="Read.", by=user, now=now)
        elif answered:
            decision = NewDecision(acts=False, reason="Known.")
            decide(alert=alert, branch=branch, decision=decision, opened="", by=user, now=now)


def checked(alert: Alert, now: datetime) -> None:
    """What must hold after every tick."""
    alert.refresh_from_db()
    tiers: dict[str, list[Branch]] = {tier: [] for tier in TIERS}
    branches = Branch.objects.filter(alert=alert).select_related("escalation")
    for branch in branches:
        tiers[branch.escalation.tier].append(branch)
        steps = list(Step.objects.filter(branch=branch).order_by("number"))
        desks = DESKS[branch.escalation.tier][branch.desk]
        assert [step.desk for step in steps] == [desks[n % len(desks)] for n in range(len(steps))]
        for step in steps:
            assert step.due_at == due_after(branch.escalation.tier, step.opened_at)
            assert Delivery.objects.filter(step=step).count() >= 1
        answer = Acknowledgement.objects.filter(branch=branch).first()
        if answer is not None:
            days = DECIDE[branch.escalation.tier]
            assert answer.decide_by == deadlines.after_working_days(answer.at, days)
        if branch.state == "waiting":
            assert now < branch.due_at == steps[-1].due_at  # nobody is overdue after the tick
        if branch.state == "acknowledged":
            assert answer is not None
            assert now < answer.decide_by
        # Only what somebody said, or a higher tier, stops a branch.
        assert (branch.state != "acknowledged") or answer is not None
    for tier in TIERS[: TIERS.index(alert.tier)]:
        assert all(branch.state in ("overtaken", "decided") for branch in tiers[tier])
    owed = {branch.state for branch in tiers[alert.tier]}
    assert alert.state == (
        "open" if "waiting" in owed else "acknowledged" if "acknowledged" in owed else "acted_on"
    )


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=MOVES)
def test_a_branch_that_nobody_answers_or_decides_never_goes_quiet(
    world: Cast, moves: list[tuple[str, str, int]]
) -> None:
    now = world.now
    with owner():
        number = Alert.objects.count()
    alert = opened(world, kind=f"kind {number}")
    for move, name, hours in moves:
        now += timedelta(hours=hours)
        with worker():
            climbing.climb(now=now)
        if move == "rise":
            higher = TIERS[min(TIERS.index(alert.tier) + 1, 2)]
            raised(world, kind=f"kind {number}", tier=higher, now=now)
        with owner():
            if move in ("answer", "decide"):
                do(world, alert, move, name, now)
            checked(alert, now)

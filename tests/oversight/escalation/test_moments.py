"""Two at once, a person with two posts, prompts, and facts that arrive as events."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client

from events import clock, outbox, prompting
from events.context import acting_as
from homes import actions as people
from homes.access import Capacity
from homes.models import Organisation
from oversight.escalation import actions, alarms
from oversight.escalation.answering import standing
from oversight.escalation.models import Acknowledgement, Alert, OperatorAlarm, Seen, Step
from oversight.escalation.plans import Plan
from oversight.visits.facts import SignificantConcernRaised, VisitReportFiled
from oversight.visits.models import SignificantConcern
from tests.cast import Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import drain, opened, raised
from tests.oversight.escalation.test_ladders import branch_of
from tests.oversight.escalation.test_rules import report, visit


def test_two_workers_who_open_the_same_alert_open_one(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened(world)
    real, asked = actions._standing_alert, []

    def not_yet_seen(*given: Any) -> Alert | None:
        asked.append(given)
        return None if len(asked) == 1 else real(*given)

    monkeypatch.setattr(actions, "_standing_alert", not_yet_seen)
    higher = raised(world, tier="escalate")
    assert higher is not None
    assert higher.pk == first.pk
    with owner():
        assert Alert.objects.count() == 1


def test_a_page_opened_twice_in_the_same_moment_is_seen_once(
    world: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = opened(world)

    def meanwhile(*given: Any) -> list[Capacity]:
        found = standing(*given)
        Seen(alert=alert, by_id=world.mo.pk, organisation_id=found[0].organisation_id, at=world.now).save()
        return found

    monkeypatch.setattr(actions, "standing", meanwhile)
    with acting_as(world.mo.pk, world.now):
        assert actions.mark_seen(alert=alert, by=world.mo.pk, now=world.now) is None
        assert Seen.objects.count() == 1


def test_two_who_alarm_at_once_alarm_once(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with worker():
        alarms.raise_alarm(kind="no_mailbox", about="x", now=world.now)
        monkeypatch.setattr(QuerySet, "exists", lambda rows: False)
        assert alarms.raise_alarm(kind="no_mailbox", about="x", now=world.now) is None
        assert OperatorAlarm.objects.count() == 1


def test_what_is_owed_rings_for_a_worker_once_it_is_committed(
    world: Cast,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(prompting, "prompt", rung.append)
    token = outbox.prompts.set(True)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            opened(world)
            with worker():
                alarms.raise_alarm(kind="no_mailbox", about="x", now=world.now)
            assert "oversight.tasks.deliver" not in rung
    finally:
        outbox.prompts.reset(token)
    assert rung.count("oversight.tasks.deliver") == 4  # three branches and the operator


def test_a_person_with_two_posts_says_for_whom(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with owner():
        people.give_post(
            user=world.fran,
            role="placing_authority",
            organisation=world.organisations["eastvale"],
            starts_at=world.now,
        )
    alert = opened(world)
    monkeypatch.setattr(clock, "now", lambda: world.now)
    client = Client()
    client.force_login(world.fran)
    page = client.get(f"/alerts/{alert.reference}/").content.decode()
    assert "For whom do you answer?" in page
    path = f"/alerts/{alert.reference}/acknowledge/"
    assert "Choose for whom you answer" in client.post(path, {"note": "n"}).content.decode()
    branch = branch_of(alert, "Eastvale Council")
    client.post(path, {"note": "n", "branch": str(branch.pk)})
    with owner():
        assert Acknowledgement.objects.get().organisation.name == "Eastvale Council"


def test_reports_and_concerns_arrive_as_events(world: Cast) -> None:
    with owner():
        seen = visit(world, world.now.date(), world.now)
        report(world, seen, "no", "yes")
        concern = SignificantConcern.objects.create(
            reference="SC1", home=world.elm, raised_at=world.now, raised_by_id=world.efe.pk, what="words"
        )
    with acting_as(world.efe.pk, world.now):
        filed = VisitReportFiled(home_id=world.elm.pk, visit_id=seen.pk, safeguarded="no", well_being="yes")
        outbox.record(filed, by=world.efe.pk, now=world.now)
        spoken = SignificantConcernRaised(home_id=world.elm.pk, concern_id=concern.pk)
        outbox.record(spoken, by=world.efe.pk, now=world.now)
    drain(world.now)
    with owner():
        patterns = Alert.objects.filter(picture="overseers").values_list("pattern", flat=True)
        assert sorted(patterns) == ["concern", "opinion_no"]


def test_a_branch_without_a_step_is_not_handed_on(world: Cast) -> None:
    alert = opened(world)
    branch = branch_of(alert, "Northmoor Council")
    with owner():
        for step in Step.objects.filter(branch=branch):
            step.deliveries.all().delete()
            step.delete()
    with acting_as(world.fran.pk, world.now):
        actions.hand_on(alert=alert, branch=branch, by=world.fran.pk, now=world.now)
    drain(world.now)
    with owner():
        assert not Step.objects.filter(branch=branch).exists()


def test_a_plan_knows_its_branches_only(world: Cast) -> None:
    alert = opened(world)
    with owner():
        plan = Plan.from_json(alert.escalations.get().policy)
        stranger = Organisation.objects.get(name="Ofsted")
    with pytest.raises(LookupError):
        plan.branch(stranger.pk, "duty")
    assert Plan.from_json(plan.as_json()) == plan

"""The weekly digest: once to each mailbox for each week, numbers and references only."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from events import world as worlds
from hesley_hub.demo import progress
from hesley_hub.demo.tasks import weekly_once_told
from homes.models import DutyMailbox, Post
from oversight.escalation import delivering
from oversight.escalation.deciding.models import Outcome
from oversight.escalation.models import Alert, Branch, Delivery, Tier
from oversight.response.actions import owe_digests, week_of
from oversight.response.wording import Open, Week, digest
from tests.cast import NOW, Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import opened
from tests.oversight.escalation.test_delivering import Sink
from tests.oversight.response.test_response import answer, decide

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
WORDS = "the week's alerts"


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 11, 30, 7, 59, tzinfo=UTC), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 30, 8, 0, tzinfo=UTC), datetime(2026, 11, 30, 8, 0, tzinfo=UTC)),
        (datetime(2026, 12, 6, 23, 59, tzinfo=UTC), datetime(2026, 11, 30, 8, 0, tzinfo=UTC)),
        # The clocks go forward on Sunday 29 March, back on Sunday 25 October: Monday's eight o'clock is London's.
        (datetime(2026, 3, 30, 6, 59, tzinfo=UTC), datetime(2026, 3, 23, 8, 0, tzinfo=UTC)),
        (datetime(2026, 3, 30, 7, 0, tzinfo=UTC), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 26, 7, 59, tzinfo=UTC), datetime(2026, 10, 19, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 26, 8, 0, tzinfo=UTC), datetime(2026, 10, 26, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_week_begins_on_monday_at_eight_in_london(now: datetime, monday: datetime) -> None:
    assert week_of(now) == monday


def owe(now: datetime) -> int:
    with worker():
        return owe_digests(now=now)


def digests() -> dict[str, Delivery]:
    with owner():
        return {mail.address: mail for mail in Delivery.objects.filter(subject__contains=WORDS)}


def test_each_mailbox_is_owed_one_a_week_however_often_it_is_asked(world: Cast) -> None:
    opened(world)
    assert owe(MONDAY - timedelta(minutes=1)) == 0  # it opened after last Monday's eight o'clock
    assert owe(MONDAY) == 3
    assert owe(MONDAY) == 0
    assert owe(MONDAY + timedelta(days=6)) == 0
    assert set(digests()) == {
        "duty@northmoor.example",
        "duty@eastvale.example",
        "safeguarding@calderbrook.example",
    }
    assert owe(MONDAY + timedelta(days=7)) == 3


def test_a_hub_that_was_down_on_monday_owes_it_on_thursday(world: Cast) -> None:
    opened(world)
    assert owe(MONDAY + timedelta(days=3)) == 3


def test_it_says_what_is_open_overdue_decided_and_what_came_of_it(world: Cast) -> None:
    first, second = opened(world, kind="change"), opened(world, kind="reconciliation")
    branch = answer(world, first, "Northmoor Council", timedelta(hours=3))
    decision = decide(world, branch, NOW + timedelta(days=1))
    with owner():
        Outcome.objects.create(
            alert=first,
            decision=decision,
            by=world.fran.person,
            organisation=branch.organisation,
            post="x",
            at=NOW + timedelta(days=2),
            result="better",
            what="Rowan Hale is safe",
            measured_on=NOW.date(),
        )
    assert owe(MONDAY + timedelta(days=3)) == 3
    mail = digests()["duty@northmoor.example"]
    assert mail.subject == "Hesley Hub, the week's alerts: 2 open, 1 overdue"
    assert "Waiting for an answer: 1. Answered, with a decision owed: 1." in mail.body
    assert f"{first.reference}, Look: decide by" in mail.body
    assert f"OVERDUE. {second.reference}, Look: answer by" in mail.body
    assert (
        "1 answer, 1 decision to act, 0 not to. What came of actions: children are safer or better off: 1."
        in (mail.body)
    )
    for name in ("Rowan", "Elm", "Sky", "Alder"):
        assert name not in mail.body + mail.subject
    assert (mail.alert_id, mail.step_id) == (None, None)
    assert "nothing was answered or decided" in digests()["duty@eastvale.example"].body


def test_a_decision_taken_is_told_even_where_nothing_waits_any_more(world: Cast) -> None:
    alert = opened(world)
    branch = answer(world, alert, "Northmoor Council", timedelta(hours=3))
    decide(world, branch, NOW + timedelta(days=1), acts=False)
    with owner():
        Branch.objects.filter(alert=alert).update(state="decided")
    assert owe(MONDAY) == 1
    body = digests()["duty@northmoor.example"].body
    assert "Northmoor Council: 0 alerts open, 0 overdue." in body
    assert "0 decisions to act, 1 not to. What came of actions: none measured." in body


def test_the_providers_people_hear_of_their_own_picture_only(world: Cast) -> None:
    opened(world)  # the overseers'
    own = opened(world, picture="provider")
    assert owe(MONDAY) == 6
    to_manager, to_ri = digests()["asha@cast.example"], digests()["dan@cast.example"]
    for mail in (to_manager, to_ri):
        assert own.reference in mail.body
        assert mail.body.count("/alerts/") == 1
    with owner():
        Post.objects.filter(user=world.asha).update(ends_at=NOW)
        Branch.objects.filter(alert=own).update(state="decided")
    assert owe(MONDAY + timedelta(days=7)) == 3


def test_a_manager_hears_of_their_own_home(world: Cast) -> None:
    alert = opened(world, picture="provider")
    with owner():
        Alert.objects.filter(pk=alert.pk).update(home=world.oak)
    owe(MONDAY)
    assert "asha@cast.example" not in digests()
    assert "dan@cast.example" in digests()


def test_two_desks_with_one_mailbox_get_one_digest(world: Cast) -> None:
    opened(world)
    with owner():
        DutyMailbox.objects.filter(organisation=world.organisations["northmoor"], desk="lado").update(
            email="DUTY@northmoor.example"
        )
        DutyMailbox.objects.create(
            organisation=world.organisations["eastvale"],
            desk="duty",
            hours="out_of_hours",
            email="n@e.example",
        )
    assert owe(MONDAY) == 3


def test_alerts_leave_before_digests(world: Cast) -> None:
    opened(world)
    owe(MONDAY)
    opened(world, kind="reconciliation", now=MONDAY)
    sink = Sink()
    with worker():
        delivering.deliver_all(now=MONDAY, send=sink)
    digest_at = [number for number, mail in enumerate(sink.got) if WORDS in mail.subject]
    assert digest_at == [6, 7, 8]


@pytest.mark.django_db
def test_a_long_list_is_cut_and_says_so() -> None:
    waiting = [Open(f"AL-{n}", Tier.LOOK, NOW + timedelta(days=n), False) for n in range(60)]
    _, body = digest("X", waiting, Week(0, 0, 0, ()), NOW)
    assert "And 10 more." in body
    assert "AL-49," in body
    assert "AL-50," not in body


def test_the_task_waits_for_a_demonstrations_past(
    world: Cast, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    opened(world, now=NOW - timedelta(days=14))
    assert weekly_once_told.name in {entry["task"] for entry in settings.CELERY["beat_schedule"].values()}
    with monkeypatch.context() as changed:
        changed.setattr(worlds, "kind", lambda: worlds.DEMO)
        changed.setattr(progress, "behind", lambda: True)
        with worker():
            assert weekly_once_told() == 0
    with worker():
        assert weekly_once_told() == 3

"""What the hub itself needs from its administrator, as pages."""

import pytest
from django.test import Client

from events import health
from events.context import acting_as
from events.identity import new_id
from events.models import Event
from events.relay import HandlingParked
from oversight.escalation import alarms, handlers, operator_views
from oversight.escalation.models import OperatorAlarm
from tests.cast import Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import opened
from tests.oversight.escalation.pages import get, post

pytestmark = pytest.mark.usefixtures("at_the_casts_time")


def test_the_operators_alarms_are_for_the_administrator(world: Cast) -> None:
    with worker():
        assert alarms.raise_alarm(kind="no_mailbox", about="Northmoor Council, duty desk", now=world.now)
        assert (
            alarms.raise_alarm(kind="no_mailbox", about="Northmoor Council, duty desk", now=world.now) is None
        )
        with pytest.raises(KeyError):
            alarms.raise_alarm(kind="nonsense", about="", now=world.now)
    page = get(world.quin, "/hub/alarms/").content.decode()
    assert "Northmoor Council, duty desk" in page
    assert "has no mailbox" in page
    for name in ("mo", "asha", "fran"):
        assert get(world.people[name], "/hub/alarms/").status_code == 404
        assert "The hub itself needs you" not in get(world.people[name], "/").content.decode()
    assert "The hub itself needs you" in get(world.quin, "/").content.decode()
    with owner():
        key = OperatorAlarm.objects.get().pk
    for name in ("mo", "asha", "fran"):
        assert post(world.people[name], f"/hub/alarms/{key}/clear/").status_code == 404
    with owner():
        assert OperatorAlarm.objects.get().cleared_at is None
    client = Client()
    client.force_login(world.quin)
    for words in ("It is noted that you put this right.", "Somebody had put this right already."):
        assert words in client.post(f"/hub/alarms/{key}/clear/", follow=True).content.decode()
    with owner():
        cleared = OperatorAlarm.objects.get()
        assert (cleared.cleared_at is not None, cleared.cleared_by_id) == (True, world.quin.person_id)
        assert Event.objects.filter(kind="oversight.operator_alarm_cleared").count() == 1
    assert "The hub itself needs you" not in get(world.quin, "/").content.decode()
    with worker():
        assert alarms.raise_alarm(kind="no_mailbox", about="Northmoor Council, duty desk", now=world.now)


def test_the_administrator_sees_what_has_waited_longest(world: Cast) -> None:
    opened(world)
    page = get(world.quin, "/hub/alarms/").content.decode()
    assert "Ladders that wait for an answer" in page
    assert "nothing waits" in page
    assert "never" in page
    with acting_as(world.quin.pk, world.now):
        found = health.arrears()
        assert (found.unanswered, found.dead, found.bounced) == (3, 0, 0)
        assert found.oldest_unanswered_step is not None
    with acting_as(world.mo.pk, world.now):
        assert health.arrears() == health.Arrears(None, 0, 0, 0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1.9, "1 second"),
        (60, "1 minute"),
        (7300, "2 hours"),
        (86_400 * 3, "3 days"),
        (None, "-"),
    ],
)
def test_ages_in_words(seconds: float | None, words: str) -> None:
    assert operator_views._age(seconds, "-") == words


def test_a_parked_handling_alarms_the_operator(world: Cast) -> None:
    with worker():
        handlers.alarm_on_parked(
            HandlingParked(handling_id=new_id(), handler="a.b", event_kind="c.d"), now=world.now
        )
    assert "a.b on c.d" in get(world.quin, "/hub/alarms/").content.decode()

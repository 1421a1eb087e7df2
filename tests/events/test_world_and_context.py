"""The world is marked once; the clock moves only outside a live one; the viewer never outlives a transaction."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from events import clock, world
from events.context import acting_as, get_context, set_context
from events.health import ages
from events.identity import new_id, new_reference
from tests.conftest import owner

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.django_db
def test_a_world_keeps_its_mark() -> None:
    with owner():
        world.mark(world.SCRATCH)
        with pytest.raises(world.WorldUnmarkedError, match="already marked scratch"):
            world.mark(world.LIVE)
        with pytest.raises(ValueError, match="not one of"):
            world.mark("toy")
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("insert into events_world (one, kind) values (true, 'demo')")


@pytest.mark.django_db
def test_the_clock_moves_outside_a_live_world_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_NOW", "+10d")
    assert clock.shift() == timedelta(days=10)
    monkeypatch.setenv("HUB_NOW", "-3h")
    assert clock.shift() == -timedelta(hours=3)
    monkeypatch.setenv("HUB_NOW", "tomorrow")
    with pytest.raises(ValueError, match=r"\+10d"):
        clock.now()
    monkeypatch.setenv("HUB_NOW", "+10d")
    with owner(), connection.cursor() as cursor:
        cursor.execute("update events_world set kind = 'live'")
        world.forget()
        assert clock.shift() == timedelta(0)
        cursor.execute("delete from events_world")
        world.forget()
        assert world.kind() == world.LIVE, "an unmarked world is treated as the strictest"


@pytest.mark.django_db(transaction=True)
def test_a_viewer_needs_a_transaction_and_ends_with_it() -> None:
    with pytest.raises(RuntimeError, match="needs a transaction"):
        set_context(viewer=None, now=NOW)
    viewer = new_id()
    with acting_as(viewer, NOW):
        assert get_context() == (str(viewer), NOW.isoformat())
        other = new_id()
        with acting_as(other, NOW):
            assert get_context()[0] == str(other)
        assert get_context()[0] == str(viewer), "acting for somebody else ends"
    assert get_context()[0] == ""


@pytest.mark.django_db
def test_health_tells_ages_and_nothing_else() -> None:
    found = ages()
    assert (found.oldest_unhandled_event, found.oldest_unsent_delivery, found.parked) == (None, None, 0)


def test_references_can_be_read_aloud_and_tell_no_number() -> None:
    made = {new_reference("INC") for _ in range(200)}
    assert len(made) == 200
    assert all(not set(reference[4:]) & set("0O1IL5S8B2Z") for reference in made)

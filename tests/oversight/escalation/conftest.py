"""Worlds and short ways for the tests of escalation."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from events import clock, outbox, relay
from events.context import acting_as
from homes.models import User
from incidents.hospital.models import HospitalDetails
from incidents.lado.models import LadoDetails
from incidents.record import actions as recording
from incidents.record.models import Incident, PartOfIncident, Stream
from incidents.reg40.models import Reg40Details
from incidents.whistleblowing.models import WhistleblowingDetails
from oversight.escalation.actions import open_alert
from oversight.escalation.models import Alert
from tests import cast
from tests.cast import Cast
from tests.conftest import owner, worker


@pytest.fixture(autouse=True)
def without_prompts() -> Iterator[None]:
    """Nobody listens here: the tests drain the outbox themselves."""
    token = outbox.prompts.set(False)
    yield
    outbox.prompts.reset(token)


@pytest.fixture
def world(db: None) -> Cast:
    with owner():
        return cast.build()


@pytest.fixture
def at_the_casts_time(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock is the cast's."""
    monkeypatch.setattr(clock, "now", lambda: world.now)


def drain(now: datetime) -> int:
    """Handle every event there is, as the worker does."""
    with worker():
        return relay.drain(now=now)


def record(
    world: Cast,
    by: User,
    stream: Stream = Stream.REG40,
    *,
    event: str = "40(4)(e)",
    detail: str = "",
    source: str = "home",
    at: datetime | None = None,
) -> Incident:
    """A record about Rowan at Elm House, with its event."""
    now = at or world.now
    details: dict[Stream, Any] = {
        Stream.REG40: lambda saved: Reg40Details(incident=saved, event=event),
        Stream.LADO: lambda saved: LadoDetails(incident=saved),
        Stream.HOSPITAL: lambda saved: HospitalDetails(incident=saved, attendance="ed"),
        Stream.WHISTLEBLOWING: lambda saved: WhistleblowingDetails(
            incident=saved, identity="anonymous", relation="staff", category="poor_care"
        ),
    }

    def detailed(saved: Incident) -> PartOfIncident:
        found: PartOfIncident = details[stream](saved)
        return found

    with acting_as(by.pk, now):
        return recording.save_record(
            new=recording.NewRecord(
                home=world.elm,
                stream=stream,
                occurred_at=now - timedelta(hours=3),
                known_at=now - timedelta(hours=2),
                source=source,
                by_provider=source == "home",
                children=[recording.ChildPart(child=world.rowan)],
                detail=detail,
            ),
            details=detailed,
            by=by.pk,
            now=now,
        )


def death(world: Cast, at: datetime | None = None) -> Incident:
    return record(world, world.asha, event="40(1)", detail="death", at=at)


def raised(world: Cast, **changes: Any) -> Alert | None:
    """An alert of the engine's, as the worker opens it."""
    now = changes.get("now", world.now)
    values: dict[str, Any] = {
        "picture": "overseers",
        "home": world.elm,
        "provider": world.organisations["alder"],
        "kind": "change",
        "pattern": "general_rise",
        "tier": "look",
        "raised_on": now.date(),
        "began_on": now.date() - timedelta(days=60),
        "score": 6.5,
        "bar": 6.254,
        "evidence": [],
        "now": now,
    }
    with worker():
        return open_alert(**{**values, **changes})


def opened(world: Cast, **changes: Any) -> Alert:
    alert = raised(world, **changes)
    assert alert is not None
    return alert

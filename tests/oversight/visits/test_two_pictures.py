"""What outsiders record moves nothing that the home's people are served on pages of visits and of children."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from events import clock
from events.clock import london_day
from events.context import acting_as
from incidents.record import actions as record
from incidents.record.models import Stream
from incidents.whistleblowing.models import WhistleblowingDetails
from tests import cast
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.matters.test_matters import recorded
from tests.oversight.visits import world as made
from voice.heard import actions as voice

pytestmark = pytest.mark.django_db

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|name="client_id" value="[^"]+"')


def served(world: Cast, name: str, pages: list[str]) -> dict[str, bytes]:
    client = Client()
    client.force_login(world.people[name])
    return {page: TOKEN.sub(b"", client.get(page).content) for page in pages}


def outsiders_record(world: Cast) -> None:
    """A disclosure, a hospital record without a notice, a child's view heard from outside, a significant concern."""
    at = world.now - timedelta(days=20)
    recorded(world, Stream.HOSPITAL, "hospital", at)
    with owner():
        record.save_record(
            new=record.NewRecord(
                home=world.elm,
                stream=Stream.WHISTLEBLOWING,
                occurred_at=at,
                known_at=at,
                source="whistleblower",
                by_provider=False,
            ),
            details=lambda incident: WhistleblowingDetails(
                incident=incident, identity="anonymous", relation="staff", category="poor_care"
            ),
            by=world.mo.pk,
            now=world.now,
        )
    new = voice.NewView(
        child=world.rowan,
        home=world.elm,
        said_at=at,
        method="speech",
        words="They shout.",
        heard_by="Ola Quist",
    )
    with acting_as(world.ola.pk, world.now):
        voice.record_view(new=new, by=world.ola.pk, now=world.now)
    made.concern(world)


def test_what_outsiders_record_moves_nothing_the_home_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now().replace(microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)
    with owner():
        world = cast.build(now)
    visited = made.visit(world, visited_on=london_day(now))
    made.report(world, visited)
    pages = [
        "/visits/",
        "/homes/DEMO001/visits/",
        f"/visits/{visited.pk}/",
        "/homes/DEMO001/children/",
        f"/children/{world.rowan.pk}/",
        f"/children/{world.sky.pk}/say/",
        "/api/v1/visits/",
        f"/api/v1/visits/{visited.pk}/",
    ]
    people = ("asha", "ben", "dan", "mo")
    before = {name: served(world, name, pages) for name in people}
    outsiders_record(world)
    after = {name: served(world, name, pages) for name in people}
    for name in ("asha", "ben", "dan"):
        for page in pages:
            assert after[name][page] == before[name][page], (name, page)
            assert after[name][page]
    assert after["mo"][f"/children/{world.rowan.pk}/"] != before["mo"][f"/children/{world.rowan.pk}/"]
    assert b"They shout." in after["mo"]["/homes/DEMO001/children/"]

"""What a visitor is told to ask: questions, never an alert, never a disclosure."""

from datetime import date, timedelta

import pytest
from django.test import Client

from events import clock
from events.clock import london_day
from events.context import acting_as
from homes.models import Home
from incidents.record import actions as record
from incidents.record.models import Stream
from incidents.reg40.models import Reg40Details
from incidents.whistleblowing.models import WhistleblowingDetails
from oversight.visits.actions import NewRecommendation
from oversight.visits.asking import Briefing, briefing
from tests import cast
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.matters.test_matters import ago, recorded
from tests.oversight.visits import world as made
from tests.voice.heard.test_pages import recorded as heard

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    with owner():
        built = cast.build(clock.now())
        Home.objects.update(opened_on=date(2020, 1, 1))
    built.elm.refresh_from_db()
    return built


def for_efe(world: Cast) -> Briefing:
    with acting_as(world.efe.pk, world.now):
        return briefing(world.elm, world.efe.pk, world.now)


def restraint(world: Cast) -> None:
    at = ago(world, 3)
    with owner():
        record.save_record(
            new=record.NewRecord(
                home=world.elm,
                stream=Stream.REG40,
                occurred_at=at,
                known_at=at,
                source="home",
                by_provider=True,
                restraint=True,
            ),
            details=lambda incident: Reg40Details(incident=incident, event="40(4)(e)"),
            by=world.asha.pk,
            now=at,
        )


def disclosure(world: Cast) -> None:
    at = ago(world, 4)
    with owner():
        record.save_record(
            new=record.NewRecord(
                home=world.elm,
                stream=Stream.WHISTLEBLOWING,
                occurred_at=at,
                known_at=at,
                source="whistleblower",
                by_provider=False,
                reference="WB-SECRET",
            ),
            details=lambda incident: WhistleblowingDetails(
                incident=incident, identity="anonymous", relation="staff", category="poor_care"
            ),
            by=world.mo.pk,
            now=at,
        )


def test_a_quiet_home_asks_only_to_hear_its_children(world: Cast) -> None:
    found = for_efe(world)
    assert found.changed == []
    assert found.since == london_day(world.now) - timedelta(days=60)
    assert len(found.questions) == 2
    assert "One child’s case record is closed to you" in found.questions[0]
    assert "RH has never been heard" in found.questions[1]


def test_each_thing_known_becomes_a_question(world: Cast) -> None:
    old = made.visit(world, visited_on=london_day(world.now) - timedelta(days=30))
    late = NewRecommendation(text="Staff the nights.", consider_by=date(2026, 1, 1))
    made.report(world, old, recommendations=[late], said=[])
    again = made.visit(world, visited_on=london_day(world.now) - timedelta(days=29))
    with owner():
        earlier = old.report.recommendations.get()
    repeat = NewRecommendation(text="Staff the nights.", consider_by=date(2030, 1, 1), repeats=earlier)
    made.report(world, again, recommendations=[repeat], said=[])
    for days in (40, 41):
        recorded(world, Stream.HOSPITAL, "hospital", ago(world, days))
    recorded(world, Stream.LADO, "lado", ago(world, 5))
    recorded(world, Stream.REG40, "home", ago(world, 2), reference="R40-SEEN")
    restraint(world)
    restraint(world)
    disclosure(world)
    heard(world, "ben", said_at=world.now - timedelta(weeks=8))
    heard(world, "efe", child=world.sky)
    found = for_efe(world)
    said = " ".join(found.questions)
    day = london_day(ago(world, 5))
    assert f"What happened here on {day.day} {day:%b %Y}?" in said
    assert "2 matters that reached us have no notice from the home" in said
    assert "2 records tell of a restraint" in said
    assert "RH was last heard on" in said
    assert "by staff only" in said
    assert "SM" not in said
    assert "“Staff the nights.” (made 2 times)" in said
    assert "WB-SECRET" not in str(found)
    assert {row.stream for row in found.changed} == {"LADO", "Reg 40"}
    assert found.outside == 1
    links = {row.href for row in found.changed if row.href}
    assert "/incidents/R40-SEEN/" in links
    assert not any(row.href for row in found.changed if row.outside)


def test_one_of_each_is_said_in_the_singular(world: Cast) -> None:
    recorded(world, Stream.LADO, "home", ago(world, 20))
    restraint(world)
    made.report(
        world,
        made.visit(world, visited_on=london_day(world.now) - timedelta(days=40)),
        recommendations=[NewRecommendation(text="Fix the door.", consider_by=date(2026, 1, 1))],
    )
    said = " ".join(for_efe(world).questions)
    assert "One matter that reached us has no notice" in said
    assert "One record tells of a restraint" in said
    assert "“Fix the door.” (past its date)" in said


def test_the_print_is_not_to_be_left_at_the_home(world: Cast) -> None:
    client = Client()
    client.force_login(world.efe)
    page = client.get("/homes/DEMO001/briefing/").content.decode()
    assert "Not to be left at the home." in page
    visited = made.visit(world, visited_on=london_day(world.now))
    page = client.get(f"/homes/DEMO001/briefing/?visit={visited.pk}").content.decode()
    assert f"/visits/{visited.pk}/" in page

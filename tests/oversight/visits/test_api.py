"""Visits over the API: once for each key, each caller's own version."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from events import clock
from events.clock import london_day
from oversight.visits.models import Visit, VisitReport
from tests import cast
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.visits import world as made

pytestmark = pytest.mark.django_db

PATH = "/api/v1/visits/"


@pytest.fixture
def world() -> Cast:
    with owner():
        return cast.build(clock.now())


def client(world: Cast, name: str) -> Client:
    signed_in = Client()
    signed_in.force_login(world.people[name])
    return signed_in


def post(world: Cast, name: str, body: dict[str, Any], key: UUID | None) -> Any:
    headers = {"Idempotency-Key": str(key)} if key else {}
    return client(world, name).post(PATH, body, content_type="application/json", headers=headers)


def report(world: Cast, **more: Any) -> dict[str, Any]:
    return {
        "safeguarded": "partly",
        "safeguarded_reasons": "Nights.",
        "well_being": "yes",
        "well_being_reasons": "They go out.",
        "children_living": 2,
        "children_seen": 2,
        "children_private": 1,
        "staff_private": 3,
        "said": [{"child": str(world.rowan.pk), "words": "Knock first."}],
        "findings": {"12": "Two gaps."},
        "recommendations": [{"text": "Staff the nights.", "consider_by": "2030-01-31"}],
    } | more


def body(world: Cast, **more: Any) -> dict[str, Any]:
    day = london_day(world.now).isoformat()
    return {"home": "DEMO001", "visited_on": day, "announced": False, "report": report(world)} | more


def test_a_visit_is_recorded_with_its_report_once_for_its_key(world: Cast) -> None:
    key, sent = uuid4(), body(world)
    first = post(world, "efe", sent, key)
    assert first.status_code == 201, first.json()
    version = first.json()["version"]
    assert (version["whose"], version["safeguarded"]) == ("The visitor’s own copy", "partly")
    assert version["children"][0]["words"] == "Knock first."
    again = post(world, "efe", sent, key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert post(world, "efe", body(world, announced=True), key).status_code == 422
    assert post(world, "efe", sent, uuid4()).json() == {
        "visited_on": ["You have recorded a visit on this day already"]
    }
    with owner():
        assert (Visit.objects.count(), VisitReport.objects.count()) == (1, 1)


def test_the_report_may_follow_later_and_may_repeat_a_recommendation(world: Cast) -> None:
    old = made.report(world, made.visit(world, visited_on=london_day(world.now).replace(day=1)))
    with owner():
        earlier = old.recommendations.get()
    again = {"text": "Staff the nights.", "consider_by": "2030-01-31", "repeats": str(earlier.pk)}
    answer = post(world, "efe", body(world, report=report(world, recommendations=[again])), uuid4())
    assert answer.json()["version"]["recommendations"][0]["repeats"] == str(earlier.pk)
    with owner():
        Visit.objects.exclude(pk=old.pk).update(visited_on="2020-01-01")
    alone = post(world, "efe", body(world, report=None), uuid4()).json()
    assert alone["version"] is None
    assert alone["visit"]["report"] is None


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"visited_on": "2999-01-01"}, "detail"),
        ({"visited_on": ""}, "visited_on"),
        ({"report": {"findings": {"99": "x"}}}, "report"),
        ({"report": {"children_private": 3}}, "report"),
        ({"report": {"children_seen": 3}}, "report"),
        ({"report": {"safeguarded_reasons": ""}}, "report"),
        ({"report": {"said": [{"child": str(uuid4()), "words": "x"}]}}, "said"),
        ({"report": {"said": [{"child": "rowan", "words": "x", "method": "telepathy"}]}}, "detail"),
        (
            {
                "report": {
                    "recommendations": [{"text": "x", "consider_by": "2030-01-01", "repeats": str(uuid4())}]
                }
            },
            "repeats",
        ),
    ],
)
def test_what_does_not_hold_is_said_where_it_is_and_nothing_is_saved(
    world: Cast, more: dict[str, Any], where: str
) -> None:
    changed = dict(more)
    if "report" in changed:
        changed["report"] = report(world) | changed["report"]
        for one in changed["report"]["said"]:
            one["child"] = str(world.rowan.pk) if one["child"] == "rowan" else one["child"]
    answer = post(world, "efe", body(world, **changed), uuid4())
    assert answer.status_code == 400
    assert where in answer.json()
    with owner():
        assert not Visit.objects.exists()


def test_only_the_homes_visitor_records_and_a_key_is_needed(world: Cast) -> None:
    for name in ("asha", "mo", "fran", "rut"):
        assert post(world, name, body(world), uuid4()).status_code == 404
    assert post(world, "efe", body(world, home="DEMO002"), uuid4()).status_code == 404
    assert post(world, "efe", body(world), None).status_code == 400
    assert Client().get(PATH).status_code == 401


def test_each_caller_reads_their_own_version(world: Cast) -> None:
    visited = made.visit(world, visited_on=london_day(world.now))
    made.concern(world, visit=visited)
    made.report(world, visited)
    readers, words = set(), {}
    for name in world.people:
        caller = client(world, name)
        listed = caller.get(f"{PATH}?home=DEMO001").json()["results"]
        answer = caller.get(f"{PATH}{visited.pk}/")
        assert answer.status_code == (200 if listed else 404), name
        if listed and answer.json()["version"]:
            readers |= {name}
            version = answer.json()["version"]
            words[name] = (bool(version["children"][1]["symbols"]), len(version["concerns"]))
        elif listed:
            assert (name, listed[0]["report"], listed[0]["safeguarded"]) == ("rut", None, None)
    assert readers == {"asha", "ben", "dan", "efe", "fran", "gita", "hal", "jon", "mo", "nia"}
    assert (words["asha"], words["fran"], words["gita"], words["mo"]) == (
        (False, 0),
        (False, 1),
        (True, 1),
        (True, 1),
    )
    assert client(world, "asha").get(f"{PATH}?home=DEMO002").json()["results"] == []

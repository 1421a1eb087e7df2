"""Who gets which version of a report (reg 44(7))."""

import pytest

from events.context import acting_as
from oversight.visits import queries
from oversight.visits.models import Visit, VisitReport
from oversight.visits.queries import ReportVersion
from tests import cast
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.visits.world import concern, report, visit

pytestmark = pytest.mark.django_db

READERS = {"asha", "ben", "dan", "efe", "fran", "gita", "hal", "jon", "mo", "nia"}


@pytest.fixture
def world() -> Cast:
    with owner():
        return cast.build()


def version(world: Cast, filed: VisitReport, name: str) -> ReportVersion:
    person = world.people[name].pk
    with acting_as(person, world.now):
        held = VisitReport.objects.visible_to(person, world.now).get(pk=filed.pk)
        return queries.version_for(held, person, world.now)


def test_who_may_open_visit_and_report(world: Cast) -> None:
    filed = report(world)
    visits, reports = set(), set()
    for name, person in world.people.items():
        with acting_as(person.pk, world.now):
            for found, model in ((visits, Visit), (reports, VisitReport)):
                seen = model.objects.filter(pk=filed.pk).exists()  # type: ignore[attr-defined]
                mine = model.objects.visible_to(person.pk, world.now).filter(pk=filed.pk)  # type: ignore[attr-defined]
                assert seen == mine.exists(), (name, model)
                found |= {name} if seen else set()
    assert reports == READERS
    assert visits == READERS | {"rut"}


#: Whose copy it is, whether Rowan's words (shared with the home) and Sky's (not shared) are in it, the concern.
VERSIONS = {
    "asha": ("The provider’s copy", True, False, False),
    "dan": ("The provider’s copy", True, False, False),
    "efe": ("The visitor’s own copy", True, True, True),
    "fran": ("The placing authority’s copy", True, False, True),
    "gita": ("The placing authority’s copy", False, True, True),
    "hal": ("The placing authority’s copy", True, False, True),
    "jon": ("The host authority’s copy, on request", False, False, True),
    "mo": ("The regulator’s copy", True, True, True),
    "nia": ("The regulator’s copy", True, True, True),
}


@pytest.mark.parametrize("name", VERSIONS)
def test_each_reader_gets_their_own_version(world: Cast, name: str) -> None:
    visited = visit(world)
    concern(world, visit=visited)
    found = version(world, report(world, visited), name)
    rowan, sky = found.children
    shown = (found.whose, bool(rowan.words), bool(sky.symbols), bool(found.concerns))
    assert shown == VERSIONS[name]
    assert [rowan.initials, sky.initials] == ["RH", "SM"]
    assert (found.report.children_living, found.report.children_private) == (2, 1)
    assert [title for title, _ in found.findings] == [
        "Children’s views, wishes and feelings",
        "Protection of children",
        "Staff and others spoken to",
    ]
    assert [row.text for row in found.recommendations] == ["Staff the nights."]


def test_a_child_whose_words_are_elsewhere_is_said_to_have_spoken(world: Cast) -> None:
    found = version(world, report(world), "jon")
    assert [entry.about for entry in found.children] == ["Said something that is not in this copy."] * 2
    assert not any(entry.href for entry in found.children)

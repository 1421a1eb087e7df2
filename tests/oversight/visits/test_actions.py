from datetime import date

import pytest

from events.context import acting_as
from events.identity import new_id
from events.models import Event, Handling
from homes.access import NotAllowedError
from homes.models import Appointment
from oversight.risk.queries import engine_world
from oversight.visits import actions, queries
from oversight.visits.actions import NewRecommendation
from oversight.visits.models import (
    Recommendation,
    SignificantConcern,
    Visit,
    VisitDraft,
    VisitReport,
)
from tests import cast
from tests.cast import Cast
from tests.conftest import owner, worker
from tests.oversight.visits.world import VISITED, at_later, concern, report, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    with owner():
        return cast.build()


def events(kind: str) -> list[dict[str, object]]:
    with owner():
        return [event.payload for event in Event.objects.filter(kind=kind)]


def test_only_the_homes_visitor_records_a_visit(world: Cast) -> None:
    for name in world.people:
        if name != "efe":
            with pytest.raises(NotAllowedError):
                visit(world, name)
    with pytest.raises(NotAllowedError):
        visit(world, home=world.oak)
    assert visit(world).visitor_id == world.efe.pk
    assert events("oversight.visit_recorded")[0]["visited_on"] == VISITED.isoformat()


def test_the_same_visit_twice_is_one_visit(world: Cast) -> None:
    key = new_id()
    first = visit(world, client_id=key)
    assert visit(world, client_id=key, visited_on=date(2026, 11, 18)).pk == first.pk
    assert visit(world).pk == first.pk
    assert len(events("oversight.visit_recorded")) == 1


def test_a_visit_still_to_come_is_refused(world: Cast) -> None:
    with pytest.raises(ValueError, match="still to come"):
        visit(world, visited_on=date(2026, 11, 24))


def test_a_key_used_by_another_visitor_is_nobodys_excuse(world: Cast) -> None:
    key = new_id()
    visit(world, client_id=key)
    with owner():
        Appointment.objects.create(
            user=world.rut, home=world.elm, appointed_by=world.organisations["alder"], starts_at=cast.LONG_AGO
        )
    with pytest.raises(Exception, match="client_id"):
        visit(world, "rut", client_id=key)


def test_a_report_keeps_childrens_words_once_as_views(world: Cast) -> None:
    filed = report(world)
    with owner():
        views = {view.child_id: view for view in filed.visit.home.views.all()}
    rowan, sky = views[world.rowan.pk], views[world.sky.pk]
    assert (rowan.words, rowan.heard_from_outside, rowan.provider_sees) == (
        "Knock before you come in.",
        True,
        True,
    )
    assert (sky.symbols, sky.provider_sees) == (["scared", "night"], False)
    assert "Knock" not in str(filed.children_said)
    assert events("oversight.visit_report_filed")[0]["safeguarded"] == "partly"


def test_filing_twice_gives_the_first_report_and_no_second_view(world: Cast) -> None:
    visited = visit(world)
    first = report(world, visited)
    again = report(world, visited, safeguarded="no")
    assert (again.reference, again.safeguarded) == (first.reference, "partly")
    with owner():
        assert visited.home.views.count() == 2
        assert Recommendation.objects.count() == 1
    assert len(events("oversight.visit_report_filed")) == 1


@pytest.mark.parametrize("field", ["safeguarded", "well_being"])
def test_an_opinion_is_one_of_three_and_has_reasons(world: Cast, field: str) -> None:
    visited = visit(world)
    with pytest.raises(ValueError, match="no such opinion"):
        report(world, visited, **{field: "perhaps"})
    with pytest.raises(ValueError, match="reasons"):
        report(world, visited, **{f"{field}_reasons": "  "})
    with owner():
        assert not VisitReport.objects.exists()


def test_nobody_files_for_another_visitor(world: Cast) -> None:
    visited = visit(world)
    with owner():
        Appointment.objects.create(
            user=world.rut, home=world.elm, appointed_by=world.organisations["alder"], starts_at=cast.LONG_AGO
        )
    for name in ("rut", "asha", "mo"):
        with pytest.raises(NotAllowedError):
            report(world, visited, by=name)


def test_filing_drops_the_draft(world: Cast) -> None:
    visited = visit(world)
    with acting_as(world.efe.pk, world.now):
        actions.save_draft(
            home=world.elm,
            visit=visited,
            part="staff",
            typed={"a": ["b"]},
            done=True,
            by=world.efe.pk,
            now=world.now,
        )
        assert VisitDraft.objects.get().answers == {"staff": {"typed": {"a": ["b"]}, "done": True}}
    report(world, visited)
    with owner():
        assert not VisitDraft.objects.exists()


def test_a_draft_is_seen_by_its_author_only_and_forgets_what_was_sent(world: Cast) -> None:
    common = {"home": world.elm, "visit": None, "by": world.efe.pk, "now": world.now}
    with acting_as(world.efe.pk, world.now):
        for part in ("concern", "details"):
            actions.save_draft(part=part, typed={"x": ["1"]}, done=False, **common)  # type: ignore[arg-type]
        actions.forget_part(part="concern", **common)  # type: ignore[arg-type]
        assert list(VisitDraft.objects.get().answers) == ["details"]
    for name in ("asha", "mo", "rut"):
        with acting_as(world.people[name].pk, world.now):
            assert not VisitDraft.objects.exists()


def test_a_concern_needs_no_visit_and_never_reaches_the_home(world: Cast) -> None:
    raised = concern(world, child_in_danger=True, already_told="999 at 21:40")
    readers = set()
    for name, person in world.people.items():
        with acting_as(person.pk, world.now):
            seen = SignificantConcern.objects.filter(pk=raised.pk).exists()
            mine = SignificantConcern.objects.visible_to(person.pk, world.now).filter(pk=raised.pk)
            assert seen == mine.exists(), name
            readers |= {name} if seen else set()
    assert readers == {"efe", "mo", "nia", "fran", "gita", "hal", "jon"}
    with owner():
        handlers = Handling.objects.filter(event__kind="oversight.significant_concern_raised")
        assert [h.handler.rsplit(".", 1)[-1] for h in handlers] == ["judge_concern"]


def test_the_same_concern_twice_is_one_and_an_empty_or_misplaced_one_is_refused(world: Cast) -> None:
    key = new_id()
    assert concern(world, client_id=key).pk == concern(world, client_id=key, what="other").pk
    assert len(events("oversight.significant_concern_raised")) == 1
    with pytest.raises(ValueError, match="what the concern is"):
        concern(world, what=" ")
    with owner():
        elsewhere = Visit.objects.create(
            home=world.oak, visitor_id=world.efe.pk, visited_on=VISITED, recorded_at=world.now
        )
    with pytest.raises(ValueError, match="another home"):
        concern(world, visit=elsewhere)
    for name in ("asha", "mo", "rut", "fran"):
        with pytest.raises(NotAllowedError):
            concern(world, name)


def test_recommendations_are_carried_forward_until_closed(world: Cast) -> None:
    first = report(world)
    with owner():
        earlier = Recommendation.objects.get()
    at_later(world, 30)
    again = NewRecommendation(text="Staff the nights.", consider_by=date(2027, 1, 19), repeats=earlier)
    second = report(world, visit(world, visited_on=date(2026, 12, 20)), recommendations=[again])
    efe, now = world.efe.pk, world.now
    with acting_as(efe, now):
        standing = queries.open_recommendations(world.elm, efe, now)
        assert [(row.recommendation.report_id, row.times) for row in standing] == [(second.pk, 2)]
        latest = standing[0].recommendation
        with pytest.raises(ValueError, match="what you saw"):
            actions.close_recommendation(recommendation=latest, answer=" ", by=efe, now=now)
        actions.close_recommendation(recommendation=latest, answer="Rota seen.", by=efe, now=now)
        actions.close_recommendation(recommendation=latest, answer="Again.", by=efe, now=now)
    with owner():
        closed = {row.report_id: row.answer for row in Recommendation.objects.all()}
    assert closed == {first.pk: "Rota seen.", second.pk: "Rota seen."}
    assert len(events("oversight.recommendation_closed")) == 2
    world.elm.opened_on = VISITED
    with worker():
        told = engine_world([world.elm]).records[world.elm.urn]
    asked = [(one.reference, one.recommendations, one.repeated) for one in told if one.stream == "reg44"]
    assert asked == [(first.reference, 1, 0), (second.reference, 1, 1)], "the engine is told what is repeated"


def test_the_home_cannot_close_a_recommendation(world: Cast) -> None:
    report(world)
    for name in ("asha", "dan", "mo", "fran"):
        person = world.people[name].pk
        with owner():
            row = Recommendation.objects.get()
        with acting_as(person, world.now), pytest.raises(NotAllowedError):
            actions.close_recommendation(recommendation=row, answer="Done", by=person, now=world.now)
    with acting_as(world.asha.pk, world.now):
        assert Recommendation.objects.update(answer="Done") == 0


def test_months_count_what_came_and_what_did_not(world: Cast) -> None:
    report(world)
    with acting_as(world.asha.pk, world.now):
        found = queries.months_of(world.elm, world.asha.pk, world.now, count=3)
    assert [(month.first.month, str(month.state)) for month in found] == [
        (11, "reported"),
        (10, "no visit"),
        (9, "no visit"),
    ]

"""Visits of Efe to Elm House, for tests."""

from dataclasses import replace
from datetime import date, timedelta

from events.context import acting_as
from oversight.visits import actions
from oversight.visits.actions import ChildSaid, NewConcern, NewRecommendation, NewReport, NewVisit
from oversight.visits.models import SignificantConcern, Visit, VisitReport
from tests.cast import Cast

VISITED = date(2026, 11, 19)


def visit(world: Cast, by: str = "efe", **changes: object) -> Visit:
    person = world.people[by].pk
    new = replace(NewVisit(home=world.elm, visited_on=VISITED), **changes)  # type: ignore[arg-type]
    with acting_as(person, world.now):
        return actions.record_visit(new=new, by=person, now=world.now)


def report_of(world: Cast, visited: Visit, **changes: object) -> NewReport:
    plain = NewReport(
        visit=visited,
        safeguarded="partly",
        safeguarded_reasons="Nights are thinly staffed.",
        well_being="yes",
        well_being_reasons="Children go out each day.",
        children_living=2,
        children_seen=2,
        children_private=1,
        staff_private=3,
        said=[
            ChildSaid(child=world.rowan, words="Knock before you come in.", share=True),
            ChildSaid(child=world.sky, symbols=["scared", "night"], method="symbols"),
        ],
        findings={"7": "Meetings are held.", "12": "Two gaps.", "staff": "Three spoke freely."},
        recommendations=[NewRecommendation(text="Staff the nights.", consider_by=date(2026, 12, 19))],
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def report(world: Cast, visited: Visit | None = None, by: str = "efe", **changes: object) -> VisitReport:
    visited = visited or visit(world)
    person = world.people[by].pk
    with acting_as(person, world.now):
        return actions.file_report(new=report_of(world, visited, **changes), by=person, now=world.now)


def concern(world: Cast, by: str = "efe", **changes: object) -> SignificantConcern:
    person = world.people[by].pk
    new = replace(NewConcern(home=world.elm, what="Locked doors at night."), **changes)  # type: ignore[arg-type]
    with acting_as(person, world.now):
        return actions.raise_significant_concern(new=new, by=person, now=world.now)


def at_later(world: Cast, days: int) -> Cast:
    """The same cast some days later."""
    world.now = world.now + timedelta(days=days)
    return world


__all__ = ["VISITED", "at_later", "concern", "report", "report_of", "visit"]

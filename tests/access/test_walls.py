"""Row-level security alone holds what the model says; and every policy and condition that is taken away is noticed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from random import Random
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, models, transaction

from events.context import acting_as
from events.identity import new_id
from homes.models import AccessChild, AccessHome, AccessQuerySet, Child, ChildQuerySet, Home, HomeQuerySet
from incidents.record.models import Duty, Incident, IncidentQuerySet, IncidentTheme, Involvement
from oversight.escalation.models import Alert, AlertQuerySet
from oversight.visits import models as visits
from tests.access import model, worlds
from tests.access.facts import MOMENTS, Thing, World
from tests.conftest import owner
from voice.heard.models import View, ViewQuerySet

pytestmark = pytest.mark.django_db

#: Table of each kind of thing; a row that hangs on a record is read with it.
TABLES: dict[str, type[models.Model]] = {
    "child": Child,
    "record": Incident,
    "view": View,
    "visit": visits.Visit,
    "concern": visits.SignificantConcern,
    "alert": Alert,
}
PARTS: tuple[type[Any], ...] = (Duty, IncidentTheme)
Listed = Callable[[type[Any], str, datetime], set[str]]


def by_rows(table: type[Any], who: str, at: datetime) -> set[str]:
    """Every key that the database gives: no filter in Python."""
    return {str(key) for key in table._default_manager.values_list("pk", flat=True)}


def by_filter(table: type[Any], who: str, at: datetime) -> set[str]:
    return {str(key) for key in table._default_manager.visible_to(who, at).values_list("pk", flat=True)}


def leaks(world: World, listed: Listed) -> Iterator[str]:
    """What somebody gets and the model denies, or is kept from and the model grants."""
    for at in MOMENTS:
        with owner():
            worlds.move_on(world, at)
        for who in world.people:
            with acting_as(UUID(who), at):
                for kind, table in TABLES.items():
                    got = listed(table, who, at)
                    for thing in (*world.things, *world.children):
                        if thing.kind == kind:
                            yield from _compare(world, who, thing, thing.key in got, at)
                if listed is by_rows:
                    yield from _parts(world, who, at)


def _compare(world: World, who: str, thing: Thing, got: bool, at: datetime) -> Iterator[str]:
    allowed = model.may(world, who, thing, at)
    if got != allowed:
        yield f"{thing.kind} {'leaked' if got else 'withheld'}"


def _parts(world: World, who: str, at: datetime) -> Iterator[str]:
    """What hangs on a record is read by whoever reads the record; a child's part by those who may know the child."""
    readable = {
        thing.key for thing in world.things if thing.kind == "record" and model.may(world, who, thing, at)
    }
    parts: tuple[type[Any], ...] = (*PARTS, Involvement)
    for table in parts:
        got = {str(key) for key in table._default_manager.values_list("incident_id", flat=True)}
        if got - readable or (table in PARTS and readable - got):
            yield f"{table.__name__} {'leaked' if got - readable else 'withheld'}"
    reports = {str(key) for key in visits.VisitReport.objects.values_list("pk", flat=True)}
    for thing in world.things:
        if thing.kind == "visit":
            home = next(home for home in world.homes if home.key == thing.home)
            held = {picture for picture, _ in model.capacities(world, who, home, at)}
            if (thing.key in reports) != bool(held & {"provider", "regulator", "authority", "visitor"}):
                yield "report"


#: Updates that read no column: what may be changed is then decided by the update policies alone.
BLIND = (
    ("incidents_incident", "notified_at = null", "record"),
    ("incidents_duty", "reason_late = ''", "record"),
    ("voice_view", "shared_with_provider_why = ''", "view"),
    ("oversight_alert", "state = 'open'", "alert"),
)


def blind(world: World, who: str, at: datetime) -> list[str]:
    """An update that names no row, and rows in another's name or place: each only where the model allows."""
    found = []
    with acting_as(UUID(who), at):
        for table, change, kind in BLIND:
            allowed = sum(thing.kind == kind and model.may(world, who, thing, at) for thing in world.things)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"update {table} set {change}")
                if cursor.rowcount > allowed:
                    found.append(f"{table} changed unseen")
                transaction.set_rollback(True)
        found += [what for what, row in _forgeries(world, who, at) if _stands(row)]
        for access in (AccessHome, AccessChild):
            if access._default_manager.exclude(user_id=who).exists():
                found.append(f"{access.__name__} of somebody else")
    return found


def _stands(row: models.Model) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def _forgeries(world: World, who: str, at: datetime) -> Iterator[tuple[str, models.Model]]:
    """Rows that nobody may add: in another's name where they stand, in their own where they do not."""
    other = next(person for person in world.people if person != who)
    unseen = [
        thing
        for thing in world.things
        if thing.kind == "record" and thing.by != who and not model.may(world, who, thing, at)
    ]
    for thing in unseen[:2]:
        part = {"incident_id": thing.key, "home_id": thing.home, "provider_sees": thing.sees}
        new_child = next(child.key for child in world.children if child.key not in thing.children)
        yield "a theme", IncidentTheme(theme="medication", **part)
        yield "a part", Involvement(child_id=new_child, mark="B", **part)
        yield "a duty", Duty(code="forged", who="x", legal_basis="x", due_at=at, **part)
    for home in world.homes:
        held = {picture for picture, _ in model.capacities(world, who, home, at)}
        author = other if held else who
        yield (
            "a record",
            Incident(
                id=new_id(), reference=f"F{new_id().hex[-12:]}", home_id=home.key, stream="reg40", occurred_at=at,
                known_at=at, recorded_at=at, source="home", recorded_by_id=author, by_provider="provider" in held,
            ),
        )  # fmt: skip
        child = world.children[0].key
        near = bool(held) or child in {own for own, _ in model.own_children(world, who, at)}
        yield (
            "a view",
            View(
                child_id=child, home_id=home.key, said_at=at, recorded_at=at, method="speech", words="x", heard_by="x",
                recorded_by_id=other if near else who, by_provider="provider" in held,
            ),
        )  # fmt: skip
        author = other if "visitor" in held else who
        yield (
            "a visit",
            visits.Visit(home_id=home.key, visitor_id=author, visited_on=at.date(), recorded_at=at),
        )
        yield (
            "a concern",
            visits.SignificantConcern(
                reference=f"F{new_id().hex[-12:]}",
                home_id=home.key,
                raised_at=at,
                raised_by_id=author,
                what="x",
            ),
        )


@contextmanager
def made(seed: int) -> Iterator[World]:
    """A world in the database for as long as the block runs."""
    with transaction.atomic():
        with owner():
            world = worlds.drawn(Random(seed))
            worlds.build(world)
        yield world
        transaction.set_rollback(True)


EVERYTHING = {
    HomeQuerySet: "visible_to",
    ChildQuerySet: "visible_to",
    IncidentQuerySet: "visible_to",
    ViewQuerySet: "visible_to",
    AlertQuerySet: "visible_to",
    visits.VisitQuerySet: "visible_to",
    visits.ReportQuerySet: "visible_to",
    visits.ConcernQuerySet: "visible_to",
}


@pytest.mark.parametrize("seed", [1, 2])
def test_with_every_python_filter_gone_the_database_alone_holds(seed: int) -> None:
    with made(seed) as world:
        open_to_all = [
            mock.patch.object(queryset, name, lambda self, *_: self.all())
            for queryset, name in EVERYTHING.items()
        ]
        for patch in open_to_all:
            patch.start()
        try:
            assert list(leaks(world, by_filter)) == []
            assert list(leaks(world, by_rows)) == []
            for who in world.people[:6]:
                assert blind(world, who, MOMENTS[0]) == []
        finally:
            for patch in open_to_all:
                patch.stop()


@pytest.mark.parametrize("seed", [3])
def test_the_python_filters_alone_say_the_same(seed: int) -> None:
    with made(seed) as world, owner():
        assert list(leaks(world, by_filter)) == []


def test_nobody_signed_in_reads_no_row() -> None:
    with made(4), acting_as(None, MOMENTS[0]):
        for table in TABLES.values():
            assert by_rows(table, "", MOMENTS[0]) == set()
        assert AccessHome.objects.count() == AccessChild.objects.count() == 0
        assert isinstance(AccessHome.objects.all(), AccessQuerySet)
        assert Home.objects.exists()  # the names of homes are public

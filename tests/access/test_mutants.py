"""Every arm of every filter, every policy and every date of the projection taken away in turn: the walls' tests notice."""

import ast
import inspect
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from homes.models import AccessQuerySet
from tests.access.catalogue import policies
from tests.access.facts import MOMENTS, World
from tests.access.laid_out import lay_out
from tests.access.probing import Probes
from tests.access.test_walls import EVERYTHING, blind, by_filter, by_rows, leaks, made
from tests.conftest import owner

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.mutants, pytest.mark.timeout(0)]

SEEDS = tuple(range(11, 41))
Note = Callable[[str, object], None]


def noticed(world: World, *, rows: bool) -> bool:
    """Whether any check of the walls fails in this world."""
    try:
        with transaction.atomic():
            if rows:
                blinds = chain.from_iterable(blind(world, who, MOMENTS[0]) for who in world.people)
                found = next(chain(leaks(world, by_rows), blinds), None)
            else:
                found = next(leaks(world, by_filter), None)
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return found is not None


def tell(note: Note, kind: str, caught: dict[str, bool]) -> None:
    missed = [name for name, found in caught.items() if not found]
    share = 1 - len(missed) / len(caught)
    note("line", f"mutants of {kind}: {len(caught)}, caught {share:.1%}; missed: {missed}")
    assert share >= 0.95, missed


class Without(ast.NodeTransformer):
    """Takes the nth arm away: one side of an or or and, one condition of a Q or filter, one exclude."""

    def __init__(self, nth: int) -> None:
        self.nth, self.seen, self.taken = nth, 0, ""

    def _mine(self) -> bool:
        self.seen += 1
        return self.seen - 1 == self.nth

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if isinstance(node.op, ast.BitOr | ast.BitAnd):
            for gone, stays in ((node.left, node.right), (node.right, node.left)):
                if self._mine():
                    self.taken = ast.unparse(gone)[:70]
                    return stays
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = ast.unparse(node.func)
        if name.endswith(".exclude") and isinstance(node.func, ast.Attribute) and self._mine():
            self.taken = ast.unparse(node)[-70:]
            return node.func.value
        if name == "Q" or name.endswith(".filter"):
            for keyword in node.keywords if len(node.keywords) + len(node.args) > 1 else ():
                if self._mine():
                    self.taken = ast.unparse(keyword)[:70]
                    node.keywords.remove(keyword)
                    return node
        return self.generic_visit(node)


def filters() -> Iterator[tuple[type[Any], str, str, Any]]:
    """Each queryset's filter with one arm gone: (queryset, method, what is gone, the function)."""
    for queryset, name in (*EVERYTHING.items(), (AccessQuerySet, "in_force")):
        function = getattr(queryset, name)
        source = textwrap.dedent(inspect.getsource(function))
        nth = 0
        while True:
            without = Without(nth)
            tree = ast.fix_missing_locations(without.visit(ast.parse(source)))
            if not without.taken:
                break
            space: dict[str, Any] = {}
            exec(compile(tree, "mutant", "exec"), function.__globals__, space)
            yield queryset, name, f"{queryset.__name__}: {without.taken}", space[name]
            nth += 1


@contextmanager
def swapped(queryset: type[Any], name: str, function: Any) -> Iterator[None]:
    kept = queryset.__dict__[name]
    setattr(queryset, name, function)
    try:
        yield
    finally:
        setattr(queryset, name, kept)


def test_every_arm_of_every_filter_is_missed(record_property: Note) -> None:
    caught: dict[str, bool] = {}
    for seed in SEEDS:
        with made(seed) as world, owner():
            for number, (queryset, name, what, function) in enumerate(filters()):
                if not caught.get(f"{number} {what}"):
                    with swapped(queryset, name, function):
                        caught[f"{number} {what}"] = noticed(world, rows=False)
    tell(record_property, "filters", caught)


@contextmanager
def changed(*statements: str) -> Iterator[None]:
    """The database changed by its owner for as long as the block runs."""
    with transaction.atomic():
        with owner(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        yield
        transaction.set_rollback(True)


def caught_by(probes: Probes, table: str, *statements: str) -> bool:
    """Whether a probe of the table answers otherwise once the database is changed so."""
    try:
        with changed(*statements):
            return next(probes.of(table), None) is not None
    except DatabaseError:
        return True


def laid() -> Probes:
    with owner():
        return Probes(lay_out())


def test_every_policy_is_missed(record_property: Note) -> None:
    probes = laid()
    idle = Counter(policy.idle for policy in policies() if policy.idle)
    print(f"policies with nothing to take away: {dict(idle)}")  # noqa: T201
    opened = {p.whole: caught_by(probes, p.table, p.opened) for p in policies() if p.bites}
    dropped = {
        p.whole: caught_by(probes, p.table, p.dropped) for p in policies() if p.bites and not p.restrictive
    }
    tell(record_property, "policies opened to every row", opened)
    tell(record_property, "policies dropped", dropped)


def projections() -> dict[str, str]:
    """The projection with one date, or the test for a closed account, gone: what is gone -> its text."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_get_functiondef('homes_access_project(uuid)'::regprocedure)")
        (text,) = cursor.fetchone()
    found = {"is_active": text.replace("and is_active", "")}
    # The conditions after the lists repeat that a span is not empty: without them no empty span is ever in force.
    lists = [match.span() for match in re.finditer(r"select (?:distinct )?person.*?from", text, re.S)]
    for number, match in enumerate(re.finditer(r"\b([palgr]\.(?:ends_at|starts_at))\b", text)):
        if not any(start < match.start() < end for start, end in lists):
            continue
        never = "null::timestamptz" if "ends" in match[1] else "'-infinity'::timestamptz"
        found[f"{number} {match[1]}"] = text[: match.start()] + never + text[match.end() :]
    return found


def test_every_date_of_the_projection_is_missed(record_property: Note) -> None:
    caught: dict[str, bool] = {}
    for seed in SEEDS:
        with made(seed) as world:
            for name, text in projections().items():
                if caught.get(name):
                    continue
                try:
                    with changed(text, "select homes_access_project(id) from homes_user"):
                        caught[name] = noticed(world, rows=True)
                except DatabaseError:
                    caught[name] = True  # the database itself refuses it
    tell(record_property, "the projection", caught)


#: What the policies ask of the access tables, and the conditions in it.
ASKED = (
    "homes_regulates", "homes_stood_at", "homes_acted_for", "homes_my_children", "homes_boards_children",
    "homes_open_cases", "incidents_about",
)  # fmt: skip
CONDITION = re.compile(
    r"\b[abcp]\.(?:user_id|starts_at|given_at|picture|person_id|about_person_id) (?:=|<=) (?:\w+|'\w+')"
    r"|\((?:[abcp]\.\w+ is null|pictures is null|as_family) or [^()]*(?:\(\w+\))?\)"
    r"|\w*person_id = person|count\(distinct c\.whose\) = 2"
)


def questions() -> dict[str, str]:
    """Each function that policies ask with one of its conditions gone: what is gone -> its text."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select proname, pg_get_functiondef(oid) from pg_proc where proname = any(%s)", [list(ASKED)]
        )
        for name, text in cursor.fetchall():
            for number, match in enumerate(CONDITION.finditer(text)):
                found[f"{name} {number} {match[0]}"] = text[: match.start()] + "true" + text[match.end() :]
    return found


def test_every_condition_in_what_policies_ask_is_missed(record_property: Note) -> None:
    with transaction.atomic():
        probes = laid()
        caught = {
            name: any(caught_by(probes, table, text) for table in sorted(probes.tables))
            for name, text in questions().items()
        }
        transaction.set_rollback(True)
    for seed in SEEDS:
        with made(seed) as world:
            for name, text in questions().items():
                if not caught[name]:
                    with changed(text):
                        caught[name] = noticed(world, rows=True)
    assert {name.split()[0] for name in caught} == set(ASKED)
    tell(record_property, "what policies ask", caught)

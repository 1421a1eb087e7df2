"""Every arm of every filter, every policy and every date of the projection taken away in turn: the walls' tests notice."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from homes.models import AccessQuerySet
from tests.access.test_walls import EVERYTHING, blind, by_filter, by_rows, leaks, made
from tests.access.worlds import MOMENTS, World
from tests.conftest import owner

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.mutants, pytest.mark.timeout(0)]

#: The picture of these tables names the same homes again: without its reach nothing opens. A report's visit is its key.
SECOND_WALLS = (
    "incidents_duty.reach", "incidents_incidenttheme.reach", "incidents_involvement.reach", "incidents_incident.reach",
    "oversight_visitreport.visitor_files",
)  # fmt: skip
SEEDS = tuple(range(11, 41))
#: Tables whose rows the walls' tests hold against the model.
HELD = (
    "homes_accesshome", "homes_accesschild", "homes_child", "homes_placement", "incidents_incident",
    "incidents_involvement", "incidents_duty", "incidents_incidenttheme", "voice_view", "oversight_visit",
    "oversight_visitreport", "oversight_significantconcern", "oversight_alert",
)  # fmt: skip


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


def tell(kind: str, caught: dict[str, bool]) -> None:
    missed = [name for name, found in caught.items() if not found]
    share = 1 - len(missed) / len(caught)
    print(f"mutants of {kind}: {len(caught)}, caught {share:.1%}; missed: {missed}")  # noqa: T201
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


def test_every_arm_of_every_filter_is_missed() -> None:
    caught: dict[str, bool] = {}
    for seed in SEEDS:
        with made(seed) as world, owner():
            for number, (queryset, name, what, function) in enumerate(filters()):
                if not caught.get(f"{number} {what}"):
                    with swapped(queryset, name, function):
                        caught[f"{number} {what}"] = noticed(world, rows=False)
    tell("filters", caught)


def policies() -> list[tuple[str, str, str, str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename, policyname, permissive, cmd, coalesce(qual, ''), coalesce(with_check, '')"
            " from pg_policies where 'hub_web' = any(roles)"
            " and case when cmd in ('SELECT', 'INSERT', 'UPDATE')"
            " then has_any_column_privilege('hub_web', tablename::regclass, cmd)"
            " else has_table_privilege('hub_web', tablename::regclass, 'DELETE') end order by 1, 2"
        )
        return list(cursor.fetchall())


def opened(table: str, policy: str, permissive: str, qual: str, check: str) -> str:
    if permissive != "PERMISSIVE":
        return f"drop policy {policy} on {table}"
    using = " using (true)" if qual else ""
    return f"alter policy {policy} on {table}{using}{' with check (true)' if check else ''}"


@contextmanager
def changed(*statements: str) -> Iterator[None]:
    """The database changed by its owner for as long as the block runs."""
    with transaction.atomic():
        with owner(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        yield
        transaction.set_rollback(True)


def test_every_policy_is_missed() -> None:
    caught: dict[str, bool] = {}
    for seed in SEEDS:
        with ExitStack() as stack:
            world = stack.enter_context(made(seed))
            for table, policy, permissive, command, qual, check in policies():
                name = f"{table}.{policy} ({command})"
                if (
                    table not in HELD
                    or name.startswith(SECOND_WALLS)
                    or caught.get(name)
                    or "true" in (qual, check)
                ):
                    continue
                with changed(opened(table, policy, permissive, qual, check)):
                    caught[name] = noticed(world, rows=True)
    others = sum(row[0] not in HELD for row in policies())
    print(f"not tried: {others} policies on other tables, and {', '.join(SECOND_WALLS)}")  # noqa: T201
    tell("policies", caught)


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


def test_every_date_of_the_projection_is_missed() -> None:
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
    tell("the projection", caught)

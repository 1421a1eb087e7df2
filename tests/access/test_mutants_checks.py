"""Every check in the product's actions, and every arm of what they ask, taken away in turn: the deeds notice."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from events.context import acting_as
from homes import access
from homes.consents import actions as consents
from homes.consents import queries as consenting
from incidents.lado import actions as lado
from incidents.record import actions as recording
from incidents.record import rights
from oversight.escalation import actions as escalation
from oversight.escalation import answering
from oversight.matters import actions as matters
from oversight.matters import queries as deciding
from oversight.visits import actions as visiting
from tests.access.deeds import Deed, deeds
from tests.access.laid_out import Ground, lay_out
from tests.access.mutating import Arms
from tests.access.test_mutants import Note, tell
from tests.access.test_walls_actions import differing
from tests.cast import NOW
from tests.conftest import owner
from voice.heard import actions as hearing
from voice.heard import queries as heard

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.mutants, pytest.mark.timeout(0)]

#: What asks who may do what: every arm of it counts.
QUESTIONS: tuple[Callable[..., Any], ...] = (
    access.capacities, access.to_record, access.home_or_refuse, rights.decides_on_sharing, rights.may_tell,
    rights.may_decide_outcome, rights.must, rights._opens, hearing._check_allowed, hearing._check_answers,
    heard.may_answer, heard.may_share, heard.acts_for_provider, heard._hears, consenting.may_record,
    consenting.may_name_board, deciding.may_decide, answering.standing,
    answering.may_answer, answering.answerers, answering.role_for, answering._acknowledges,
)  # fmt: skip
#: What refuses before it acts: each refusal counts.
ACTIONS: tuple[Callable[..., Any], ...] = (
    recording.share_with_provider, recording.record_told, lado.record_outcome, lado.send_outcome_to_home,
    hearing.record_view, hearing.record_done, hearing.tell_child, hearing.share_with_provider, visiting.record_visit,
    visiting.file_report, visiting.raise_significant_concern, visiting.close_recommendation, visiting.save_draft,
    consents.give_consent, consents.withdraw_consent, consents.name_board, matters._decide, escalation.mark_seen,
    escalation.acknowledge, escalation.hand_on,
)  # fmt: skip
#: Nothing differs without these.
EQUAL = {
    "standing: not found": "whoever reads the alert stands somewhere: the query before has refused all others",
    "role_for: held.organisation_id": "no ladder has a rung of no organisation: what is asked next refuses it",
    "may_decide: capacity.role in ROLES": "only a post gives the regulator's picture, and every post is a role",
}
CHECKED = (*QUESTIONS, *ACTIONS)


def plain(function: Callable[..., Any]) -> Any:
    """The function itself, without what is wrapped around it."""
    return inspect.unwrap(function)


def mutants(function: Callable[..., Any]) -> Iterator[tuple[str, CodeType]]:
    inner = plain(function)
    source = textwrap.dedent(inspect.getsource(inner))
    nth = 0
    while True:
        arms = Arms(nth, whole=function in ACTIONS)
        tree = ast.parse(source)
        arms.visit(tree)
        ast.fix_missing_locations(tree)
        if not arms.taken:
            return
        [defined] = tree.body
        assert isinstance(defined, ast.FunctionDef)
        defined.decorator_list = []
        space: dict[str, Any] = {}
        exec(compile(tree, "mutant", "exec"), inner.__globals__, space)
        yield f"{inner.__module__}.{inner.__name__}: {arms.taken}", space[inner.__name__].__code__
        nth += 1


@contextmanager
def swapped(function: Callable[..., Any], code: CodeType) -> Iterator[None]:
    """Everybody who imported the function, under whatever name, runs the other code."""
    inner = plain(function)
    kept = inner.__code__
    inner.__code__ = code
    try:
        yield
    finally:
        inner.__code__ = kept


def run_by(ground: Ground, tried: list[Deed]) -> dict[CodeType, list[Deed]]:
    """For each function: the deeds in which it runs."""
    wanted = {plain(function).__code__ for function in CHECKED}
    found: dict[CodeType, list[Deed]] = {code: [] for code in wanted}
    for one in tried:
        ran: set[CodeType] = set()

        def seen(frame: FrameType, event: str, _: Any, ran: set[CodeType] = ran) -> None:
            if event == "call" and frame.f_code in wanted:
                ran.add(frame.f_code)

        for name in (*one.by.split()[:2], "asha", "mo"):
            me = UUID(str(ground.cast.people[name].pk))
            with acting_as(me, NOW), transaction.atomic():
                sys.setprofile(seen)
                one.outcome(ground, me)
                sys.setprofile(None)
                transaction.set_rollback(True)
        for code in ran:
            found[code].append(one)
    return found


def noticed(ground: Ground, tried: list[Deed]) -> bool:
    try:
        with transaction.atomic():
            return next(differing(ground, tried), None) is not None
    except (DatabaseError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return True


def test_every_check_in_the_actions_is_missed(record_property: Note) -> None:
    with owner():
        ground = lay_out()
        tried = run_by(ground, deeds())
        caught = {}
        for function in CHECKED:
            mine = tried[plain(function).__code__]
            for what, code in mutants(function):
                if any(what.endswith(equal) for equal in EQUAL):
                    continue
                with swapped(function, code):
                    caught[what] = noticed(ground, mine)
        tell(record_property, "checks in actions", caught)

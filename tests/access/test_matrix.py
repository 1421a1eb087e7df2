"""Every person x address x method of made worlds, answered as the reference model says, with no word it denies."""

import ast
import inspect
import io
import json
import logging
import os
import time
import tokenize
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from events import clock
from events.identity import new_id
from hesley_hub.access.routes import ROUTES, Action
from homes.models import User
from tests.access import asking, model, worlds
from tests.access.addresses import Address, patterns
from tests.access.asking import AT_HOME as AT_HOME
from tests.access.asking import KINDS as KINDS
from tests.access.asking import Question
from tests.access.building import initials_of
from tests.access.facts import MOMENTS, Dated, World
from tests.access.serving import text_of
from tests.conftest import owner

METHODS = ("get", "post", "head", "put", "patch", "delete")
#: 400: the API refuses what cannot be read before it looks for the thing, whoever asks.
REFUSED = (400, 401, 403, 404, 405)
#: Checks of one world; each of the four shards of the whole matrix.
OF_A_WORLD, SHARDS, OF_A_SHARD = 1000, 4, 25_000


def test_every_route_has_its_rule_and_every_rule_its_route() -> None:
    assert set(patterns()) == set(ROUTES)


def test_the_model_is_at_most_forty_lines_of_code_beside_its_tables_of_constants() -> None:
    source = inspect.getsource(model)
    tables, kept = [], set()
    for node in ast.parse(source).body:
        lines = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept |= lines
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value and _constant(node.value):
            tables.append(node)
            kept |= lines
        elif isinstance(node, ast.Expr | ast.FunctionDef):
            docstring = node if isinstance(node, ast.Expr) else node.body[0]
            kept |= set(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    of_code = {
        line
        for piece in tokenize.generate_tokens(io.StringIO(source).readline)
        if piece.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER)
        and piece.string.strip()
        for line in range(piece.start[0], piece.end[0] + 1)
    }
    assert [ast.unparse(table).split(" ")[0].rstrip(":") for table in tables] == ["POSTS", "RULES", "NOT"]
    assert 30 < len(of_code - kept) <= 40


def _constant(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True


@dataclass
class Tally:
    """What was checked, and what was answered otherwise than the model says."""

    checks: int = 0
    worlds: int = 0
    opened: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    held = clock.now
    clock.now = lambda: moment
    try:
        yield
    finally:
        clock.now = held


@contextmanager
def logged() -> Iterator[io.StringIO]:
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    try:
        yield log
    finally:
        logging.getLogger().removeHandler(handler)


def signed_in(user: User) -> Client:
    """Somebody who has just proved who they are, so that nothing asks them again."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def check(world: World, users: dict[str, User], random: Random, limit: int, tally: Tally) -> None:
    """``limit`` checks of one world, spread over people, moments, addresses and methods."""
    asked = asking.questions(world, METHODS)
    each = max(limit // (len(world.people) * len(MOMENTS)), 1)
    with logged() as log:
        for moment in MOMENTS:
            with owner():
                worlds.move_on(world, moment)
            with at(moment):
                for who in world.people:
                    chosen = [_draw(asked, random) for _ in range(each)]
                    _person(world, users[who], moment, chosen, tally, log)
    words = [one.token for one in (*world.things, *world.others, *world.children, *world.adults) if one.token]
    kept = cached()
    tally.wrong += [f"{word} stays in the cache" for word in words if word in kept]
    tally.worlds += 1


def _draw(asked: dict[str, list[Question]], random: Random) -> Question:
    question = random.choice(asked[random.choice(("get", "get", *METHODS))])
    # A PDF takes a hundred times as long as a page: fewer of them.
    while question.method == "get" and question.address.path.endswith("/pdf") and random.randrange(12):
        question = random.choice(asked[random.choice(METHODS)])
    return question


def _person(
    world: World, user: User, moment: datetime, chosen: list[Question], tally: Tally, log: io.StringIO
) -> None:
    who = str(user.pk)
    canaries = asking.denied(world, who, moment)
    short = {initials_of(child.token): "initials" for child in world.children if child.token in canaries}
    client = signed_in(user)
    for asked in chosen:
        log.seek(0)
        log.truncate(0)
        with transaction.atomic():
            answer = _ask(client, asked)
            transaction.set_rollback(True)
        tally.checks += 1
        problem = judged(world, who, asked, answer, moment)
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        body = text_of(answer.content, kind) if answer.content else ""
        shown = body + "\n".join(answer.headers.values()) + log.getvalue()
        leaks = {what for word, what in (canaries | short).items() if word in shown}
        if problem or leaks:
            roles = [post.role for post in world.posts if post.who == who]
            what = f"{asked.method} {asked.address.route} ({roles}, {answer.status_code})"
            tally.wrong.append(f"{what}: {problem} {leaks or ''}")
        elif answer.status_code < 400:
            tally.opened[asked.address.route] += 1


def _ask(client: Client, asked: Question) -> Any:
    send = getattr(client, asked.method)
    if asked.json is not None:
        body = json.dumps(asked.json)
        key = {"Idempotency-Key": str(new_id())}
        return send(asked.address.path, body, content_type="application/json", headers=key)
    return send(asked.address.path, asked.form) if asked.method == "post" else send(asked.address.path)


def judged(world: World, who: str, asked: Question, answer: Any, moment: datetime) -> str:
    """What is wrong with an answer; empty where nothing is."""
    status, method = int(answer.status_code), asked.method
    if status >= 500:
        return f"broke: {getattr(answer, 'exc_info', None) and answer.exc_info[1]!r}"
    to_sign_in = str(answer.headers.get("Location", "")).startswith(("/sign-in/", "/account/"))
    # Of a whole body, 400 is said to whoever may record and forgot something: who may not is told 404 first.
    opened = not to_sign_in and status not in (REFUSED if asked.json is None else REFUSED[1:])
    if _open_to_all(asked.address):
        return ""
    if method in ("put", "patch", "delete"):
        return "a method that no page takes" if opened else ""
    action = ROUTES[asked.address.route].post if method == "post" else ROUTES[asked.address.route].get
    if action is Action.NONE or (status == 405 and method == "head"):
        return "a method that no page takes" if opened and action is Action.NONE else ""
    wanted = asking.expected(world, who, asked, moment)
    if wanted is None or opened == wanted:
        return ""
    return f"should {'open' if wanted else 'be refused'} at {moment:%d %b}"


def _open_to_all(address: Address) -> bool:
    return address.path.startswith(("/sign-in/", "/health/", "/demo/", "/account/"))


def cached() -> str:
    """Keys and values of the cache, as text."""
    kept: dict[str, bytes] = getattr(cache, "_cache")  # noqa: B009
    return "\n".join(f"{name} {value.decode('latin-1')}" for name, value in kept.items())


def ended_meanwhile(world: World) -> Counter[str]:
    """Rights in force at the first moment and over at the second, by kind."""
    kinds: dict[str, Iterable[Dated]] = {
        "post": world.posts, "tie": world.ties, "appointment": world.appointments, "grant": world.grants,
        "placement": world.stays, "account": world.accounts.values(),
    }  # fmt: skip
    first, second = MOMENTS
    found = Counter(
        kind for kind, rows in kinds.items() for row in rows if row.live(first) and not row.live(second)
    )
    found["home"] = sum(home.over(second) and not home.over(first) for home in world.homes)
    return found


def test_in_drawn_worlds_every_kind_of_right_ends_between_the_moments() -> None:
    ended = sum((ended_meanwhile(worlds.drawn(Random(number))) for number in range(100)), Counter[str]())
    assert set(ended) == {"post", "tie", "appointment", "grant", "placement", "account", "home"}
    assert min(ended.values()) >= 5


class Drawn:
    """A world, and by its size how it is printed: the whole of it is too long."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __repr__(self) -> str:
        world = self.world
        return f"<{len(world.homes)} homes, {len(world.children)} children, {len(world.rights)} rights>"


@st.composite
def made_worlds(draw: Callable[[Any], Any]) -> Drawn:
    """A world whose every fact is a draw of Hypothesis's own: it finds odd ones and shrinks those that fail."""
    return Drawn(worlds.drawn(draw(st.randoms(use_true_random=False, note_method_calls=False))))


def run(world: World, questions: int, limit: int, tally: Tally) -> None:
    with transaction.atomic():
        with owner():
            users = worlds.build(world)
        check(world, users, Random(questions), limit, tally)
        transaction.set_rollback(True)
    if os.environ.get("HUB_MATRIX_LOG"):
        with Path(os.environ["HUB_MATRIX_LOG"]).open("a") as log:
            wrong = "".join(f"\n  {text}" for text in tally.wrong[:20])
            log.write(f"{os.getpid()}: {tally.worlds} worlds, {tally.checks} checks{wrong}\n")
    assert not tally.wrong, "\n".join(f"{n} x {text}" for text, n in Counter(tally.wrong).most_common(25))


def matrix(tally: Tally, least: int, of_a_world: int, **more: Any) -> Any:
    """A test of as many worlds as it takes to make ``least`` checks."""

    @settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), **more)
    @given(drawn=made_worlds(), questions=st.integers(0, 2**32))
    def of_worlds(drawn: Drawn, questions: int) -> None:
        tally.wrong.clear()
        if tally.checks < least:
            run(drawn.world, questions, of_a_world, tally)

    return of_worlds


def conclude(tally: Tally, least: int) -> None:
    assert tally.checks >= least
    assert sum(tally.opened.values()) > least / 20


Note = Callable[[str, object], None]


@pytest.mark.django_db
@pytest.mark.timeout(900)
def test_a_slice_of_the_matrix(record_property: Note) -> None:
    tally = Tally()
    least = int(os.environ.get("HUB_MATRIX_SLICE", "5000"))
    try:
        matrix(tally, least, least // 8, max_examples=12, derandomize=True)()
    finally:
        record_property("matrix", [tally.checks, sum(tally.opened.values()), len(tally.wrong)])
    conclude(tally, least)


@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.django_db
@pytest.mark.timeout(0)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_whole_matrix(shard: int, record_property: Note) -> None:
    tally = Tally()
    try:
        seed(shard)(matrix(tally, OF_A_SHARD, OF_A_WORLD, max_examples=2 * OF_A_SHARD // OF_A_WORLD))()
    finally:
        record_property("matrix", [tally.checks, sum(tally.opened.values()), len(tally.wrong)])
    conclude(tally, OF_A_SHARD)

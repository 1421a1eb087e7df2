"""Every person x address x method of made worlds, answered as the reference model says, with no word it denies."""

import io
import logging
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import clock
from hesley_hub.access.routes import ROUTES, Action, Route
from hesley_hub.access.routes import Thing as About
from homes.models import User
from incidents.record.models import Duty
from tests.access import model, worlds
from tests.access.addresses import Address, Things, filled, patterns
from tests.access.serving import text_of
from tests.access.worlds import Thing, World
from tests.conftest import owner

METHODS = ("get", "post", "head", "put", "patch", "delete")
#: 400: the API refuses what cannot be read before it looks for the thing, whoever asks.
REFUSED = (400, 401, 403, 404, 405)
#: What an address's key may name, as the model calls it.
KINDS = {
    About.RECORD: "record",
    About.CHILD: "child",
    About.VIEW: "view",
    About.VISIT: "visit",
    About.REPORT: "visit",
    About.CONCERN: "concern",
    About.ALERT: "alert",
}
#: In these pictures somebody may open a page of a home.
AT_HOME = {
    About.HOME: {"provider", "regulator", "authority", "lado", "icb", "visitor", "author", "child", "visits"},
    About.RECORDS: {"provider", "regulator", "authority", "lado", "visitor", "author"},
    About.CHILDREN: {"provider", "regulator", "authority", "visitor", "child"},
    About.VISITS: {"provider", "regulator", "authority", "visitor", "visits"},
    About.MATTERS: {"regulator"},
}
#: Over the API these pages are open in fewer pictures.
NARROWER = {
    "api-timeline": {"provider", "regulator", "authority", "lado", "icb", "visitor"},
    "api-assessment": {"provider", "regulator", "lado", "icb", "visitor"},
}
#: Actions that need more than being allowed to open the thing: the model says only who never may.
NEEDS_MORE = {
    Action.WRITE,
    Action.RECORD,
    Action.SHARE,
    Action.DECIDE,
    Action.ANSWER,
    Action.TELL,
    Action.NONE,
}


def test_every_route_has_its_rule_and_every_rule_its_route() -> None:
    assert set(patterns()) == set(ROUTES)


@dataclass
class Tally:
    """What was checked, and what was answered otherwise than the model says."""

    checks: int = 0
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


def things_of(world: World) -> Things:
    """Keys for the addresses, from the facts alone."""
    keys: dict[About, list[str]] = {about: [home.urn for home in world.homes] for about in AT_HOME}
    keys[About.CHILD] = keys[About.LOOKS_AT_CHILD] = [child.address for child in world.children]
    for about, kind in KINDS.items():
        if kind != "child":
            keys[about] = [thing.address for thing in world.things if thing.kind == kind]
    keys[About.PROVIDER] = [org for org, kind in world.orgs.items() if kind == "provider"]
    keys[About.LOOKS_OF_PERSON] = world.people[:3]
    keys[About.STREAM] = ["reg40", "complaint"]
    with owner():
        keys[About.DUTY] = [str(duty) for duty in Duty.objects.values_list("pk", flat=True)[:3]]
    return Things(keys=keys)


def expected(world: World, who: str, address: Address, action: Action, moment: datetime) -> bool | None:
    """Whether it must open; None where the model has no word on it."""
    if who in world.inactive:
        return False
    if address.thing in KINDS:
        thing = next(
            t
            for t in (*world.things, *world.children)
            if t.kind == KINDS[address.thing] and t.address == address.about
        )
        allowed = model.may(world, who, thing, moment)
        if thing.kind == "view":  # its page names the child, too
            child = next(one for one in world.children if one.key == thing.children[0])
            allowed = allowed and model.may(world, who, child, moment)
        if allowed and address.thing is About.REPORT and address.route == "visit-pdf":
            return bool(
                _pictures(world, who, thing.home, moment) - {"visits", "author", "child", "lado", "icb"}
            )
        if address.route.startswith("api-") and not _of_stream(address.route, thing):
            return False
        return allowed if action not in NEEDS_MORE or not allowed else None
    if address.thing in AT_HOME:
        home = next(home for home in world.homes if home.urn == address.about)
        held = _pictures(world, who, home.key, moment)
        allowed = bool(held & NARROWER.get(address.route, AT_HOME[address.thing]))
        if address.route == "api-assessment":
            return None if allowed else False
        return allowed if action not in NEEDS_MORE or not allowed else None
    return None


def _pictures(world: World, who: str, home: str, moment: datetime) -> set[str]:
    place = next(one for one in world.homes if one.key == home)
    return {picture for picture, _ in model.capacities(world, who, place, moment)}


def _of_stream(route: str, thing: Thing) -> bool:
    streams = {
        "api-reg40": "reg40",
        "api-lado": "lado",
        "api-complaints": "complaint",
        "api-hospital": "hospital",
    }
    wanted = next((stream for start, stream in streams.items() if route.startswith(start)), None)
    return wanted is None or thing.stream == wanted


def denied(world: World, who: str, moment: datetime) -> dict[str, str]:
    """Canary words that this person may not be served, by what they stand in."""
    found = {}
    for thing in (*world.things, *world.children):
        if who in world.inactive or not model.may(world, who, thing, moment):
            found[thing.token] = f"{thing.kind} {thing.stream}{thing.picture}"
        elif thing.kind == "visit" and _pictures(world, who, thing.home, moment) <= {
            "visits",
            "icb",
            "lado",
            "author",
            "child",
        }:
            found[thing.token] = "report"
    return found


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def check(world: World, users: dict[str, User], random: Random, limit: int, tally: Tally) -> None:
    """``limit`` checks of one world, spread over people, moments, addresses and methods."""
    addresses = [
        a for a in filled(things_of(world)) if not a.route.startswith(("account_logout", "api-schema"))
    ]
    each = max(limit // (len(world.people) * len(worlds.MOMENTS)), 1)
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    try:
        for moment in worlds.MOMENTS:
            with at(moment):
                for who in world.people:
                    _person(
                        world, users[who], moment, [_draw(addresses, random) for _ in range(each)], tally, log
                    )
    finally:
        logging.getLogger().removeHandler(handler)


def _draw(addresses: list[Address], random: Random) -> tuple[Address, str]:
    address = random.choice(addresses)
    method = random.choice(("get", "get", *METHODS))
    # A PDF takes a hundred times as long as a page: fewer of them.
    while method == "get" and address.path.endswith("/pdf") and random.randrange(12):
        method = random.choice(METHODS)
    return address, method


def _person(
    world: World,
    user: User,
    moment: datetime,
    asked: list[tuple[Address, str]],
    tally: Tally,
    log: io.StringIO,
) -> None:
    who = str(user.pk)
    canaries = denied(world, who, moment)
    client = signed_in(user)
    for address, method in asked:
        log.truncate(0)
        with transaction.atomic():
            answer = getattr(client, method)(address.path)
            transaction.set_rollback(True)
        tally.checks += 1
        problem = _judge(world, who, address, method, answer, moment)
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        body = text_of(answer.content, kind) if answer.content else ""
        shown = body + str(answer.headers.get("Location", "")) + log.getvalue()
        leaks = {what for word, what in canaries.items() if word in shown}
        if problem or leaks:
            roles = [post.role for post in world.posts if post.who == who]
            tally.wrong.append(
                f"{method} {address.route} ({roles}, {answer.status_code}): {problem} {leaks or ''}"
            )
        elif answer.status_code < 400:
            tally.opened[address.route] += 1


def _judge(world: World, who: str, address: Address, method: str, answer: object, moment: datetime) -> str:
    status = int(answer.status_code)
    if status >= 500:
        return f"broke: {getattr(answer, 'exc_info', None) and answer.exc_info[1]!r}"  # type: ignore[attr-defined]
    to_sign_in = str(answer.headers.get("Location", "")).startswith(("/sign-in/", "/account/"))
    opened = status not in REFUSED and not to_sign_in
    route: Route = ROUTES[address.route]
    if method in ("put", "patch", "delete"):
        return "" if not opened or _open_to_all(address) else "a method that no page takes"
    action = route.post if method == "post" else route.get
    wanted = expected(world, who, address, action, moment)
    if wanted is None or (status == 405 and (action is Action.NONE or method == "head")):
        return ""
    if _open_to_all(address):
        return ""
    return "" if opened == wanted else f"should {'open' if wanted else 'be refused'} at {moment:%d %b}"


def _open_to_all(address: Address) -> bool:
    return address.path.startswith(("/sign-in/", "/health/", "/demo/", "/account/"))


def run(seed: Random, limit: int, tally: Tally) -> None:
    with transaction.atomic():
        with owner():
            world = worlds.drawn(seed)
            users = worlds.build(world)
        check(world, users, seed, limit, tally)
        transaction.set_rollback(True)


def conclude(tally: Tally, least: int) -> None:
    print(f"matrix: {tally.checks} checks, {sum(tally.opened.values())} opened, {len(tally.wrong)} wrong")  # noqa: T201
    assert not tally.wrong, "\n".join(f"{n} x {text}" for text, n in Counter(tally.wrong).most_common(25))
    assert tally.checks >= least


@pytest.mark.django_db
@pytest.mark.timeout(900)
def test_a_slice_of_the_matrix() -> None:
    tally = Tally()
    least = int(os.environ.get("HUB_MATRIX_SLICE", "5000"))

    @settings(
        max_examples=6,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 10**9))
    def worlds_of(seed: int) -> None:
        if tally.checks < least:
            run(Random(seed), least // 5, tally)

    worlds_of()
    conclude(tally, least)


@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.django_db
@pytest.mark.timeout(0)
def test_the_whole_matrix() -> None:
    tally = Tally()
    for seed in range(100):
        run(Random(seed), 1100, tally)
        if tally.checks >= 100_000:
            break
    conclude(tally, 100_000)

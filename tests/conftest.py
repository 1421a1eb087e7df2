"""Tests build their worlds as the owner and look at them as the website does."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from events import world

DATABASE = {"db", "transactional_db", "live_server"}


def _set_role(name: str) -> None:
    # Django's own option: a reconnect or another thread comes back in the role.
    connection.settings_dict["OPTIONS"]["assume_role"] = name
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {name}")


def _reset_role() -> None:
    connection.settings_dict["OPTIONS"].pop("assume_role", None)
    if connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


@contextmanager
def as_role(name: str | None) -> Iterator[None]:
    """Inside: the owner (None) or another role; outside again: the role there was."""
    before = connection.settings_dict["OPTIONS"].get("assume_role")
    _reset_role()
    if name:
        _set_role(name)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _reset_role()
            if before:
                _set_role(before)


@contextmanager
def owner() -> Iterator[None]:
    """As the owner, who builds worlds."""
    with as_role(None):
        yield


@contextmanager
def worker() -> Iterator[None]:
    """As the worker, which handles events, delivers and climbs."""
    with as_role("hub_worker"):
        yield


@pytest.fixture(autouse=True)
def as_web(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test that touches the database does so as hub_web unless it says otherwise."""
    if not (request.node.get_closest_marker("django_db") or DATABASE & set(request.fixturenames)):
        yield
        return
    request.getfixturevalue("_django_db_helper")  # set up before us, so torn down after us
    world.forget()
    with connection.cursor() as cursor:
        cursor.execute("insert into events_world (one, kind) values (true, 'scratch') on conflict do nothing")
    _set_role("hub_web")
    yield
    connection.settings_dict["OPTIONS"].pop("assume_role", None)
    if connection.connection is not None and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
    world.forget()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The checks of the matrix, summed over its shards; lines of other tests; whichever process ran them."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    called = [report for report in reports if getattr(report, "when", "") == "call"]
    properties = [one for report in called for one in report.user_properties]
    for line in (value for name, value in properties if name == "line"):
        terminalreporter.write_line(str(line))
    shards = [counted for name, counted in properties if name == "matrix"]
    if shards:
        checks, opened, wrong = (sum(column) for column in zip(*shards, strict=True))
        terminalreporter.write_line(f"matrix: {checks:,} checks, {opened:,} opened, {wrong:,} wrong")

"""A database that is made for one replay and dropped after it, on the server of the hub it was called from."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from psycopg2 import sql

from events import world


class LiveDatabaseError(RuntimeError):
    """The configured database is a live hub: replays keep away from its server."""


@contextmanager
def scratch_database() -> Iterator[str]:
    """Inside, the connection is that of a new database, migrated and marked scratch; its name."""
    _refuse_live()
    home = connection.settings_dict["NAME"]
    name = f"hub_scratch_{secrets.token_hex(6)}"
    _run(sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        _connect_to(name)
        call_command("migrate", interactive=False, verbosity=0)
        world.mark(world.SCRATCH)
        yield name
    finally:
        _connect_to(home)
        _run(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _refuse_live() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('events_world') is not null")
        row = cursor.fetchone()
    if row and row[0] and world.kind() == world.LIVE:
        raise LiveDatabaseError("This is a live hub's database; a replay needs a server of its own.")


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    world.forget()


def _run(statement: sql.Composed) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)

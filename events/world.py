"""Which kind of world this database holds. Marked in the database, so that no setting can mistake it."""

from functools import lru_cache

from django.db import connection

LIVE, DEMO, SCRATCH = "live", "demo", "scratch"
KINDS = (LIVE, DEMO, SCRATCH)


class WorldUnmarkedError(RuntimeError):
    """The database has not been told which kind of world it holds."""


@lru_cache(maxsize=1)
def _marked(database: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select kind from events_world")
        row = cursor.fetchone()
    if row is None:
        raise WorldUnmarkedError(f"database {database} is not marked live, demo or scratch")
    return str(row[0])


def kind() -> str:
    """``live``, ``demo`` or ``scratch``; an unmarked database counts as live, the strictest."""
    try:
        return _marked(str(connection.settings_dict["NAME"]))
    except WorldUnmarkedError:
        return LIVE


def forget() -> None:
    """Ask the database again next time (after ``mark``, and between tests)."""
    _marked.cache_clear()


def mark(new_kind: str) -> None:
    """Mark this database once; a second, different mark is refused by the database."""
    if new_kind not in KINDS:
        raise ValueError(f"{new_kind} is not one of {', '.join(KINDS)}")
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into events_world (one, kind) values (true, %s) on conflict (one) do nothing", [new_kind]
        )
    forget()
    if kind() != new_kind:
        raise WorldUnmarkedError(f"this database is already marked {kind()}, not {new_kind}")

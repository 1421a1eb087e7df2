"""Holds the database to what tests.access.readers and acts say: straight at its tables, no code of the product between."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID
from zlib import crc32

from django.db import DatabaseError, connection, transaction

from events.context import acting_as
from tests.access import readers
from tests.access.acts import acts
from tests.access.attempts import Act
from tests.access.laid_out import Ground
from tests.cast import NOW

NOBODY = "nobody signed in"
#: Their own key is not called id.
KEYED = {"oversight_visitreport": "visit_id", "incidents_ladooutcome": "incident_id"} | {
    f"incidents_{stream}details": "incident_id"
    for stream in ("reg40", "lado", "whistleblowing", "complaint", "hospital")
}


OWN_ROWS = ("homes_accesshome", "homes_accesschild")
#: Read by rules of their own, not by a list of readers.
ITSELF = (*OWN_ROWS, "homes_change")
REMOVABLE = "oversight_visitdraft"


@dataclass
class Probes:
    """Says in words where the database answers otherwise than the tables of who may what.

    one_in: an act is tried by everybody who may, and by one in so many of those who may not.
    """

    ground: Ground
    one_in: int = 1

    @cached_property
    def people(self) -> dict[str, UUID | None]:
        return {name: UUID(str(user.pk)) for name, user in self.ground.cast.people.items()} | {NOBODY: None}

    @cached_property
    def acts(self) -> list[Act]:
        return acts(self.ground)

    @cached_property
    def tables(self) -> set[str]:
        """Every table at which something is tried."""
        return {*readers.READERS, *readers.CHANGES, *ITSELF, *(act.table for act in self.acts)}

    def covers(self, table: str, command: str) -> bool:
        """Whether something is tried at the table with SELECT, INSERT, UPDATE or DELETE."""
        return {
            "SELECT": table in readers.READERS or table in ITSELF,
            "UPDATE": table in readers.CHANGES,
            "INSERT": any(act.table == table and act.by for act in self.acts),
            "DELETE": table == REMOVABLE,
        }[command]

    def of(self, table: str) -> Iterator[str]:
        """Everything that is tried at one table."""
        for who, key in self.people.items():
            with acting_as(key, NOW):
                if table in readers.READERS or table in OWN_ROWS:
                    yield from self._read(table, who)
                if table == "homes_change":
                    yield from self._history(who)
                if table in readers.CHANGES:
                    yield from self._change(table, who)
                if table == REMOVABLE:
                    yield from self._removed(table, who)
                for act in self.acts:
                    if act.table == table and (
                        act.may(who) or crc32(f"{who} {act.what}".encode()) % self.one_in == 0
                    ):
                        yield from self._tried(act, who)

    def _differs(self, who: str, what: str, got: set[str], wanted: set[str]) -> Iterator[str]:
        names = {str(key): name for rows in self.ground.rows.values() for name, key in rows.items()}
        for key in got ^ wanted:
            yield f"{who} {'reads' if key in got else 'is kept from'} {what}: {names.get(key, key)}"

    def _read(self, table: str, who: str) -> Iterator[str]:
        with connection.cursor() as cursor:
            cursor.execute(f"select {KEYED.get(table, 'id')} from {table}")
            got = {str(key) for (key,) in cursor.fetchall()}
        yield from self._differs(who, table, got, readers.readable(self.ground, who, table))

    def _history(self, who: str) -> Iterator[str]:
        with connection.cursor() as cursor:
            cursor.execute("select distinct of_table, of_row from homes_change")
            got = {f"{table} {key}" for table, key in cursor.fetchall()}
        wanted = {
            f"{table} {UUID(int=key) if isinstance(key, int) else key}"
            for table in readers.TRACKED
            for row, key in self.ground.rows[table].items()
            if readers.may_read_history(who, table, row)
        }
        yield from self._differs(who, "history", got, wanted)

    def _changes(self, statement: str) -> int | str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                found = int(cursor.rowcount)
                transaction.set_rollback(True)
        except DatabaseError as refused:
            return _reason(refused)
        return found

    def _change(self, table: str, who: str) -> Iterator[str]:
        change, _ = readers.CHANGES[table]
        wanted = sum(readers.may_change(who, table, row) for row in self.ground.rows[table])
        got = self._changes(f"update {table} set {change}")
        if got != wanted and not (got == "refused" and not wanted):
            yield f"{who} changes {got} of {table}, not {wanted}"

    def _removed(self, table: str, who: str) -> Iterator[str]:
        wanted = sum(readers.may_read(who, table, row) for row in self.ground.rows[table])
        if (got := self._changes(f"delete from {table}")) != wanted:
            yield f"{who} removes {got} of {table}, not {wanted}"

    def _tried(self, act: Act, who: str) -> Iterator[str]:
        me = self.people[who] or self.ground.who("zed")
        try:
            with transaction.atomic():
                done = str(act.attempt(self.ground, who, me) or "refused")
                transaction.set_rollback(True)
        except DatabaseError as refused:
            done = _reason(refused)
        if done != ("1" if act.may(who) and who != NOBODY else "refused"):
            yield f"{who}: {act.what} ({act.table}): {done}"


def _reason(error: DatabaseError) -> str:
    """refused: by a policy or a privilege; else what else was in the way."""
    state = getattr(getattr(error.__cause__, "diag", None), "sqlstate", "")
    return "refused" if state == "42501" else str(error).splitlines()[0]

"""What somebody tries to add or take over, and how it is tried: straight in the database, asking nothing back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models

from tests.access.laid_out import Ground

Made = Callable[[Ground, UUID], models.Model]


@dataclass(frozen=True)
class Act:
    """what: in words. by: who may. row: what they try to add; or statement: what they try to change."""

    table: str
    what: str
    by: str
    row: Made | None = None
    statement: str = ""

    def may(self, who: str) -> bool:
        return self.by == "all" or who in self.by.split()

    def attempt(self, ground: Ground, who: str, me: UUID) -> int:
        """How many rows it added or changed. Raises DatabaseError where the database refuses."""
        with connection.cursor() as cursor:
            if self.row is not None:
                cursor.execute(*added(self.row(ground, me)))
            else:
                rows = ground.rows[self.table]
                people = {name: user.pk for name, user in ground.cast.people.items()}
                homes_by_name = ground.rows["homes_home"]
                cursor.execute(self.statement, people | rows | homes_by_name)
            return int(cursor.rowcount)


def added(row: models.Model) -> tuple[str, list[Any]]:
    """The insert that asks nothing back, so that no policy for reading stands in for one for adding."""
    values = {}
    for one in row._meta.concrete_fields:
        value = None if one.generated else getattr(row, one.attname)
        if one.generated or hasattr(value, "resolve_expression") or (one.primary_key and value is None):
            continue
        values[str(one.column)] = one.get_db_prep_save(value, connection)
    columns = ", ".join(f'"{column}"' for column in values)
    places = ", ".join(["%s"] * len(values))
    return f'insert into "{row._meta.db_table}" ({columns}) values ({places})', list(values.values())


def adds(what: str, by: str, row: Callable[..., models.Model], **given: Any) -> Act:
    """given: what the row is made from beside the world and the one who tries."""

    def made(ground: Ground, me: UUID) -> models.Model:
        return row(ground, me, **given)

    return Act("", what, by, made)


def other(ground: Ground, me: UUID, *names: str) -> UUID:
    """The first of these people who is not the one who tries."""
    return next(key for key in map(ground.who, names) if key != me)

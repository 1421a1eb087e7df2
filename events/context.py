"""Who is looking, and when: carried into the database for row-level security.

Held by ``set_config(..., true)``, so it ends with the transaction and cannot leak to the next request
on the same connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction


def set_context(*, viewer: UUID | None, now: datetime) -> None:
    """Tell the database who looks and what time it is, until this transaction ends.

    Raises RuntimeError outside a transaction, where the setting would last for one statement only.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("set_context needs a transaction: outside one it would be forgotten at once")
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('app.viewer', %s, true), set_config('app.now', %s, true)",
            [str(viewer) if viewer else "", now.isoformat()],
        )


def get_context() -> tuple[str, str]:
    """The viewer's key and the moment in force, as text; empty where none is set."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('app.viewer', true), current_setting('app.now', true)")
        viewer, moment = cursor.fetchone() or ("", "")
    return viewer or "", moment or ""


@contextmanager
def acting_as(viewer: UUID | None, now: datetime) -> Iterator[None]:
    """One transaction in which the database answers as it would to ``viewer`` at ``now``."""
    with transaction.atomic():
        before = get_context()
        set_context(viewer=viewer, now=now)
        yield
        # A savepoint that ends well would leave the inner viewer in force.
        with connection.cursor() as cursor:
            cursor.execute(
                "select set_config('app.viewer', %s, true), set_config('app.now', %s, true)", list(before)
            )

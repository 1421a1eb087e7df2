"""Chaining looks into sealed batches.

A look may be written long before its transaction ends, so neither its time nor its key says when it became visible.
The numbers of transactions do: when a batch is taken, every transaction of this database below its oldest open one
(``horizon``) has ended, and each look of theirs can be seen. Whose an open transaction is, is asked of the server;
one of another database on it, which writes no look here, holds nothing up. A batch is therefore a range of those numbers, and a look
that turns up below a horizon outside its batch was put there by somebody else. No look waits for a safe age, and no
slow request is taken for a forger.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from homes.looking.models import Look, Seal

BEGINNING = "0" * 64
LOCK = 4_415_503
COLUMNS = tuple(field.column for field in Look._meta.concrete_fields)
_LISTED = ", ".join(f'l."{column}"' for column in COLUMNS)


def canonical(values: Iterable[Any]) -> bytes:
    """One row as JSON, always the same: times in UTC to the microsecond, keys as text, nothing left out."""
    return json.dumps([_plain(value) for value in values], ensure_ascii=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


def digest_of(seal: Seal, rows: Iterable[tuple[Any, ...]]) -> str:
    """SHA-256 over the batch's own line, which carries the digest before it, and each look in its place."""
    whole = hashlib.sha256()
    head = (
        seal.number,
        seal.previous,
        seal.rows,
        seal.floor,
        seal.horizon,
        seal.beyond,
        seal.cluster,
        seal.taken_at,
    )
    whole.update(canonical(head) + b"\n")
    for row in rows:
        whole.update(canonical(row) + b"\n")
    return whole.hexdigest()


@dataclass(frozen=True)
class Standing:
    """What the server says of its transactions at one moment."""

    horizon: int
    beyond: int
    cluster: str
    at: datetime


#: A number in a snapshot has 64 bits, a session's has the lower 32. One that belongs to no session counts as ours.
_STANDING = """
select coalesce(
         (select min(open::text::bigint) from pg_snapshot_xip(s) open
           where not exists (
             select 1 from pg_stat_activity a
              where a.backend_xid::text = (open::text::bigint & 4294967295)::text
                and a.datname <> current_database())),
         pg_snapshot_xmax(s)::text::bigint),
       pg_snapshot_xmax(s)::text::bigint,
       (select system_identifier::text from pg_control_system()),
       statement_timestamp()
  from pg_current_snapshot() s
"""


def standing() -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING)
        return Standing(*cursor.fetchone())


def sealed_rows(number: int) -> Iterator[tuple[Any, ...]]:
    """The looks of a batch in their places, column by column; read in portions."""
    sql = (
        f"select {_LISTED} from homes_sealedlook s join homes_look l on l.id = s.look_id"  # noqa: S608 - our own columns
        " where s.seal = %s order by s.position"
    )
    return portions(sql, [number])


def portions(sql: str, values: list[Any], size: int = 5000) -> Iterator[tuple[Any, ...]]:
    """The rows of a query without holding them all in memory. Needs a transaction, which the caller holds."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(size):
            yield from rows


@transaction.atomic
def seal() -> Seal | None:
    """Seal every look whose transaction has ended; None where there is none, or where somebody else is sealing."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
        if not (cursor.fetchone() or (False,))[0]:
            return None
    last = Seal.objects.order_by("-number").first()
    now = standing()
    same = last is not None and last.cluster == now.cluster
    batch = Seal(
        number=last.number + 1 if last else 1,
        previous=last.digest if last else BEGINNING,
        floor=last.horizon if last and same else 0,
        horizon=now.horizon,
        beyond=now.beyond,
        cluster=now.cluster,
        taken_at=now.at,
    )
    batch.rows = _take(batch, moved=last is not None and not same)
    if not batch.rows:
        return None
    batch.digest = digest_of(batch, sealed_rows(batch.number))
    batch.save(force_insert=True)
    return batch


def _take(batch: Seal, *, moved: bool) -> int:
    """Give each look of the batch its place, by time and key. moved: on a new server the old numbers mean nothing."""
    within = "(%s or l.transaction >= %s and l.transaction < %s)"
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into homes_sealedlook (look_id, seal, position)"  # noqa: S608 - constants
            " select l.id, %s, row_number() over (order by l.at, l.id) from homes_look l"
            f" where {within} and not exists (select 1 from homes_sealedlook s where s.look_id = l.id)",
            [batch.number, moved, batch.floor, batch.horizon],
        )
        return int(cursor.rowcount)

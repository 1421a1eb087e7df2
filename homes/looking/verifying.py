"""Recomputing every seal, to say whether anything was changed, removed, reordered, put in or cut off."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from homes.looking.models import Seal, SealedLook
from homes.looking.sealing import BEGINNING, COLUMNS, digest_of, sealed_rows, standing

AT, TRANSACTION = COLUMNS.index("at"), COLUMNS.index("transaction")
SHOWN = 20


@dataclass
class Verdict:
    """What was found; nothing in ``problems`` means that every seal holds. unsealed: looks that wait for the sealer."""

    seals: int = 0
    looks: int = 0
    unsealed: int = 0
    latest: str = ""
    problems: list[str] = field(default_factory=list)


@transaction.atomic
def verify(latest: str = "") -> Verdict:
    """Check the whole chain. latest: ``NUMBER:DIGEST`` as it was kept outside, without which a cut tail is not seen.

    Raises ValueError where ``latest`` is not of that form.
    """
    kept = _kept(latest) if latest else None
    verdict = Verdict()
    before: Seal | None = None
    for seal in Seal.objects.order_by("number").iterator(chunk_size=1000):
        verdict.seals += 1
        verdict.problems += _batch(seal, before, verdict)
        if kept and seal.number == kept[0] and seal.digest != kept[1]:
            verdict.problems.append(f"batch {seal.number}: its digest is not the one kept outside")
        before = seal
    if kept and (before is None or before.number < kept[0]):
        last = before.number if before else 0
        verdict.problems.append(f"batch {kept[0]}: cut off; the chain ends at batch {last}")
    verdict.problems += _strays()
    verdict.problems += _outside(before)
    verdict.unsealed = _unsealed()
    verdict.latest = f"{before.number}:{before.digest}" if before else f"0:{BEGINNING}"
    return verdict


def _kept(latest: str) -> tuple[int, str]:
    number, _, digest = latest.strip().partition(":")
    if not number.isdigit() or len(digest) != len(BEGINNING):
        raise ValueError("write the digest kept outside as NUMBER:DIGEST, such as 12:3f5c...")
    return int(number), digest.lower()


def _batch(seal: Seal, before: Seal | None, verdict: Verdict) -> list[str]:
    """What is wrong with one batch, the chain to the batch before it included."""
    here = f"batch {seal.number}"
    found = []
    if seal.number != (before.number + 1 if before else 1):
        found.append(f"{here}: the batch before it is missing")
    if seal.previous != (before.digest if before else BEGINNING):
        found.append(f"{here}: it does not follow on the batch before it")
    count, backdated = 0, 0
    same = before is not None and before.cluster == seal.cluster

    def rows() -> Iterator[tuple[Any, ...]]:
        nonlocal count, backdated
        for row in sealed_rows(seal.number):
            count += 1
            if same and before and row[TRANSACTION] >= before.beyond and row[AT] < before.taken_at:
                backdated += 1
            yield row

    if digest_of(seal, rows()) != seal.digest:
        found.append(f"{here}: its contents are not what was sealed ({count} looks where {seal.rows} were)")
    if backdated:
        found.append(f"{here}: {backdated} of its looks bear a time before they were written")
    verdict.looks += count
    return found


def _strays() -> list[str]:
    """Places in batches that do not exist."""
    numbers = SealedLook.objects.exclude(seal__in=Seal.objects.values("number")).values_list(
        "seal", flat=True
    )
    return [f"batch {number}: its seal is missing" for number in numbers.distinct().order_by("seal")[:SHOWN]]


def _outside(last: Seal | None) -> list[str]:
    """Looks that claim a time or a transaction which was sealed without them."""
    if last is None or last.cluster != standing().cluster:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "select l.id, coalesce((select min(s.number) from homes_seal s"
            "   where s.horizon > l.transaction and s.cluster = %s), %s) from homes_look l"
            " where (l.transaction < %s or (l.transaction >= %s and l.at < %s))"
            " and not exists (select 1 from homes_sealedlook s where s.look_id = l.id)"
            " order by l.at, l.id limit %s",
            [last.cluster, last.number + 1, last.horizon, last.beyond, last.taken_at, SHOWN],
        )
        return [f"batch {number}: look {key} was put in afterwards" for key, number in cursor.fetchall()]


def _unsealed() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from homes_look l where not exists"
            " (select 1 from homes_sealedlook s where s.look_id = l.id)"
        )
        return int((cursor.fetchone() or (0,))[0])

"""Sealed looks: what was sealed holds, and whatever is done to it afterwards is found, in its batch."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from events.context import acting_as
from events.identity import new_id
from homes.looking import actions, sealing, tasks, verifying
from homes.looking.actions import Asked
from homes.looking.models import Look, Seal, SealedLook
from homes.looking.seen import Shown
from tests.conftest import owner, worker

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PEOPLE = [new_id() for _ in range(3)]
CHILDREN = [new_id() for _ in range(5)]
pytestmark = pytest.mark.django_db(transaction=True)


def look(number: int = 0) -> Look:
    """One look, kept by the website in a transaction of its own."""
    viewer = PEOPLE[number % 3]
    with acting_as(viewer, NOW + timedelta(seconds=number)):
        return actions.look(
            asked=Asked("record:record", "view", "record", "to read one record", new_id()),
            shown=[Shown("record", (CHILDREN[number % 5], new_id()))],
            by=viewer,
            now=NOW + timedelta(seconds=number),
        )


def sealed(batches: int = 4, each: int = 6) -> None:
    """A chain of batches."""
    for batch in range(batches):
        for number in range(each):
            look(batch * each + number)
        with worker():
            made = sealing.seal()
        assert made is not None
        assert (made.number, made.rows) == (batch + 1, each)


def problems(latest: str = "") -> list[str]:
    with worker():
        return verifying.verify(latest).problems


def test_what_is_sealed_holds_and_says_what_waits() -> None:
    sealed(3)
    look()
    with worker():
        verdict = verifying.verify()
        last, before = Seal.objects.get(number=3), Seal.objects.get(number=2).digest
    assert verdict.problems == []
    assert (verdict.seals, verdict.looks, verdict.unsealed) == (3, 18, 1)
    assert verdict.latest == f"3:{last.digest}"
    assert problems(verdict.latest) == []
    assert last.previous == before


def test_nothing_to_seal_is_no_batch() -> None:
    with worker():
        assert sealing.seal() is None
        assert tasks.seal_looks() == 0
        assert verifying.verify().latest == f"0:{sealing.BEGINNING}"
    look()
    with worker():
        assert tasks.seal_looks() == 1


def test_two_sealers_do_not_make_two_chains() -> None:
    look()
    other = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [sealing.LOCK])
        with worker():
            assert sealing.seal() is None
        other.rollback()  # a closed connection lets go a moment later
    finally:
        other.close()
    with worker():
        assert sealing.seal() is not None


def test_a_look_that_commits_late_is_sealed_later_and_is_no_forgery() -> None:
    """A slow request writes its look, others overtake it and are sealed: its time is old, its number is not."""
    look(1)
    slow = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
    try:
        with slow.cursor() as cursor:
            cursor.execute(
                "insert into homes_look (id, as_of, viewer, post, organisation, purpose, route, method, what,"
                " subjects, held, request, login, transaction) values"
                " (%s, now(), %s, '', '', 'x', 'r', 'view', 'record', '{}', false, %s, '', 0)",
                [str(new_id()), str(PEOPLE[0]), str(new_id())],
            )
        look(2)
        with worker():
            first = sealing.seal()
        assert first is not None
        assert first.rows == 1  # look 2 began after the slow one, which may still write more
        slow.commit()
    finally:
        slow.close()
    assert problems() == []
    with worker():
        second = sealing.seal()
    assert second is not None
    assert second.rows == 2
    assert problems() == []


def test_a_transaction_in_another_database_holds_nothing_up() -> None:
    elsewhere = connection.get_connection_params() | {"cursor_factory": None, "dbname": "postgres"}
    other = psycopg2.connect(**elsewhere)
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_current_xact_id()")
        look()
        with worker():
            made = sealing.seal()
    finally:
        other.close()
    assert made is not None
    assert made.rows == 1


def test_on_a_new_server_the_numbers_begin_again() -> None:
    sealed(1)
    look(99)
    with owner():
        Seal.objects.update(cluster="elsewhere", horizon=10**12, beyond=10**12)
        seal = Seal.objects.get()
        Seal.objects.update(digest=sealing.digest_of(seal, _rows(1)))
    with worker():
        made = sealing.seal()
    assert made is not None
    assert (made.rows, made.floor) == (1, 0)
    assert problems() == []


def _rows(number: int) -> list[tuple[Any, ...]]:
    with transaction.atomic():
        return list(sealing.sealed_rows(number))


def test_the_worker_cannot_change_what_it_sealed() -> None:
    sealed(1)
    for statement in (
        "update homes_look set purpose = 'x'",
        "delete from homes_look",
        "update homes_seal set digest = 'x'",
        "delete from homes_sealedlook",
        "insert into homes_look (id) values (gen_random_uuid())",
    ):
        with worker(), pytest.raises(Exception, match="permission denied"), transaction.atomic():
            _run(statement)


def test_only_a_digest_kept_outside_shows_a_cut_tail() -> None:
    sealed(3)
    with worker():
        latest = verifying.verify().latest
    with owner():
        keys = SealedLook.objects.filter(seal=3).values("look_id")
        Look.objects.filter(pk__in=keys).delete()
        SealedLook.objects.filter(seal=3).delete()
        Seal.objects.filter(number=3).delete()
    assert problems() == []
    assert problems(latest) == ["batch 3: cut off; the chain ends at batch 2"]


def test_a_chain_that_was_made_anew_differs_from_the_digest_kept_outside() -> None:
    sealed(2)
    with worker():
        latest = verifying.verify().latest
    with owner():
        Look.objects.filter(pk__in=SealedLook.objects.filter(seal=2).values("look_id")[:1]).update(
            purpose="x"
        )
        seal = Seal.objects.get(number=2)
        Seal.objects.filter(number=2).update(digest=sealing.digest_of(seal, _rows(2)))
    assert problems() == []
    assert problems(latest) == ["batch 2: its digest is not the one kept outside"]


def test_a_look_put_in_with_an_old_time_is_found_even_after_it_was_sealed() -> None:
    sealed(2)
    with owner():
        _run("alter table homes_look disable trigger look_stamped")
        _copy(at="(select min(at) from homes_look)", number="pg_current_xact_id()::text::bigint")
        _run("alter table homes_look enable trigger look_stamped")
    assert len(problems()) == 1
    with worker():
        assert sealing.seal() is not None
    assert problems() == ["batch 3: 1 of its looks bear a time before they were written"]


def _run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _copy(*, at: str, number: str) -> None:
    """A forged look like the first one."""
    columns = [column for column in sealing.COLUMNS if column not in ("id", "at", "transaction")]
    listed = ", ".join(f'"{column}"' for column in columns)
    _run(
        f"insert into homes_look (id, at, transaction, {listed})"
        f" select %s, {at}, {number}, {listed} from homes_look order by at limit 1",
        new_id(),
    )


# Tampering


def _some(rng: random.Random, table: str, key: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"select {key} from {table} order by {key}")
        return rng.choice(cursor.fetchall())[0]


def _change(rng: random.Random) -> None:
    """One column of one sealed look, to another value of its type."""
    key = _some(rng, "homes_look", "id")
    column, value = rng.choice(
        [
            ("id", "gen_random_uuid()"),
            ("at", "at + interval '1 microsecond'"),
            ("as_of", "as_of - interval '1 second'"),
            ("viewer", "gen_random_uuid()"),
            ("post", "post || ' '"),
            ("organisation", "organisation || 'x'"),
            ("organisation_id", "gen_random_uuid()"),
            ("purpose", "reverse(purpose)"),
            ("route", "route || '/'"),
            ("method", "'pdf'"),
            ("what", "'child'"),
            ("subjects", "subjects[2:]"),
            ("home", "gen_random_uuid()"),
            ("held", "not held"),
            ("request", "gen_random_uuid()"),
            ("login", "'hub_other'"),
            ("transaction", "transaction - 1"),
        ]
    )
    _run(f'update homes_look set "{column}" = {value} where id = %s', key)


def _change_seal(rng: random.Random) -> None:
    number = _some(rng, "homes_seal", "number")
    column, value = rng.choice(
        [
            ("digest", "md5(digest) || md5(previous)"),
            ("previous", "md5(digest) || md5(previous)"),
            ("rows", "rows + 1"),
            ("floor", "floor + 1"),
            ("horizon", "horizon - 1"),
            ("beyond", "beyond + 1"),
            ("cluster", "cluster || '1'"),
            ("taken_at", "taken_at + interval '1 microsecond'"),
        ]
    )
    _run(f"update homes_seal set {column} = {value} where number = %s", number)


def _delete(rng: random.Random) -> None:
    key = _some(rng, "homes_look", "id")
    _run("delete from homes_look where id = %s", key)
    if rng.random() < 0.5:
        _run("delete from homes_sealedlook where look_id = %s", key)


def _reorder(rng: random.Random) -> None:
    """Two looks change places, within a batch or across two."""
    with connection.cursor() as cursor:
        cursor.execute("select look_id, seal, position from homes_sealedlook order by seal, position")
        (one, seal, place), (other, seal2, place2) = rng.sample(cursor.fetchall(), 2)
    _run("update homes_sealedlook set position = 0 where look_id = %s", one)
    _run("update homes_sealedlook set seal = %s, position = %s where look_id = %s", seal, place, other)
    _run("update homes_sealedlook set seal = %s, position = %s where look_id = %s", seal2, place2, one)


def _insert(rng: random.Random) -> None:
    """A look with an old number, an old time, or both; given a place in a batch or none."""
    _run("alter table homes_look disable trigger look_stamped")
    old_number = "(select min(transaction) from homes_look)"
    at, number = rng.choice(
        [
            ("clock_timestamp()", old_number),
            ("(select min(at) from homes_look)", "pg_current_xact_id()::text::bigint"),
            ("(select min(at) from homes_look)", old_number),
        ]
    )
    before = {str(key) for (key,) in _all("select id from homes_look")}
    _copy(at=at, number=number)
    if rng.random() < 0.5:
        (added,) = {str(key) for (key,) in _all("select id from homes_look")} - before
        seal = _some(rng, "homes_seal", "number")
        _run(
            "insert into homes_sealedlook (look_id, seal, position)"
            " select %s, %s, max(position) + 1 from homes_sealedlook where seal = %s",
            added,
            seal,
            seal,
        )


def _cut(rng: random.Random) -> None:
    """The end of the chain, whole or in part."""
    after = rng.choice([1, 2, 3])
    parts: list[tuple[str, str]] = [
        ("homes_look", "id in (select look_id from homes_sealedlook where seal > %s)"),
        ("homes_sealedlook", "seal > %s"),
        ("homes_seal", "number > %s"),
    ]
    if rng.random() < 0.5:
        parts.pop(rng.randrange(3))
    for table, which in parts:
        _run(f"delete from {table} where {which}", after)


TAMPERS: list[Callable[[random.Random], None]] = [_change, _change_seal, _delete, _reorder, _insert, _cut]


def _all(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _tampered(seed: int, latest: str) -> tuple[str, list[str]]:
    """What was done, and what was found; everything is put back."""
    rng = random.Random(seed)
    tamper = TAMPERS[seed % len(TAMPERS)]
    found: list[str] = []
    with transaction.atomic():
        tamper(rng)
        found = verifying.verify(latest).problems
        transaction.set_rollback(True)
    return tamper.__name__, found


@pytest.fixture
def chain() -> Iterator[str]:
    sealed()
    with owner():
        yield verifying.verify().latest


def _every(latest: str, count: int) -> None:
    missed = []
    for seed in range(count):
        done, found = _tampered(seed, latest)
        if not found or not all(line.startswith("batch ") for line in found):
            missed.append((seed, done, found))
    assert missed == []
    assert verifying.verify(latest).problems == []


def test_sixty_tampers_are_all_found(chain: str) -> None:
    _every(chain, 60)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_thousand_tampers_are_all_found(chain: str) -> None:
    _every(chain, 1000)


def test_the_command_names_the_batch_and_fails(chain: str) -> None:
    out = StringIO()
    call_command("audit", "verify", "--latest", chain, stdout=out)
    assert "nothing was cut off" in out.getvalue()
    call_command("audit", "verify", stdout=out)
    assert "only against a digest kept outside" in out.getvalue()
    call_command("audit", "latest", stdout=out)
    assert chain in out.getvalue()
    Look.objects.filter(pk__in=SealedLook.objects.filter(seal=2).values("look_id")[:1]).update(purpose="x")
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify", stdout=out)
    assert ended.value.code == 1
    assert "batch 2: its contents are not what was sealed" in out.getvalue()
    with pytest.raises(CommandError, match="NUMBER:DIGEST"):
        call_command("audit", "verify", "--latest", "three")


def test_the_command_seals() -> None:
    out = StringIO()
    with worker():
        call_command("audit", "latest", stdout=out)
        call_command("audit", "seal", stdout=out)
    look()
    with worker():
        call_command("audit", "seal", stdout=out)
    assert out.getvalue().splitlines() == [f"0:{sealing.BEGINNING}", "nothing to seal", "batch 1: 1 looks"]


def test_one_row_is_written_the_same_way_always() -> None:
    moment = datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=UTC)
    row = (UUID(int=1), moment, None, True, 3, [UUID(int=2)], "é")
    assert sealing.canonical(row) == (
        b'["00000000-0000-0000-0000-000000000001","2026-07-01T12:00:00.000005+00:00",null,true,3,'
        b'["00000000-0000-0000-0000-000000000002"],"\\u00e9"]'
    )

"""The same pages with row-level security on and off, in one run, in turns.

Measured in processor time of the website and of the database's process for it, which a busy machine moves least.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from benchmarks.access.population import Country, build
from benchmarks.figures import Figure
from events import clock, world

#: What is asked for: name -> address.
PAGES = {
    "home page": "/homes/{urn}/",
    "records of a home": "/homes/{urn}/records/",
    "every record (API)": "/api/v1/incidents/",
}


def cost_of_row_level_security(*, quick: bool) -> list[Figure]:
    """Figures by page and viewer: milliseconds with and without, and their ratio. Both run the same queries.

    The rounds go with, without, without, with, so that a machine that slows down slows both.
    """
    call_command("migrate", verbosity=0)
    world.mark(world.SCRATCH)
    homes, incidents, rounds = (400, 50_000, 4) if quick else (4_000, 1_000_000, 10)
    began = perf_counter()
    country = build(homes=homes, incidents=incidents, now=clock.now() - timedelta(minutes=1))
    sys.stdout.write(
        f"{incidents:,} incidents in {homes:,} homes, written in {perf_counter() - began:.0f} s\n"
    )
    return [
        figure
        for page, path in PAGES.items()
        for role in country.users
        for figure in _compared(page, path, role, country, rounds)
    ]


def _compared(page: str, path: str, role: str, country: Country, rounds: int) -> Iterator[Figure]:
    with as_web():
        client = Client(SERVER_NAME="localhost")
        client.force_login(country.users[role])
    address = path.format(urn=country.urn)
    taken: dict[bool, list[float]] = {True: [], False: []}
    bodies: dict[bool, set[int]] = {True: set(), False: set()}
    for secured in (True, False, False, True) * max(rounds // 2, 1):
        with secured_rows(secured), as_web():
            _asked(client, address)  # the first one reads the catalogue anew
            for _ in range(3):
                seconds, length = _asked(client, address)
                taken[secured].append(seconds)
                bodies[secured].add(length)
    if bodies[True] != bodies[False]:
        raise RuntimeError(f"{page} as {role}: not the same page with and without: {bodies}")
    with_rows, without = (median(taken[secured]) * 1000 for secured in (True, False))
    yield Figure(f"{page}, {role}: with", with_rows, "ms", note=f"median of {len(taken[True])}")
    yield Figure(f"{page}, {role}: without", without, "ms")
    yield Figure(f"{page}, {role}: cost", (with_rows / without - 1) * 100, "%")


def _asked(client: Client, address: str) -> tuple[float, int]:
    """Seconds of processor time, and the length of the answer; what the look left behind is rolled back."""
    with transaction.atomic():
        began = _spent()
        answer = client.get(address)
        seconds = _spent() - began
        transaction.set_rollback(True)
    if answer.status_code not in (200, 404):
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return seconds, len(answer.content) if answer.status_code == 200 else -1


def _spent() -> float:
    """Processor seconds of this process and of the one that answers it in the database; Linux, on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        (process,) = cursor.fetchone()
    nanoseconds = int(Path(f"/proc/{process}/schedstat").read_text().split()[0])
    return process_time() + nanoseconds / 1e9


@contextmanager
def as_web() -> Iterator[None]:
    """The connection in the role that serves pages."""
    with connection.cursor() as cursor:
        cursor.execute("set role hub_web")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("reset role")


@contextmanager
def secured_rows(wanted: bool) -> Iterator[None]:
    """Row-level security of every table as it stands, or off until the block ends. The owner's work."""
    if wanted:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relrowsecurity and relnamespace = 'public'::regnamespace"
        )
        tables = [name for (name,) in cursor.fetchall()]
        for name in tables:
            cursor.execute(f'alter table "{name}" disable row level security')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name in tables:
                cursor.execute(f'alter table "{name}" enable row level security')

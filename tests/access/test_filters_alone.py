"""The filters in Python alone hold: with row-level security off, everybody is served what they were, byte for byte.

Its counterpart, row-level security without any filter in Python, is in test_walls.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from django.db import connection, transaction

from tests.access import past
from tests.access.addresses import Address
from tests.access.serving import all_served
from tests.access.test_two_pictures import addresses, held, things, world
from tests.cast import Cast
from tests.conftest import owner

__all__ = ["held", "world"]  # fixtures

pytestmark = pytest.mark.django_db


@contextmanager
def without_row_level_security() -> Iterator[None]:
    with transaction.atomic():
        with owner(), connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute(
                "select relname from pg_class where relrowsecurity and relnamespace = 'public'::regnamespace"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'alter table "{name}" disable row level security')
        yield
        transaction.set_rollback(True)


def served_otherwise(world: Cast, where: list[Address]) -> list[tuple[str, str, int, int]]:
    """Who is served something else without the database's wall: name, path, status with and without."""
    found = []
    for name, person in world.people.items():
        with_both = all_served(person, where)
        with without_row_level_security():
            with_filters = all_served(person, where)
        found += [
            (name, path, with_both[path].status, page.status)
            for path, page in with_filters.items()
            if page != with_both[path]
        ]
    return found


def everywhere(world: Cast) -> list[Address]:
    for record in (past.disclosed, past.attended, past.referred, past.complained):
        record(world)
    past.settle(world)
    return [address for address in addresses(things()) if not address.path.endswith("/pdf")]


def test_filters_alone_hold_in_a_sample_of_addresses(world: Cast) -> None:
    where = Random(44).sample(everywhere(world), 12)
    assert served_otherwise(world, where) == []


@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.timeout(0)
def test_filters_alone_hold_at_every_address(world: Cast) -> None:
    assert served_otherwise(world, everywhere(world)) == []

"""The checks in the product's own actions, alone: with row-level security off they refuse whoever may not."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import transaction

from events.context import acting_as
from tests.access.deeds import Deed, deeds
from tests.access.laid_out import Ground, lay_out
from tests.cast import NOW
from tests.conftest import owner

pytestmark = pytest.mark.django_db


def differing(ground: Ground, tried: list[Deed]) -> Iterator[str]:
    """Who is let do what they may not, or refused what they may."""
    for deed in tried:
        for name, user in ground.cast.people.items():
            me = UUID(str(user.pk))
            with acting_as(me, NOW), transaction.atomic():
                found = deed.outcome(ground, me)
                transaction.set_rollback(True)
            if (found == "done") != (name in deed.by.split()):
                yield f"{name}: {deed.what}: {found}"


def test_the_actions_alone_let_those_who_may_and_nobody_else() -> None:
    with owner():
        assert list(differing(lay_out(), deeds())) == []

"""The checks in the product's own actions, alone: with row-level security off they refuse whoever may not."""

from collections.abc import Iterator
from uuid import UUID
from zlib import crc32

import pytest
from django.db import transaction

from events.context import acting_as
from tests.access.deeds import Deed, deeds
from tests.access.laid_out import Ground, lay_out
from tests.cast import NOW
from tests.conftest import owner
from voice.heard.actions import NewView, record_view

pytestmark = pytest.mark.django_db


def differing(ground: Ground, tried: list[Deed], one_in: int = 1) -> Iterator[str]:
    """Who is let do what they may not, or refused what they may.

    one_in: each is tried by everybody who may, and by one in so many of those who may not.
    """
    for deed in tried:
        for name, user in ground.cast.people.items():
            me = UUID(str(user.pk))
            if name not in deed.by.split() and crc32(f"{name} {deed.what}".encode()) % one_in:
                continue
            with acting_as(me, NOW), transaction.atomic():
                found = deed.outcome(ground, me)
                transaction.set_rollback(True)
            if (found == "done") != (name in deed.by.split()):
                yield f"{name}: {deed.what}: {found}"


def test_the_actions_alone_let_those_who_may_and_nobody_else() -> None:
    with owner():
        assert list(differing(lay_out(), deeds(), 4)) == []


def test_a_visitor_who_once_worked_at_the_home_hears_a_child_from_outside() -> None:
    with owner():
        ground = lay_out()
    efe = ground.who("efe")
    new = NewView(
        child=ground.cast.rowan, home=ground.cast.elm, said_at=NOW, method="speech", heard_by="Efe", words="x"
    )
    with acting_as(efe, NOW):
        view = record_view(new=new, by=efe, now=NOW)
        assert (view.by_provider, view.heard_from_outside) == (False, True)

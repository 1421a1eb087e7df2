"""Once a day the newest digest is owed to somebody outside."""

from datetime import date

import pytest
from django.test import override_settings

from events.context import acting_as
from hesley_hub.looking import tasks, telling
from homes.looking import actions
from homes.looking.actions import Asked
from homes.looking.models import Look, Seal
from oversight.escalation.models import Delivery
from tests.cast import NOW
from tests.conftest import owner, worker
from tests.hesley_hub.looking.conftest import Everything

DAY = date(2020, 1, 31)
pytestmark = pytest.mark.django_db


def _seal(number: int) -> None:
    Seal.objects.create(
        number=number,
        previous="0" * 64,
        digest=f"{number:064x}",
        rows=1,
        floor=0,
        horizon=9,
        beyond=9,
        cluster="1",
        taken_at=NOW,
    )


@override_settings(HUB_AUDIT_MAIL="keeper@outside.example")
def test_the_newest_digest_is_owed_once_a_day() -> None:
    with worker():
        assert telling.owe_latest_digest(today=DAY, now=NOW) is None, "nothing is sealed yet"
        _seal(1)
        _seal(2)
        owed = telling.owe_latest_digest(today=DAY, now=NOW)
        assert owed is not None
        assert telling.owe_latest_digest(today=DAY, now=NOW) is None
        assert tasks.tell_latest_digest() is True, "another day"
        mail = Delivery.objects.get(pk=owed.pk)
    assert mail.address == "keeper@outside.example"
    assert f"./hub audit verify --latest 2:{2:064x}" in mail.body


def test_without_an_address_nothing_is_owed() -> None:
    with worker():
        _seal(1)
        assert telling.owe_latest_digest(today=DAY, now=NOW) is None
        assert not Delivery.objects.exists()


def test_somebody_without_a_post_looks_in_their_own_name(everything: Everything) -> None:
    world = everything.world
    with acting_as(world.mo.pk, world.now):
        kept = actions.look(
            asked=Asked("r", "view", "child", "to see", world.mo.pk),
            shown=[],
            by=world.mo.pk,
            now=world.now,
            posts=[],
        )
    with owner():
        look = Look.objects.get(pk=kept.pk)
    assert (look.post, look.organisation, look.organisation_id, look.home) == ("", "", None, None)

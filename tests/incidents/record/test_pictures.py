from datetime import timedelta

import pytest

from events.context import acting_as
from homes.models import AccessHome, Child, Home
from incidents.record import actions
from incidents.record.models import Incident, Stream
from incidents.reg40.models import Reg40Details
from tests import cast
from tests.conftest import owner


@pytest.mark.django_db
def test_a_record_is_read_by_its_home_and_the_regulator_only() -> None:
    with owner():
        world = cast.build()
    now = world.now
    with acting_as(world.asha.pk, now):
        assert set(Home.objects.visible_to(world.asha.pk, now)) == {world.elm}
        assert set(Child.objects.all()) == {world.rowan, world.sky}
        new = actions.NewRecord(
            home=world.elm,
            stream=Stream.REG40,
            occurred_at=now - timedelta(hours=3),
            known_at=now - timedelta(hours=2),
            source="home",
            by_provider=True,
            children=[actions.ChildPart(child=world.rowan)],
        )
        incident = actions.save_record(
            new=new,
            details=lambda saved: Reg40Details(incident=saved, event="40(4)(e)"),
            by=world.asha.pk,
            now=now,
        )
    seen = {}
    for name in ("asha", "dan", "cerys", "mo", "fran", "gita", "efe", "kim", "ines", "jon", "hal"):
        with acting_as(world.people[name].pk, now):
            seen[name] = Incident.objects.filter(pk=incident.pk).exists()
            assert seen[name] == Incident.objects.visible_to(world.people[name].pk, now).exists(), name
    assert seen == {
        "asha": True,
        "dan": True,
        "cerys": False,
        "mo": True,
        "fran": True,
        "gita": False,
        "efe": True,
        "kim": False,
        "ines": False,
        "jon": False,
        "hal": True,
    }
    with acting_as(None, now):
        assert not Incident.objects.exists()
        assert not AccessHome.objects.exists()

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.context import acting_as
from incidents.record import actions, queries
from incidents.record.models import Incident, Stream
from incidents.reg40.models import Reg40Details
from tests import cast
from tests.conftest import owner, worker


def _record(world: cast.Cast, event: str, hours: int) -> Incident:
    new = actions.NewRecord(
        home=world.elm,
        stream=Stream.REG40,
        occurred_at=world.now - timedelta(hours=hours),
        known_at=world.now - timedelta(hours=hours),
        source="home",
        by_provider=True,
        children=[actions.ChildPart(child=world.sky), actions.ChildPart(child=world.rowan)],
        adults=[world.worker],
        themes=["restraint", "injury"],
        severity=3,
    )
    return actions.save_record(
        new=new,
        details=lambda saved: Reg40Details(incident=saved, event=event),
        by=world.asha.pk,
        now=world.now - timedelta(hours=hours - 1),
    )


@pytest.mark.django_db
def test_a_history_is_plain_rows_in_three_queries_however_long_it_is() -> None:
    with owner():
        world = cast.build()
    with acting_as(world.asha.pk, world.now):
        later, earlier = _record(world, "40(1)", 2), _record(world, "40(4)(e)", 5)
    with (
        worker(),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        rows = queries.history([world.elm.pk, world.oak.pk])
    assert len(asked) == 3
    assert [row.reference for row in rows] == [earlier.reference, later.reference]
    assert [row.detail for row in rows] == ["", "death"]
    row = rows[1]
    assert row.children == tuple(sorted([world.rowan.pk, world.sky.pk]))
    assert (row.adults, row.themes) == ((world.worker.pk,), ("injury", "restraint"))
    assert (row.home_id, row.by_provider, row.shared_at, row.withdrawn_at) == (world.elm.pk, True, None, None)
    with acting_as(world.cerys.pk, world.now):
        assert queries.history([world.elm.pk]) == []

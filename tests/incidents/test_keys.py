"""Keys of people in the hub are rows of people: nothing typed becomes a key, and a name that is nobody's counts as none."""

from uuid import UUID, uuid4

import pytest

from homes.models import Adult
from incidents.record.queries import history
from tests import cast
from tests.conftest import owner, worker
from tests.incidents.test_api import body, notification, post


@pytest.mark.parametrize("key", ["agency", "unknown", "JS", "A1"])
def test_a_typed_key_is_refused_for_adult_and_child(world: cast.Cast, key: str) -> None:
    adult = post(world.asha, "lado-referrals", body(world, limbs=["risk"], adult=key), uuid4())
    assert (adult.status_code, [*adult.json()]) == (400, ["adult"])
    child = post(world.asha, "reg40-notifications", notification(world, children=[key]), uuid4())
    assert (child.status_code, [*child.json()]) == (400, ["children"])


@pytest.mark.parametrize(
    ("name", "counts"), [(" Agency worker", False), ("UNKNOWN", False), ("Una Vance", True)]
)
def test_a_name_that_is_nobodys_is_recorded_and_counts_as_no_adult(
    world: cast.Cast, name: str, counts: bool
) -> None:
    told = body(world, limbs=["risk"], adult_name=name, adult_title="Support worker")
    assert post(world.asha, "lado-referrals", told, uuid4()).status_code == 201, (
        "a referral is never refused for it"
    )
    with owner():
        adult = Adult.objects.get(name__iexact=name.strip())
    again = body(world, limbs=["risk"], adult=str(adult.pk))
    assert post(world.asha, "lado-referrals", again, uuid4()).status_code == 201, "chosen again from the list"
    with worker():
        rows = history([UUID(str(world.elm.pk))])
    assert [row.adults for row in rows] == [(adult.pk,) if counts else ()] * 2

"""Every table under row-level security, in a world laid out by hand: who reads, changes and adds which row."""

import pytest

from tests.access.catalogue import policies
from tests.access.laid_out import lay_out
from tests.access.probing import Probes
from tests.conftest import owner

pytestmark = pytest.mark.django_db


def laid(one_in: int) -> Probes:
    with owner():
        return Probes(lay_out(), one_in)


@pytest.mark.parametrize("one_in", [8, pytest.param(1, marks=[pytest.mark.slow, pytest.mark.mutants])])
def test_every_row_is_read_changed_and_added_by_those_who_may_and_nobody_else(one_in: int) -> None:
    probes = laid(one_in)
    assert [wrong for table in sorted(probes.tables) for wrong in probes.of(table)] == []


def test_something_is_tried_at_every_table_with_every_command_that_a_policy_rules() -> None:
    probes = laid(1)
    ruled = {(policy.table, policy.command) for policy in policies() if policy.bites}
    assert sorted(ruled - {pair for pair in ruled if probes.covers(*pair)}) == []
    assert len(ruled) > 60

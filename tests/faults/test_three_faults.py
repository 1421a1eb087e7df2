"""Three faults, one after another, on one real hub while eight clients record: website, worker and broker killed."""

from pathlib import Path

import pytest

from faults.ground import ground
from faults.plans import broker, web, worker
from faults.run import Plan, Scene, run

pytestmark = [pytest.mark.services, pytest.mark.timeout(420)]


def strike(scene: Scene) -> None:
    web.kill_in_a_request(scene)
    worker.kill_whole(scene)
    broker.kill(scene)


def test_nothing_is_lost_doubled_late_or_unexpected(tmp_path: Path) -> None:
    with ground(tmp_path / "ground") as made:
        found = run(made, Plan("three", "three faults", strike), seed=1, keep=tmp_path / "kept")
    assert not found.trouble
    assert found.verdict.wrong == []
    assert found.verdict.acknowledged >= 45
    assert found.verdict.recovered > 0, "no request was cut"
    assert found.verdict.mails > 0

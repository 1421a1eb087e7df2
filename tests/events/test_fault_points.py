"""Fault points: a signal to oneself, once, in a scratch world that has a folder of orders; nothing anywhere else."""

import os
import signal
from pathlib import Path

import pytest

from events import fault_points, world


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Signals that this process would have sent itself."""
    signals: list[int] = []
    monkeypatch.setattr(os, "kill", lambda process, number: signals.append(number))
    return signals


@pytest.mark.parametrize(("order", "number"), [("kill", signal.SIGKILL), ("stop", signal.SIGSTOP)])
def test_an_order_is_obeyed_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sent: list[int], order: str, number: int
) -> None:
    monkeypatch.setattr(fault_points, "ORDERS", str(tmp_path))
    monkeypatch.setattr(world, "kind", lambda: world.SCRATCH)
    (tmp_path / "here").write_text(order)
    for _ in range(2):
        fault_points.reached("here")
        fault_points.reached("elsewhere")
    assert sent == [number]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", [world.LIVE, world.DEMO])
def test_only_a_scratch_world_obeys(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sent: list[int], kind: str
) -> None:
    monkeypatch.setattr(fault_points, "ORDERS", str(tmp_path))
    monkeypatch.setattr(world, "kind", lambda: kind)
    (tmp_path / "here").write_text("kill")
    fault_points.reached("here")
    assert sent == []
    assert (tmp_path / "here").exists()


def test_without_a_folder_not_even_the_world_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, sent: list[int]
) -> None:
    monkeypatch.setattr(fault_points, "ORDERS", "")
    monkeypatch.setattr(world, "kind", lambda: pytest.fail("the database was asked"))
    fault_points.reached("here")
    assert sent == []

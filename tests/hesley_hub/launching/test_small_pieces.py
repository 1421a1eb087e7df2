"""Ports, folders, logs, memory and the guard: each on its own."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hesley_hub.launching import guard, memory, ports, sockets
from hesley_hub.launching.ports import NoPortError, free_port, listen
from hesley_hub.launching.process import spawn, stop, wait_until
from hesley_hub.launching.world import AlreadyRunningError, World, hub_folder


def test_a_taken_port_gives_the_next() -> None:
    with listen("127.0.0.1", free_port()) as first:
        port = first.getsockname()[1]
        with listen("127.0.0.1", port) as second:
            assert second.getsockname()[1] > port
            socket.create_connection(second.getsockname()).close()


def test_no_port_left_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "FURTHEST", 0)
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(NoPortError, match=f"from {port} on"):
            listen("127.0.0.1", port)

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refused)
    with pytest.raises(NoPortError, match="Port 80 may not be opened"):
        listen("127.0.0.1", 80)


def test_the_web_port_can_be_an_ipv6_one() -> None:
    with listen("::1", 0) as opened:
        assert opened.family is socket.AF_INET6


def test_a_world_is_held_once_and_found_while_it_runs(tmp_path: Path) -> None:
    world = World.of("demo", tmp_path)
    assert world.running() == {}
    with world.held():
        assert world.running() == {}
        world.note({"HUB_ADDRESS": "http://127.0.0.1:8000"})
        assert world.running() == {"HUB_ADDRESS": "http://127.0.0.1:8000"}
        with pytest.raises(AlreadyRunningError, match="running already, at http"), world.held():
            pass
    assert world.running() == {}
    note = world.folder / "running.json"
    assert note.stat().st_mode & 0o777 == 0o600
    assert json.loads(note.read_text()) == {"HUB_ADDRESS": "http://127.0.0.1:8000"}


def test_a_world_keeps_its_secret_until_it_is_emptied(tmp_path: Path) -> None:
    world = World.of("live", tmp_path)
    secret = world.secret()
    assert len(secret) >= 50
    assert world.secret() == secret
    assert (world.folder / "secret_key").stat().st_mode & 0o777 == 0o600
    (world.folder / "postgres").mkdir()
    with world.held():
        world.empty()
        assert sorted(path.name for path in world.folder.iterdir()) == ["lock", "log"]
    assert world.secret() != secret


def test_the_hubs_folder_is_in_the_checkout_unless_named(tmp_path: Path) -> None:
    assert hub_folder({}) == Path(__file__).parents[3] / ".hub"
    assert hub_folder({"HUB_DIR": str(tmp_path)}) == tmp_path


def test_a_short_socket_folder_must_be_private_and_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    deep = tmp_path / ("d" * 100)
    short = sockets.socket_folder(deep)
    assert short.parent == tmp_path
    assert sockets.socket_folder(deep) == short
    short.chmod(0o755)
    with pytest.raises(PermissionError, match="not a private folder of ours"):
        sockets.socket_folder(deep)


def test_a_child_is_stopped_by_its_signal_or_killed_when_it_is_deaf(tmp_path: Path) -> None:
    child = spawn(["sleep", "60"], log=tmp_path / "log")
    assert stop(child, number=signal.SIGTERM, patience=5) == -signal.SIGTERM
    assert stop(child, number=signal.SIGTERM, patience=5) == -signal.SIGTERM
    deaf = spawn(["sh", "-c", "trap '' TERM; echo set; while :; do sleep 0.02; done"], log=tmp_path / "log")
    assert wait_until(lambda: (tmp_path / "log").read_text() == "set\n", seconds=5)
    assert stop(deaf, number=signal.SIGTERM, patience=0.1) == -signal.SIGKILL


def test_the_guard_follows_what_starts_and_ends() -> None:
    assert guard.follow(["+10 15 8.0\n", "+11 2 15\n", "-10\n", "-99\n", "noise\n"]) == {11: (2, 15.0)}


def test_the_guard_asks_then_kills() -> None:
    polite = spawn(["sleep", "60"])
    deaf = subprocess.Popen(
        ["sh", "-c", "trap '' TERM; echo set; while :; do sleep 0.02; done"],
        stdout=subprocess.PIPE,
        process_group=0,
    )
    with deaf:
        assert deaf.stdout is not None
        assert deaf.stdout.readline() == b"set\n"
        # Its own children, so they stay as zombies, which a signal still reaches: reap them while it looks.
        watcher = subprocess.Popen(
            [sys.executable, "-I", guard.__file__], stdin=subprocess.PIPE, text=True, process_group=0
        )
        assert watcher.stdin is not None
        watcher.stdin.write(f"+{polite.pid} 15 5\n+{deaf.pid} 15 0.1\n+{2**22 + 1} 15 1\n")
        watcher.stdin.close()
        assert polite.wait(timeout=5) == -signal.SIGTERM
        assert deaf.wait(timeout=5) == -signal.SIGKILL
        assert watcher.wait(timeout=5) == 0


def test_the_guard_does_not_wait_for_what_nobody_reaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "GIVE_UP_AFTER", 0.1)
    zombie = spawn(["sleep", "60"])  # ours to reap, and we do not
    guard.end({zombie.pid: (15, 0.1)})
    assert zombie.wait() == -signal.SIGTERM


def test_the_guard_ends_at_once_with_nothing_to_do() -> None:
    guard.end({})
    guard.end({2**22 + 1: (15, 1.0)})


def test_memory_of_a_tree_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    with subprocess.Popen(["sh", "-c", "sleep 60; true"]) as shell:
        assert wait_until(lambda: len(list(memory.tree(shell.pid))) == 2, seconds=5)
        assert memory.main([str(shell.pid)]) == 0
        for pid in memory.tree(shell.pid):
            os.kill(pid, signal.SIGKILL)
    *each, total = capsys.readouterr().out.splitlines()
    assert len(each) == 2
    assert "sleep 60" in "".join(each)
    assert float(total.split()[0]) == pytest.approx(sum(float(line.split()[0]) for line in each), abs=0.11)
    assert float(total.split()[0]) > 0


def test_memory_of_what_has_gone_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    assert memory.parents(tmp_path) == {}
    assert memory.proportional_size(7, tmp_path) == 0
    assert memory.command_line(7, tmp_path) == ""

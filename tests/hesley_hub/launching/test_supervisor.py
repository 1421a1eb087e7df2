"""The supervisor on small processes: order, restarts, stops, and nothing left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from hesley_hub.launching.process import NotStartedError, spawn, wait_until
from hesley_hub.launching.supervisor import Part, PartFailedError, Stopping, Supervisor

Alive = Callable[[], list[int]]
Gone = Callable[..., bool]


def sleeper(tmp_path: Path, name: str, body: str = "exec sleep 60 #") -> Part:
    """A part that sleeps; the folder's name is among its words, so that it can be found."""
    log = tmp_path / f"{name}.log"
    return Part(name, lambda: spawn(["sh", "-c", body, str(tmp_path)], log=log), patience=1)


@pytest.fixture
def said() -> list[str]:
    return []


def child_of(crew: Supervisor, name: str) -> int:
    child = crew._parts[name].child
    assert child is not None
    return child.pid


@pytest.mark.usefixtures("marked")
def test_a_part_that_dies_is_started_again_and_its_leavings_are_cleared(
    gone: Gone, tmp_path: Path, said: list[str]
) -> None:
    pids = tmp_path / "pids"
    body = f'sleep 60 & echo $! >> {pids}; wait # "$0"'
    with Supervisor(said.append) as crew:
        crew.add(sleeper(tmp_path, "worker", body))
        assert wait_until(pids.exists, seconds=5)
        assert wait_until(lambda: pids.read_text().strip() != "", seconds=5)
        first, orphan = child_of(crew, "worker"), int(pids.read_text())
        os.kill(first, signal.SIGKILL)
        while crew._parts["worker"].failures == 0 or crew._parts["worker"].child is None:
            crew.tend(0.2)
        assert child_of(crew, "worker") != first
        assert wait_until(lambda: gone(orphan), seconds=3)
    assert said == ["worker ended (SIGKILL); starting it again in 0.1 s"]


@pytest.mark.usefixtures("marked")
def test_leaving_stops_parts_before_servers_and_kills_the_deaf(tmp_path: Path, said: list[str]) -> None:
    order = tmp_path / "order"
    polite = f"trap 'echo %s >> {order}; exit' TERM; while :; do sleep 0.05; done # \"$0\""
    with Supervisor(said.append) as crew:
        server = sleeper(tmp_path, "server", polite % "server")
        crew.add(Part("server", server.spawn, patience=2, server=True))
        crew.add(sleeper(tmp_path, "web", polite % "web"))
        crew.add(sleeper(tmp_path, "deaf", "trap '' TERM; while :; do sleep 0.05; done # \"$0\""))
        assert wait_until(lambda: len(psutil.Process().children(recursive=True)) >= 4, seconds=5)
        assert not wait_until(lambda: False, seconds=0.3)  # the shells set their traps
    assert order.read_text().split() == ["web", "server"]
    assert said == []


def test_a_step_is_awaited_and_a_bad_one_is_told(tmp_path: Path, said: list[str]) -> None:
    with Supervisor(said.append) as crew:
        crew.add(Part("good", lambda: spawn(["true"]), once=True))
        crew.await_end("good", seconds=5)
        crew.add(Part("bad", lambda: spawn(["false"]), once=True, tries=2))
        with pytest.raises(PartFailedError, match="bad failed"):
            crew.await_end("bad", seconds=10)
        crew.add(Part("slow", lambda: spawn(["sleep", "60"]), once=True))
        with pytest.raises(PartFailedError, match="slow took longer"):
            crew.await_end("slow", seconds=0.1)
    assert said == [
        "bad ended (status 1); starting it again in 0.1 s",
        "bad failed (status 1); see its log",
    ]


def test_what_never_becomes_ready_is_told(said: list[str]) -> None:
    def missing() -> subprocess.Popen[bytes]:
        raise NotStartedError("no such data")

    with Supervisor(said.append) as crew:
        crew.add(Part("web", lambda: spawn(["sleep", "60"]), ready=lambda: False))
        with pytest.raises(PartFailedError, match="web did not become ready"):
            crew.await_ready("web", seconds=0.1)
        crew.add(Part("postgres", missing))
        with pytest.raises(PartFailedError, match="postgres did not become ready"):
            crew.await_ready("postgres", seconds=5)
    assert said[0] == "postgres ended (no such data); starting it again in 0.1 s"


def test_a_request_to_stop_ends_every_wait(said: list[str]) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Supervisor(said.append) as crew:
        crew.add(Part("web", lambda: spawn(["sleep", "60"]), ready=lambda: False))
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Stopping):
            crew.await_ready("web", seconds=20)
        with pytest.raises(Stopping):
            crew.await_end("web", seconds=20)
        crew.keep()
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_whatever_ends_the_supervisor(
    gone: Gone, tmp_path: Path, marked: Alive, script: Callable[[str], list[str]], number: signal.Signals
) -> None:
    """A part with a child that listens to no signal, and a part in a user namespace where the machine allows it."""
    body = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from hesley_hub.launching.process import spawn
from hesley_hub.launching.supervisor import Part, Supervisor
deaf = "trap '' TERM INT HUP; (trap '' TERM INT HUP; while :; do sleep 0.1; done) & while :; do sleep 0.1; done"
with Supervisor(print) as crew:
    crew.add(Part("deaf", lambda: spawn(["sh", "-c", deaf, {str(tmp_path)!r}]), patience=0.5))
    crew.add(Part("plain", lambda: spawn(["sh", "-c", "sleep 60; true", {str(tmp_path)!r}])))
    print("running", flush=True)
    crew.keep()
"""
    with subprocess.Popen(script(body), stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "running\n"
        assert wait_until(lambda: len(marked()) >= 4, seconds=5)  # itself, two parts, the deaf child
        below = {process.pid for process in psutil.Process(supervisor.pid).children(recursive=True)}
        supervisor.send_signal(number)
    assert wait_until(lambda: gone(*below), seconds=5)


def test_a_child_whose_parent_has_gone_before_it_began_ends_at_once() -> None:
    body = (
        "from hesley_hub.launching.process import _die_with_parent\n"
        "import signal\n"
        "_die_with_parent(1, signal.SIGTERM)()\n"
        "print('went on')\n"
    )
    done = subprocess.run([sys.executable, "-c", body], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")

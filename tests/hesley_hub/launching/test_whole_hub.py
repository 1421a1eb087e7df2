"""The whole demonstration as a person starts it: it gets ready, heals, stays small, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from hesley_hub.launching import memory
from hesley_hub.launching.ports import free_port
from hesley_hub.launching.process import wait_until

ROOT = Path(__file__).parents[3]
MOST_MEMORY_MIB = 1024
pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]
Gone = Callable[..., bool]


@dataclass
class Hub:
    """A running demonstration."""

    launcher: subprocess.Popen[str]
    address: str
    seconds: float
    lines: list[str] = field(default_factory=list)

    def everything(self) -> list[int]:
        return list(memory.tree(self.launcher.pid))

    def part(self, word: str) -> int:
        """The direct child whose command line holds `word`."""
        children = psutil.Process(self.launcher.pid).children()
        return next((child.pid for child in children if word in memory.command_line(child.pid)), 0)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health/live", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    folder = tmp_path_factory.mktemp("hub")
    ours = {
        name: value for name, value in os.environ.items() if not name.endswith(("DATABASE_URL", "REDIS_URL"))
    }
    began = time.monotonic()
    line = [sys.executable, "-m", "hesley_hub.launching.up", "--no-input", "--port", str(free_port())]
    launcher = subprocess.Popen(
        line, cwd=ROOT, env={**ours, "HUB_DIR": str(folder)}, stdout=subprocess.PIPE, text=True
    )
    assert launcher.stdout is not None
    lines: list[str] = []
    for text in launcher.stdout:
        lines.append(text.rstrip("\n"))
        if lines[-1] == "ready":
            break
    else:
        pytest.fail("\n".join(lines))
    address = next(line for line in lines if line.startswith("http://"))
    yield Hub(launcher, address, time.monotonic() - began, lines)
    if launcher.poll() is None:
        launcher.kill()
    launcher.stdout.close()
    launcher.wait()


def test_it_tells_its_address_its_people_and_that_it_is_ready(running: Hub) -> None:
    for person in ("manager", "manager2", "ofsted", "lado", "visitor", "authority"):
        assert any(line.split()[:1] == [person] for line in running.lines), person
    assert running.lines[-1] == "ready"
    assert running.answers()


def test_everything_together_stays_below_a_gibibyte(running: Hub) -> None:
    assert 0 < sum(map(memory.proportional_size, running.everything())) < MOST_MEMORY_MIB


@pytest.mark.parametrize(
    "word", ["gunicorn", "valkey-server", "hub.celery worker", "hub.celery beat", "bin/postgres"]
)
def test_a_part_that_is_killed_comes_back(running: Hub, word: str) -> None:
    before = running.part(word)
    assert before
    os.kill(before, signal.SIGKILL)
    assert wait_until(lambda: running.part(word) not in (0, before), seconds=15, every=0.1)
    assert wait_until(running.answers, seconds=30, every=0.1)


def test_nothing_is_left_after_the_launcher_is_killed(running: Hub, gone: Gone) -> None:
    everything = running.everything()
    assert len(everything) > 10
    running.launcher.kill()
    assert wait_until(lambda: gone(*everything), seconds=15, every=0.1)
    assert not running.answers()

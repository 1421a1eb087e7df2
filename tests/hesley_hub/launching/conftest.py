"""Fixtures of the launcher's tests: processes that are seen to end, and the two ways of running as root."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from hesley_hub.launching import privilege
from hesley_hub.launching.process import wait_until


@pytest.fixture
def gone() -> Callable[..., bool]:
    """Whether none of these processes runs; a zombie that the machine's first process has yet to reap does not."""
    return lambda *pids: not any(map(_runs, pids))


def _runs(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@pytest.fixture(params=["namespace", "nobody"])
def as_root(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of running PostgreSQL as root; for anybody else there is but one."""
    if request.param == "nobody":
        if os.geteuid() != 0:
            pytest.skip("only root becomes nobody")
        monkeypatch.setenv("HUB_NO_USERNS", "1")
    return str(request.param)


@pytest.fixture
def in_a_namespace(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of that one way of running, whatever way the suite itself was asked to try."""
    monkeypatch.delenv("HUB_NO_USERNS", raising=False)
    if os.geteuid() == 0 and not privilege.namespaces_work():
        pytest.skip("this machine refuses user namespaces")


@pytest.fixture
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server of one's own, no folder of one's own."""
    for name in ("DATABASE_URL", "REDIS_URL", "HUB_WEB_DATABASE_URL", "HUB_WORKER_DATABASE_URL", "HUB_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def marked(tmp_path: Path) -> Iterator[Callable[[], list[int]]]:
    """The processes whose command line names this test's folder; none may be left at the end of the test."""

    def alive() -> list[int]:
        return [
            process.pid
            for process in psutil.process_iter(["cmdline"])
            if process.pid != os.getpid()
            and any(str(tmp_path) in word for word in process.info["cmdline"] or ())
        ]

    yield alive
    assert wait_until(lambda: not alive(), seconds=10), [psutil.Process(pid).cmdline() for pid in alive()]


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], list[str]]:
    """A command line that runs a piece of Python, with the checkout on its path and the test's folder in its words."""

    def make(body: str) -> list[str]:
        path = tmp_path / f"script-{len(list(tmp_path.glob('script-*')))}.py"
        path.write_text(body)
        return [sys.executable, str(path)]

    return make

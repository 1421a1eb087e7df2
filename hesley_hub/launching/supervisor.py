"""Keeps the parts of a running hub alive: starts them in order, restarts what dies, stops everything.

Nothing outlives it. Stopped in an orderly way it stops its parts in reverse order; killed, the kernel signals the
parts (`process.spawn`) and `guard.py` ends whatever those leave behind.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from hesley_hub.launching.process import NotStartedError, signal_group, stop

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
STEADY_AFTER = 30.0
_GUARD = Path(__file__).with_name("guard.py")


class Stopping(Exception):  # noqa: N818
    """Somebody asked us to stop while we were waiting for a part."""


class PartFailedError(RuntimeError):
    """A part did not become ready, or a step ended badly."""


@dataclass(frozen=True)
class Part:
    """One process to keep alive.

    `spawn` starts it and returns at once; `ready` says whether it does its work. It is stopped by `number`, and
    killed `patience` seconds later; a `server` after everything that uses it. A `once` part is started again
    only if it ends badly, `tries` times in all; any other for ever, but `tries` failures end a wait for it.
    """

    name: str
    spawn: Callable[[], subprocess.Popen[bytes]]
    ready: Callable[[], bool] = lambda: True
    number: signal.Signals = signal.SIGTERM
    patience: float = 8.0
    once: bool = False
    tries: int = 3
    server: bool = False


@dataclass
class _Running:
    part: Part
    child: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    due: float = 0.0
    finished: bool = field(default=False)


class Supervisor:
    """Use from the main thread, as a context manager: leaving it stops all parts."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._parts: dict[str, _Running] = {}
        self._stopping = False

    def __enter__(self) -> "Supervisor":
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._wakeup_before = signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        self._handlers_before = {
            number: signal.signal(number, self._on_signal)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
        }
        self._guard = subprocess.Popen(
            [sys.executable, "-I", str(_GUARD)], stdin=subprocess.PIPE, text=True, process_group=0
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        for servers in (False, True):
            self._end_all([r for r in self._parts.values() if r.part.server == servers])
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        self._guard.wait()
        for number, handler in self._handlers_before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self._stopping = True

    def add(self, part: Part) -> None:
        """Start a part and return at once."""
        running = _Running(part)
        self._parts[part.name] = running
        self._spawn(running)

    def await_ready(self, name: str, *, seconds: float) -> None:
        """Wait until a part is ready, tending all meanwhile. Raises `PartFailedError` or `Stopping`."""
        part = self._parts[name].part
        end = time.monotonic() + seconds
        while not (self._parts[name].child is not None and part.ready()):
            self.tend(0.1)
            if time.monotonic() > end or self._parts[name].failures >= part.tries:
                raise PartFailedError(f"{name} did not become ready")

    def await_end(self, name: str, *, seconds: float) -> None:
        """Wait until a `once` part has ended well. Raises `PartFailedError` or `Stopping`."""
        end = time.monotonic() + seconds
        while not self._parts[name].finished:
            self.tend(0.1)
            if time.monotonic() > end:
                raise PartFailedError(f"{name} took longer than {seconds:.0f} s")
        if self._parts[name].failures:
            raise PartFailedError(f"{name} failed")

    def keep(self) -> None:
        """Tend the parts until somebody asks us to stop."""
        while not self._stopping:
            try:
                self.tend(1.0)
            except Stopping:
                return

    def tend(self, seconds: float) -> None:
        """Restart what has died and is due; sleep at most `seconds`, less when a child ends."""
        if self._stopping:
            raise Stopping
        now = time.monotonic()
        for running in self._parts.values():
            if running.child is not None and running.child.poll() is not None:
                self._ended(running, running.child)
            if running.child is None and not running.finished and now >= running.due:
                self._spawn(running)
        dues = [r.due - now for r in self._parts.values() if r.child is None and not r.finished]
        wait = max(0.0, min([seconds, *dues]))
        if select.select([self._wake_read], [], [], wait)[0]:
            os.read(self._wake_read, 4096)
        if self._stopping:
            raise Stopping

    def _spawn(self, running: _Running) -> None:
        running.started = time.monotonic()
        try:
            running.child = running.part.spawn()
        except (NotStartedError, OSError) as error:
            self._failed(running, str(error))
            return
        self._tell_guard(f"+{running.child.pid} {int(running.part.number)} {running.part.patience}")

    def _ended(self, running: _Running, child: subprocess.Popen[bytes]) -> None:
        """Note the end of a child and clear its group."""
        signal_group(child.pid, signal.SIGKILL)
        self._tell_guard(f"-{child.pid}")
        running.child = None
        if running.part.once and child.returncode == 0:
            running.finished, running.failures = True, 0
        else:
            self._failed(running, _meaning(child.returncode))

    def _failed(self, running: _Running, why: str) -> None:
        """Say when a part may start again: at once the first time, later and later after that."""
        now = time.monotonic()
        running.failures = 1 if now - running.started > STEADY_AFTER else running.failures + 1
        if running.part.once and running.failures >= running.part.tries:
            running.finished = True
            self._report(f"{running.part.name} failed ({why}); see its log")
            return
        pause = min(FIRST_PAUSE * 4 ** (running.failures - 1), LONGEST_PAUSE)
        running.due = now + pause
        self._report(f"{running.part.name} ended ({why}); starting it again in {pause:.1f} s")

    def _end_all(self, runnings: list[_Running]) -> None:
        """Ask all at once, then wait for each."""
        for running in runnings:
            if running.child is not None and running.child.poll() is None:
                running.child.send_signal(running.part.number)
        for running in runnings:
            if running.child is not None:
                stop(running.child, number=None, patience=running.part.patience)
                self._tell_guard(f"-{running.child.pid}")
                running.child = None

    def _tell_guard(self, line: str) -> None:
        if self._guard.stdin is not None and self._guard.poll() is None:
            self._guard.stdin.write(line + "\n")
            self._guard.stdin.flush()


def _meaning(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"status {status}"

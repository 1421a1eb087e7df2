"""Starting a child that cannot outlive us, and stopping it with everything it started."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path


class NotStartedError(RuntimeError):
    """A server did not come up; the message holds the end of its log."""


_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def _die_with_parent(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    def before_exec() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `argv` in a process group of its own; the kernel sends it `death_signal` when we die.

    Call from the main thread: the kernel watches the thread that forked. `user` (root only) drops to that
    account. Output is appended to `log`, or discarded. `pass_fds` stay open in the child.
    """
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            user=user,
            group=_group_of(user),
            extra_groups=[] if user else None,
            pass_fds=pass_fds,
            process_group=0,
            preexec_fn=_die_with_parent(os.getpid(), death_signal),
        )
    finally:
        if output:
            output.close()


def _group_of(user: str | None) -> int | None:
    if user is None:
        return None
    import pwd

    return pwd.getpwnam(user).pw_gid


def signal_group(group: int, number: signal.Signals) -> bool:
    """Signal every process of a group. False when the group is gone."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def stop(child: subprocess.Popen[bytes], *, number: signal.Signals | None, patience: float) -> int:
    """Ask the child to end with `number` (None: it has been asked); after `patience` seconds kill it.

    Then kill what it left behind. Returns its exit status. Only the child itself is asked: it knows how to stop
    its own children.
    """
    if number is not None:
        with suppress(ProcessLookupError):
            child.send_signal(number)
    try:
        status = child.wait(timeout=patience)
    except subprocess.TimeoutExpired:
        child.kill()
        status = child.wait()
    signal_group(child.pid, signal.SIGKILL)
    return status


def wait_until(ready: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Poll `ready` until it is true or `seconds` have passed; says which."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True

"""A whole hub as a person starts it, for tests that want the real thing: servers, website, worker, clock, mail sink."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hesley_hub.launching.ports import free_port

ROOT = Path(__file__).parents[1]


@dataclass
class Hub:
    """A running demonstration. folder holds its data; seconds is how long it took to be ready."""

    launcher: subprocess.Popen[str]
    folder: Path
    address: str
    seconds: float
    lines: list[str] = field(default_factory=list)


@contextmanager
def started(folder: Path, **environment: str) -> Iterator[Hub]:
    """`./hub up` in a folder of its own, until the block ends. The test fails with what was printed if it does not come."""
    ours = {
        name: value for name, value in os.environ.items() if not name.endswith(("DATABASE_URL", "REDIS_URL"))
    }
    began = time.monotonic()
    line = [sys.executable, "-m", "hesley_hub.launching.up", "--no-input", "--port", str(free_port())]
    launcher = subprocess.Popen(
        line,
        cwd=ROOT,
        env={**ours, "HUB_DIR": str(folder), **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    if launcher.stdout is None:
        raise RuntimeError("a pipe was asked for")
    lines: list[str] = []
    try:
        for text in launcher.stdout:
            lines.append(text.rstrip("\n"))
            if lines[-1] == "ready":
                break
        else:
            pytest.fail("\n".join(lines))
        address = next(line for line in lines if line.startswith("http://"))
        yield Hub(launcher, folder, address, time.monotonic() - began, lines)
    finally:
        if launcher.poll() is None:
            launcher.kill()
        launcher.stdout.close()
        launcher.wait()

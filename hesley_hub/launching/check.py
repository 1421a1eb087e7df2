"""`./hub check`: formatting, lint, types, import rules, migrations in step, generated documents fresh.

One line per check; what a failed one printed follows. Exit status 1 when any failed.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from hesley_hub.launching.services import services
from hesley_hub.launching.world import ROOT

BIN = Path(sys.executable).parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]
OURS = [
    "events",
    "homes",
    "incidents",
    "voice",
    "oversight",
    "hesley_hub",
    "benchmarks",
    "faults",
    "tests",
    "manage.py",
    "hub",
]
CHECKS: dict[str, list[str]] = {
    "formatting": [str(BIN / "ruff"), "format", "--check", *OURS],
    "lint": [str(BIN / "ruff"), "check", *OURS],
    "types": [str(BIN / "mypy")],
    "import rules": [str(BIN / "lint-imports")],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "documents": [*MANAGE, "documents", "--check"],
}


def run(checks: Mapping[str, list[str]], environment: Mapping[str, str]) -> bool:
    """Run each check and print its line; whether all passed."""
    passed = True
    for name, line in checks.items():
        began = time.monotonic()
        done = subprocess.run(
            line, cwd=ROOT, env=dict(environment), capture_output=True, text=True, check=False
        )
        good = done.returncode == 0
        passed = passed and good
        sys.stdout.write(f"{name:<14} {'ok' if good else 'FAILED'}  ({time.monotonic() - began:.1f} s)\n")
        if not good:
            sys.stdout.write(f"{done.stdout}{done.stderr}\n")
        sys.stdout.flush()
    return passed


def main() -> int:
    """Exit status 1 when a check failed."""
    with (
        tempfile.TemporaryDirectory(prefix="hub-") as folder,
        services(Path(folder), durable=False) as running,
    ):
        ours = {"HUB_DIR": folder, "HUB_SECRET_KEY": secrets.token_urlsafe(50)}
        return 0 if run(CHECKS, {**os.environ, **running.environment(), **ours}) else 1


if __name__ == "__main__":
    sys.exit(main())

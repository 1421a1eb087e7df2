"""The folder of one running hub: its data, logs, secret and, while it runs, where to find it.

A demonstration and a live hub on one machine have folders of their own, so that neither can touch the other.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hesley_hub.launching.privilege import elsewhere

ROOT = Path(__file__).resolve().parents[2]


class AlreadyRunningError(RuntimeError):
    """A hub is running on this folder."""


def hub_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where everything the hub writes lies: HUB_DIR, or .hub in the checkout."""
    return Path(environ.get("HUB_DIR") or ROOT / ".hub").absolute()


@dataclass(frozen=True)
class World:
    """`kind` is demo or live."""

    kind: str
    folder: Path

    @classmethod
    def of(cls, kind: str, within: Path) -> "World":
        """The world of this kind within the hub's folder; makes its folder."""
        folder = within / kind
        (folder / "log").mkdir(parents=True, exist_ok=True)
        return cls(kind, folder)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for as long as the block lasts. The kernel lets go of it when we die."""
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                address = self.running().get("HUB_ADDRESS", "an address it has not yet given")
                raise AlreadyRunningError(f"This hub is running already, at {address}") from None
            yield

    def running(self) -> dict[str, str]:
        """The environment that reaches the running hub; empty when none runs."""
        try:
            with (self.folder / "lock").open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return {}
        except BlockingIOError:
            return self._noted()
        return {}

    def _noted(self) -> dict[str, str]:
        note = self.folder / "running.json"
        if not note.exists():
            return {}
        found = json.loads(note.read_text())
        return {str(name): str(value) for name, value in found.items()}

    def note(self, environment: Mapping[str, str]) -> None:
        """Write down how commands reach this hub while it runs; only we may read it."""
        _write_private(self.folder / "running.json", json.dumps(dict(environment)))

    def secret(self) -> str:
        """The signing secret of this world, made once."""
        kept = self.folder / "secret_key"
        if not kept.exists():
            _write_private(kept, secrets.token_urlsafe(50))
        return kept.read_text().strip()

    def empty(self) -> None:
        """Remove everything in the folder but its lock."""
        shutil.rmtree(elsewhere(self.folder / "postgres"), ignore_errors=True)
        for path in self.folder.iterdir():
            if path.name == "lock":
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        (self.folder / "log").mkdir()


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)

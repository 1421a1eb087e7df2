"""The database server of a suite: made once, filled once, and a fresh copy of what it was filled with for every run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT
from typing import Any

from faults.populate import Size
from hesley_hub.launching import roles
from hesley_hub.launching.postgres import Postgres
from hesley_hub.launching.process import stop, wait_until
from hesley_hub.launching.services import embedded_urls
from hesley_hub.launching.world import ROOT

TEMPLATE = "filled"
SETTINGS = "faults.settings"


class Replicated(Postgres):
    """The hub's server, with a log that a standby can follow."""

    def command(self) -> list[str]:
        return [*super().command(), "-c", "wal_level=replica", "-c", "max_wal_senders=4"]


@dataclass
class Ground:
    """A durable PostgreSQL in a folder of its own; killed and started again by the runs."""

    folder: Path
    server: Replicated
    process: subprocess.Popen[bytes]
    world: dict[str, Any] = field(default_factory=dict)
    made: int = 0

    def new_database(self, template: str = TEMPLATE, *, tablespace: bool = False) -> str:
        """A fresh copy of the filled database; its name. tablespace: its tables lie on the small disk."""
        self.made += 1
        name = f"run{self.made}"
        where = " tablespace small" if tablespace else ""
        self.statement(f"create database {name} template {template} owner {roles.OWNER}{where}")
        roles.close_to_public(self.server.connect(name))
        return name

    def template_size(self) -> int:
        """Bytes of the filled database."""
        return int(self.statement(f"select pg_database_size('{TEMPLATE}')")[0][0])

    def drop(self, name: str) -> None:
        self.statement(f"drop database {name} with (force)")

    def statement(self, text: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the superuser, whom no row is hidden from; its rows, if it has any."""
        connection = self.server.connect(database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(text)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def start_again(self) -> None:
        """Start the server after it was stopped or killed, on the data that it left."""

        def started() -> bool:
            if self.process.poll() is not None:
                self.server.prepare()
                self.process = self.server.spawn()
            return self.server.answers()

        if not wait_until(started, seconds=60, every=0.2):
            raise RuntimeError(f"PostgreSQL did not come back: see {self.server.log}")


@contextmanager
def ground(folder: Path, size: Size | None = None) -> Iterator[Ground]:
    """A server with a filled template database, until the block ends."""
    server = Replicated.at(folder, log=folder / "log" / "postgres.log")
    server.prepare()
    made = Ground(folder, server, server.start())
    try:
        server.provision(TEMPLATE)
        made.world = _filled(server, folder, size or Size())
        yield made
    finally:
        stop(made.process, number=SIGINT, patience=10)


def environment(urls: dict[str, str], folder: Path) -> dict[str, str]:
    """What every process of a hub on these addresses needs to know."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("HUB_")},
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DATABASE_URL": urls[roles.OWNER],
        "HUB_WEB_DATABASE_URL": urls[roles.WEB],
        "HUB_WORKER_DATABASE_URL": urls[roles.WORKER],
        "HUB_DIR": str(folder),
        "HUB_SECRET_KEY": "a secret of the fault suite, which guards nothing and nobody",
        "HUB_OPERATOR_MAIL": "operator@hub.example",
        "PYTHONUNBUFFERED": "1",
    }


def _filled(server: Replicated, folder: Path, size: Size) -> dict[str, Any]:
    file = folder / "world.json"
    done = subprocess.run(
        [sys.executable, "-m", "faults.populate", str(file), str(size)],
        cwd=ROOT,
        env={**environment(embedded_urls(server, TEMPLATE), folder), "HUB_LOGIN": "owner"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The database could not be filled: {done.stderr[-3000:]}")
    world: dict[str, Any] = json.loads(file.read_text())
    return world

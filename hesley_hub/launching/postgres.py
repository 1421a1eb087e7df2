"""An embedded PostgreSQL on a unix socket: made once, started, checked, stopped.

Connections are trusted: whoever may enter the socket folder (0700) may be any role. That is for demonstration and
tests; a live hub points DATABASE_URL at a server with passwords.
"""

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psycopg2
from psycopg2 import extensions

from hesley_hub.launching import roles
from hesley_hub.launching.binaries import postgres_programs
from hesley_hub.launching.privilege import Placed, place
from hesley_hub.launching.process import NotStartedError, spawn, stop, wait_until
from hesley_hub.launching.sockets import socket_folder

SUPERUSER = "postgres"
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "effective_cache_size": "512MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "max_logical_replication_workers": "0",
    "jit": "off",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """One data folder and how to run a server on it. `durable=False` is for tests that may lose data."""

    placed: Placed
    log: Path
    durable: bool = True

    @classmethod
    def at(cls, folder: Path, *, log: Path, durable: bool = True) -> Self:
        """The server whose data lie in `folder`/postgres; makes the folders, starts nothing."""
        log.parent.mkdir(parents=True, exist_ok=True)
        sockets = socket_folder(folder / "run" / "postgres")
        return cls(place(postgres_programs(), (folder / "postgres").absolute(), sockets), log, durable)

    def prepare(self) -> None:
        """Make the data folder's contents (initdb, checksums on) unless they are there."""
        self._leave_stale_lock()
        if (self.placed.data / "PG_VERSION").exists():
            return
        options = ["--username", SUPERUSER, "--auth-local=trust", "--auth-host=reject", "--data-checksums"]
        options += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        options += [] if self.durable else ["--no-sync"]
        done = subprocess.run(
            [
                *self.placed.privilege.prefix,
                self.placed.programs / "initdb",
                *options,
                "-D",
                self.placed.data,
            ],
            capture_output=True,
            text=True,
            check=False,
            user=self.placed.privilege.user,
            extra_groups=[] if self.placed.privilege.user else None,
            cwd="/",
            env=_plain_environment(),
        )
        if done.returncode != 0:
            raise NotStartedError(f"initdb failed: {done.stderr.strip()[-2000:]}")

    def command(self) -> list[str]:
        """The command line of the server, prefix included."""
        settings = _SETTINGS | ({} if self.durable else _FORGETFUL)
        version = self.placed.data / "PG_VERSION"
        if version.exists() and int(version.read_text()) >= 18:
            settings["io_method"] = "sync"  # no helper processes: a small hub reads from memory
        line = [
            *self.placed.privilege.prefix,
            str(self.placed.programs / "postgres"),
            "-D",
            str(self.placed.data),
        ]
        line += ["-k", str(self.placed.sockets)]
        for name, value in settings.items():
            line += ["-c", f"{name}={value}"]
        return line

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers, at most 30 seconds."""
        child = self.spawn()
        if (
            not wait_until(lambda: child.poll() is not None or self.answers(), seconds=30)
            or child.poll() is not None
        ):
            stop(child, number=signal.SIGQUIT, patience=5)
            raise NotStartedError(f"PostgreSQL did not start: {_end_of(self.log)}")
        return child

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server without waiting. It shuts down cleanly (SIGINT) when we die."""
        return spawn(
            self.command(),
            log=self.log,
            user=self.placed.privilege.user,
            death_signal=signal.SIGINT,
            cwd=Path("/"),
            env=_plain_environment(),
        )

    def answers(self) -> bool:
        """Whether a connection succeeds now."""
        try:
            self.connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def connect(self, database: str = "postgres", role: str = SUPERUSER) -> extensions.connection:
        """A connection in autocommit."""
        made: extensions.connection = psycopg2.connect(
            host=str(self.placed.sockets), user=role, dbname=database, connect_timeout=5
        )
        made.set_isolation_level(extensions.ISOLATION_LEVEL_AUTOCOMMIT)
        return made

    def provision(self, database: str) -> None:
        """Make the four roles and `database`; databases made later are closed to PUBLIC too."""
        server = self.connect()
        try:
            list(roles.provision_server(server, database=database))
        finally:
            server.close()
        for name in (database, "template1"):
            inside = self.connect(name)
            try:
                roles.close_to_public(inside)
            finally:
                inside.close()

    def url(self, role: str, database: str) -> str:
        """The address of `database` for `role`."""
        return f"postgresql://{role}@/{database}?host={self.placed.sockets}"

    def _leave_stale_lock(self) -> None:
        """Remove a lock file whose process is not a server on this folder; wait for one that is.

        In a user namespace any process of root that has taken over the number would be mistaken for a server.
        """
        lock = self.placed.data / "postmaster.pid"
        if not lock.exists():
            return
        running = wait_until(lambda: not self._lock_is_held(lock), seconds=15)
        if not running:
            raise NotStartedError(f"Another PostgreSQL is running on {self.placed.data}: stop it first.")
        lock.unlink(missing_ok=True)

    def _lock_is_held(self, lock: Path) -> bool:
        try:
            number = int(lock.read_text().split("\n", 1)[0])
            words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return False
        return os.fsencode(self.placed.data) in words


def _plain_environment() -> dict[str, str]:
    """The environment without PG* variables, which would redirect the server's own tools."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:].strip() if log.exists() else "no log"

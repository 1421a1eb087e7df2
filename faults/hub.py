"""A whole hub as processes: website, worker, clock, broker, mail server; each can be killed, stopped, started by name."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from typing import Any

from faults import ledger
from faults.ground import Ground, environment
from faults.sink import Manner
from hesley_hub.launching.ports import free_port, listen
from hesley_hub.launching.process import signal_group, spawn, stop, wait_until
from hesley_hub.launching.services import embedded_urls
from hesley_hub.launching.valkey import Valkey
from hesley_hub.launching.world import ROOT

#: Leases, waits, ticks and timeouts, scaled to runs of seconds (docs/reference/faults.md says by how much).
SCALED = {
    "HUB_RELAY_EVERY": "1",
    "HUB_DELIVER_EVERY": "1",
    "HUB_CLIMB_EVERY": "1",
    "HUB_TASK_LOST_AFTER": "5",
    "HUB_HANDLING_BACKOFF": "0.2",
    "HUB_HANDLING_LONGEST_WAIT": "2",
    "HUB_SMTP_TIMEOUT": "1.5",
    "HUB_SMTP_DEADLINE": "3",
    "HUB_DELIVERY_LEASE": "4",
    "HUB_DELIVERY_SLOTS": "6",
    "HUB_DELIVERY_WAITS": ",".join(["0.5", "1"] + ["1.5"] * 40),
}
PATIENCE = 240.0


@dataclass
class Process:
    """One part of the hub and the command that starts it; ``child`` is its leader, in a process group of its own."""

    name: str
    begin: Callable[[], subprocess.Popen[bytes]]
    ready: Callable[[], bool] = lambda: True
    child: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> None:
        self.child = self.begin()
        if wait:
            self.await_ready()

    def await_ready(self) -> None:
        if not wait_until(self.ready, seconds=PATIENCE, every=0.1):
            raise RuntimeError(f"{self.name} did not come up")

    @property
    def pid(self) -> int:
        if self.child is None:
            raise RuntimeError(f"{self.name} was not started")
        return self.child.pid

    def children(self) -> list[int]:
        """Processes that the leader started itself, oldest first."""
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError, ValueError, IndexError):
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == self.pid:
                    found.append(int(entry.name))
        return sorted(found)

    def kill(self) -> None:
        """kill -9 of the whole group, and wait until its leader is gone."""
        signal_group(self.pid, signal.SIGKILL)
        if self.child is not None:
            self.child.wait()

    def kill_leader(self) -> None:
        """kill -9 of the leader alone: its children notice for themselves."""
        os.kill(self.pid, signal.SIGKILL)
        if self.child is not None:
            self.child.wait()

    def signal(self, number: signal.Signals) -> None:
        signal_group(self.pid, number)

    def end(self, patience: float = 10) -> None:
        """Ask it to end, then make it."""
        if self.child is not None:
            signal_group(self.pid, signal.SIGCONT)
            stop(self.child, number=signal.SIGTERM, patience=patience)
            self.child = None


@dataclass
class Hub:
    """A hub on a fresh database. extra: environment of this run, over the waits, which are scaled unless told otherwise."""

    ground: Ground
    folder: Path
    waits: Mapping[str, str] = field(default_factory=lambda: SCALED)
    extra: Mapping[str, str] = field(default_factory=dict)
    database: str = ""
    certificate: str = ""
    tablespace: bool = False

    def __post_init__(self) -> None:
        (self.folder / "log").mkdir(parents=True, exist_ok=True)
        self.orders = self.folder / "orders"
        self.orders.mkdir()
        self.database = self.ground.new_database(tablespace=self.tablespace)
        self.listening: socket = listen("127.0.0.1", free_port())
        self.port = self.listening.getsockname()[1]
        self.mail_port = free_port()
        self.taken = self.folder / "taken.jsonl"
        self.manner_file = self.folder / "manner"
        self.broker = Valkey.at(self.folder, log=self.folder / "log" / "valkey.log")
        self.valkey = Process("valkey", self.broker.spawn, self.broker.answers)
        self.sink = Process("sink", self._begin_sink, lambda: _listens(self.mail_port))
        self.web = Process("web", self._begin_web, self._web_answers)
        self.worker = Process("worker", lambda: self._begin_worker("worker"), lambda: self._said("worker"))
        self.second_worker = Process(
            "worker2", lambda: self._begin_worker("worker2"), lambda: self._said("worker2")
        )
        self.beat = Process("beat", self._begin_beat)
        self.second_beat = Process("beat2", lambda: self._begin_beat("beat2"))

    def start(self, *, without: tuple[str, ...] = ()) -> None:
        """Start every part but those named; all at once, as they take long and do not need each other to begin."""
        parts = [self.valkey, self.sink, self.web, self.worker, self.beat]
        wanted = [part for part in parts if part.name not in without]
        for part in wanted:
            part.start(wait=False)
        for part in wanted:
            if not (part is self.worker and "valkey" in without):
                part.await_ready()

    def end(self) -> None:
        """Stop every part, drop the database."""
        for part in (
            self.beat,
            self.second_beat,
            self.worker,
            self.second_worker,
            self.web,
            self.sink,
            self.valkey,
        ):
            part.end(patience=3)
        self.listening.close()
        self.ground.drop(self.database)

    def order(self, point: str, what: str = "kill") -> None:
        """Whichever process next reaches the fault point sends itself SIGKILL or SIGSTOP."""
        (self.orders / f".{point}").write_text(what)
        (self.orders / f".{point}").rename(self.orders / point)

    def await_obeyed(self, point: str) -> None:
        """Wait until a process has taken the order. Raises where none did: the fault did not happen."""
        if not wait_until(lambda: not (self.orders / point).exists(), seconds=60, every=0.01):
            raise RuntimeError(f"nobody reached {point}")

    def manner(self, manner: Manner, who: str = "") -> None:
        """How the mail server behaves from the next connection on."""
        new = self.manner_file.with_suffix(".new")
        new.write_text(f"{manner} {who}")
        new.rename(self.manner_file)

    def statement(self, text: str) -> list[tuple[Any, ...]]:
        return self.ground.statement(text, self.database)

    def mails_taken(self) -> int:
        return ledger.count_of(self.taken, "taken")

    @property
    def environment(self) -> dict[str, str]:
        ours = environment(embedded_urls(self.ground.server, self.database), self.folder)
        return {
            **ours,
            **self.waits,
            "REDIS_URL": self.broker.url,
            "HUB_ADDRESS": f"http://127.0.0.1:{self.port}",
            "HUB_SMTP_URL": f"{'smtps' if self.certificate else 'smtp'}://127.0.0.1:{self.mail_port}",
            "HUB_FAULT_POINTS": str(self.orders),
            **self.extra,
        }

    def python(
        self, name: str, *words: str, login: str, fds: tuple[int, ...] = ()
    ) -> subprocess.Popen[bytes]:
        log = self.folder / "log" / f"{name}.log"
        return spawn(
            [sys.executable, *words],
            log=log,
            env={**self.environment, "HUB_LOGIN": login},
            cwd=ROOT,
            pass_fds=fds,
        )

    def _begin_web(self) -> subprocess.Popen[bytes]:
        words = ["-m", "gunicorn", "hesley_hub.wsgi:application", "--preload", "--no-control-socket"]
        words += ["--bind", f"fd://{self.listening.fileno()}", "--worker-class", "gthread"]
        words += ["--workers", "2", "--threads", "4", "--timeout", "30", "--graceful-timeout", "2"]
        return self.python("web", *words, login="web", fds=(self.listening.fileno(),))

    def _begin_worker(self, name: str) -> subprocess.Popen[bytes]:
        log = self.folder / "log" / f"{name}.log"
        log.unlink(missing_ok=True)
        words = ["-m", "celery", "-A", "hesley_hub.celery", "worker", "--pool", "prefork"]
        words += ["--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        words += ["--hostname", f"{name}@%h"]
        return self.python(name, *words, login="worker")

    def _begin_beat(self, name: str = "beat") -> subprocess.Popen[bytes]:
        schedule = self.folder / f"{name}-schedule"
        words = ["-m", "celery", "-A", "hesley_hub.celery", "beat", "--schedule", str(schedule)]
        return self.python(name, *words, "--pidfile", "", login="worker")

    def _begin_sink(self) -> subprocess.Popen[bytes]:
        file = self.folder / "sink.json"
        told = {"port": self.mail_port, "manner": str(self.manner_file), "taken": str(self.taken)}
        file.write_text(json.dumps({**told, "certificate": self.certificate}))
        return self.python("sink", "-m", "faults.sink", str(file), login="worker")

    def _web_answers(self) -> bool:
        from hesley_hub.launching.parts import answers

        return answers(f"http://127.0.0.1:{self.port}/health/live")

    def _said(self, name: str) -> bool:
        log = self.folder / "log" / f"{name}.log"
        return log.exists() and b" ready." in log.read_bytes()


def _listens(port: int) -> bool:
    with socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1", port)) == 0


def hold(seconds: float) -> None:
    """Let a state last: how long a fault lasts is part of the fault."""
    time.sleep(seconds)

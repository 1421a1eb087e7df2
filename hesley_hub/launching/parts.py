"""The parts of a running hub: how each is started, and how we know that it works."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT, SIGTERM
from socket import socket
from urllib.parse import urlsplit

from hesley_hub.launching.postgres import Postgres
from hesley_hub.launching.process import spawn
from hesley_hub.launching.supervisor import Part
from hesley_hub.launching.valkey import Valkey

LARGEST_LOG = 5_000_000


@dataclass(frozen=True)
class Workshop:
    """What the parts share: the checkout, the world's folder and the environment they run in."""

    root: Path
    folder: Path
    environment: Mapping[str, str]

    def log(self, name: str) -> Path:
        """The log of a part; one too long is set aside first."""
        path = self.folder / "log" / f"{name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return path

    def python(
        self, name: str, *words: str, login: str, pass_fds: tuple[int, ...] = ()
    ) -> subprocess.Popen[bytes]:
        """Start Python with `words` under one of the logins owner, web, worker."""
        return spawn(
            [sys.executable, *words],
            log=self.log(name),
            env={**self.environment, "HUB_LOGIN": login},
            cwd=self.root,
            pass_fds=pass_fds,
        )


def postgres(server: Postgres) -> Part:
    """The embedded database."""

    def start() -> subprocess.Popen[bytes]:
        server.prepare()
        return server.spawn()

    return Part("postgres", start, server.answers, number=SIGINT, patience=15, server=True)


def valkey(server: Valkey) -> Part:
    """The embedded broker."""
    return Part("valkey", server.spawn, server.answers, number=SIGTERM, patience=3, server=True)


def web(shop: Workshop, listening: socket, address: str) -> Part:
    """The web server, on a socket that the launcher keeps open over restarts."""
    words = ["-m", "gunicorn", "hesley_hub.wsgi:application", "--preload", "--no-control-socket"]
    words += ["--bind", f"fd://{listening.fileno()}", "--worker-class", "gthread", "--workers", "1"]
    words += ["--threads", "4", "--timeout", "60", "--graceful-timeout", "3"]

    def start() -> subprocess.Popen[bytes]:
        return shop.python("web", *words, login="web", pass_fds=(listening.fileno(),))

    return Part("web", start, lambda: answers(address + "/"))


def worker(shop: Workshop) -> Part:
    """The Celery worker: two processes, so that a slow mail server does not hold up an assessment."""
    words = ["-m", "celery", "-A", "hesley_hub.celery", "worker", "--pool", "prefork", "--concurrency", "2"]
    words += ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    log = shop.log("worker")
    begins_at = log.stat().st_size if log.exists() else 0

    def ready() -> bool:
        with log.open("rb") as file:
            file.seek(begins_at)
            return b" ready." in file.read()

    return Part("worker", lambda: shop.python("worker", *words, login="worker"), ready)


def beat(shop: Workshop) -> Part:
    """Celery's clock. It only prompts: what is due stands in PostgreSQL."""
    schedule = shop.folder / "beat" / "schedule"
    schedule.parent.mkdir(exist_ok=True)
    words = ["-m", "celery", "-A", "hesley_hub.celery", "beat", "--schedule", str(schedule), "--pidfile", ""]
    return Part("beat", lambda: shop.python("beat", *words, login="worker"))


def mail_sink(shop: Workshop, url: str) -> Part:
    """The demonstration's mail server, which delivers to /demo/mail and nowhere else; it listens at `url`."""
    return Part(
        "mailsink",
        lambda: shop.python("mailsink", "manage.py", "mailsink", login="worker"),
        lambda: listens(urlsplit(url).port or 25),
    )


def step(shop: Workshop, name: str, *words: str, login: str = "owner", tries: int = 1) -> Part:
    """A Django command that runs to its end; its log starts anew."""
    log = shop.log(name)

    def start() -> subprocess.Popen[bytes]:
        log.write_bytes(b"")
        return shop.python(name, "manage.py", *words, login=login)

    return Part(name, start, once=True, tries=tries)


def listens(port: int) -> bool:
    """Whether something on this machine takes connections on `port`."""
    with socket() as tried:
        tried.settimeout(2)
        return tried.connect_ex(("127.0.0.1", port)) == 0


def answers(address: str) -> bool:
    """Whether a page answers with success, redirections followed."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - the address is our own
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def environment_for(folder: Path, **values: str) -> dict[str, str]:
    """Our own environment with what every part of this hub needs to know."""
    return {**os.environ, "HUB_DIR": str(folder), "PYTHONUNBUFFERED": "1", **values}

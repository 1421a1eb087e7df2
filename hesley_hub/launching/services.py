"""PostgreSQL and Valkey for as long as a `with` block lasts: what tests, replay and commands use.

    with services(folder, durable=False) as running:
        running.database_url()               # postgresql://hub_owner@/hub?host=/...   (migrates, may create databases)
        running.database_url("hub_web")      # the same database under another role
        running.redis_url                    # redis+socket:///...   (as Celery takes it)
        running.environment()                # DATABASE_URL, HUB_WEB_DATABASE_URL, HUB_WORKER_DATABASE_URL, REDIS_URL
        running.postgres, running.valkey     # the processes, or None where a server of your own is used

DATABASE_URL and REDIS_URL in the environment name servers of your own: then nothing is started for them.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from hesley_hub.launching import roles
from hesley_hub.launching.postgres import Postgres
from hesley_hub.launching.privilege import elsewhere
from hesley_hub.launching.process import stop
from hesley_hub.launching.valkey import Valkey

DATABASE = "hub"
_VARIABLES = {roles.WEB: "HUB_WEB_DATABASE_URL", roles.WORKER: "HUB_WORKER_DATABASE_URL"}


@dataclass(frozen=True)
class Services:
    """The addresses of running servers. `urls` maps each role to its database address."""

    urls: Mapping[str, str]
    redis_url: str
    postgres: subprocess.Popen[bytes] | None = None
    valkey: subprocess.Popen[bytes] | None = None

    def database_url(self, role: str = roles.OWNER) -> str:
        """The database's address for `role`: hub_owner, hub_web, hub_worker or hub_backup."""
        return self.urls[role]

    def environment(self) -> dict[str, str]:
        """The four variables that the hub's settings read."""
        return environment_of(self.urls, self.redis_url)


def environment_of(urls: Mapping[str, str], redis_url: str) -> dict[str, str]:
    """The four variables that the hub's settings read."""
    logins = {variable: urls[role] for role, variable in _VARIABLES.items()}
    return {"DATABASE_URL": urls[roles.OWNER], **logins, "REDIS_URL": redis_url}


def as_role(url: str, role: str) -> str:
    """`url` with another user, password and all else kept."""
    parts = urlsplit(url)
    password = f":{parts.password}" if parts.password else ""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role)}{password}@{host}"))


def own_urls(environ: Mapping[str, str]) -> dict[str, str]:
    """The addresses on a server of your own, from DATABASE_URL and the two that override it."""
    owner = environ["DATABASE_URL"]
    urls = {role: as_role(owner, role) for role in (roles.WEB, roles.WORKER, roles.BACKUP)}
    given = {role: environ[name] for role, name in _VARIABLES.items() if environ.get(name)}
    return {roles.OWNER: owner} | urls | given


def embedded_urls(server: Postgres, database: str = DATABASE) -> dict[str, str]:
    """The addresses on an embedded server."""
    every = (roles.OWNER, roles.WEB, roles.WORKER, roles.BACKUP)
    return {role: server.url(role, database) for role in every}


@contextmanager
def services(
    data_dir: Path, *, durable: bool = True, environ: Mapping[str, str] = os.environ
) -> Iterator[Services]:
    """Run what the environment does not name, with data, sockets and logs under `data_dir`.

    `durable=False` trades crash safety for speed: for tests. A folder used before keeps its data if `durable`. Stops both at the
    end; the kernel stops them should we be killed. Call from the main thread.
    """
    with ExitStack() as stack:
        postgres = valkey = None
        if environ.get("DATABASE_URL"):
            urls = own_urls(environ)
        else:
            server = Postgres.at(data_dir, log=data_dir / "log" / "postgres.log", durable=durable)
            server.prepare()
            postgres = server.start()
            if not durable:
                stack.callback(shutil.rmtree, elsewhere(data_dir / "postgres"), ignore_errors=True)
            stack.callback(stop, postgres, number=signal.SIGINT, patience=10)
            server.provision(DATABASE)
            urls = embedded_urls(server)
        redis_url = environ.get("REDIS_URL", "")
        if not redis_url:
            broker = Valkey.at(data_dir, log=data_dir / "log" / "valkey.log")
            valkey = broker.start()
            stack.callback(stop, valkey, number=signal.SIGTERM, patience=5)
            redis_url = broker.url
        yield Services(urls, redis_url, postgres, valkey)

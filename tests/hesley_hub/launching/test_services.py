"""PostgreSQL and Valkey from their wheels, both ways of running as root, stopped and killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from hesley_hub.launching import binaries, privilege, services
from hesley_hub.launching.postgres import Postgres
from hesley_hub.launching.privilege import elsewhere
from hesley_hub.launching.process import NotStartedError, stop, wait_until
from hesley_hub.launching.services import as_role, own_urls
from hesley_hub.launching.valkey import Valkey

pytestmark = pytest.mark.usefixtures("own_environment")
Alive = Callable[[], list[int]]
Gone = Callable[..., bool]


def ask(url: str, question: str) -> object:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone()
            return None if row is None else row[0]
    finally:
        connection.close()


@pytest.mark.usefixtures("as_root", "marked")
def test_both_servers_answer_and_are_gone_afterwards(gone: Gone, tmp_path: Path) -> None:
    with services(tmp_path, durable=False) as running:
        assert ask(running.database_url(), "select current_user::text") == "hub_owner"
        assert ask(running.database_url("hub_web"), "select current_user::text") == "hub_web"
        assert ask(
            running.database_url("hub_backup"), "select rolbypassrls from pg_roles where rolname = user"
        )
        assert ask(running.database_url(), "show listen_addresses") == ""
        assert ask(running.database_url(), "show data_checksums") == "on"
        socket = running.redis_url.removeprefix("redis+socket://")
        with redis.Redis(unix_socket_path=socket) as client:
            assert client.ping()
            assert client.config_get("port") == {"port": "0"}
        folder = running.database_url().rpartition("=")[2]
        assert Path(folder).stat().st_mode & 0o777 == 0o700
        assert running.postgres is not None
        assert running.valkey is not None
        pids = [running.postgres.pid, running.valkey.pid]
    assert gone(*pids)
    assert not elsewhere(tmp_path / "postgres").exists()


@pytest.mark.usefixtures("marked")
def test_the_web_role_owns_nothing_and_public_may_do_nothing(tmp_path: Path) -> None:
    with services(tmp_path, durable=False) as running:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(running.database_url("hub_web"), "create table public.taken (i int)")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(running.database_url("hub_web"), "create temporary table taken (i int)")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(running.database_url("hub_web"), "set role hub_owner")
        inherits = (
            "select bool_or(inherit_option) from pg_auth_members where member = 'hub_owner'::regrole"
            " and roleid in ('hub_web'::regrole, 'hub_worker'::regrole)"
        )
        assert ask(running.database_url(), inherits) is False
        assert ask(running.database_url(), "set role hub_worker; select current_user::text") == "hub_worker"


@pytest.mark.usefixtures("as_root", "marked")
def test_data_survive_a_stop_and_a_kill_and_provisioning_again_changes_nothing(tmp_path: Path) -> None:
    with services(tmp_path) as running:
        connection = psycopg2.connect(running.database_url())
        with connection, connection.cursor() as cursor:
            cursor.execute("create table kept (i int); insert into kept values (7)")
        connection.close()
        assert running.postgres is not None
        os.kill(running.postgres.pid, signal.SIGKILL)
    with services(tmp_path) as running:
        assert ask(running.database_url(), "select i from kept") == 7
    subprocess.run(["rm", "-rf", str(elsewhere(tmp_path / "postgres"))], check=True)


@pytest.mark.usefixtures("as_root")
def test_nothing_is_left_when_the_launcher_is_killed(gone: Gone, tmp_path: Path, marked: Alive) -> None:
    body = (
        "import sys, time, pathlib\n"
        "from hesley_hub.launching import services\n"
        "with services(pathlib.Path(sys.argv[1]), durable=False) as running:\n"
        "    print(running.postgres.pid, running.valkey.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", body, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with launcher:
        assert launcher.stdout is not None
        pids = [int(word) for word in launcher.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(psutil.pid_exists, pids))
        launcher.kill()
    assert wait_until(lambda: gone(*pids), seconds=5)
    subprocess.run(["rm", "-rf", str(elsewhere(tmp_path / "postgres"))], check=True)


@pytest.mark.usefixtures("marked")
def test_a_lock_left_by_a_dead_server_does_not_stop_the_next(tmp_path: Path) -> None:
    server = Postgres.at(tmp_path, log=tmp_path / "log", durable=False)
    server.prepare()
    # The number of a process that is alive and is no PostgreSQL: ours.
    (server.placed.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.placed.data}\n")
    server.prepare()
    child = server.start()
    assert server.answers()
    assert stop(child, number=signal.SIGINT, patience=10) == 0
    assert not server.answers()


@pytest.mark.usefixtures("marked")
@pytest.mark.usefixtures("in_a_namespace")
def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    server = Postgres.at(tmp_path, log=tmp_path / "log")
    with pytest.raises(NotStartedError, match="postgresql"):
        server.start()
    (tmp_path / "postgres" / "PG_VERSION").unlink(missing_ok=True)
    (tmp_path / "postgres" / "in the way").write_text("")
    with pytest.raises(NotStartedError, match="not empty"):
        server.prepare()
    broker = Valkey(Path("/bin/false"), tmp_path / "valkey.sock", tmp_path / "valkey.log")
    with pytest.raises(NotStartedError, match="Valkey did not start"):
        broker.start()


@pytest.mark.usefixtures("in_a_namespace", "marked")
def test_a_socket_too_far_down_gets_a_shorter_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    with services(deep, durable=False) as running:
        folder = Path(running.database_url().rpartition("=")[2])
        assert len(str(folder)) < 80
        assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()
    Path(running.redis_url.removeprefix("redis+socket://")).parent.rmdir()


def test_servers_of_your_own_are_used_as_they_are(tmp_path: Path) -> None:
    given = {
        "DATABASE_URL": "postgresql://hub_owner:s3cret@db:5433/safe?sslmode=require",
        "REDIS_URL": "redis://r:6379/1",
    }
    with services(tmp_path, environ=given) as running:
        assert running.postgres is None
        assert running.valkey is None
        assert running.environment() == {
            **given,
            "HUB_WEB_DATABASE_URL": "postgresql://hub_web:s3cret@db:5433/safe?sslmode=require",
            "HUB_WORKER_DATABASE_URL": "postgresql://hub_worker:s3cret@db:5433/safe?sslmode=require",
        }
    assert list(tmp_path.iterdir()) == []


def test_a_role_of_its_own_address_overrules_the_owners() -> None:
    urls = own_urls(
        {"DATABASE_URL": "postgresql://hub_owner@db/hub", "HUB_WEB_DATABASE_URL": "postgresql://w@front/hub"}
    )
    assert urls["hub_web"] == "postgresql://w@front/hub"
    assert urls["hub_worker"] == "postgresql://hub_worker@db/hub"
    assert as_role("postgresql://db/hub", "hub_web") == "postgresql://hub_web@db/hub"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes nobody")
@pytest.mark.usefixtures("in_a_namespace")
def test_data_made_in_a_namespace_go_along_to_nobody_and_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reachable = Path(tempfile.mkdtemp(prefix="hub-elsewhere-"))
    reachable.chmod(0o755)
    monkeypatch.setattr(privilege, "_ELSEWHERE", reachable)
    try:
        with services(tmp_path) as running:
            where = running.database_url()
        monkeypatch.setenv("HUB_NO_USERNS", "1")
        with services(tmp_path) as running:
            assert running.database_url() != where
            assert (
                ask(running.database_url(), "select count(*) from pg_roles where rolname like 'hub_%'") == 4
            )
            assert running.postgres is not None
            assert psutil.Process(running.postgres.pid).username() == "nobody"
        copies = list(reachable.glob("hesley-hub-programs-*"))
        assert len(copies) == 1
        monkeypatch.delenv("HUB_NO_USERNS")
        with services(tmp_path) as running:
            assert (
                ask(running.database_url(), "select count(*) from pg_roles where rolname like 'hub_%'") == 4
            )
        assert list(reachable.glob("hesley-hub-programs-*")) == copies
    finally:
        shutil.rmtree(reachable)


def test_a_folder_of_somebody_elses_is_not_used(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(PermissionError, match="not a folder of ours"):
        privilege._own_folder(link)


def test_whoever_is_not_root_runs_postgresql_directly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    placed = privilege.place(tmp_path, tmp_path / "data", tmp_path / "run")
    assert placed.privilege is privilege.OURSELVES
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_the_machines_own_programs_are_second_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_wheel_folder", lambda package: None)
    monkeypatch.setattr(binaries, "SYSTEM_POSTGRES", tmp_path)
    with pytest.raises(binaries.ProgramMissingError, match="DATABASE_URL"):
        binaries.postgres_programs()
    for version in ("9", "15", "16", "17", "old"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "initdb").touch()
    (tmp_path / "18" / "bin").mkdir(parents=True)
    assert binaries.postgres_programs() == tmp_path / "17" / "bin"
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name == "redis-server" else None)
    assert binaries.valkey_program() == Path("/usr/bin/redis-server")
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(binaries.ProgramMissingError, match="REDIS_URL"):
        binaries.valkey_program()


def test_a_wheel_that_is_not_installed_has_no_folder() -> None:
    assert binaries._wheel_folder("no_such_wheel") is None
    assert binaries.postgres_programs().name == "bin"

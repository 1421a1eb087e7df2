"""docker-compose.yml, read as Compose reads it, and each command of it run against servers of its own."""

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hesley_hub.launching.ports import free_port
from hesley_hub.launching.postgres import SUPERUSER
from hesley_hub.launching.process import spawn, stop, wait_until
from hesley_hub.launching.services import Services, services

ROOT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PARTS: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
HUB_PARTS = ("provision", "migrate", "web", "worker", "beat")
ONCE = ("provision", "migrate")


def conditions(name: str) -> dict[str, str]:
    return {other: wait["condition"] for other, wait in PARTS[name].get("depends_on", {}).items()}


def test_every_part_is_there_and_the_servers_are_the_ones_promised() -> None:
    assert set(PARTS) == {"db", "redis", "mail", *HUB_PARTS}
    assert PARTS["db"]["image"] == "postgres:18"
    assert PARTS["redis"]["image"] == "redis:7"
    assert all(PARTS[name]["image"] == "hesley-hub" for name in HUB_PARTS)


def test_what_must_be_kept_lies_in_a_volume() -> None:
    # From 18 on the image keeps each version's data in a folder below this one.
    assert PARTS["db"]["volumes"] == ["database:/var/lib/postgresql"]
    assert PARTS["mail"]["volumes"] == ["mail:/var/spool/postfix"]
    assert set(COMPOSE["volumes"]) == {"database", "mail"}
    assert not any("volumes" in PARTS[name] for name in (*HUB_PARTS, "redis"))


def test_what_keeps_running_says_how_it_is_and_restarts() -> None:
    for name, part in PARTS.items():
        if name in ONCE:
            assert part["restart"] == "no"
            assert "healthcheck" not in part
        else:
            assert part["restart"] == "unless-stopped"
            assert part["healthcheck"]["test"][0] == "CMD", name
            assert {"interval", "timeout", "retries"} <= set(part["healthcheck"])


def test_each_part_waits_for_what_it_needs() -> None:
    assert conditions("provision") == {"db": "service_healthy"}
    assert conditions("migrate") == {"provision": "service_completed_successfully"}
    for name in ("web", "worker", "beat"):
        assert conditions(name)["migrate"] == "service_completed_successfully"
    for name in ("web", "beat"):
        assert "redis" not in conditions(name), "they go on without a broker, so they begin without one"
    assert conditions("worker")["redis"] == conditions("worker")["mail"] == "service_healthy"


def test_no_secret_has_a_default_and_none_is_written_down() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    used = re.findall(r"\$\{([A-Z_]+)([^}]*)\}", text)
    assert {"HUB_SECRET_KEY", "HUB_ADMIN_PASSWORD", "HUB_WEB_PASSWORD", "HUB_RELAY_PASSWORD"} <= {
        n for n, _ in used
    }
    for name, rest in used:
        assert rest.startswith(":?"), f"{name} may be missing or empty"
    for part in PARTS.values():
        for name, value in part.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|DATABASE_URL", name):
                assert "${" in value or ("@" in value and ":" not in value.split("//")[1].split("@")[0]), name


def test_each_part_knows_only_its_own_password() -> None:
    def secrets(name: str) -> set[str]:
        return set(re.findall(r"\$\{(HUB_[A-Z]+_PASSWORD)", str(PARTS[name].get("environment"))))

    assert secrets("db") == {"HUB_ADMIN_PASSWORD"}
    assert secrets("migrate") == {"HUB_OWNER_PASSWORD"}
    assert secrets("web") == {"HUB_WEB_PASSWORD"}
    assert secrets("worker") == secrets("beat") == {"HUB_WORKER_PASSWORD"}


def test_the_website_is_reached_through_a_proxy_only_and_nothing_else_is_reached() -> None:
    assert {name: part["ports"] for name, part in PARTS.items() if "ports" in part} == {
        "web": ["127.0.0.1:8000:8000"]
    }


def test_the_image_compiles_its_driver_and_does_not_run_as_root() -> None:
    assert "--require-hashes" in DOCKERFILE
    assert "libpq-dev" in DOCKERFILE
    assert "psycopg2==" in (ROOT / "requirements" / "production.txt").read_text()
    assert "psycopg2-binary" not in (ROOT / "requirements" / "production.txt").read_text()
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert "\nUSER hub\n" in last
    assert "libpango-1.0-0" in last
    copied = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.M)
    assert all((ROOT / path).exists() for path in copied if path != ".")


# Each command on servers of its own


@pytest.fixture(scope="module")
def own_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with services(tmp_path_factory.mktemp("compose"), durable=False, environ={}) as running:
        yield running


@pytest.fixture(scope="module")
def web_port() -> int:
    return free_port()


def environment(name: str, running: Services, folder: Path, web_port: int) -> dict[str, str]:
    """The part's environment with the addresses of these servers, and nothing else of ours."""
    given: dict[str, str] = dict(PARTS[name].get("environment", {}))
    here = {
        "HUB_ADMIN_DATABASE_URL": running.database_url()
        .replace("hub_owner", SUPERUSER)
        .replace("/hub?", "/postgres?"),
        **running.environment(),
        "HUB_SECRET_KEY": "only for this test, which serves nobody",
        "HUB_ADDRESS": "https://hub.example",
        "HUB_ALLOWED_HOSTS": "hub.example",
    }
    replaced = {key: here.get(key, "x" if value.startswith("${") else value) for key, value in given.items()}
    ours = {"HUB_DIR": str(folder), "HUB_WEB_PORT": str(web_port), "PYTHONUNBUFFERED": "1"}
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        **replaced,
        **ours,
    }


def command(name: str, folder: Path, web_port: int) -> list[str]:
    """The part's command; the image's own where Compose names none. Port and folder are of this test."""
    own = re.search(r"^CMD (\[.*?\])$", DOCKERFILE.replace("\\\n", ""), re.M)
    assert own is not None
    words: list[str] = PARTS[name].get("command") or yaml.safe_load(own[1])
    return [
        word.replace("0.0.0.0:8000", f"127.0.0.1:{web_port}").replace("/var/lib/hub", str(folder))
        for word in words
    ]


@pytest.fixture(scope="module")
def migrated(own_servers: Services, tmp_path_factory: pytest.TempPathFactory, web_port: int) -> Services:
    for name in ONCE:
        folder = tmp_path_factory.mktemp(name)
        done = subprocess.run(
            command(name, folder, web_port),
            cwd=ROOT,
            env=environment(name, own_servers, folder, web_port),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    return own_servers


@pytest.mark.services
@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_each_command_starts_and_its_health_check_says_so(
    name: str, migrated: Services, tmp_path: Path, web_port: int
) -> None:
    around = environment(name, migrated, tmp_path, web_port)
    check = [sys.executable, *PARTS[name]["healthcheck"]["test"][2:]]
    child = spawn(command(name, tmp_path, web_port), log=tmp_path / "log", env=around, cwd=ROOT)

    def healthy() -> bool:
        return subprocess.run(check, cwd=ROOT, env=around, capture_output=True, check=False).returncode == 0

    try:
        assert wait_until(healthy, seconds=40, every=0.3), (tmp_path / "log").read_text()[-3000:]
        assert child.poll() is None
        if name == "web":
            assert redirect_of(web_port) == "https://hub.example/health/live"
    finally:
        stop(child, number=signal.SIGTERM, patience=10)
    if name == "web":
        assert not healthy()


def redirect_of(port: int) -> str | None:
    """Where a request that did not come by TLS is sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/health/live", headers={"Host": "hub.example"})
    answer = connection.getresponse()
    connection.close()
    return answer.getheader("Location")

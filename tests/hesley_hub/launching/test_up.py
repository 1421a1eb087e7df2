"""`up` from its first line to its last, on real servers, with small programs in the place of Django's."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hesley_hub.launching import parts, up
from hesley_hub.launching.ports import free_port, listen
from hesley_hub.launching.process import spawn
from hesley_hub.launching.services import services

WEB = """
import http.server, socket, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
server = http.server.HTTPServer(("127.0.0.1", 0), Page, bind_and_activate=False)
server.socket = socket.socket(fileno=int(sys.argv[2]))
server.serve_forever()
"""
SLEEP = "import time; time.sleep(60)"
SINK = """
import os, socket, time, urllib.parse
port = urllib.parse.urlsplit(os.environ["HUB_SMTP_URL"]).port
listening = socket.create_server(("127.0.0.1", port))
time.sleep(60)
"""
PROGRAMS = {
    "mailsink": SINK,
    "prepare": "print('manager  demo-manager')",
    "web": WEB,
    "worker": "import time; print('celery@here ready.', flush=True); time.sleep(60)",
    "history": "print('loaded')",
}
Started = dict[str, tuple[str, tuple[str, ...]]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Started:
    """What `up` starts: its login and its words, by name. The programs are ours."""
    seen: Started = {}

    def python(
        self: parts.Workshop, name: str, *words: str, login: str, pass_fds: tuple[int, ...] = ()
    ) -> subprocess.Popen[bytes]:
        seen[name] = (login, words)
        line = [sys.executable, "-c", PROGRAMS.get(name, SLEEP), str(tmp_path), *map(str, pass_fds)]
        return spawn(line, log=self.log(name), env=self.environment, pass_fds=pass_fds)

    monkeypatch.setattr(parts.Workshop, "python", python)
    return seen


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What `up` says; after `ready` it is asked to stop, as by Ctrl-C."""
    lines: list[str] = []

    def say(line: str) -> None:
        lines.extend(line.split("\n"))
        if lines[-1] == "ready":
            signal.setitimer(signal.ITIMER_REAL, 0.5)

    monkeypatch.setattr(up, "say", say)
    before = signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    yield lines
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(autouse=True)
def folder(own_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("HUB_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("marked")
def test_a_demonstration_starts_in_order_says_so_and_stops(
    started: Started, said: list[str], tmp_path: Path
) -> None:
    port = free_port()
    with listen("127.0.0.1", port):
        assert up.main(["--no-input", "--port", str(port)]) == 0
    assert said[0].startswith(f"Port {port} is taken; using ")
    address = said[1].split()[4]
    assert said[2:] == ["", address, "", "manager  demo-manager", "", "ready", "Stopping.", "Stopped."]
    assert {name: login for name, (login, _) in started.items()} == {
        "prepare": "owner", "web": "web", "worker": "worker", "beat": "worker",
        "mailsink": "worker", "history": "owner",
    }  # fmt: skip
    assert started["prepare"][1] == ("manage.py", "prepare", "demo")
    assert (tmp_path / "demo" / "log" / "history.log").read_text() == "loaded\n"
    assert (tmp_path / "demo" / "secret_key").exists()


@pytest.mark.usefixtures("marked")
def test_an_empty_hub_is_live_and_has_no_demonstration_in_it(
    started: Started, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROGRAMS, "prepare", "print('http://127.0.0.1/first/token')")
    assert up.main(["--empty", "--host", "127.0.0.1", "--port", str(free_port())]) == 0
    assert "http://127.0.0.1/first/token" in said
    assert started["prepare"][1] == ("manage.py", "prepare", "live")
    assert not {"mailsink", "history"} & set(started)
    assert not any("password" in line for line in said)
    assert not (tmp_path / "demo").exists()


@pytest.mark.usefixtures("marked")
def test_on_servers_of_your_own_none_is_started_and_a_new_password_is_told(
    started: Started, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROGRAMS, "prepare", "import os; print(os.environ['HUB_DEMO_PASSWORD'])")
    with services(tmp_path / "own", durable=False) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        assert up.main(["--host", "127.0.0.1", "--port", str(free_port())]) == 0
    told = next(line for line in said if line.startswith("Everybody's password"))
    assert told.split(": ")[1] in said
    assert not (tmp_path / "demo" / "postgres").exists()
    assert not (tmp_path / "demo" / "run").exists()


@pytest.mark.usefixtures("marked")
def test_a_step_that_fails_is_shown_and_everything_stops(
    started: Started, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROGRAMS, "prepare", "raise SystemExit('the homes list is not readable')")
    assert up.main(["--fresh", "--port", str(free_port())]) == 1
    assert "the homes list is not readable" in said
    assert "ready" not in said
    assert "beat" not in started


@pytest.mark.usefixtures("marked")
def test_a_website_that_does_not_come_is_told_with_the_end_of_its_log(
    started: Started, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROGRAMS, "web", "raise SystemExit('no such template')")
    assert up.main(["--port", str(free_port())]) == 1
    assert "web did not become ready:" in said
    assert "no such template" in said
    assert "ready" not in said


def test_every_part_has_the_command_it_should(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, marked: Callable[[], list[int]]
) -> None:
    """The words given to Python, and the login, without starting Django."""
    lines: list[list[str]] = []

    def record(argv: list[str], **options: object) -> subprocess.Popen[bytes]:
        environment = options["env"]
        assert isinstance(environment, dict)
        lines.append([*argv[1:], environment["HUB_LOGIN"]])
        return spawn(["true"])

    monkeypatch.setattr(parts, "spawn", record)
    (tmp_path / "log").mkdir()
    shop = parts.Workshop(tmp_path, tmp_path, {})
    with listen("127.0.0.1", free_port()) as listening:
        made = [
            parts.web(shop, listening, "http://x"),
            parts.worker(shop),
            parts.beat(shop),
            parts.mail_sink(shop, "smtp://127.0.0.1"),
        ]
        for part in [*made, parts.step(shop, "migrate", "migrate", "--no-input")]:
            assert part.spawn().wait() == 0
        assert f"fd://{listening.fileno()}" in lines[0]
    assert [line[-1] for line in lines] == ["web", "worker", "worker", "worker", "owner"]
    assert lines[2][-5:-1] == ["--schedule", str(tmp_path / "beat" / "schedule"), "--pidfile", ""]
    assert lines[4] == ["manage.py", "migrate", "--no-input", "owner"]

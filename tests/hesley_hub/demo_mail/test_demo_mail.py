"""The demonstration's mail: kept whole, shown as text, and nowhere but in a demo."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from events import world
from hesley_hub.demo_mail import keeping
from hesley_hub.demo_mail.sink import controller
from hesley_hub.launching.ports import free_port
from hesley_hub.settings import BASE_DIR
from oversight.escalation.channels.email import sending
from oversight.escalation.channels.email.sending import Outgoing

MAIL = Outgoing(
    "duty@ofsted.example",
    "Urgent",
    "See <b>this</b>: http://127.0.0.1:8000/alerts/AL-1/\n",
    "<1@hub.example>",
)


@pytest.fixture(autouse=True)
def place(settings: Settings, tmp_path: Path) -> Path:
    settings.HUB_DIR = tmp_path
    return tmp_path / "mail"


def keep(address: str = MAIL.address) -> int:
    mail = Outgoing(address, MAIL.subject, MAIL.body, MAIL.message_id)
    return keeping.keep(sending.as_message(mail, datetime(2026, 11, 23, 10, tzinfo=UTC)).as_bytes())


def test_what_is_handed_over_is_kept_and_read_again(place: Path) -> None:
    port = free_port()
    sink = controller(port)
    sink.start()
    try:
        for _ in range(2):
            sending.by_smtp(
                MAIL, datetime(2026, 11, 23, 10, tzinfo=UTC), urlsplit(f"smtp://127.0.0.1:{port}")
            )
    finally:
        sink.stop()
    assert sorted(keeping.numbers()) == [1, 2]
    mail = keeping.read(2)
    assert mail is not None
    assert (mail.to, mail.subject, mail.message_id) == (MAIL.address, "Urgent", "<1@hub.example>")
    assert mail.body == MAIL.body
    assert keeping.read(3) is None
    assert {path.suffix for path in place.iterdir()} == {".eml"}


def test_only_the_latest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "KEPT", 3)
    for _ in range(5):
        keep()
    assert sorted(keeping.numbers()) == [3, 4, 5]


def test_a_number_taken_meanwhile_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    keep()
    monkeypatch.setattr(keeping, "numbers", lambda: iter(()))
    assert keep() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/demo/mail/", "/demo/mail/1/"])
def test_anywhere_but_in_a_demo_there_is_no_such_page(path: str) -> None:
    keep()
    assert Client().get(path).status_code == 404


@pytest.mark.django_db
def test_a_demo_shows_its_mails_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "kind", lambda: world.DEMO)
    keep()
    keep("duty@northmoor.example")
    page = Client().get("/demo/mail/").content.decode()
    assert page.index("duty@northmoor.example") < page.index("duty@ofsted.example")
    page = Client().get("/demo/mail/?to=duty@ofsted.example").content.decode()
    assert "northmoor" not in page
    page = Client().get("/demo/mail/1/").content.decode()
    assert "&lt;b&gt;this&lt;/b&gt;" in page
    assert 'href="http://127.0.0.1:8000/alerts/AL-1/"' in page
    assert Client().get("/demo/mail/9/").status_code == 404


@pytest.mark.services
def test_the_command_keeps_mail_until_it_is_told_to_stop(place: Path, tmp_path: Path) -> None:
    port = free_port()
    environment = {
        **os.environ,
        "HUB_DIR": str(tmp_path),
        "HUB_SINK_PORT": str(port),
        "HUB_SECRET_KEY": "only for this test",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "manage.py", "mailsink"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, cwd=BASE_DIR
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"mailsink listens on port {port} of this machine\n"
        sending.by_smtp(MAIL, datetime(2026, 11, 23, 10, tzinfo=UTC), urlsplit(f"smtp://127.0.0.1:{port}"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert list(keeping.numbers()) == [1]

"""The mail server of the suite: each of its manners as a client meets it, and what it writes down."""

import json
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from socket import create_connection

import pytest

from faults.ledger import read_lines
from faults.sink import Manner, manner_of
from hesley_hub.launching.ports import free_port
from hesley_hub.launching.process import stop, wait_until
from hesley_hub.launching.world import ROOT

pytestmark = pytest.mark.services


@dataclass
class Sink:
    """A running server."""

    port: int
    folder: Path

    def manner(self, manner: Manner, who: str = "") -> None:
        (self.folder / "manner").write_text(f"{manner} {who}")

    def send(self, number: int, to: str = "duty@x.example", timeout: float = 5) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Message-ID"] = "hub@x.example", to, f"<{number}@x>"
        message.set_content(".\nA line that begins with a dot.\n")
        with smtplib.SMTP("127.0.0.1", self.port, timeout=timeout) as server:
            server.send_message(message)

    def taken(self) -> list[tuple[str, bool]]:
        return [(line["message_id"], line["said"]) for line in read_lines(self.folder / "taken")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    folder, port = tmp_path_factory.mktemp("sink"), free_port()
    told = {"port": port, "manner": str(folder / "manner"), "taken": str(folder / "taken")}
    (folder / "sink.json").write_text(json.dumps(told))
    child = subprocess.Popen([sys.executable, "-m", "faults.sink", str(folder / "sink.json")], cwd=ROOT)
    assert wait_until(lambda: _listens(port), seconds=30)
    yield Sink(port, folder)
    stop(child, number=None, patience=0.1)


def _listens(port: int) -> bool:
    try:
        create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def sink(server: Sink) -> Sink:
    server.manner(Manner.ACCEPT)
    (server.folder / "taken").write_text("")
    return server


def test_what_it_takes_is_written_down_with_its_message_id(sink: Sink) -> None:
    sink.send(1)
    sink.send(2)
    assert sink.taken() == [("<1@x>", True), ("<2@x>", True)]


def test_it_is_busy(sink: Sink) -> None:
    sink.manner(Manner.BUSY)
    with pytest.raises(smtplib.SMTPConnectError) as refused:
        sink.send(3)
    assert refused.value.smtp_code == 421
    assert sink.taken() == []


@pytest.mark.parametrize(("manner", "code"), [(Manner.GREYLIST, 451), (Manner.UNKNOWN, 550)])
def test_it_refuses_one_recipient_and_takes_the_others(sink: Sink, manner: Manner, code: int) -> None:
    sink.manner(manner, "lado@")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        sink.send(4, to="lado@x.example")
    assert refused.value.recipients["lado@x.example"][0] == code
    sink.send(5)
    assert sink.taken() == [("<5@x>", True)]


def test_it_takes_an_e_mail_and_is_gone_before_it_says_so(sink: Sink) -> None:
    sink.manner(Manner.DROP)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        sink.send(6)
    assert sink.taken() == [("<6@x>", False)]


def test_it_falls_silent_in_the_middle(sink: Sink) -> None:
    sink.manner(Manner.HANG)
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        sink.send(7, timeout=1)
    assert (sink.folder / "hanging").exists()
    assert sink.taken() == []


def test_it_answers_a_byte_a_second(sink: Sink) -> None:
    sink.manner(Manner.TARPIT, "")
    with create_connection(("127.0.0.1", sink.port), timeout=5) as connection:
        assert connection.recv(1000) == b"220 sink\r\n"
        connection.sendall(b"NOOP\r\n")
        assert connection.recv(1000) == b"2"


def test_without_a_file_it_accepts(tmp_path: Path) -> None:
    assert manner_of(tmp_path / "none") == (Manner.ACCEPT, "")

"""Where TLS is asked for, a certificate that does not hold is a server that is not there: nothing is said to it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from faults.certificates import make
from hesley_hub.launching.ports import free_port
from oversight.escalation.channels.email import door, sending
from oversight.escalation.channels.email.sending import NotSentError, Outgoing
from tests.cast import NOW

MAIL = Outgoing("duty@ofsted.example", "Urgent", "words\n", "<1@hub.example>")


class Taker:
    """Notes what it was given."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.heard.append(bytes(envelope.original_content or b""))
        return "250 taken"


@contextmanager
def speaking(certificate: Path, *, starttls: bool) -> Iterator[tuple[Taker, str]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    taker, port = Taker(), free_port()
    running = Controller(
        taker,
        hostname="127.0.0.1",
        port=port,
        ssl_context=None if starttls else context,
        tls_context=context if starttls else None,
    )
    running.start()
    try:
        yield taker, f"smtp://127.0.0.1:{port}?starttls=1" if starttls else f"smtps://127.0.0.1:{port}"
    finally:
        running.stop()


@pytest.mark.parametrize("starttls", [True, False])
def test_a_certificate_that_nobody_signed_is_refused_and_a_trusted_one_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starttls: bool
) -> None:
    certificate = make(tmp_path / "own.pem")
    with speaking(certificate, starttls=starttls) as (taker, address):
        with pytest.raises(NotSentError, match="SSLCertVerificationError"):
            sending.by_smtp(MAIL, NOW, urlsplit(address))
        assert taker.heard == []
        trusting = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr(door, "trusted", lambda: trusting)
        monkeypatch.setattr(sending, "trusted", lambda: trusting, raising=False)
        sending.by_smtp(MAIL, NOW, urlsplit(address))
        assert len(taker.heard) == 1

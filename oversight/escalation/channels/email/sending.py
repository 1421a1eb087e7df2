"""Handing an e-mail over: to the configured server in a live world, to the sink in a demo, to the caller in a scratch.

Only a live world ever opens a connection to a server beyond this machine.
"""

import os
import smtplib
import ssl
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.conf import settings

from events import world

LOOPBACK = "127.0.0.1"
DEFAULT_SINK_PORT = 8025


@dataclass(frozen=True)
class Outgoing:
    """An e-mail to hand over; message_id stays the same however often it is tried."""

    address: str
    subject: str
    body: str
    message_id: str


Send = Callable[[Outgoing, datetime], None]


class NotSentError(Exception):
    """The e-mail was not taken. permanent: the recipient was refused, and asking again will hardly help."""

    def __init__(self, why: str, *, permanent: bool = False) -> None:
        super().__init__(why)
        self.permanent = permanent


def send(mail: Outgoing, now: datetime) -> None:
    """Hand an e-mail over as this world does. Raises NotSentError where it was not taken."""
    kind = world.kind()
    if kind == world.LIVE:
        if not settings.HUB_SMTP_URL:
            raise NotSentError("HUB_SMTP_URL is not set")
        by_smtp(mail, now, urlsplit(settings.HUB_SMTP_URL))
    elif kind == world.DEMO:
        by_smtp(mail, now, urlsplit(f"smtp://{LOOPBACK}:{sink_port()}"))
    else:
        raise NotSentError("a scratch world sends nothing: its caller takes the e-mails")


def sink_port() -> int:
    """The demonstration's port on this machine: HUB_SINK_PORT, else the port that the launcher chose, else 8025."""
    given = os.environ.get("HUB_SINK_PORT", "")
    if given:
        return int(given)
    chosen = urlsplit(settings.HUB_SMTP_URL)
    return chosen.port if chosen.hostname == LOOPBACK and chosen.port else DEFAULT_SINK_PORT


def by_smtp(mail: Outgoing, now: datetime, server: SplitResult) -> None:
    """Hand over by SMTP: ``smtp://`` (with ``?starttls=1`` where asked for) or ``smtps://``, with name and password."""
    if not mail.address.isprintable() or set(mail.address) & set(" ,;<>"):
        raise NotSentError("the address is not one address", permanent=True)
    message = as_message(mail, now)
    try:
        with ExitStack() as stack:
            connection = stack.enter_context(_connect(server))
            if "starttls" in parse_qs(server.query):
                connection.starttls(context=ssl.create_default_context())
            if server.username:
                connection.login(unquote(server.username), unquote(server.password or ""))
            connection.send_message(message, to_addrs=[mail.address])
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        raise NotSentError(f"recipient refused ({code})", permanent=code >= 500) from refused
    except smtplib.SMTPResponseException as problem:
        raise NotSentError(f"{type(problem).__name__} ({problem.smtp_code})") from problem
    except (smtplib.SMTPException, OSError) as problem:
        raise NotSentError(type(problem).__name__) from problem


def _connect(server: SplitResult) -> smtplib.SMTP:
    host, timeout = server.hostname or LOOPBACK, settings.HUB_SMTP_TIMEOUT
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(
            host, server.port or 465, timeout=timeout, context=ssl.create_default_context()
        )
    return smtplib.SMTP(host, server.port or 25, timeout=timeout)


def as_message(mail: Outgoing, now: datetime) -> EmailMessage:
    """The e-mail with its headers: plain text, whole paragraphs, marked as made by a machine."""
    message = EmailMessage()
    message["From"] = settings.HUB_MAIL_FROM
    message["To"] = mail.address
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message

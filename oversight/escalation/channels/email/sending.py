"""Handing an e-mail over: to the configured server in a live world, to the sink in a demo, to the caller in a scratch.

Only a live world ever opens a connection to a server beyond this machine.
"""

import os
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.conf import settings

from events import world
from oversight.escalation.channels.email.bounces import return_path
from oversight.escalation.channels.email.door import Deadline, Door, trusted

LOOPBACK = "127.0.0.1"
DEFAULT_SINK_PORT = 8025


@dataclass(frozen=True)
class Outgoing:
    """An e-mail to hand over; message_id stays the same however often it is tried.

    probe: ask the server whether it would take it, and hand nothing over.
    """

    address: str
    subject: str
    body: str
    message_id: str
    probe: bool = False


Send = Callable[[Outgoing, datetime], None]


class NotSentError(Exception):
    """The e-mail was not taken. permanent: the recipient was refused, and asking again will hardly help."""

    def __init__(self, why: str, *, permanent: bool = False) -> None:
        super().__init__(why)
        self.permanent = permanent


def send(mail: Outgoing, now: datetime) -> None:
    """Hand an e-mail over as this world does. Raises NotSentError where it was not taken."""
    kind, configured = world.kind(), urlsplit(settings.HUB_SMTP_URL)
    if kind == world.LIVE:
        if not settings.HUB_SMTP_URL:
            raise NotSentError("HUB_SMTP_URL is not set")
        by_smtp(mail, now, configured)
    elif kind == world.DEMO:
        by_smtp(mail, now, urlsplit(f"smtp://{LOOPBACK}:{sink_port()}"))
    elif configured.hostname == LOOPBACK:
        by_smtp(mail, now, configured)
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
    """Hand over by SMTP: ``smtp://`` (with ``?starttls=1`` where asked for) or ``smtps://``, with name and password.

    Ends within HUB_SMTP_DEADLINE seconds, however slowly the server speaks. A certificate that does not hold is a
    server that is not there: nothing is said to it.
    """
    if not mail.address.isprintable() or set(mail.address) & set(" ,;<>"):
        raise NotSentError("the address is not one address", permanent=True)
    with Deadline(settings.HUB_SMTP_DEADLINE) as deadline:
        try:
            _hand_over(mail, now, server, deadline)
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise NotSentError(f"recipient refused ({code})", permanent=code >= 500) from refused
        except smtplib.SMTPResponseException as problem:
            raise NotSentError(f"{type(problem).__name__} ({problem.smtp_code})") from problem
        except (smtplib.SMTPException, OSError) as problem:
            late = "took too long: " if deadline.passed else ""
            raise NotSentError(f"{late}{type(problem).__name__}") from problem


def _hand_over(mail: Outgoing, now: datetime, server: SplitResult, deadline: Deadline) -> None:
    door = Door(server, settings.HUB_SMTP_TIMEOUT, deadline)
    try:
        if "starttls" in parse_qs(server.query):
            door.starttls(context=trusted())
        if server.username:
            door.login(unquote(server.username), unquote(server.password or ""))
        if mail.probe:
            _ask_only(door, mail)
        else:
            door.send_message(as_message(mail, now), _sender(mail), [mail.address])
    except (smtplib.SMTPException, OSError):
        door.close()
        raise
    door.leave()


def _sender(mail: Outgoing) -> str:
    """Where the e-mail comes back to: an address of its own where HUB_RETURN_PATH is set."""
    if settings.HUB_RETURN_PATH:
        return return_path(settings.HUB_RETURN_PATH, mail.message_id)
    return parseaddr(settings.HUB_MAIL_FROM)[1]


def _ask_only(door: Door, mail: Outgoing) -> None:
    """Everything up to the recipient's name, and nothing after it."""
    door.ehlo_or_helo_if_needed()
    for code, said in (door.mail(_sender(mail)), door.rcpt(mail.address)):
        if code not in (250, 251):
            raise smtplib.SMTPResponseException(code, said)
    door.rset()


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

"""The mail server of the demonstration: takes everything, on this machine only, and sends nothing on."""

import asyncio
import logging

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from hesley_hub.demo_mail import keeping
from oversight.escalation.channels.email.sending import LOOPBACK

LARGEST = 200_000


class Keeper:
    """Says that a message was taken once it is on disk."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content or b""
        data = content.encode() if isinstance(content, str) else content
        await asyncio.to_thread(keeping.keep, data)
        return "250 kept"


def controller(port: int) -> Controller:
    """A sink on a port of this machine; the caller starts and stops it."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # else every line of every conversation
    return Controller(Keeper(), hostname=LOOPBACK, port=port, data_size_limit=LARGEST)

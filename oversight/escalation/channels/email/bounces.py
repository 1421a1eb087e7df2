"""Reading what a mail server sends back: a delivery status notification (RFC 3464), and which delivery it is about.

Only a report that says ``failed`` counts. A notice that an e-mail is late is not one, nor is an answer from somebody
who is on leave, which comes to the same address.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from uuid import UUID

LONGEST = 200
_KEY = r"([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})"
_RETURNED_TO = re.compile(r"\+" + _KEY + "@", re.IGNORECASE)
_MESSAGE_ID = re.compile("<" + _KEY + "@", re.IGNORECASE)
_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To")


@dataclass(frozen=True)
class Bounce:
    """An e-mail that did not reach its mailbox: the delivery's key and what the server said, for a person to read."""

    delivery: UUID
    why: str


def read(content: bytes) -> Bounce | None:
    """The bounce in a message; None where it is anything else, or tells not which delivery it is about."""
    message = message_from_bytes(content, policy=policy.default)
    if not isinstance(message, EmailMessage) or message.get_content_type() != "multipart/report":
        return None
    why = _failed(message)
    key = _key(message)
    return Bounce(key, why) if why is not None and key is not None else None


def return_path(address: str, message_id: str) -> str:
    """The sender under which a delivery leaves, so that what comes back names it: ``bounces+KEY@host``."""
    found = _MESSAGE_ID.search(message_id)
    name, _, host = address.partition("@")
    return f"{name}+{UUID(found[1]).hex}@{host}" if found else address


def _failed(message: EmailMessage) -> str | None:
    """What the report says of a recipient that it failed to reach; None where it failed none."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in part.iter_parts() if isinstance(part, EmailMessage) else ():
            if str(fields.get("Action", "")).strip().lower() == "failed":
                return _words(fields)
    return None


def _words(fields: Message) -> str:
    said = f"{fields.get('Status', '')} {fields.get('Diagnostic-Code', '')}"
    return " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())[:LONGEST]


def _key(message: EmailMessage) -> UUID | None:
    """From the address that it came back to; else from the headers that it returns."""
    for name in _TO:
        for value in message.get_all(name, []):
            if found := _RETURNED_TO.search(str(value)):
                return UUID(found[1])
    for part in message.walk():
        returned = part.get_content_type() in ("text/rfc822-headers", "message/rfc822")
        if returned and (found := _MESSAGE_ID.search(_original(part))):
            return UUID(found[1])
    return None


def _original(part: Message) -> str:
    """The Message-ID of the e-mail that comes back, whole or its headers alone."""
    inner = part.get_payload(0) if part.is_multipart() else part.get_payload(decode=True)
    if isinstance(inner, bytes):
        inner = message_from_bytes(inner, policy=policy.default)
    return str(inner.get("Message-ID", "")) if isinstance(inner, Message) else ""

"""Messages as files under HUB_DIR/mail, numbered in the order in which they came; the oldest go when there are many."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

KEPT = 2000
SUFFIX = ".eml"


@dataclass(frozen=True)
class Kept:
    """A message as it is shown: its number, its headers and its text."""

    number: int
    to: str
    subject: str
    date: str
    message_id: str
    body: str


def folder() -> Path:
    """Where messages are kept; made where it is missing."""
    place = Path(settings.HUB_DIR) / "mail"
    place.mkdir(parents=True, exist_ok=True)
    return place


def keep(content: bytes) -> int:
    """Keep a message whole or not at all; its number. A message that came before (same Message-ID) is kept again."""
    place = folder()
    number = max(numbers(), default=0) + 1
    with tempfile.NamedTemporaryFile(dir=place, delete=False) as part:
        part.write(content)
        part.flush()
        os.fsync(part.fileno())
    while True:
        try:
            # A link fails where the name is taken, so that two who keep at once never overwrite one another.
            os.link(part.name, place / f"{number:08d}{SUFFIX}")
            break
        except FileExistsError:
            number += 1
    os.unlink(part.name)
    for old in sorted(numbers())[:-KEPT]:
        (place / f"{old:08d}{SUFFIX}").unlink(missing_ok=True)
    return number


def numbers() -> Iterator[int]:
    """The numbers of the messages that are kept, in no order."""
    for path in folder().glob(f"*{SUFFIX}"):
        if path.stem.isdigit():
            yield int(path.stem)


def read(number: int) -> Kept | None:
    """The message with this number; None where there is none (any more)."""
    try:
        content = (folder() / f"{number:08d}{SUFFIX}").read_bytes()
    except FileNotFoundError:
        return None
    message = message_from_bytes(content, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError("the default policy reads an EmailMessage")
    text = message.get_body(("plain",))
    return Kept(
        number=number,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        date=str(message["Date"] or ""),
        message_id=str(message["Message-ID"] or ""),
        body=str(text.get_content()).replace("\r\n", "\n") if text else "",
    )

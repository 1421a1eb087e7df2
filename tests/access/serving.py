"""What somebody is served at an address, as text: pages and JSON as they are, PDFs by their words."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.test import Client
from pypdf import PdfReader

from homes.models import User
from tests.access.addresses import Address

#: What is new at each request and tells nothing: the form's tokens, and the mark of an open page of a draft.
MASKED = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|name="client_id" value="[^"]+"|"X-CSRFToken": "[^"]+"'
    r'|(?<=\.)[0-9a-f]{16}(?=">)'
)


@dataclass(frozen=True)
class Served:
    """status: of HTTP; to: where it sends on; text: the body; marks: what a cache would compare."""

    status: int
    to: str
    text: str
    marks: tuple[str, ...] = ()


def text_of(body: bytes, kind: str) -> str:
    if kind == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return MASKED.sub("", body.decode())


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


def served(client: Client, path: str, method: str = "get") -> Served:
    answer = getattr(client, method)(path)
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    body = b"".join(answer) if answer.streaming else answer.content
    marks = [answer.headers.get(name, "") for name in ("ETag", "Last-Modified", "Content-Disposition")]
    if kind != "application/pdf":  # bytes of a PDF differ from one making to the next; its words do not
        marks.append(str(len(body)))
    return Served(answer.status_code, answer.headers.get("Location", ""), text_of(body, kind), tuple(marks))


def all_served(user: User, addresses: Iterable[Address]) -> dict[str, Served]:
    """Everything that the person gets by GET, each as if it were the first: no look, no first opening stays."""
    found = {}
    with transaction.atomic():
        client = signed_in(user)
        for address in addresses:
            with transaction.atomic():
                found[address.path] = served(client, address.path)
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return found

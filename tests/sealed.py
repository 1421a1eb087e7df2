"""Sending a form as a browser does: with the seal that its page was opened with."""

import re
from typing import Any

from django.test import Client

SEAL = re.compile(r'name="opened" value="([^"]*)"')


def seal_on(page: Any) -> str:
    """The seal of the form on an answer of the test client; empty where the page has none."""
    found = SEAL.search(page.content.decode())
    return found[1] if found else ""


def send(client: Client, path: str, said: dict[str, Any]) -> Any:
    """Open the page, then send the form."""
    return client.post(path, said | {"opened": seal_on(client.get(path))})

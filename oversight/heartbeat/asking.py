"""Asking an address over HTTP whether it answers, within a time that no slowness can stretch."""

import http.client
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from django.conf import settings

from oversight.escalation.channels.email.door import Deadline

#: Address, headers, body (None: GET, else POST) -> whether it answered with success.
Ask = Callable[[str, Mapping[str, str], bytes | None], bool]


def ask(address: str, headers: Mapping[str, str], body: bytes | None) -> bool:
    """Whether ``http://`` or ``https://`` address answers 2xx within HUB_MONITOR_TIMEOUT seconds. No redirection."""
    parts = urlsplit(address)
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    if parts.scheme not in kinds or not parts.hostname:
        return False
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    seconds = settings.HUB_MONITOR_TIMEOUT
    connection = kinds[parts.scheme](parts.hostname, parts.port, timeout=seconds)
    with Deadline(seconds) as deadline:
        try:
            connection.connect()
            deadline.watch(connection.sock)
            connection.request("GET" if body is None else "POST", path, body=body, headers=dict(headers))
            return connection.getresponse().status in range(200, 300)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

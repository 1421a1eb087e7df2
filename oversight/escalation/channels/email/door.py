"""A conversation with a mail server that cannot last longer than it may.

smtplib's timeout is for one operation of the socket: a server that says one byte a second never meets it. So a timer
cuts the connection itself when the whole conversation has had its time.
"""

import smtplib
import socket
import ssl
import threading
import time
from functools import cache
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult

PORTS = {"smtps": 465}


class Deadline:
    """As a context: cuts the watched connection after ``seconds``. ``passed`` says that it did."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._until = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._watched: socket.socket | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            if self._watched is not None:
                self._watched.close()
                self._watched = None

    def left(self) -> float:
        """Seconds; never less than a hundredth, which a socket takes for a timeout and not for blocking."""
        return max(self._until - time.monotonic(), 0.01)

    def watch(self, connection: socket.socket) -> None:
        """A handle of our own on the connection: TLS takes the caller's away."""
        with self._lock:
            self._watched = socket.fromfd(connection.fileno(), connection.family, connection.type)
            if self.passed:
                self._shut()

    def _cut(self) -> None:
        with self._lock:
            self.passed = True
            self._shut()

    def _shut(self) -> None:
        if self._watched is not None:
            try:
                self._watched.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it is shut already


@cache
def trusted() -> ssl.SSLContext:
    """Whose certificates are believed; read once, for reading them takes longer than a whole conversation."""
    return ssl.create_default_context()


@cache
def own_name() -> str:
    """This machine's name as it greets; asked once, for a name server may be slow."""
    return socket.getfqdn()


class Door(smtplib.SMTP):
    """An SMTP client on a watched connection; the server's certificate is always checked."""

    def __init__(self, server: SplitResult, timeout: float, deadline: Deadline) -> None:
        self._wrapped = server.scheme == "smtps"
        self._deadline = deadline
        host = server.hostname or "127.0.0.1"
        self._name = host
        super().__init__(host, server.port or PORTS.get(server.scheme, 25), own_name(), timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        raw = socket.create_connection((host, port), min(timeout, self._deadline.left()))
        try:
            self._deadline.watch(raw)
            raw.settimeout(timeout)
            return trusted().wrap_socket(raw, server_hostname=self._name) if self._wrapped else raw
        except OSError:
            raw.close()
            raise

    def leave(self) -> None:
        """Take leave. Whatever the server still says, it has taken the e-mail."""
        try:
            self.quit()
        except (smtplib.SMTPException, OSError):
            self.close()

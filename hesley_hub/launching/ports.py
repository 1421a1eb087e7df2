"""Listening sockets. The launcher opens the web's socket itself, so no other program can take it in between."""

import socket

FURTHEST = 50


class NoPortError(RuntimeError):
    """Every port tried was taken."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on `port`, or on the next one that is free (at most 50 further)."""
    for candidate in range(port, min(port + FURTHEST, 65_535) + 1):
        try:
            return _bound(host, candidate)
        except PermissionError as error:
            raise NoPortError(
                f"Port {candidate} may not be opened by this account ({error.strerror})."
            ) from None
        except OSError:
            continue
    raise NoPortError(f"No free port on {host} from {port} on.")


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(2048)
    except OSError:
        opened.close()
        raise
    return opened


def free_port() -> int:
    """A port on 127.0.0.1 that is free now."""
    with _bound("127.0.0.1", 0) as opened:
        return int(opened.getsockname()[1])

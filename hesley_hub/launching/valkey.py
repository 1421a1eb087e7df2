"""An embedded Valkey (the Redis protocol) on a unix socket. It keeps nothing: no obligation lives in it."""

import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from hesley_hub.launching.binaries import valkey_program
from hesley_hub.launching.process import NotStartedError, spawn, stop, wait_until
from hesley_hub.launching.sockets import socket_folder


@dataclass(frozen=True)
class Valkey:
    """Where the server listens and writes its log."""

    program: Path
    socket: Path
    log: Path

    @classmethod
    def at(cls, folder: Path, *, log: Path) -> "Valkey":
        """The server whose socket lies in `folder`/run/valkey; makes the folders, starts nothing."""
        log.parent.mkdir(parents=True, exist_ok=True)
        return cls(valkey_program(), socket_folder(folder / "run" / "valkey") / "valkey.sock", log)

    @property
    def url(self) -> str:
        """The address in the form Celery takes."""
        return f"redis+socket://{self.socket}"

    def command(self) -> list[str]:
        """The command line of the server: no TCP port, nothing saved, at most 128 MB."""
        return [
            str(self.program),
            *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no", "--dir", str(self.socket.parent)),
            *("--maxmemory", "128mb", "--maxmemory-policy", "noeviction", "--daemonize", "no"),
        ]

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server without waiting. It is killed when we die."""
        self.socket.unlink(missing_ok=True)
        return spawn(self.command(), log=self.log, death_signal=signal.SIGKILL)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers, at most 15 seconds."""
        child = self.spawn()
        if (
            not wait_until(lambda: child.poll() is not None or self.answers(), seconds=15)
            or child.poll() is not None
        ):
            stop(child, number=signal.SIGKILL, patience=1)
            raise NotStartedError(
                f"Valkey did not start: {self.log.read_text(errors='replace')[-2000:].strip()}"
            )
        return child

    def answers(self) -> bool:
        """Whether it answers a ping now."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False

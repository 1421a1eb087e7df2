"""What the clients wrote down, a line at a time and on disk before the next step: their attempts and what was acknowledged."""

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Attempted:
    """A submission as first tried. key: its Idempotency-Key. at: seconds since 1970."""

    key: str
    home: str
    death: bool
    at: float
    copies: int = 1


@dataclass(frozen=True)
class Acknowledged:
    """A 201 that reached the client: what it was told, after how many tries."""

    key: str
    reference: str
    tries: int
    at: float


@dataclass(frozen=True)
class Ledger:
    """refused: answers that no retry can mend (400, 404, 422), which no run should see."""

    attempted: tuple[Attempted, ...]
    acknowledged: tuple[Acknowledged, ...]
    refused: tuple[str, ...] = ()

    @classmethod
    def read(cls, file: Path) -> "Ledger":
        """The ledger in a file; a last line that was not finished is left out, since nobody acted on it."""
        attempted, acknowledged, refused = [], [], []
        for line in _lines(file):
            match line.pop("what"):
                case "attempted":
                    attempted.append(Attempted(**line))
                case "acknowledged":
                    acknowledged.append(Acknowledged(**line))
                case "refused":
                    refused.append(f"{line['status']}: {line['text']}")
        return cls(tuple(attempted), tuple(acknowledged), tuple(refused))


class Writer:
    """Appends lines that are on disk when ``write`` returns; several threads may share it."""

    def __init__(self, file: Path) -> None:
        self._path = file
        self._turn = threading.Lock()

    def write(self, **line: Any) -> None:
        with self._turn, self._path.open("ab", buffering=0) as file:
            file.write(json.dumps(line).encode() + b"\n")
            os.fsync(file.fileno())


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    if not file.exists():
        return
    for line in file.read_bytes().split(b"\n")[:-1]:
        yield json.loads(line)


def count_of(file: Path, what: str) -> int:
    """How many lines of a kind there are now."""
    return file.read_bytes().count(b'{"what": "%s"' % what.encode()) if file.exists() else 0


def read_lines(file: Path) -> list[dict[str, Any]]:
    """Every finished line of a file of JSON lines."""
    return list(_lines(file))

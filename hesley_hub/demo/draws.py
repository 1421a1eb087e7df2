"""Chances that come out the same each time: drawn from a name, not from a generator that others move."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def share(name: str) -> float:
    """A number from 0 up to 1 that belongs to this name."""
    return int.from_bytes(sha256(name.encode()).digest()[:6]) / 2**48


def pick(choices: Sequence[T], name: str) -> T:
    """The choice that belongs to this name."""
    return choices[int(share(name) * len(choices))]

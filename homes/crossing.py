"""Edits that cross: two people change the same thing, and neither overwrites the other unawares.

A form carries the seal of what it showed. The action locks the row, says how it stands now, and asks here whether to
write: a seal that no longer fits stops it, and the form comes back with both texts (homes.interface.crossed). Lock the
row alone, without joins: after a wait it is read anew, and what was joined to it is not.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

#: The field of a form, and of a page of a draft, that carries the seal.
OPENED = "opened"
Says = Mapping[str, Any]
Typed = Mapping[str, list[str]]


def seal_of(says: Says) -> str:
    """A short text that changes with what is said; empty where nothing is said yet."""
    if not any(value not in (None, "", [], False) for value in says.values()):
        return ""
    return hashlib.sha256(_plain(says).encode()).hexdigest()[:32]


def _plain(says: Says) -> str:
    return json.dumps({name: value for name, value in says.items() if value}, sort_keys=True, default=str)


@dataclass(frozen=True)
class Standing:
    """How something stands: by name of the form's fields, since when, and who said so (empty: the reader)."""

    says: Says
    who: str = ""
    when: datetime | None = None

    @property
    def seal(self) -> str:
        return seal_of(self.says)

    def equals(self, wanted: Says) -> bool:
        return _plain(self.says) == _plain(wanted)


class CrossedError(Exception):
    """Somebody said something else meanwhile; nothing was written. final: what was said first stands."""

    def __init__(self, standing: Standing, *, final: bool = False) -> None:
        super().__init__("somebody changed it meanwhile")
        self.standing = standing
        self.final = final


def to_write(standing: Standing, wanted: Says, *, opened: str) -> bool:
    """Whether to write: False where it says so already, as when a form is sent twice.

    opened: the seal of what the writer saw. Raises CrossedError where it says something else by now. Call it with the
    row locked.
    """
    if standing.equals(wanted):
        return False
    if standing.seal != opened:
        raise CrossedError(standing)
    return True


def to_write_once(standing: Standing, wanted: Says) -> bool:
    """As ``to_write`` for what is said once and stands: whoever comes second is told, and writes nothing."""
    if standing.equals(wanted):
        return False
    if standing.seal:
        raise CrossedError(standing, final=True)
    return True


def without_seal(page: Typed) -> dict[str, list[str]]:
    return {name: list(texts) for name, texts in page.items() if name != OPENED}


def page_to_write(kept: Typed, typed: Typed, *, when: datetime | None) -> None:
    """Let one open page go on writing its part of a draft; raises CrossedError where another page wrote since.

    A page's seal ends in a mark of its own, so that it knows what it kept itself.
    """
    mine, last = (page.get(OPENED, [""])[0] for page in (typed, kept))
    if mine and mine == last:
        return
    standing = Standing(without_seal(kept), when=when)
    if not standing.equals(without_seal(typed)) and standing.seal != mine.partition(".")[0]:
        raise CrossedError(standing)

"""What the rest of the hub is told about a list of homes that was brought in."""

from dataclasses import dataclass

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class HomesImported(Fact):
    """A list was read and its homes saved: how many are new, how many differed, how many were as before."""

    kind = "homes.homes_imported"
    added: int
    changed: int
    unchanged: int

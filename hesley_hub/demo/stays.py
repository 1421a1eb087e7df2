"""Who lives where in a history."""

from collections.abc import Iterable
from datetime import date

from oversight.risk.engine import Placement


def residents(placements: Iterable[Placement], urn: str, day: date) -> list[str]:
    """The keys of the children living at a home on a day."""
    return [
        one.child
        for one in placements
        if one.urn == urn and one.starts_on <= day and (one.ends_on is None or one.ends_on > day)
    ]

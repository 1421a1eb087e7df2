"""What the engine is told: homes, placements and records, as plain frozen data.

Nothing here knows a database. Dates are London days. `occurred_on` is where a record lies in time, `recorded_on` the
day from which it is known.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

Picture = Literal["overseers", "provider"]

STREAMS: tuple[str, ...] = ("reg40", "lado", "whistleblowing", "complaint", "hospital", "reg44")
SOURCES: tuple[str, ...] = (
    "home",
    "lado",
    "hospital",
    "placing_authority",
    "regulator",
    "visitor",
    "whistleblower",
    "police",
    "parent",
    "child",
)
KINDS: tuple[str, ...] = ("home", "home_disability", "residential_school", "short_break", "secure", "other")


@lru_cache(maxsize=1024)
def _words(detail: str) -> frozenset[str]:
    return frozenset(detail.split(";")) if detail else frozenset()


@dataclass(frozen=True, slots=True)
class Home:
    """A home. `places` is its registered number of places, at least 1.

    `watched_from` is the day from which the hub holds this home's records, where that is later than `opened_on`:
    time before it is unknown, not quiet. `changed_on`: the known days of a new registered manager or recording system.
    """

    urn: str
    name: str
    provider: str
    places: int
    kind: str = "home"
    local_authority: str = ""
    opened_on: date | None = None
    watched_from: date | None = None
    changed_on: tuple[date, ...] = ()

    @property
    def begins_on(self) -> date:
        """The first day of this home's history. ValueError where neither day is given."""
        days = [day for day in (self.opened_on, self.watched_from) if day is not None]
        if not days:
            raise ValueError(f"home {self.urn} has neither opened_on nor watched_from")
        return max(days)


@dataclass(frozen=True, slots=True)
class Placement:
    """A child living at a home from `starts_on` up to, not including, `ends_on`. Miles are entered, never computed."""

    child: str
    urn: str
    placing_authority: str
    starts_on: date
    ends_on: date | None = None
    miles: float | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One row of one stream.

    `child` and `adult` are opaque keys or empty (several are parted by `;`). `detail` holds `death` for reg40, and for
    reg44 the opinion (`yes`, `partly`, `no`) and `concern`, parted by `;`. For reg44, `occurred_on` is the visit and
    `recorded_on` the report.

    `withdrawn_on`: from this day the record is out of the counts. `cleared_on`: from this day the overseers know an
    outcome of false or malicious, of which the home is told later.
    `provider_visible_on`: from this day the provider may see it; rows of the home itself are visible from `recorded_on`.
    `visit_known_on`: for reg44, the day the visit itself (not its report) was known; empty: the day of the visit.
    """

    reference: str
    urn: str
    stream: str
    occurred_on: date
    recorded_on: date
    source: str
    child: str = ""
    adult: str = ""
    severity: int | None = None
    themes: tuple[str, ...] = ()
    detail: str = ""
    restraint: bool = False
    recommendations: int | None = None
    repeated: int | None = None
    withdrawn_on: date | None = None
    cleared_on: date | None = None
    provider_visible_on: date | None = None
    visit_known_on: date | None = None

    def details(self) -> frozenset[str]:
        """The words of `detail`, parted."""
        return _words(self.detail)

    def keys(self) -> frozenset[str]:
        """The people this row names: child and adult keys, told apart by a prefix."""
        if not (self.child or self.adult):
            return frozenset()
        children = {f"child:{key}" for key in self.child.split(";") if key}
        return frozenset(children | {f"adult:{key}" for key in self.adult.split(";") if key})


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word on whether two records are about the same matter; it overrules the automatic rule."""

    first: str
    second: str
    same: bool
    known_on: date


def gone_from(record: Record, picture: Picture) -> date | None:
    """The day from which a picture counts this record no longer; None where it goes on counting."""
    if record.cleared_on is None or picture == "provider":
        return record.withdrawn_on
    return min(record.cleared_on, record.withdrawn_on or record.cleared_on)


def known_from(record: Record, picture: Picture) -> date | None:
    """The day from which a picture holds this record; None where it never does."""
    if picture == "overseers":
        return record.recorded_on
    if record.stream == "whistleblowing":
        return None
    if record.source == "home":
        return record.recorded_on
    if record.provider_visible_on is None:
        return None
    return max(record.recorded_on, record.provider_visible_on)

"""Where children live, counted by area of the home and one characteristic at a time: for the nation's regulator.

The three tables are never crossed with one another, take no filter, and show the same areas with the same totals:
areas of fewer than five children are put together, so that no table gives back what another keeps.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from events.clock import london_day
from homes.models import Home, Placement
from homes.roles import Picture
from oversight.dashboards.small_numbers import Counts, Shown, pooled, shown

UNKNOWN = "Not recorded"
OTHERS = "Other areas"


@dataclass(frozen=True)
class Living:
    """What is known of a child who lives in a home: the home's area, and what is counted."""

    area: str
    miles: int | None
    born_on: date | None
    communicates_by: str


@dataclass(frozen=True)
class Breakdown:
    """A characteristic: its title, its columns, and the column of a child on a day."""

    title: str
    columns: tuple[str, ...]
    column: Callable[[Living, date], str]


def _miles(child: Living, today: date) -> str:
    if child.miles is None:
        return UNKNOWN
    return (
        "Up to 20 miles" if child.miles <= 20 else "21 to 50 miles" if child.miles <= 50 else "Over 50 miles"
    )


def _age(child: Living, today: date) -> str:
    if child.born_on is None:
        return UNKNOWN
    born = child.born_on
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return "Under 12" if age < 12 else "12 to 15" if age < 16 else "16 and 17" if age < 18 else "18 and over"


def _communication(child: Living, today: date) -> str:
    said = child.communicates_by.strip().lower()
    return UNKNOWN if not said else "Speech alone" if said == "speech" else "Other ways, or speech with them"


BREAKDOWNS: Mapping[str, Breakdown] = {
    "miles": Breakdown(
        "How far from home", ("Up to 20 miles", "21 to 50 miles", "Over 50 miles", UNKNOWN), _miles
    ),
    "age": Breakdown("How old", ("Under 12", "12 to 15", "16 and 17", "18 and over", UNKNOWN), _age),
    "communication": Breakdown(
        "How they communicate", ("Speech alone", "Other ways, or speech with them", UNKNOWN), _communication
    ),
}


def children_living(viewer: UUID, now: datetime) -> list[Living]:
    """Every child who lives in a home that the viewer oversees as the regulator. One query."""
    homes = Home.objects.visible_to(viewer, now, (Picture.REGULATOR,)).filter(closed_on__isnull=True)
    rows = Placement.objects.in_force(now).filter(home__in=homes)
    fields = rows.order_by("child_id", "-starts_at").values_list(
        "child_id", "home__host_authority__name", "miles", "child__born_on", "child__communicates_by"
    )
    found = {
        key: Living(area or UNKNOWN, miles, born_on, communicates_by)
        for key, area, miles, born_on, communicates_by in fields
    }
    return list(found.values())


def by_area(children: list[Living], by: str, today: date) -> Shown | None:
    """The table of one characteristic as it may be shown; None where too few children live anywhere. KeyError: by."""
    breakdown = BREAKDOWNS[by]
    counted = Counter((child.area, breakdown.column(child, today)) for child in children)
    areas = tuple(sorted({child.area for child in children}))
    used = tuple(column for column in breakdown.columns if any(counted[area, column] for area in areas))
    cells = tuple(tuple(counted[area, column] for column in used) for area in areas)
    table = pooled(Counts(areas, used, cells), OTHERS)
    return None if table is None else shown(table, known_rows=True)


def table_of(viewer: UUID, by: str, now: datetime) -> Shown | None:
    """The table of one characteristic for a person of the regulator."""
    return by_area(children_living(viewer, now), by, london_day(now))

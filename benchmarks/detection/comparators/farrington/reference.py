"""Which past weeks a week is compared with, and in which season each of them lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Past:
    """Weeks looked back to, oldest first, and the season of each, (weeks,). Season 0 is that of the week in question."""

    at: Whole
    season: Whole


def same_weeks(week: int, years: int, per_year: int, dates: Sequence[date] | None) -> list[int]:
    """The week itself and those at the same time of so many years before, latest first.

    With dates (a week's own, the same weekday throughout) the nearest that weekday comes to the anniversary; without,
    `per_year` weeks apart.
    """
    if dates is None:
        return [week - per_year * back for back in range(years + 1)]
    day = dates[week]
    return [week - round((day - _anniversary(day, back)) / timedelta(days=7)) for back in range(years + 1)]


def past(same: Sequence[int], *, half_window: int, seasons: int, excluded: int) -> Past:
    """The weeks before `same[0]` less the last `excluded`, from the oldest window on, parted into seasons.

    Weeks within `half_window` of each of `same` are season 0; what lies between two windows is parted into seasons 1 to
    `seasons` - 1 of like length, the first ones longer by one where it does not go up. With one season only the windows
    are used. ValueError where the oldest window begins before week 0.
    """
    if same[-1] < half_window:
        raise ValueError("the series is too short for so many years back")
    found: dict[int, int] = {}
    for later, earlier in pairwise(same):
        window = range(earlier - half_window, earlier + half_window + 1)
        found.update(dict.fromkeys(window, 0))
        if seasons > 1:
            between = np.arange(earlier + half_window + 1, later - half_window)
            for season, part in enumerate(np.array_split(between, seasons - 1), start=1):
                found.update(dict.fromkeys(part.tolist(), season))
    at = np.array(sorted(week for week in found if week < same[0] - excluded), dtype=np.int64)
    return Past(at, np.array([found[week] for week in at.tolist()], dtype=np.int64))


def all_past(week: int, *, most: int, excluded: int) -> Past:
    """At most so many weeks up to the last `excluded` before this one, all of one season."""
    at = np.arange(max(week - most, 0), max(week - excluded, 0))
    return Past(at, np.zeros(len(at), dtype=np.int64))


def _anniversary(day: date, back: int) -> date:
    """The same weekday nearest to this day of the month so many years before; 1 March stands for 29 February."""
    leap = (day.month, day.day) == (2, 29)
    year = day.year - back
    then = date(year, 3, 1) if leap and back % 4 else day.replace(year=year)
    off = (day - then).days % 7
    return then + timedelta(days=off if off <= 3 else off - 7)

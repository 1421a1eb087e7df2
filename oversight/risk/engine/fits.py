"""What is usual for homes of a kind and size: Gamma beliefs and dispersions, refitted at each quarter.

A quarter's fit rests on what was known when the quarter began; it is stored and never refitted. A day uses the fit of
its own quarter, so a home's past is computed as it would have been then. Where a band has too few homes or years, and
before the first fit, the shipped prior stands in.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from oversight.risk.engine.counting import (
    REG44,
    ROWS,
    VISITS,
    Change,
    ChangeArray,
    change_table,
    changes,
    present,
)
from oversight.risk.engine.parameters import DEFAULT, Parameters
from oversight.risk.engine.priors import SHIPPED, SHIPPED_VERSION, StreamFit
from oversight.risk.engine.records import STREAMS, Decision, Home, Picture, Placement, Record

Floats = npt.NDArray[np.float64]
BandKey = tuple[str, str]
BANDS: tuple[tuple[int, str], ...] = ((1, "1-3"), (4, "4-6"), (7, "7-12"), (13, "13+"))
SHAPE_RANGE = (0.3, 20.0)
FEWEST_COUNTS = 10
FEWEST_WINDOWS = 4


def band_of(places: int) -> str:
    """The size band of a home with this many registered places."""
    return BANDS[bisect_right([least for least, _ in BANDS], max(places, 1)) - 1][1]


def quarter_start(day: date) -> date:
    """The first day of the calendar quarter that holds `day`."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def next_quarter(day: date) -> date:
    """The first day of the quarter after the one that holds `day`."""
    start = quarter_start(day)
    return date(start.year + 1, 1, 1) if start.month == 10 else date(start.year, start.month + 3, 1)


def quarters_between(first: date, last: date) -> list[date]:
    """The first days of all quarters that begin after `first` and not after `last`."""
    found = []
    start = next_quarter(first)
    while start <= last:
        found.append(start)
        start = next_quarter(start)
    return found


@dataclass(frozen=True, slots=True)
class QuarterFit:
    """The fit in force from `effective_from`: six stream fits for each (kind, band) that had homes enough."""

    effective_from: date
    bands: Mapping[BandKey, tuple[StreamFit, ...]]

    def as_json(self) -> dict[str, Any]:
        """Plain data for a JSON column; floats survive exactly."""
        return {
            "effective_from": self.effective_from.isoformat(),
            "bands": [
                {"kind": kind, "band": band, "streams": [asdict(stream) for stream in streams]}
                for (kind, band), streams in sorted(self.bands.items())
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "QuarterFit":
        """The fit that `as_json` wrote."""
        return cls(
            date.fromisoformat(data["effective_from"]),
            {
                (entry["kind"], entry["band"]): tuple(StreamFit(**stream) for stream in entry["streams"])
                for entry in data["bands"]
            },
        )


@dataclass(frozen=True, slots=True)
class Fits:
    """All stored fits in order of their quarters, over the shipped prior. `Fits()` is the shipped prior alone."""

    quarters: tuple[QuarterFit, ...] = ()
    shipped: tuple[StreamFit, ...] = SHIPPED
    shipped_version: str = SHIPPED_VERSION
    _starts: tuple[date, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        """ValueError where quarters are out of order or double."""
        starts = tuple(fit.effective_from for fit in self.quarters)
        if any(later <= earlier for earlier, later in pairwise(starts)):
            raise ValueError("fits must be in order of their quarters, one each")
        object.__setattr__(self, "_starts", starts)

    def in_force(self, kind: str, band: str, day: date) -> tuple[StreamFit, ...]:
        """The six stream fits that a day of a home of this kind and band uses."""
        index = bisect_right(self._starts, day) - 1
        if index < 0:
            return self.shipped
        return self.quarters[index].bands.get((kind, band), self.shipped)

    def with_quarter(self, fit: QuarterFit) -> "Fits":
        """These fits and one more, later quarter."""
        return Fits((*self.quarters, fit), self.shipped, self.shipped_version)

    def spans(self, first: date, last: date) -> list[tuple[int, int]]:
        """(ordinal from which a fit holds, its index; -1 for the shipped prior) covering `first` to `last`."""
        found = [(first.toordinal(), bisect_right(self._starts, first) - 1)]
        for index, start in enumerate(self._starts):
            if first < start <= last:
                found.append((start.toordinal(), index))
        return found

    def at(self, index: int, kind: str, band: str) -> tuple[StreamFit, ...]:
        """The six stream fits of the quarter with this index; -1 gives the shipped prior."""
        return self.shipped if index < 0 else self.quarters[index].bands.get((kind, band), self.shipped)


class FitHistory:
    """Counts and exposures by home, stream and calendar quarter, filled in the order in which they became known."""

    def __init__(self, homes: Sequence[Home], first: date, last: date) -> None:
        self.homes = homes
        self.bounds = [quarter_start(first), *quarters_between(first, last), next_quarter(last)]
        self._starts = np.array([bound.toordinal() for bound in self.bounds])
        shape = (len(homes), ROWS, len(self.bounds) - 1)
        self.counts: npt.NDArray[np.int64] = np.zeros(shape, dtype=np.int64)
        self.lived: Floats = np.zeros((len(homes), shape[2]))
        self.begins = np.array([home.begins_on.toordinal() for home in homes])

    def live(self, index: int, placements: Iterable[Placement], per_place: float) -> None:
        """Sets a home's exposure of every quarter, in its own unit."""
        begins, last = int(self.begins[index]), int(self._starts[-1])
        if begins >= last:
            return
        daily = np.concatenate(
            [[0], np.cumsum(present(self.homes[index], placements, begins, last - begins))]
        )
        at = np.clip(self._starts - begins, 0, last - begins)
        self.lived[index] = np.diff(daily[at]) * per_place

    def add(self, table: ChangeArray) -> None:
        """Counts the changes of a table where their days lie within this history and the home had begun."""
        quarters = np.searchsorted(self._starts, table[:, 3], side="right") - 1
        inside = (
            (quarters >= 0) & (quarters < self.counts.shape[2]) & (table[:, 3] >= self.begins[table[:, 1]])
        )
        rows = table[inside]
        np.add.at(self.counts, (rows[:, 1], rows[:, 2], quarters[inside]), rows[:, 4])

    def fit(self, on: date, parameters: Parameters) -> QuarterFit:
        """The fit in force from `on`, the first day of a quarter, from the counts added so far."""
        until = self.bounds.index(on)
        enough = date(on.year - parameters.fit_years, on.month, on.day).toordinal()
        gathered: dict[BandKey, list[int]] = {}
        for index, home in enumerate(self.homes):
            if self.begins[index] <= enough:
                gathered.setdefault((home.kind, band_of(home.places)), []).append(index)
        bands = {
            key: self._fit_band(np.array(members), until)
            for key, members in sorted(gathered.items())
            if len(members) >= parameters.fit_homes
        }
        return QuarterFit(on, bands)

    def _fit_band(self, members: npt.NDArray[np.int64], until: int) -> tuple[StreamFit, ...]:
        whole = (self.begins[members][:, None] <= self._starts[None, :until]).astype(np.float64)
        fitted = []
        for row in range(len(STREAMS)):
            counts = self.counts[members, row, :until] * whole
            if row == REG44:
                exposure = self.counts[members, VISITS, :until] * whole
            else:
                exposure = self.lived[members, :until] * whole
            fitted.append(fit_stream(counts, exposure, SHIPPED[row]))
        return tuple(fitted)


def fit_stream(counts: Floats, exposure: Floats, shipped: StreamFit) -> StreamFit:
    """Moment fit of one stream over homes: `counts` and `exposure` are (homes, quarters).

    Dispersion is the spread of quarterly counts about each home's own rate, over its Poisson size, at least 1. The
    Gamma belief takes the spread of rates between homes beyond that. Too few counts give the shipped fit.
    """
    lived = exposure.sum(axis=1)
    kept = lived > 0
    counts, exposure, lived = counts[kept], exposure[kept], lived[kept]
    seen = counts.sum(axis=1)
    if seen.sum() < FEWEST_COUNTS or len(lived) < 2:
        return shipped
    dispersion = _dispersion(counts, exposure, seen / lived)
    mean = float(seen.sum() / lived.sum())
    spread = float((lived * (seen / lived - mean) ** 2).sum()) - (len(lived) - 1) * dispersion * mean
    size = float(lived.sum() - (lived**2).sum() / lived.sum())
    between = max(spread / size, 0.0)
    least, most = SHAPE_RANGE
    shape = most if between == 0.0 else min(max(mean * mean / between, least), most)
    return StreamFit(shape=shape, rate=shape / mean, dispersion=dispersion)


def _dispersion(counts: Floats, exposure: Floats, rates: Floats) -> float:
    lived = exposure > 0
    windows = lived.sum(axis=1)
    long_enough = windows >= FEWEST_WINDOWS
    expected = (rates[:, None] * exposure)[long_enough]
    squares = ((counts[long_enough] - expected) ** 2).sum()
    due = (expected.sum(axis=1) * (1.0 - 1.0 / windows[long_enough])).sum()
    return max(float(squares / due), 1.0) if due > 0 else 1.0


def fit_quarter(
    homes: Sequence[Home],
    records: Mapping[str, Sequence[Record]],
    placements: Mapping[str, Sequence[Placement]],
    on: date,
    *,
    decisions: Mapping[str, Sequence[Decision]] | None = None,
    picture: Picture = "overseers",
    parameters: Parameters = DEFAULT,
) -> QuarterFit:
    """The fit in force from `on` (the first day of a quarter) from what was known the day before.

    `records`, `placements` and `decisions` are by URN. ValueError where `on` is not a quarter's first day.
    """
    known = {
        home.urn: changes(records.get(home.urn, ()), (decisions or {}).get(home.urn, ()), picture)
        for home in homes
    }
    return fit_history(homes, known, placements, [on], parameters).quarters[0]


def fit_history(
    homes: Sequence[Home],
    known: Mapping[str, Sequence[Change] | ChangeArray],
    placements: Mapping[str, Sequence[Placement]],
    starts: Sequence[date],
    parameters: Parameters = DEFAULT,
) -> Fits:
    """The fits of several quarters in order, each from what was known before it began."""
    if any(quarter_start(day) != day for day in starts):
        raise ValueError("a fit begins with a quarter: 1 January, April, July or October")
    # In one order, whatever the caller's: sums of floats depend on it.
    begun = sorted(
        (home for home in homes if starts and home.begins_on < starts[-1]), key=lambda home: home.urn
    )
    if not begun:
        return Fits(tuple(QuarterFit(day, {}) for day in starts))
    first = min(min(home.begins_on for home in begun), starts[0])
    history = FitHistory(begun, first, starts[-1])
    per_place = 1.0 / (7.0 * parameters.beds_per_unit)
    for index, home in enumerate(begun):
        history.live(index, placements.get(home.urn, ()), per_place)
    table = change_table([known.get(home.urn, ()) for home in begun])
    fits, done = [], 0
    for start in starts:
        due = int(np.searchsorted(table[:, 0], start.toordinal(), side="left"))
        history.add(table[done:due])
        done = due
        fits.append(history.fit(start, parameters))
    return Fits(tuple(fits))

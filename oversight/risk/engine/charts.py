"""Thirteen-week totals of one stream with what is usual and the Poisson limits, and the two rules a chart marks."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from oversight.risk.engine.assessing import History, history
from oversight.risk.engine.counting import changes, counts_as_known
from oversight.risk.engine.fits import Fits
from oversight.risk.engine.parameters import DEFAULT, Parameters
from oversight.risk.engine.records import STREAMS, Decision, Home, Picture, Placement, Record

WINDOW_DAYS = 91
OUTSIDE = 0.003  # 997 of 1,000 ordinary totals lie within the limits
RUN = 7


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """The total of 13 weeks. Without enough history before it, `usual` and the limits are None.

    `beyond`: above the upper or below the lower limit. `low_run`: the last of seven or more totals below what is
    usual that together are fewer than 997 of 1,000 ordinary homes would have.
    """

    starts_on: date
    ends_on: date
    total: int
    usual: float | None
    lower: int | None
    upper: int | None
    beyond: bool
    low_run: bool


def chart_totals(
    home: Home,
    records: Sequence[Record],
    placements: Iterable[Placement],
    as_of: date,
    fits: Fits | None = None,
    picture: Picture = "overseers",
    parameters: Parameters = DEFAULT,
    *,
    decisions: Sequence[Decision] = (),
) -> dict[str, tuple[ChartPoint, ...]]:
    """The charts of all six streams, oldest point first; windows end on `as_of` and every 13 weeks before.

    Usual and limits rest on what was believed when each window began, never on the window itself.
    """
    known = counts_as_known(home, changes(records, decisions, picture), placements, as_of)
    worked = history(home, known, fits or Fits(), parameters)
    return {stream: _points(worked, row, as_of, parameters) for row, stream in enumerate(STREAMS)}


def _points(worked: History, row: int, as_of: date, parameters: Parameters) -> tuple[ChartPoint, ...]:
    days = worked.counts.shape[1]
    points: list[ChartPoint] = []
    run: list[ChartPoint] = []
    for start in range(days % WINDOW_DAYS, days, WINDOW_DAYS):
        window = slice(start, start + WINDOW_DAYS)
        total = int(worked.counts[row, window].sum())
        starts_on = date.fromordinal(worked.begins + start)
        ends_on = starts_on + timedelta(days=WINDOW_DAYS - 1)
        if start < parameters.first_weeks * 7:
            points.append(
                ChartPoint(starts_on, ends_on, total, None, None, None, beyond=False, low_run=False)
            )
            continue
        exposure = float(np.sum(worked.exposure[row, window]))
        usual = exposure * float(worked.shape[row, start] / worked.rate[row, start])
        lower, upper = poisson_limits(usual)
        beyond = not lower <= total <= upper
        bare = ChartPoint(starts_on, ends_on, total, usual, lower, upper, beyond, low_run=False)
        run = [*run, bare] if total < usual else []
        points.append(
            ChartPoint(starts_on, ends_on, total, usual, lower, upper, beyond, low_run=_is_low(run))
        )
    return tuple(points)


def _is_low(run: Sequence[ChartPoint]) -> bool:
    if len(run) < RUN:
        return False
    usual = sum(point.usual or 0.0 for point in run)
    return sum(point.total for point in run) < poisson_limits(usual)[0]


def poisson_limits(mean: float) -> tuple[int, int]:
    """The least and the most of 997 in 1,000 totals with this mean: at most 1.5 in 1,000 lie beyond each side."""
    if mean <= 0:
        return 0, 0
    tail = OUTSIDE / 2
    below, value, chance = 0.0, 0, math.exp(-mean)
    lower = None
    while True:
        if lower is None and below + chance > tail:
            lower = value
        below += chance
        if 1.0 - below <= tail or value > mean + 40 * math.sqrt(mean) + 40:
            return lower if lower is not None else value, value
        value += 1
        chance *= mean / value

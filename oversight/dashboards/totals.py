"""Totals of 13 weeks for a stream, and what is usual for it, learnt only from the time before the one in question."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from oversight.risk.engine.charts import poisson_limits

WINDOW = timedelta(weeks=13)
#: Limits are drawn from at least a year of earlier totals holding at least three records.
LEAST_WEEKS = 52
LEAST_RECORDS = 3
LONG_RUN_WEEKS = 39


@dataclass(frozen=True)
class Totals:
    """(day, records in the 13 weeks that end on it), oldest first; usual and limit are None where data are too few."""

    points: tuple[tuple[date, int], ...]
    usual: float | None
    limit: float | None
    quiet_from: date | None


def poisson_limit(mean: float) -> float:
    """The largest of the 997 in 1,000 ordinary totals with this mean that lie nearest to it, plus a half."""
    if mean > 200:
        return math.floor(mean + 2.97 * math.sqrt(mean) + 1.3) + 0.5
    return poisson_limits(mean)[1] + 0.5


def thirteen_week_totals(days: Sequence[date], start: date, end: date, suspect_from: date | None) -> Totals:
    """Weekly points of 13-week totals from ``start`` to ``end``.

    days: one for each record, in any order. What is usual comes from the weeks before ``suspect_from``, or before the
    last half year where nothing is suspected.
    """
    ordered = sorted(days)
    weeks = max((end - start).days // 7, 0)
    ends = [end - timedelta(weeks=back) for back in range(weeks, -1, -1)]
    points = tuple((day, _between(ordered, day - WINDOW, day)) for day in ends if day - WINDOW >= start)
    learnt_until = min(suspect_from or end, end - timedelta(weeks=26))
    learnt_weeks = (learnt_until - start).days / 7
    learnt = _between(ordered, start - timedelta(days=1), learnt_until)
    if learnt_weeks < LEAST_WEEKS or learnt < LEAST_RECORDS:
        return Totals(points, None, None, None)
    usual = learnt / learnt_weeks * 13
    return Totals(points, usual, poisson_limit(usual), _quiet_from(points, usual))


def _between(ordered: Sequence[date], after: date, until: date) -> int:
    """Days later than ``after`` and not later than ``until``."""
    return bisect_right(ordered, until) - bisect_right(ordered, after)


def _quiet_from(points: Sequence[tuple[date, int]], usual: float) -> date | None:
    """The first day of a run below average that is still going on and is long enough to mean something."""
    first: date | None = None
    for day, total in reversed(points):
        if total >= usual:
            break
        first = day
    if first is None or not points or (points[-1][0] - first).days < LONG_RUN_WEEKS * 7:
        return None
    return first


def months_before(day: date, months: int) -> date:
    """The first day of the month ``months`` before the month of ``day``."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)

"""EARS C1, C2 and C3: today's count against the mean and spread of seven counts before it.

Hutwagner et al 2003, J Urban Health 80:i89; limits as the `surveillance` package for R states them. C1 takes the seven
counts just before, C2 leaves two between, C3 adds what the two counts before had in excess of one spread.
"""

from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

from benchmarks.detection.comparators.timing import Floats, by_week, in_periods

BASELINE = 7
LAG = {"C1": 0, "C2": 2, "C3": 2}
Method = Literal["C1", "C2", "C3"]
#: z at the package's defaults: one false alarm in 1,000 for C1 and C2, one in 40 for C3.
BARS: dict[Method, float] = {
    "C1": NormalDist().inv_cdf(0.999),
    "C2": NormalDist().inv_cdf(0.999),
    "C3": NormalDist().inv_cdf(0.975),
}
NARROWEST = 0.5


def limits(values: npt.ArrayLike, method: Method, *, programmed: bool = False) -> Floats:
    """Upper limits of (..., times) at the default bars; nan where the baseline is not whole. Alarm: above the limit.

    The published limit of C3 begins from the baseline's mean; the package's program begins from today's count instead
    (`programmed`), so that it alarms on the excess of the two counts before alone.
    """
    counts = np.asarray(values, dtype=np.float64)
    mean, spread = _baseline(counts, LAG[method])
    if method != "C3":
        return np.asarray(mean + BARS[method] * spread, dtype=np.float64)
    before = _excess_before(_standing(counts, mean, spread))
    start = counts if programmed else mean
    room = BARS[method] - before
    with np.errstate(invalid="ignore"):
        reach = np.where((spread == 0) & np.isinf(room), -np.inf, spread * room)
    return np.asarray(np.maximum(start + reach, 0.0), dtype=np.float64)


def alarms(values: npt.ArrayLike, method: Method, *, programmed: bool = False) -> npt.NDArray[np.bool_]:
    """As published: where a count is above its limit."""
    return np.asarray(values, dtype=np.float64) > limits(values, method, programmed=programmed)


def standings(values: npt.ArrayLike, method: Method, *, narrowest: float = 0.0) -> Floats:
    """What is above `BARS[method]` where the count is above its (published) limit, (..., times).

    `narrowest`: the least spread a baseline is given, in counts. Minus infinity where the baseline is not whole.
    """
    counts = np.asarray(values, dtype=np.float64)
    mean, spread = _baseline(counts, LAG[method])
    standing = _standing(counts, mean, np.maximum(spread, narrowest))
    if method == "C3":
        standing = standing + _excess_before(standing)
        # No limit lies below nothing, so a count of nothing is above none.
        standing = np.where(counts > 0, standing, np.minimum(standing, 0.0))
    return np.where(np.isnan(standing), -np.inf, standing)


def by_stream(
    counts: npt.ArrayLike, method: Method, *, weeks: int = 4, narrowest: float = NARROWEST
) -> Floats:
    """Statistic on counts of so many weeks, (homes, streams, weeks), told in the last week of each.

    Rare streams have baselines without spread; against `narrowest` 0 their first record stands infinitely high.
    """
    length = np.shape(counts)[-1]
    return by_week(standings(in_periods(counts, weeks), method, narrowest=narrowest), weeks, length)


def _baseline(counts: Floats, lag: int) -> tuple[Floats, Floats]:
    """Mean and spread of the seven counts that end `lag` and one before each time."""
    mean = np.full(counts.shape, np.nan)
    spread = np.full(counts.shape, np.nan)
    first = BASELINE + lag
    if counts.shape[-1] > first:
        windows = np.lib.stride_tricks.sliding_window_view(counts, BASELINE, axis=-1)
        windows = windows[..., : counts.shape[-1] - first, :]
        mean[..., first:] = windows.mean(axis=-1)
        spread[..., first:] = windows.std(axis=-1, ddof=1)
    return mean, spread


def _standing(counts: Floats, mean: Floats, spread: Floats) -> Floats:
    """How many spreads above the mean; 0 for the mean itself where there is no spread."""
    above = counts - mean
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(above == 0, 0.0, above / spread), dtype=np.float64)


def _excess_before(standing: Floats) -> Floats:
    """What the two times before stood above one spread, added up; nan where one is not known."""
    excess = np.maximum(standing - 1.0, 0.0)
    before = np.full(standing.shape, np.nan)
    before[..., 2:] = excess[..., 1:-1] + excess[..., :-2]
    return before

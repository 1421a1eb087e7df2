"""The XmR chart with the rules of NHS England's "Making Data Count", as NHSRplotthedots draws it.

Limits: mean and 2.66 times the mean moving range, moving ranges of 3.267 times their mean or more left out once. A
point is of special cause where it is outside a limit, part of seven in a strict trend, one of two in three beyond the
near limit on one side, or part of seven on one side of the mean; the first of these that holds is named.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.detection.comparators.timing import Floats, by_week, in_periods

Flags = npt.NDArray[np.bool_]
Sides = npt.NDArray[np.int64]

WIDE, NEAR = 2.66, 2 * 2.66 / 3
SCREEN = 3.267
RUN = 7
#: Points that a chart needs before it says anything.
FEWEST = 12
COMMON, OUTSIDE, TREND, TWO_IN_THREE, SHIFT = range(5)
_NAMES = {
    OUTSIDE: ("Below LCL", "Above UCL"),
    TREND: ("7 Point Trend (Decreasing)", "7 Point Trend (Increasing)"),
    TWO_IN_THREE: ("2 in 3 Below CL", "2 in 3 Above CL"),
    SHIFT: ("7 Points Below CL", "7 Points Above CL"),
}


@dataclass(frozen=True)
class Limits:
    """Mean and mean moving range of each series, (...); the range is nan where every moving range was left out."""

    mean: Floats
    moving: Floats

    @property
    def lower(self) -> Floats:
        return np.asarray(self.mean - WIDE * self.moving, dtype=np.float64)

    @property
    def upper(self) -> Floats:
        return np.asarray(self.mean + WIDE * self.moving, dtype=np.float64)


@dataclass(frozen=True)
class Chart:
    """One or many series judged, each (..., points). rule: COMMON to SHIFT; sense: -1 down, 1 up, of that rule."""

    limits: Limits
    side: Sides
    outside: Flags
    close: Flags
    rule: Sides
    sense: Sides

    def names(self) -> list[str]:
        """The special cause of each point in the package's words; of one series."""
        return [
            "Common Cause" if rule == COMMON else _NAMES[rule][sense > 0]
            for rule, sense in zip(self.rule.tolist(), self.sense.tolist(), strict=True)
        ]

    def point_types(self, improvement: int) -> list[str]:
        """What each point means where 1 (more) or -1 (less) is the better way; of one series."""
        return [
            "common_cause"
            if rule == COMMON
            else "special_cause_" + ("improvement" if sense == improvement else "concern")
            for rule, sense in zip(self.rule.tolist(), self.sense.tolist(), strict=True)
        ]


def limits(values: npt.ArrayLike, *, fixed_after: int | None = None, screened: bool = True) -> Limits:
    """Of each series of (..., points); from its first `fixed_after` points only, where given."""
    points = np.asarray(values, dtype=np.float64)[..., :fixed_after]
    ranges = np.abs(np.diff(points, axis=-1))
    moving = ranges.mean(axis=-1)
    if screened:
        kept = ranges < SCREEN * moving[..., None]
        number = kept.sum(axis=-1)
        total = np.where(kept, ranges, 0.0).sum(axis=-1)
        moving = np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0)
    return Limits(points.mean(axis=-1), moving)


def chart(values: npt.ArrayLike, *, fixed_after: int | None = None, screened: bool = True) -> Chart:
    """The finished chart of each series of (..., points), judged with hindsight as the package draws it."""
    return judged(values, limits(values, fixed_after=fixed_after, screened=screened))


def judged(values: npt.ArrayLike, given: Limits) -> Chart:
    """Every point against the limits given. Points outside a limit do not count as beyond the near one."""
    points = np.asarray(values, dtype=np.float64)
    above = points - given.mean[..., None]
    side = np.sign(above).astype(np.int64)
    moving = given.moving[..., None]
    outside = np.abs(above) > WIDE * moving
    close = (np.abs(above) > NEAR * moving) & ~outside
    change = np.sign(np.diff(points, axis=-1)).astype(np.int64)
    trend = _marked(_alike(change, RUN - 1), points)
    shift = _marked(_alike(side, RUN), points)
    two = np.where(_within(close.astype(np.int64), 3).sum(axis=-1) >= 2, _alike(side, 3), 0)
    pair = np.where(close, _marked(two, points), 0)
    rules = ((OUTSIDE, np.where(outside, side, 0)), (TREND, trend), (TWO_IN_THREE, pair), (SHIFT, shift))
    rule, sense = np.zeros(points.shape, dtype=np.int64), np.zeros(points.shape, dtype=np.int64)
    for number, found in rules:
        first = (rule == COMMON) & (found != 0)
        rule[first], sense[first] = number, found[first]
    return Chart(given, side, outside, close, rule, sense)


def live(values: npt.ArrayLike, *, screened: bool = True, fewest: int = FEWEST) -> tuple[Sides, Sides]:
    """As published, month by month: rule and sense of each point when it was the last one, (..., points) each.

    Limits are drawn anew with every point. Points before the `fewest`-th are of common cause.
    """
    points = np.asarray(values, dtype=np.float64)
    rule, sense = np.zeros(points.shape, dtype=np.int64), np.zeros(points.shape, dtype=np.int64)
    for last in range(fewest - 1, points.shape[-1]):
        known = limits(points[..., : last + 1], screened=screened)
        judgement = judged(points[..., max(last + 1 - RUN, 0) : last + 1], known)
        rule[..., last], sense[..., last] = judgement.rule[..., -1], judgement.sense[..., -1]
    return rule, sense


def alarms(counts: npt.ArrayLike, *, weeks: int = 4) -> Flags:
    """As published, many homes: weeks in which a chart of any stream shows a rise, by any rule, (homes, weeks)."""
    rule, sense = live(in_periods(counts, weeks))
    rises = np.where((rule != COMMON) & (sense > 0), 1.0, 0.0).max(axis=1)
    return np.asarray(by_week(rises, weeks, np.shape(counts)[-1]) > 0, dtype=np.bool_)


def by_stream(
    counts: npt.ArrayLike,
    *,
    weeks: int = 4,
    screened: bool = True,
    floored: bool = True,
    fewest: int = FEWEST,
) -> Floats:
    """Statistic: the newest point's height over the mean in units of its upper limit, (homes, streams, weeks).

    Above 1 it is outside the limit as shipped. Without `floored`, a stream whose moving ranges were all left out or
    are nothing stands infinitely high at its next record; with it, no range is below that of Poisson counts with the
    same mean, which is kinder to the chart than the package is.
    """
    points = in_periods(counts, weeks)
    told = np.full(points.shape, -np.inf)
    for last in range(fewest - 1, points.shape[-1]):
        known = limits(points[..., : last + 1], screened=screened)
        moving = np.nan_to_num(known.moving)
        if floored:
            moving = np.maximum(moving, _poisson_range(known.mean))
        above = points[..., last] - known.mean
        with np.errstate(divide="ignore", invalid="ignore"):
            told[..., last] = np.where(above == 0, 0.0, above / (WIDE * moving))
    return by_week(told, weeks, np.shape(counts)[-1])


def _poisson_range(mean: Floats) -> Floats:
    """About the mean moving range of Poisson counts: 1.128 standard deviations."""
    return np.asarray(1.128 * np.sqrt(mean), dtype=np.float64)


def _within(values: Sides, length: int) -> Sides:
    """Every stretch of so many points, (..., stretches, length); no stretch where there are too few points."""
    if values.shape[-1] < length:
        return np.zeros((*values.shape[:-1], 0, length), dtype=np.int64)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(values, length, axis=-1), dtype=np.int64)


def _alike(signs: Sides, length: int) -> Sides:
    """For every stretch of so many, the sign that all its points have, else 0."""
    total = _within(signs, length).sum(axis=-1)
    return np.where(np.abs(total) == length, np.sign(total), 0).astype(np.int64)


def _marked(found: Sides, points: Floats) -> Sides:
    """The sign of a stretch on every one of its points; where two meet in a point, that of the earlier one."""
    told = np.zeros(points.shape, dtype=np.int64)
    stretches = found.shape[-1]
    for step in range(points.shape[-1] - stretches + 1 if stretches else 0):
        part = told[..., step : step + stretches]
        part[found != 0] = found[found != 0]
    return told

"""The flexible method: limits and alarms of one series as published, and a statistic for many homes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from benchmarks.detection.comparators.farrington import reference
from benchmarks.detection.comparators.farrington.fitting import (
    Fit,
    Past,
    down_weighted,
    fitted,
    outlying,
)
from benchmarks.detection.comparators.tails import quantile, surprise
from benchmarks.detection.comparators.timing import Floats, by_week, in_periods

FEWEST_YEARS_FOR_A_TREND = 3


@dataclass(frozen=True)
class Options:
    """Settings, at those of Noufaily et al for weekly counts.

    share: of false alarms at each week. seasons 0: no seasons, all weeks of the years before are alike. excluded: weeks
    before the one in question that are left out. low: an alarm needs so many cases in so many weeks.
    """

    share: float = 0.01
    years: int = 5
    per_year: int = 52
    half_window: int = 3
    seasons: int = 10
    excluded: int = 26
    outlier: float = 2.58
    low: tuple[int, int] = (5, 4)


#: Counts of four weeks, few and without seasons: all periods of the years known, half a year left out, no lower limit.
FOUR_WEEKLY = Options(per_year=13, half_window=1, seasons=0, excluded=6, low=(0, 1))
#: The same for counts of thirteen weeks: slower to tell, but with fewer empty periods.
QUARTERLY = Options(per_year=4, half_window=0, seasons=0, excluded=2, low=(0, 1))


@dataclass(frozen=True)
class Expected:
    """What a week's count is believed to be: mean and variance over mean, (series,) each."""

    mean: Floats
    dispersion: Floats


@dataclass(frozen=True)
class Assessed:
    """Upper limit (nan where there were too few cases of late) and alarm of each week asked for."""

    upper: Floats
    alarm: npt.NDArray[np.bool_]


def assessed(
    counts: npt.ArrayLike,
    weeks: Sequence[int],
    options: Options,
    *,
    dates: Sequence[date] | None = None,
) -> Assessed:
    """As published, one series: each of `weeks` (from 0) against its own past. An alarm is a count above the limit.

    ValueError where a week has less past than `options.years` ask for.
    """
    series = np.asarray(counts, dtype=np.float64)
    upper = np.full(len(weeks), np.nan)
    cases, stretch = options.low
    for place, week in enumerate(weeks):
        if series[max(week - stretch + 1, 0) : week + 1].sum() >= cases:
            found = expected(series[None], week, options, _past(week, options, dates))
            upper[place] = quantile(1.0 - options.share, found.mean, found.dispersion)[0]
    seen = series[np.asarray(weeks, dtype=np.int64)]
    return Assessed(upper, np.asarray(seen > np.nan_to_num(upper, nan=np.inf), dtype=np.bool_))


def expected(
    counts: Floats,
    week: int,
    options: Options,
    past: reference.Past,
    *,
    exposure: Floats | None = None,
) -> Expected:
    """Of many series with the same past weeks, (series, weeks), what the count of `week` should be."""
    lived = np.ones_like(counts) if exposure is None else exposure
    before = counts[:, past.at]
    known = Past(
        before,
        lived[:, past.at],
        np.ones_like(before),
        (past.at - week) / options.per_year,
        (past.season[:, None] == np.unique(past.season)).astype(np.float64),
    )
    level, dispersion = _without_trend(known, options)
    if week - past.at[0] >= FEWEST_YEARS_FOR_A_TREND * options.per_year:
        fit = _robust(known, options, trend=True)
        # A trend that leads beyond all that was ever seen is not believed.
        kept = fit.settled & (fit.level[:, 0] * lived[:, week] <= before.max(axis=1))
        level = np.where(kept, fit.level[:, 0], level)
        dispersion = np.where(kept, fit.dispersion, dispersion)
    return Expected(level * lived[:, week], dispersion)


def by_stream(
    counts: npt.ArrayLike,
    *,
    exposure: npt.ArrayLike | None = None,
    options: Options = FOUR_WEEKLY,
    least_seen: float = 0.5,
) -> Floats:
    """Statistic: minus ln of the chance of at least this period's count, (homes, streams, weeks).

    Periods of 52 over `options.per_year` weeks, told in the last week of each. At minus ln of `options.share` it alarms
    where the count is above the published limit, but for three liberties: years are as many as there are, once one is
    known; a count is never expected to be less than if `least_seen` records had been seen in all that past; there is no
    lower limit unless `options.low` sets one.
    """
    shape, length = np.shape(counts), np.shape(counts)[-1]
    weeks = 52 // options.per_year
    number = in_periods(counts, weeks).reshape(shape[0] * shape[1], -1)
    lived = np.ones_like(number)
    if exposure is not None:
        lived = in_periods(np.broadcast_to(exposure, shape), weeks).reshape(number.shape)
    told = np.full(number.shape, -np.inf)
    cases, stretch = options.low
    for period in range(number.shape[1]):
        past = _past_known(period, options)
        if len(past.at) < options.per_year:
            continue
        found = expected(number, period, options, past, exposure=lived)
        floor = least_seen * lived[:, period] / np.maximum(lived[:, past.at].sum(axis=1), 1e-9)
        unusual = surprise(number[:, period], np.maximum(found.mean, floor), found.dispersion)
        recent = number[:, max(period - stretch + 1, 0) : period + 1].sum(axis=1)
        told[:, period] = np.where(recent >= cases, unusual, -np.inf)
    return by_week(told.reshape(shape[0], shape[1], -1), weeks, length)


def _past(week: int, options: Options, dates: Sequence[date] | None) -> reference.Past:
    if not options.seasons:
        return _past_known(week, options)
    return reference.past(
        reference.same_weeks(week, options.years, options.per_year, dates),
        half_window=options.half_window,
        seasons=options.seasons,
        excluded=options.excluded,
    )


def _past_known(week: int, options: Options) -> reference.Past:
    """As many years as there are, up to those asked for."""
    if not options.seasons:
        most = options.years * options.per_year + options.half_window
        return reference.all_past(week, most=most, excluded=options.excluded)
    years = min(options.years, (week - options.half_window) // options.per_year)
    if years < 1:
        return reference.all_past(week, most=0, excluded=0)
    return reference.past(
        reference.same_weeks(week, years, options.per_year, None),
        half_window=options.half_window,
        seasons=options.seasons,
        excluded=options.excluded,
    )


def _without_trend(known: Past, options: Options) -> tuple[Floats, Floats]:
    fit = _robust(known, options, trend=False)
    return fit.level[:, 0], fit.dispersion


def _robust(known: Past, options: Options, *, trend: bool) -> Fit:
    """Fitted once, and again with outlying weeks weighing less."""
    first = fitted(known, trend=trend)
    residuals = outlying(known, first)
    again = np.flatnonzero((residuals > options.outlier).any(axis=1))
    if not len(again):
        return first
    weights = down_weighted(residuals[again], options.outlier)
    second = fitted(known.chosen(again).weighted(weights), trend=trend, begin=first.slope[again])
    return _with(first, second, again)


def _with(first: Fit, second: Fit, again: npt.NDArray[np.int64]) -> Fit:
    def put(before: Floats, after: Floats) -> Floats:
        joined = before.copy()
        joined[again] = after
        return joined

    settled = first.settled.copy()
    settled[again] = second.settled
    return Fit(
        put(first.slope, second.slope),
        settled,
        put(first.level, second.level),
        put(first.mean, second.mean),
        put(first.leverage, second.leverage),
        put(first.dispersion, second.dispersion),
    )

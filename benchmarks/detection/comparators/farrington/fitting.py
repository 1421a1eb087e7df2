"""A quasi-Poisson fit with seasons and a linear trend in the logarithm, of many series over the same weeks at once.

Given the slope, the best level of each season is what its weeks' counts come to over what the slope alone would give:
so only the slope is searched for, one number a series, and variances and leverages have short forms.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.detection.comparators.timing import Floats

STEPS = 40
LONGEST_STEP = 1.0
CLOSE = 1e-10
TINY = 1e-12


@dataclass(frozen=True)
class Past:
    """Counts, exposure and weights of many series over the same weeks, (series, weeks) each.

    time (weeks,): years before the week in question, so negative. season (weeks, seasons): 1 for the season of a week.
    """

    counts: Floats
    exposure: Floats
    weights: Floats
    time: Floats
    season: Floats

    def chosen(self, which: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> "Past":
        """Of some of the series."""
        return Past(self.counts[which], self.exposure[which], self.weights[which], self.time, self.season)

    def weighted(self, weights: Floats) -> "Past":
        return Past(self.counts, self.exposure, weights, self.time, self.season)


@dataclass(frozen=True)
class Fit:
    """slope a year and whether it was found, (series,); level of each season at time 0, (series, seasons);

    mean and leverage (series, weeks); dispersion at least 1, (series,).
    """

    slope: Floats
    settled: npt.NDArray[np.bool_]
    level: Floats
    mean: Floats
    leverage: Floats
    dispersion: Floats


def fitted(past: Past, *, trend: bool, begin: Floats | None = None) -> Fit:
    """The fit of each series, with or without a trend. begin: slopes to begin the search at, (series,)."""
    series, weeks = past.counts.shape
    slope = np.zeros(series) if begin is None or not trend else begin.copy()
    settled = np.ones(series, dtype=np.bool_)
    if trend:
        slope, settled = _slopes(past, slope)
    level, mean = _levels(past, slope)
    parameters = int((past.season.sum(axis=0) > 0).sum()) + trend
    residual = np.divide((past.counts - mean) ** 2, mean, out=np.zeros_like(mean), where=mean > TINY)
    dispersion = (past.weights * residual).sum(axis=1) / max(weeks - parameters, 1)
    leverage = _leverage(past, mean, trend=trend)
    return Fit(slope, settled, level, mean, leverage, np.maximum(dispersion, 1.0))


def outlying(past: Past, fit: Fit) -> Floats:
    """Standardised Anscombe residuals, (series, weeks)."""
    mean = np.maximum(fit.mean, TINY)
    residual = 1.5 * (np.cbrt(past.counts) ** 2 - np.cbrt(mean) ** 2) / np.sqrt(np.cbrt(mean))
    residual = np.where(fit.mean > TINY, residual, 0.0)
    room = np.maximum(fit.dispersion[:, None] * (1.0 - fit.leverage), TINY)
    return np.asarray(residual / np.sqrt(room), dtype=np.float64)


def down_weighted(residuals: Floats, threshold: float) -> Floats:
    """Weights that shrink with the square of a residual above the threshold and come to one a week in all."""
    share = np.where(residuals > threshold, 1.0 / np.maximum(residuals, threshold) ** 2, 1.0)
    return np.asarray(share * (residuals.shape[1] / share.sum(axis=1, keepdims=True)), dtype=np.float64)


def _slopes(past: Past, slope: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Newton's search on the likelihood with the levels at their best, which has one summit."""
    slope = slope.copy()
    settled = np.zeros(len(slope), dtype=np.bool_)
    at = np.flatnonzero((past.counts > 0).any(axis=1))
    part = past.chosen(at)
    for _ in range(STEPS):
        if not len(at):
            break
        _, mean = _levels(part, slope[at])
        pull = (part.weights * (part.counts - mean)) @ part.time
        spread = _spread(part, mean)[0]
        step = np.divide(pull, spread, out=np.zeros_like(pull), where=spread > TINY)
        step = np.clip(step, -LONGEST_STEP, LONGEST_STEP)
        slope[at] += step
        done = (np.abs(step) < CLOSE) & (spread > TINY)
        settled[at[done]] = True
        going = ~done & (spread > TINY)
        if not going.all():
            at, part = at[going], part.chosen(going)
    return slope, settled


def _levels(past: Past, slope: Floats) -> tuple[Floats, Floats]:
    """The best level of each season for a slope, and the means they give."""
    growth = past.exposure * np.exp(slope[:, None] * past.time) if slope.any() else past.exposure
    seen = (past.weights * past.counts) @ past.season
    due = (past.weights * growth) @ past.season
    level = np.divide(seen, due, out=np.zeros_like(seen), where=due > 0)
    return level, (level @ past.season.T) * growth


def _spread(past: Past, mean: Floats) -> tuple[Floats, Floats, Floats]:
    """The information on the slope, that on each season's level, and each season's mean time."""
    mass = past.weights * mean
    held = mass @ past.season
    first = (mass * past.time) @ past.season
    middle = np.divide(first, held, out=np.zeros_like(first), where=held > TINY)
    spread = mass @ past.time**2 - (held * middle**2).sum(axis=1)
    return spread, held, middle


def _leverage(past: Past, mean: Floats, *, trend: bool) -> Floats:
    mass = past.weights * mean
    spread, held, middle = _spread(past, mean)
    of_season = held @ past.season.T
    share = np.divide(1.0, of_season, out=np.zeros_like(of_season), where=of_season > TINY)
    if trend:
        apart = (past.time - middle @ past.season.T) ** 2
        known = spread > TINY
        share[known] += apart[known] / spread[known, None]
    return np.asarray(mass * share, dtype=np.float64)

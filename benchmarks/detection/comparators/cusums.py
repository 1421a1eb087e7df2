"""Cumulative sums of log likelihood ratios: one a stream, their sum, and one for all streams together.

Page 1954 (Biometrika 41:100) and Lucas 1985 (Technometrics 27:129) for counts; Mei 2010 (Biometrika 97:419) for the sum
of the local ones. A home's usual rates are believed to be Gamma; `plugged` takes their mean as if it were known, which
is the Poisson chart as published. Overdispersed evidence is divided by the dispersion.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.detection.comparators.timing import Floats

RISE = 2.0


@dataclass(frozen=True)
class Baseline:
    """What is believed before each week: rate a unit of exposure ~ Gamma(shape, rate); variance over mean of counts.

    Each broadcasts to (homes, streams, weeks), so (streams, 1) is one belief of all homes.
    """

    shape: npt.ArrayLike
    rate: npt.ArrayLike
    dispersion: npt.ArrayLike = 1.0
    plugged: bool = False


def evidence(
    counts: npt.ArrayLike, exposure: npt.ArrayLike, baseline: Baseline, rise: npt.ArrayLike = RISE
) -> Floats:
    """Log likelihood ratio of each week for rates `rise` times the usual, (homes, streams, weeks).

    `rise` is one multiplier or (streams,) of them; an exposure of nothing says nothing.
    """
    number = np.asarray(counts, dtype=np.float64)
    lived = np.asarray(exposure, dtype=np.float64)
    shape, rate = np.asarray(baseline.shape, dtype=np.float64), np.asarray(baseline.rate, dtype=np.float64)
    times = np.asarray(rise, dtype=np.float64)
    times = times[:, None] if times.ndim else times
    if baseline.plugged:
        cost = (times - 1.0) * lived * shape / rate
    else:
        cost = (shape + number) * np.log1p((times - 1.0) * lived / (rate + lived))
    ratio = (number * np.log(times) - cost) / np.asarray(baseline.dispersion, dtype=np.float64)
    return np.asarray(np.where(lived > 0, ratio, 0.0), dtype=np.float64)


def sums(ratios: Floats) -> Floats:
    """Cumulative sums held at 0 from below along the last axis: the same shape."""
    told = np.empty(ratios.shape)
    now = np.zeros(ratios.shape[:-1])
    for week in range(ratios.shape[-1]):
        now = np.maximum(now + ratios[..., week], 0.0)
        told[..., week] = now
    return told


def by_stream(ratios: Floats) -> Floats:
    """Statistic of the chart a stream, (homes, streams, weeks); Bonferroni: each stream its part of the budget."""
    return sums(ratios)


def bonferroni_bar(weeks: float, streams: int) -> float:
    """The nominal bar of each of so many charts for one false alarm in so many weeks over all of them."""
    return math.log(weeks * streams)


def mei(ratios: Floats) -> Floats:
    """Statistic: the sum over streams of their cumulative sums, (homes, streams, weeks) -> (homes, weeks)."""
    return np.asarray(sums(ratios).sum(axis=1), dtype=np.float64)


def combined(ratios: Floats) -> Floats:
    """Statistic: the cumulative sum of all streams' evidence together, (homes, streams, weeks) -> (homes, weeks)."""
    return sums(ratios.sum(axis=1))


def alarms_by_stream(ratios: Floats, bar: float) -> npt.NDArray[np.bool_]:
    """As published, one home: (streams, weeks). Each chart begins again at 0 after its alarm."""
    return np.stack([_with_restarts(stream[None], bar) for stream in ratios])


def alarms_mei(ratios: Floats, bar: float) -> npt.NDArray[np.bool_]:
    """As published, one home: (streams, weeks) -> (weeks,). All charts begin again at 0 after an alarm."""
    return _with_restarts(ratios, bar)


def alarms_combined(ratios: Floats, bar: float) -> npt.NDArray[np.bool_]:
    """As published, one home: (streams, weeks) -> (weeks,). The chart begins again at 0 after an alarm."""
    return _with_restarts(ratios.sum(axis=0)[None], bar)


def _with_restarts(ratios: Floats, bar: float) -> npt.NDArray[np.bool_]:
    told = np.zeros(ratios.shape[-1], dtype=np.bool_)
    now = np.zeros(ratios.shape[0])
    for week in range(ratios.shape[-1]):
        now = np.maximum(now + ratios[:, week], 0.0)
        if now.sum() >= bar:
            told[week] = True
            now = np.zeros(ratios.shape[0])
    return told

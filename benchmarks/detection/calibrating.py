"""Bars for a promised rate of false alarms, and what rate a bar gives on homes that did not set it.

The rate is the hazard of the first alarm: ordinary homes' first alarms over the home-years until then. It is what a
person who looks after many homes meets, and needs no rule for when a chart begins again.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oversight.risk.engine.priors import WEEKS_PER_YEAR
from oversight.risk.replay.measuring import Rate

Floats = npt.NDArray[np.float64]

SLIVER = 1e-9


@dataclass(frozen=True)
class Bar:
    """A bar, and what it gave on the homes that it was set on."""

    height: float
    achieved: Rate


def calibrate(statistic: Floats, per_year: float, *, from_week: int = 0) -> Bar:
    """The lowest bar at which ordinary homes, (homes, weeks), first alarm at most `per_year` times a home-year.

    Weeks before `from_week` are learning: they neither alarm nor count. A statistic of steps stays below the rate;
    `split_ties` lets it reach it. ValueError for a rate that is not above 0, and for no week at risk.
    """
    if per_year <= 0:
        raise ValueError("a rate of false alarms is above 0")
    highest = _highest(statistic, from_week)
    levels = np.unique(highest[np.isfinite(highest)])
    if _measured(highest, -math.inf).value <= per_year:
        return Bar(-math.inf, _measured(highest, -math.inf))
    # Index len(levels) is a bar above all that was seen; infinite values alarm even there.
    below, enough = -1, len(levels)
    while enough - below > 1:
        middle = (below + enough) // 2
        if _measured(highest, float(levels[middle])).value <= per_year:
            enough = middle
        else:
            below = middle
    height = float(levels[enough]) if enough < len(levels) else math.inf
    return Bar(height, _measured(highest, height))


def measured(statistic: Floats, bar: float, *, from_week: int = 0) -> Rate:
    """What a bar gives on ordinary homes, (homes, weeks): those that did not set it, to be believed."""
    return _measured(_highest(statistic, from_week), bar)


def first_alarms(statistic: Floats, bar: float, *, from_week: int = 0) -> npt.NDArray[np.int64]:
    """Each home's first week at or above the bar, (homes,); -1 where there is none."""
    weeks = statistic.shape[1]
    found = _first(_highest(statistic, from_week), bar)
    return np.where(found < weeks - from_week, found + from_week, -1)


def split_ties(statistic: Floats, seed: int) -> Floats:
    """The statistic, (homes, weeks), with at most `SLIVER` added, drawn once for each home.

    A statistic of steps jumps past the promised rate. So at a step a drawn part of the homes alarms and the rest does
    not, as tests of whole numbers do, and any rate can be met.
    """
    draws = np.random.default_rng(seed).random(len(statistic))
    return np.asarray(statistic + SLIVER * draws[:, None], dtype=np.float64)


@dataclass(frozen=True)
class Levels:
    """How unusual each stream's value is among ordinary home-weeks: a bar of its own for each, one budget for all.

    Joined by the largest, streams share the budget evenly (Bonferroni), whatever the scale of their statistic.
    """

    ordered: tuple[Floats, ...]
    weeks: int

    @classmethod
    def of(cls, by_stream: Floats, *, from_week: int = 0) -> "Levels":
        """From ordinary homes, (homes, streams, weeks)."""
        known = by_stream[:, :, from_week:]
        return cls(
            tuple(np.sort(known[:, stream].ravel()) for stream in range(known.shape[1])),
            known.shape[0] * known.shape[2],
        )

    def joined(self, by_stream: Floats) -> Floats:
        """Statistic: the largest over streams of minus ln of the ordinary share at least as high, (homes, weeks).

        Values above all ordinary ones are told apart by nothing but that: they are as high as can be.
        """
        told = np.full((by_stream.shape[0], by_stream.shape[2]), -np.inf)
        for stream, ordered in enumerate(self.ordered):
            values = by_stream[:, stream]
            below = np.searchsorted(ordered, values.ravel(), side="left").reshape(values.shape)
            share = (len(ordered) - below + 1.0) / (self.weeks + 1.0)
            told = np.maximum(told, np.where(values > -np.inf, -np.log(share), -np.inf))
        return told


def _highest(statistic: Floats, from_week: int) -> Floats:
    """The highest value so far of each home. ValueError where no week is at risk."""
    known = statistic[:, from_week:]
    if not known.size:
        raise ValueError("no home has a week at risk")
    return np.asarray(
        np.maximum.accumulate(np.nan_to_num(known, nan=-np.inf, posinf=np.inf, neginf=-np.inf), axis=1)
    )


def _first(highest: Floats, bar: float) -> npt.NDArray[np.int64]:
    """Weeks before the first alarm, all of them where there is none. Without a bar nothing alarms at minus infinity."""
    reached = highest >= bar if bar > -math.inf else highest > bar
    return np.asarray(highest.shape[1] - reached.sum(axis=1), dtype=np.int64)


def _measured(highest: Floats, bar: float) -> Rate:
    """A home is at risk up to and in the week of its first alarm."""
    weeks = highest.shape[1]
    first = _first(highest, bar)
    alarms = int((first < weeks).sum())
    return Rate(alarms, float(np.minimum(first + 1, weeks).sum()) / WEEKS_PER_YEAR)

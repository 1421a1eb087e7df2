"""The product's own engine on simulated homes: the highest score of each week, for several settings in one pass.

A record counts on the day on which it happened, as if recorded at once: the comparators see the same weeks, with what
the engine believes to be usual beside them. The arithmetic is `oversight.risk.engine`, day by day.
"""

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import partial

import numpy as np
import numpy.typing as npt

from oversight.risk.engine import DEFAULT, Fits, Home, Parameters, Record, fit_quarter, quarter_start
from oversight.risk.engine.assessing import History, past
from oversight.risk.engine.evidence import DT, arithmetic, step
from oversight.risk.engine.priors import SHIPPED
from oversight.risk.simulator import World

Floats = npt.NDArray[np.float64]
Compact = npt.NDArray[np.float32]
GROUP = 200
PROCESSES = 2
#: Whatever was recorded later than it happened is known by then.
LATEST = timedelta(days=90)


@dataclass(frozen=True)
class Weekly:
    """What a comparator may know of homes, each (homes, streams, weeks): counts and exposure of the week, and what was
    believed before it: rate a unit of exposure ~ Gamma(shape, rate), and the variance over mean of its counts.
    """

    counts: Compact
    exposure: Compact
    shape: Compact
    rate: Compact
    dispersion: Compact


@dataclass(frozen=True)
class Judged:
    """scores: by the name of the settings, (units, weeks), minus infinity in the first weeks, in which only rules speak."""

    scores: Mapping[str, Floats]
    weekly: Weekly


def usual_of(world: World) -> Fits:
    """What is usual, fitted to ordinary homes of one kind and size as the hub does each quarter, in force all the time.

    With too few homes the shipped prior stands in.
    """
    records, _ = world.by_home()
    fit = fit_quarter(world.homes, records, {}, quarter_start(world.until))
    return Fits(shipped=next(iter(fit.bands.values()), SHIPPED))


def judge(
    world: World, settings: Mapping[str, Parameters], *, fits: Fits | None = None, siblings: int = 1
) -> Judged:
    """Judge every home, or with siblings every provider by its joined chart; siblings stand next to each other.

    Settings that look at marks share theirs: ValueError where they differ.
    """
    if len({one.marks for one in settings.values()} - {None}) > 1:
        raise ValueError("one way to judge marks in one pass")
    records, _ = world.by_home()
    units = [world.homes[start : start + siblings] for start in range(0, len(world.homes), siblings)]
    groups = [
        [[(home, records[home.urn]) for home in unit] for unit in units[start : start + GROUP]]
        for start in range(0, len(units), GROUP)
    ]
    with ProcessPoolExecutor(PROCESSES) as processes:
        told = partial(_judged, until=world.until, settings=settings, fits=fits or Fits())
        parts = list(processes.map(told, groups))
    return Judged(
        {name: np.concatenate([part.scores[name] for part in parts]) for name in settings},
        Weekly(
            *(np.concatenate([getattr(part.weekly, one.name) for part in parts]) for one in fields(Weekly))
        ),
    )


_Unit = list[tuple[Home, Sequence[Record]]]


def _judged(units: list[_Unit], until: date, settings: Mapping[str, Parameters], fits: Fits) -> Judged:
    looks = next((one for one in settings.values() if one.marks is not None), DEFAULT)
    worked = [[_past(home, theirs, until, looks, fits) for home, theirs in unit] for unit in units]
    days = until.toordinal() - worked[0][0].begins + 1
    return Judged(
        {name: _scores(worked, days, parameters) for name, parameters in settings.items()},
        _weekly([one for unit in worked for one in unit], days),
    )


def _past(home: Home, theirs: Sequence[Record], until: date, parameters: Parameters, fits: Fits) -> History:
    return past(home, theirs, (), (), until + LATEST, fits, "overseers", parameters)


def _scores(worked: list[list[History]], days: int, parameters: Parameters) -> Floats:
    sums = arithmetic(parameters)
    factors = np.ones((len(sums.weights), days, len(worked)))
    for number, unit in enumerate(worked):
        for one in unit:
            marks = one.marks[:, :days] if one.marks is not None and parameters.marks is not None else None
            factors[:, :, number] *= sums.factors(
                one.counts[:, :days],
                one.exposure[:, :days],
                one.shape[:, :days],
                one.rate[:, :days],
                one.dispersion[:, :days],
                marks,
            )
    scores = np.full((len(worked), -(-days // 7)), -math.inf)
    levels: Floats = np.zeros((len(sums.weights), len(worked)))
    for day in range(days):
        levels = step(levels, factors[:, day], DT)
        if day >= parameters.first_weeks * 7:
            scores[:, day // 7] = np.maximum(scores[:, day // 7], sums.score(levels))
    return scores


def _weekly(worked: list[History], days: int) -> Weekly:
    starts = np.arange(0, days, 7)

    def summed(values: list[Floats]) -> Compact:
        return np.add.reduceat(np.stack(values)[:, :, :days], starts, axis=2).astype(np.float32)

    def before(values: list[Floats]) -> Compact:
        return np.stack(values)[:, :, starts].astype(np.float32)

    return Weekly(
        summed([one.counts for one in worked]),
        summed([one.exposure for one in worked]),
        before([one.shape for one in worked]),
        before([one.rate for one in worked]),
        before([one.dispersion for one in worked]),
    )

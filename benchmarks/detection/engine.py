"""The product's own engine on simulated homes: the highest score of each week.

A record counts on the day on which it happened, as if recorded at once: the comparators see the same. The arithmetic is
`oversight.risk.engine`, day by day.
"""

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial

import numpy as np
import numpy.typing as npt

from oversight.risk.engine import Fits, Home, Parameters, Placement, Record
from oversight.risk.engine.assessing import History, joined_factors, past
from oversight.risk.engine.evidence import DT, arithmetic, step

Floats = npt.NDArray[np.float64]
GROUP = 200
PROCESSES = 2


def weekly_scores(
    homes: Sequence[Home],
    records: Mapping[str, Sequence[Record]],
    placements: Mapping[str, Sequence[Placement]],
    until: date,
    parameters: Parameters,
    *,
    siblings: int = 1,
) -> Floats:
    """Scores (homes, weeks), or with siblings those of each provider's chart (providers, weeks).

    Minus infinity in the first weeks, in which only rules speak. Homes begin on one day; siblings stand next to each
    other.
    """
    units = [homes[start : start + siblings] for start in range(0, len(homes), siblings)]
    groups = [units[start : start + GROUP] for start in range(0, len(units), GROUP)]
    told = partial(_scores, until=until, parameters=parameters)
    theirs = [
        [[(home, records.get(home.urn, ()), placements.get(home.urn, ())) for home in unit] for unit in group]
        for group in groups
    ]
    with ProcessPoolExecutor(PROCESSES) as processes:
        return np.concatenate(list(processes.map(told, theirs)))


_Unit = list[tuple[Home, Sequence[Record], Sequence[Placement]]]


def _scores(units: list[_Unit], until: date, parameters: Parameters) -> Floats:
    factors = np.stack([_factors(unit, until, parameters) for unit in units], axis=2)
    sums = arithmetic(parameters)
    days = factors.shape[1]
    scores = np.full((len(units), -(-days // 7)), -math.inf)
    levels: Floats = np.zeros((factors.shape[0], len(units)))
    for day in range(days):
        levels = step(levels, factors[:, day], DT)
        if day >= parameters.first_weeks * 7:
            scores[:, day // 7] = np.maximum(scores[:, day // 7], sums.score(levels))
    return scores


def _factors(unit: _Unit, until: date, parameters: Parameters) -> Floats:
    worked: list[History] = [
        past(home, theirs, (), living, until + timedelta(days=90), Fits(), "overseers", parameters)
        for home, theirs, living in unit
    ]
    days = until.toordinal() - worked[0].begins + 1
    return joined_factors(worked)[:, :days]

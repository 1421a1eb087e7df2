"""The arithmetic: baselines, evidence for each pattern, and the Shiryaev-Roberts recursion.

Every function works cell by cell on flat arrays (one cell = one home on one day), so a home computed alone and a
thousand homes computed together give the same bits. Two rules keep it so: sums run in a fixed order, and the fading
memory of a home is held in whole numbers, whose sums do not depend on the order in which records arrived.
"""

from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from oversight.risk.engine.parameters import MARKS, Parameters

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DT = 1.0 / 7.0  # one London day, in weeks
TABLE_FROM = date(1950, 1, 1).toordinal()
TABLE_TO = date(2100, 1, 1).toordinal()
CHUNK = 2048
_WEIGHT_ONE = date(2000, 1, 1).toordinal()
_WEIGHT_BITS = 20
_HIGHEST = 1e290
_LOWEST = 1e-290


class Arithmetic:
    """The parameters turned into arrays: the patterns' distinct rates (6, n), `which` of them each pattern has, the rows
    of its `marks`, their weights, and the fading weights by day.
    """

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        distinct = list(dict.fromkeys(pattern.multipliers for pattern in parameters.patterns))
        self.rho: Floats = np.array(distinct, dtype=np.float64).T.copy()
        self.which: Ints = np.array([distinct.index(pattern.multipliers) for pattern in parameters.patterns])
        self.marks: tuple[tuple[int, ...], ...] = tuple(
            tuple(MARKS.index(mark) for mark in pattern.marks) for pattern in parameters.patterns
        )
        self.log_rho: Floats = np.log(self.rho)
        self.weights: tuple[float, ...] = tuple(pattern.weight for pattern in parameters.patterns)
        self.guard = parameters.guard_weeks * 7
        self.per_place = 1.0 / (7.0 * parameters.beds_per_unit)
        self.fading: Ints = fading_weights(parameters.half_life_weeks)

    def fading_from(self, ordinal: int, days: int) -> Ints:
        """The fading weights of `days` days from an ordinal. ValueError outside 1950 to 2100."""
        start = ordinal - TABLE_FROM
        if start < 0 or ordinal + days > TABLE_TO:
            raise ValueError(f"days from ordinal {ordinal} lie outside 1950 to 2100")
        return self.fading[start : start + days]

    def beliefs(
        self, prior: Floats, seen: Ints, lived: Ints, fading: Ints | np.int64
    ) -> tuple[Floats, Floats, Floats]:
        """Shape, rate and dispersion, each (6, cells): the peers' belief and what the home showed up to the guard.

        `prior` is (3, 6, cells): shape, rate, dispersion in force. `seen` (7, cells) and `lived` (cells,) are faded
        sums of counts with visits, and of children present; `fading` (cells,) the weight of their last day.

        A home that records much in one stream records much in others, too. So the peers' rates are first taken times
        how busy this home is over all recorded streams, believed Gamma with mean one before it has shown anything
        (Buehlmann's credibility, over streams). Visits are left out: their exposure is their own number.
        """
        shape, rate, dispersion = prior[0].copy(), prior[1].copy(), prior[2]
        shown = seen / fading
        told = shown[:-1] / dispersion
        exposed = ((lived / fading) * self.per_place) / dispersion[:-1]
        busy = self.parameters.busy_shape
        found, usual = busy + told[0], busy + exposed[0] * (shape[0] / rate[0])
        for row in range(1, exposed.shape[0]):
            found = found + told[row]
            usual = usual + exposed[row] * (shape[row] / rate[row])
        rate[:-1] *= usual / found
        shape += told
        rate[:-1] += exposed
        rate[-1] += shown[-1] / dispersion[-1]
        return shape, rate, dispersion

    def exposure(self, visits: Ints | npt.NDArray[np.int32], present: Ints) -> Floats:
        """Exposure (6, cells): children present in units of five for a day, and visits for reg44."""
        result = np.empty((self.rho.shape[0], present.shape[0]))
        result[:-1] = present * self.per_place
        result[-1] = visits
        return result

    def parts(
        self, counts: Floats, exposure: Floats, shape: Floats, rate: Floats, dispersion: Floats
    ) -> Floats:
        """Evidence of each stream for each distinct set of rates: inputs (6, cells), result (6, n, cells).

        l = [y ln rho - (a + y) ln((b + rho e) / (b + e))] / phi: how much better "rho times the usual rate" explains
        the count y than "the usual rate", whose belief is Gamma(a, b).
        """
        ratio = rate[:, None, :] + self.rho[:, :, None] * exposure[:, None, :]
        ratio /= (rate + exposure)[:, None, :]
        result: Floats = np.log(ratio)
        result *= (shape + counts)[:, None, :]
        np.subtract(counts[:, None, :] * self.log_rho[:, :, None], result, out=result)
        result /= dispersion[:, None, :]
        return result

    def factors(
        self,
        counts: Floats,
        exposure: Floats,
        shape: Floats,
        rate: Floats,
        dispersion: Floats,
        marks: Floats | None = None,
    ) -> Floats:
        """exp of the evidence summed over streams in their order: inputs (6, cells), result (patterns, cells).

        marks: evidence (marks, cells), added to the patterns that look at them.
        """
        cells = counts.shape[1]
        result = np.empty((len(self.weights), cells))
        for start in range(0, cells, CHUNK):
            piece = slice(start, start + CHUNK)
            parts = self.parts(
                counts[:, piece], exposure[:, piece], shape[:, piece], rate[:, piece], dispersion[:, piece]
            )
            total: Floats = parts[0] + parts[1]
            for part in parts[2:]:
                total += part
            total = total[self.which]
            if marks is not None:
                for row, theirs in zip(total, self.marks, strict=True):
                    for mark in theirs:
                        row += marks[mark, piece]
            np.clip(total, -600.0, 600.0, out=total)
            result[:, piece] = np.exp(total)
        return result

    def score(self, levels: Floats) -> Floats:
        """Z = ln of the weighted mean of R over patterns: levels (7, cells) to (cells,)."""
        total: Floats = levels[0] * self.weights[0]
        for level, weight in zip(levels[1:], self.weights[1:], strict=True):
            total = total + level * weight
        result: Floats = np.log(np.maximum(total, _LOWEST))
        return result


@lru_cache(maxsize=8)
def fading_weights(half_life_weeks: int) -> Ints:
    """Weight of each day from 1950 on, in whole numbers that double every half-life.

    A count of day u, seen from day t, weighs weight[u] / weight[t].
    """
    half_life = half_life_weeks * 7
    weights = [
        round(2.0 ** ((day - _WEIGHT_ONE) / half_life + _WEIGHT_BITS)) for day in range(TABLE_FROM, TABLE_TO)
    ]
    table: Ints = np.array(weights, dtype=np.int64)
    table.setflags(write=False)
    return table


@lru_cache(maxsize=8)
def arithmetic(parameters: Parameters) -> Arithmetic:
    """The arithmetic of a set of parameters, made once."""
    return Arithmetic(parameters)


def step(levels: Floats, factors: Floats, entering: Floats | float = DT) -> Floats:
    """One day of R <- (R + dt) * exp(l), for any shape. `entering` is 0 where a home has not begun."""
    result: Floats = np.minimum((levels + entering) * factors, _HIGHEST)
    return result


def run(factors: Floats, entering: Floats | None = None) -> Floats:
    """The recursion over time: factors (days, ...) to levels of the same shape, from R = 0."""
    result = np.empty_like(factors)
    level: Floats = np.zeros(factors.shape[1:])
    for day in range(factors.shape[0]):
        level = step(level, factors[day], DT if entering is None else entering[day])
        result[day] = level
    return result


def run_one(factors: Floats) -> Floats:
    """The recursion of one home, in plain floats: factors (7, days) to levels (7, days); the bits of `run`."""
    result = np.empty_like(factors)
    for index, row in enumerate(factors.tolist()):
        level = 0.0
        result[index] = [level := (level + DT) * factor for factor in row]
    if result.size and not result.max() <= _HIGHEST:
        for index, row in enumerate(factors.tolist()):
            level = 0.0
            result[index] = [level := min((level + DT) * factor, _HIGHEST) for factor in row]
    return result

"""Chances of counts: Poisson where the dispersion is 1, negative binomial with that variance over mean above it.

Both obey p(k+1) / p(k) = (mean / dispersion + (1 - 1 / dispersion) k) / (k + 1), so one recursion serves both.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NEGLIGIBLE = 1e-13
MOST_TERMS = 100_000
#: As the usual programs do, a cumulative chance this little short of the one asked for counts as reaching it.
FUZZ = 64 * np.finfo(np.float64).eps


def surprise(counts: npt.ArrayLike, mean: npt.ArrayLike, dispersion: npt.ArrayLike = 1.0) -> Floats:
    """Minus the natural logarithm of the chance of at least this count; 0 for a count of nothing.

    Infinite where a count stands against a mean of nothing. Arrays are broadcast; dispersion below 1 counts as 1.
    """
    asked = np.broadcast_arrays(
        np.asarray(counts, dtype=np.float64),
        np.asarray(mean, dtype=np.float64),
        np.maximum(np.asarray(dispersion, dtype=np.float64), 1.0),
    )
    number, usual, spread = (values.ravel() for values in asked)
    told = np.zeros(number.shape)
    told[(number > 0) & (usual <= 0)] = np.inf
    some = np.flatnonzero((number > 0) & (usual > 0))
    if len(some):
        number, start, growth = number[some], usual[some] / spread[some], 1.0 - 1.0 / spread[some]
        ahead = _log_chance(number, usual[some], spread[some])
        told[some] = np.maximum(-(ahead + np.log(_rest(number, start, growth))), 0.0)
    return told.reshape(asked[0].shape)


def quantile(share: float, mean: npt.ArrayLike, dispersion: npt.ArrayLike = 1.0) -> Floats:
    """The smallest count whose cumulative chance reaches `share`, which lies between 0 and 1."""
    usual, spread = np.broadcast_arrays(
        np.asarray(mean, dtype=np.float64), np.maximum(np.asarray(dispersion, dtype=np.float64), 1.0)
    )
    chance = np.exp(-usual * _per_mean(spread))
    total = chance.copy()
    found = np.zeros(usual.shape)
    below = total < share * (1.0 - FUZZ)
    count = 0
    while below.any():
        chance = chance * (usual / spread + (1.0 - 1.0 / spread) * count) / (count + 1)
        count += 1
        total = total + chance
        found[below] = count
        below = below & (total < share * (1.0 - FUZZ))
        if count > MOST_TERMS:
            raise ValueError("no quantile: the mean is too large")
    return found


def _per_mean(spread: Floats) -> Floats:
    """Minus the logarithm of the chance of no count, for a mean of 1."""
    above = spread - 1.0
    return np.divide(np.log1p(above), above, out=np.ones_like(above), where=above > 1e-9)


def _log_chance(number: Floats, usual: Floats, spread: Floats) -> Floats:
    """The logarithm of the chance of exactly this count."""
    chance = -usual * _per_mean(spread)
    start, growth = usual / spread, 1.0 - 1.0 / spread
    for count in range(int(number.max())):
        at = np.flatnonzero(number > count)
        chance[at] += np.log(start[at] + growth[at] * count) - np.log(count + 1.0)
    return chance


def _rest(number: Floats, start: Floats, growth: Floats) -> Floats:
    """The chance of at least `number`, over that of exactly `number`."""
    total = np.ones(number.shape)
    term = np.ones(number.shape)
    at = np.arange(len(number))
    for step in range(MOST_TERMS):
        reached = number[at] + step
        ratio = (start[at] + growth[at] * reached) / (reached + 1.0)
        term[at] *= ratio
        total[at] += term[at]
        at = at[(term[at] > NEGLIGIBLE * total[at]) | (ratio > 1.0)]
        if not len(at):
            break
    return total

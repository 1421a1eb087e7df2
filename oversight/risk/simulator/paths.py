"""How a home's own marks lie week by week: its level, its drift, its changes of manager, and going wrong."""

from dataclasses import dataclass

import numpy as np

from oversight.risk.simulator.effects import Effects
from oversight.risk.simulator.mark_rates import MarkRates
from oversight.risk.simulator.weeks import Floats, Ints

DRIFTING = 4  # notice, delay, severity, recommendations, in this order
_EDGE = 1e-4


@dataclass(frozen=True, slots=True)
class Drifts:
    """Standard paths (4, weeks) of a home, and the days of its changes with the shifts (4, weeks) they make."""

    paths: Floats
    changes: Ints
    shifts: Floats


@dataclass(frozen=True, slots=True)
class Levels:
    """A home's marks by week: chance of a missing notice, log delay, tilts, chance of a repeated recommendation."""

    missing: Floats
    delay: Floats
    tilt_own: Floats
    tilt_outside: Floats
    repeated: Floats


def wandering(weeks: int, memory: float, rng: np.random.Generator) -> Floats:
    """Four autoregressive paths with standard deviation one, (4, weeks)."""
    keep = float(np.exp(-1 / memory))
    path = rng.standard_normal((DRIFTING, weeks))
    path[:, 1:] *= np.sqrt(1 - keep**2)
    step = 1
    while step < weeks:  # doubling: after each turn a week holds the sum over twice as many weeks before it
        path[:, step:] += keep**step * path[:, :-step]
        step *= 2
    return path


def drifts(
    weeks: int,
    memory: float,
    rates: MarkRates,
    rng: np.random.Generator,
    provider: Floats | None,
    share: float,
) -> Drifts:
    """A home's drifts and changes; `provider` is the path its siblings share, with `share` of the variance."""
    paths = wandering(weeks, memory, rng)
    if provider is not None:
        paths = np.sqrt(share) * provider + np.sqrt(1 - share) * paths
    change = rates.changes
    number = int(rng.poisson(change.per_year * weeks * 7 / 365.25))
    days = np.sort(rng.integers(0, weeks * 7, size=number))
    sizes = np.array([change.notice, change.delay, change.severity, change.recommendations]) * change.size
    shift = np.concatenate([np.zeros((1, DRIFTING)), rng.standard_normal((number, DRIFTING)) * sizes])
    since = np.searchsorted(days, np.arange(weeks) * 7, side="right")
    return Drifts(paths, days, shift[since].T)


def levels(
    rates: MarkRates, drift: Drifts, done: Floats, effects: Effects, rng: np.random.Generator
) -> Levels:
    """Where a home's marks lie each week, once its own levels are drawn."""
    notices, delay, severity, asked = rates.notices, rates.delay, rates.severity, rates.recommendations
    notice, late, tilt, repeated = drift.paths
    missing = _odds(_beta(notices.missing, notices.concentration, rng))
    again = _odds(_beta(asked.repeated, asked.concentration, rng))
    own_delay, own_tilt = rng.standard_normal(2).tolist()
    tilts = own_tilt * severity.between + severity.drift * tilt
    return Levels(
        missing=_chance(missing + notices.drift * notice + drift.shifts[0] + effects.notice * done),
        delay=np.log(delay.median)
        + own_delay * delay.between
        + delay.drift * late
        + drift.shifts[1]
        + effects.delay * done,
        tilt_own=tilts + drift.shifts[2] + effects.severity_own * done,
        tilt_outside=tilts + effects.severity_outside * done,
        repeated=_chance(again + asked.drift * repeated + drift.shifts[3] + effects.recommendations * done),
    )


def _beta(mean: float, concentration: float, rng: np.random.Generator) -> float:
    return float(rng.beta(mean * concentration, (1 - mean) * concentration))


def _odds(chance: float) -> float:
    within = min(max(chance, _EDGE), 1 - _EDGE)
    return float(np.log(within / (1 - within)))


def _chance(odds: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-odds))
    return result

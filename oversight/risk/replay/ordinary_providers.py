"""Ordinary providers and what their homes leave without a notice of their own, week by week.

Everything here is assumed: no share of any real home is published. The sizes of drift and of a change of manager are
those of the study's middle level of noise (`oversight.risk.simulator.mark_rates`).
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from oversight.risk.simulator.mark_rates import MID, ChangeRates
from oversight.risk.simulator.rates import Rates

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

HOMES = 3
WEEKS_PER_YEAR = 365.25 / 7
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Practice:
    """How ordinary homes differ in the share of outside events that they leave without a notice of their own.

    A home's share is Beta with mean `usual` and `concentration` (smaller: homes differ more); its log odds drift with
    standard deviation `drift`, remembered for `memory` weeks, and shift at each change of manager. In the share `alike`
    of the providers the three homes have one practice: the same share, drift and shifts.
    """

    usual: float
    concentration: float = MID.notices.concentration
    drift: float = MID.notices.drift
    memory: float = Rates().memory_weeks
    changes: ChangeRates = field(default_factory=lambda: MID.changes)
    alike: float = 0.3


@dataclass(frozen=True, slots=True)
class Volume:
    """Outside events a provider and year; providers differ by a Gamma of this shape with mean one."""

    per_year: float = 92.0
    shape: float = 3.0


class Weeks(NamedTuple):
    """Events by provider and week, with and without a notice; and each home's own share without one, all weeks taken
    together (homes without any event are left out)."""

    matched: Counts
    unmatched: Counts
    shares: Floats


def ordinary_providers(
    practice: Practice, volume: Volume, providers: int, weeks: int, rng: np.random.Generator
) -> Weeks:
    """So many ordinary providers of three homes; an event belongs to each of the three with the same chance."""
    homes = providers * HOMES
    level = volume.per_year * rng.gamma(volume.shape, 1 / volume.shape, size=providers)
    weekly = np.repeat(level / HOMES / WEEKS_PER_YEAR, HOMES)
    chance = _chances(practice, providers, weeks, rng)
    events = rng.poisson(weekly[:, None], size=(homes, weeks))
    missing = rng.binomial(events, chance)
    seen, without = events.sum(axis=1), missing.sum(axis=1)
    pooled = missing.reshape(providers, HOMES, weeks).sum(axis=1)
    every = events.reshape(providers, HOMES, weeks).sum(axis=1)
    return Weeks(every - pooled, pooled, without[seen > 0] / seen[seen > 0])


def _chances(practice: Practice, providers: int, weeks: int, rng: np.random.Generator) -> Floats:
    """The chance that an event stays without a notice, (homes, weeks)."""
    homes = providers * HOMES
    a, b = practice.usual * practice.concentration, (1 - practice.usual) * practice.concentration
    within = np.clip(rng.beta(a, b, size=homes), _EDGE, 1 - _EDGE)
    start = np.log(within / (1 - within))
    keep = float(np.exp(-1 / practice.memory))
    path = rng.standard_normal(homes)
    change = np.zeros(homes)
    odds = np.empty((homes, weeks))
    for week in range(weeks):
        if week:
            path = keep * path + np.sqrt(1 - keep**2) * rng.standard_normal(homes)
        changed = rng.random(homes) < practice.changes.per_year / WEEKS_PER_YEAR
        size = practice.changes.notice * practice.changes.size
        change[changed] = size * rng.standard_normal(int(changed.sum()))
        odds[:, week] = start + practice.drift * path + change
    alike = np.repeat(rng.random(providers) < practice.alike, HOMES)
    first = np.arange(homes) // HOMES * HOMES
    chances: Floats = 1 / (1 + np.exp(-np.where(alike[:, None], odds[first], odds)))
    return chances

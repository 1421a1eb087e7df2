"""Which child a simulated event is about: some are named more readily than others, and more while in crisis."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from oversight.risk.simulator.mark_rates import ChildRates
from oversight.risk.simulator.people import Household
from oversight.risk.simulator.weeks import Floats, Ints


@dataclass(frozen=True, slots=True)
class Targets:
    """The beds on which events come to bear in a home going wrong, and the share of events on each day asked."""

    beds: Ints
    share: Floats


def choose_children(
    household: Household,
    starts_on: date,
    days: Ints,
    rates: ChildRates,
    crises: Ints,
    crisis_days: int,
    targets: Targets | None,
    rng: np.random.Generator,
) -> tuple[Ints, list[str]]:
    """For events on some days the child, by number, and every child's key by number.

    `crises` are the days on which a placement begins to unsettle the home.
    """
    starts: list[Ints] = []
    firsts: list[int] = []
    keys: list[str] = []
    origin = starts_on.toordinal()
    for came, children in household.beds:
        starts.append(np.array([day.toordinal() - origin for day in came]))
        firsts.append(len(keys))
        keys.extend(children)
    propensity = rng.gamma(rates.propensity, size=len(keys)) / rates.propensity
    draws = rng.random((3, days.shape[0]))
    living = np.empty((days.shape[0], len(starts)), dtype=np.int64)
    for bed, arrivals in enumerate(starts):
        living[:, bed] = firsts[bed] + np.searchsorted(arrivals, days, side="right") - 1
    weight = propensity[living]
    unsettling = rng.integers(len(starts), size=crises.shape)
    for day, bed in zip(crises.tolist(), unsettling.tolist(), strict=True):
        child = firsts[bed] + int(np.searchsorted(starts[bed], day, side="right")) - 1
        unsettled = (days >= day) & (days < day + crisis_days) & (living[:, bed] == child)
        weight[unsettled, bed] += rates.crisis
    reach: Floats = np.cumsum(weight, axis=1)
    chosen = (reach < (draws[0] * reach[:, -1])[:, None]).sum(axis=1)
    chosen = np.minimum(chosen, len(starts) - 1)
    if targets is not None:
        aimed = targets.beds[(draws[2] * targets.beds.shape[0]).astype(np.int64)]
        chosen = np.where(draws[1] < targets.share, aimed, chosen)
    picked: Ints = living[np.arange(days.shape[0]), chosen]
    return picked, keys

"""Injuries after a restraint, as a stream of counts of its own: quiet days speak, too."""

import math

import numpy as np

from oversight.risk.engine.evidence import TABLE_FROM, Floats, Ints
from oversight.risk.engine.parameters import MarkSettings
from oversight.risk.engine.remembering import Memory

WEEKS_PER_YEAR = 365.25 / 7


def restraint_evidence(
    counts: Ints, present: Ints, shown: Floats, lived: Floats, beds_per_unit: int, settings: MarkSettings
) -> Floats:
    """The log evidence of some cells (a home on a day each): injuries and children present on the day, and the faded
    sums of both that the home may be judged by.
    """
    units = 7.0 * beds_per_unit
    exposure = present / units
    dispersion, times = settings.restraint_dispersion, settings.restraint_times
    shape = settings.restraint_shape + shown / dispersion
    rate = settings.restraint_shape * WEEKS_PER_YEAR / settings.restraint_yearly + lived / units / dispersion
    quiet = np.log((rate + times * exposure) / (rate + exposure))
    result: Floats = (counts * math.log(times) - (shape + counts) * quiet) / dispersion
    return result


def restraint_of_one(
    counts: Ints, begins: int, present: Ints, beds_per_unit: int, memory: Memory, settings: MarkSettings
) -> Floats:
    """The log evidence of every day of one home from ordinal ``begins``; whole numbers are summed, so order is nothing."""
    days = present.shape[0]
    weights = memory.weights[begins - TABLE_FROM : begins - TABLE_FROM + days]
    starts = memory.epochs.starts(begins, days)
    upto = np.maximum(np.arange(days) - memory.guard + 1, starts)
    now = memory.weights[begins - TABLE_FROM - memory.guard + np.arange(days)]

    def faded(values: Ints) -> Floats:
        sums = np.concatenate([[0], np.cumsum(values * weights)])
        result: Floats = (sums[upto] - sums[starts]) / now
        return result

    found = restraint_evidence(counts, present, faded(counts), faded(present), beds_per_unit, settings)
    found[memory.epochs.mutes(begins, days)] = 0.0
    return found

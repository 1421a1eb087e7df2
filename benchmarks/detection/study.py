"""One seed of the study: bars set on ordinary homes, tried on others, and how early homes going wrong are found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np

from benchmarks.detection.calibrating import calibrate, first_alarms, measured, split_ties
from benchmarks.detection.engine import Floats, Judged, judge, usual_of
from benchmarks.detection.finding import Found, Ints
from benchmarks.detection.methods import METHODS
from oversight.risk.engine import Parameters
from oversight.risk.replay.measuring import Rate
from oversight.risk.simulator import SIBLING_DRIFT, Marking, Plan, World, simulate

STARTS = date(2010, 1, 1)
#: Weeks before alarms count, for every method: the engine raises none in them.
LEARNING = 26


@dataclass(frozen=True)
class Size:
    """How many ordinary homes set the bars (as many others confirm them), for how many years; homes a scenario."""

    ordinary: int = 4000
    years: float = 8.0
    failing: int = 1000
    failing_years: float = 7.0


@dataclass(frozen=True)
class Row:
    """A method in one seed: its bar, the rate it promised and the rate on homes that did not set it, what it found."""

    bar: float
    confirmed: Rate
    found: Mapping[str, Found]


def one_seed(
    settings: Mapping[str, Parameters],
    seed: int,
    size: Size,
    *,
    scenarios: Sequence[str],
    per_year: float = 0.1,
    marking: Marking | None = None,
    methods: Sequence[str] = tuple(METHODS),
    places: int = 5,
    siblings: int = 1,
) -> dict[str, Row]:
    """Every setting of the engine and every comparator named, on the same homes.

    With siblings the unit is a provider of so many homes, which share 40% of their drift and all go wrong at once; the
    sizes then count providers.
    """
    plan = Plan(
        homes=size.ordinary * siblings,
        years=size.years,
        starts_on=STARTS,
        places=places,
        siblings=siblings,
        sibling_drift=SIBLING_DRIFT if siblings > 1 else 0.0,
        failing_siblings="all" if siblings > 1 else "any",
        marks=marking or Marking(),
    )
    usual = simulate(plan, 1000 * seed)
    look = partial(judge, settings=settings, fits=usual_of(usual), siblings=siblings)
    ordinary, others = look(usual), look(simulate(plan, 1000 * seed + 1))
    statistics = {name: METHODS[name].ready(ordinary.weekly, LEARNING) for name in methods}

    def told(judged: Judged) -> dict[str, Floats]:
        theirs = {name: split_ties(of(judged.weekly), seed) for name, of in statistics.items()}
        return {**judged.scores, **theirs}

    ours, theirs = told(ordinary), told(others)
    bars = {name: calibrate(scores, per_year, from_week=LEARNING) for name, scores in ours.items()}
    confirmed = {name: measured(theirs[name], bars[name].height, from_week=LEARNING) for name in bars}
    found: dict[str, dict[str, Found]] = {name: {} for name in bars}
    wrong = replace(plan, homes=size.failing * siblings, years=size.failing_years, failing=1.0)
    for number, scenario in enumerate(scenarios):
        world = simulate(replace(wrong, scenarios=(scenario,)), 1000 * seed + 10 + number)
        onset = _onset(world)[::siblings]
        for name, scores in told(look(world)).items():
            first = first_alarms(scores, bars[name].height, from_week=LEARNING)
            found[name][scenario] = Found.of(first, onset)
    return {name: Row(bars[name].height, confirmed[name], found[name]) for name in bars}


def _onset(world: World) -> Ints:
    return np.array([(world.failing[home.urn][1] - STARTS).days // 7 for home in world.homes])

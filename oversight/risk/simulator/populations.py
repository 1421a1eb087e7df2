"""The homes of a plan with their weekly counts: which there are, which go wrong and when, what siblings share.

Each home has its own stream of chance, so adding homes changes none before, and what is drawn later (days, people,
marks) changes no count.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from oversight.risk.engine.records import Home
from oversight.risk.simulator.people import Household
from oversight.risk.simulator.plans import Plan
from oversight.risk.simulator.rates import ONSET_AFTER_YEARS, ONSET_MONTHS, SCENARIOS, Scenario
from oversight.risk.simulator.weeks import (
    Floats,
    Ints,
    Shared,
    Usual,
    draw_counts,
    drift_path,
    ramp,
    times_usual,
    usual,
)

_OF_NO_HOME = 10**6  # in the seed of what belongs to no one home: who goes wrong, and providers
_DRIFT, _ONSET, _MARKS = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Course:
    """One home's counts and what lies behind them.

    `done` is how far its scenario has come by week, `times` (5, weeks) what that makes of the usual rates, `counts`
    (5, weeks) what happened. `rng` is where this home's chance stands after them.
    """

    home: Home
    scenario: Scenario | None
    onset: int
    done: Floats
    times: Floats
    household: Household
    usual: Usual
    counts: Ints
    rng: np.random.Generator


def courses(plan: Plan, seed: int, among: range | None = None) -> Iterator[tuple[int, Course]]:
    """Every home of the plan by its index, or those among some indices."""
    wrong = _going_wrong(plan, seed)
    for index in range(plan.homes) if among is None else among:
        rng = np.random.default_rng([seed, index])
        home = _home(plan, index, rng)
        scenario = SCENARIOS[wrong[index]] if index in wrong else None
        onset = _onset(plan, rng)
        if plan.failing_siblings == "all":
            onset = _onset(
                plan, np.random.default_rng([seed, _OF_NO_HOME, index // plan.siblings + 1, _ONSET])
            )
        shared = _shared(plan, seed, index // plan.siblings)
        yield index, course(home, plan, plan.weeks, rng, scenario, onset, shared)


def course(
    home: Home,
    plan: Plan,
    weeks: int,
    rng: np.random.Generator,
    scenario: Scenario | None,
    onset: int,
    shared: Shared | None = None,
) -> Course:
    """One home's counts over `weeks` weeks from the plan's start."""
    household = Household.of(home, plan.starts_on, weeks, plan.rates, rng)
    done = ramp(weeks, scenario, onset)
    times = times_usual(done, scenario)
    ordinary = usual(home.places, weeks, plan.rates, rng, shared)
    counts = draw_counts(ordinary.expected * times, plan.rates, rng)
    return Course(home, scenario, onset, done, times, household, ordinary, counts, rng)


def provider_chance(plan: Plan, seed: int, index: int) -> np.random.Generator | None:
    """Where the marks of a home's provider are drawn from; None where its homes share nothing."""
    if not plan.sibling_drift:
        return None
    return np.random.default_rng([seed, _OF_NO_HOME, index // plan.siblings + 1, _MARKS])


def _shared(plan: Plan, seed: int, group: int) -> Shared | None:
    if not plan.sibling_drift:
        return None
    rng = np.random.default_rng([seed, _OF_NO_HOME, group + 1, _DRIFT])
    return Shared(plan.sibling_drift, drift_path(plan.weeks, plan.rates, rng))


def _going_wrong(plan: Plan, seed: int) -> dict[int, str]:
    rng = np.random.default_rng([seed, _OF_NO_HOME])
    if plan.failing_siblings == "any":
        number = round(plan.homes * plan.failing)
        chosen = sorted(int(index) for index in rng.choice(plan.homes, size=number, replace=False))
        return {index: plan.scenarios[turn % len(plan.scenarios)] for turn, index in enumerate(chosen)}
    providers = -(-plan.homes // plan.siblings)
    size = round(providers * plan.failing)
    groups = sorted(int(group) for group in rng.choice(providers, size=size, replace=False))
    wrong = {}
    for turn, group in enumerate(groups):
        theirs = range(group * plan.siblings, min((group + 1) * plan.siblings, plan.homes))
        one = theirs[int(rng.integers(len(theirs)))]
        for index in theirs if plan.failing_siblings == "all" else (one,):
            wrong[index] = plan.scenarios[turn % len(plan.scenarios)]
    return wrong


def _home(plan: Plan, index: int, rng: np.random.Generator) -> Home:
    places, kind = plan.places, "home"
    if isinstance(places, tuple):
        places = places[int(rng.integers(len(places)))]
    elif places is None:
        places = int(
            rng.choice([2, 3, 4, 5, 6, 8, 12, 20], p=[0.12, 0.22, 0.24, 0.16, 0.12, 0.08, 0.04, 0.02])
        )
        kind = str(
            rng.choice(
                ["home", "home_disability", "short_break", "residential_school"], p=[0.8, 0.12, 0.05, 0.03]
            )
        )
    group = index // plan.siblings + 1
    return Home(
        urn=f"{plan.prefix}{index + 1:05d}",
        name=f"Simulated home {index + 1}",
        provider=f"Simulated provider {group}",
        places=places,
        kind=kind,
        local_authority=f"Simulated authority {group % 20 + 1}",
        opened_on=plan.starts_on,
    )


def _onset(plan: Plan, rng: np.random.Generator) -> int:
    weeks = plan.weeks
    if plan.onset_weeks is not None:
        least, most = plan.onset_weeks
    else:
        least, most = (round((ONSET_AFTER_YEARS * 12 + months) * 365.25 / 84) for months in ONSET_MONTHS)
    return int(rng.integers(min(least, weeks - 1), max(min(most, weeks), min(least, weeks - 1) + 1)))

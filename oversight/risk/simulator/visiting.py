"""The monthly visits of a simulated home: what the visitor thinks, and what is recommended again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from oversight.risk.engine.rules import next_month
from oversight.risk.simulator.effects import Effects
from oversight.risk.simulator.mark_rates import MarkRates, RecommendationRates
from oversight.risk.simulator.rates import Rates
from oversight.risk.simulator.weeks import Floats, Ints

OPINIONS: tuple[str, ...] = ("yes", "partly", "no")
_EDGE = 1e-4


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits in order: day, days until the report, index of OPINIONS, the recommendations by number.

    Of the recommendations of a visit the first `repeated` are repeated ones.
    """

    day: Ints
    lag: Ints
    opinion: Ints
    asked: tuple[tuple[int, ...], ...]
    repeated: Ints


@lru_cache(maxsize=16)
def month_starts(starts_on: date, weeks: int) -> tuple[int, ...]:
    """The first day of every whole month, in days from the start."""
    until = starts_on + timedelta(weeks=weeks)
    month = starts_on if starts_on.day == 1 else next_month(starts_on)
    found = []
    while next_month(month) <= until:
        found.append((month - starts_on).days)
        month = next_month(month)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visitor goes by: events by week, how many are usual in a week, and how far going wrong has come."""

    events: Ints
    usual: float
    done: Floats
    effects: Effects


def visits(
    starts_on: date,
    rates: Rates,
    marks: MarkRates,
    seen: Seen,
    repeated: Floats,
    rng: np.random.Generator,
) -> Visits:
    """One visit in every whole month; `repeated` is the chance by week that a recommendation is an open one."""
    months = np.array(month_starts(starts_on, seen.done.shape[0]), dtype=np.int64)
    concern = min(rates.concern_share * rng.gamma(rates.concern_between) / rates.concern_between, 0.6)
    day: Ints = months + rng.integers(3, 26, size=months.shape[0])
    draws = rng.random((2, day.shape[0]))
    rule = rates.lags["reg44"]
    waited = rng.geometric(1 / (rule.mean + 1), size=day.shape[0]) - 1
    concerned = draws[0] < _concern(concern, day, marks, seen)
    opinion = np.where(concerned, np.where(draws[1] < rates.opinion_no_share, 2, 1), 0)
    asked = rng.poisson(marks.recommendations.a_visit, size=day.shape)
    again = rng.binomial(asked, repeated[day // 7])
    given = _recommended(asked.tolist(), again.tolist(), marks.recommendations)
    kept = np.array([count for _, count in given], dtype=np.int64)
    return Visits(
        day, np.minimum(rule.least + waited, rule.most), opinion, tuple(numbers for numbers, _ in given), kept
    )


def _concern(base: float, day: Ints, marks: MarkRates, seen: Seen) -> Floats:
    """The chance of concern at each visit, by how many events there were in the weeks before it."""
    within = max(base, _EDGE)
    week = day // 7
    before = np.maximum(week - marks.visitor.weeks, 0)
    total = np.concatenate([[0], np.cumsum(seen.events)])
    ratio = (total[week] - total[before] + 1) / (seen.usual * (week - before) + 1)
    done = seen.done[week]
    answer = marks.visitor.response * (1 - seen.effects.captured * done)
    odds = np.log(within / (1 - within)) + answer * np.log(ratio) + seen.effects.visit_odds * done
    chance: Floats = 1 / (1 + np.exp(-odds))
    return chance


def _recommended(
    asked: Sequence[int], again: Sequence[int], rates: RecommendationRates
) -> list[tuple[tuple[int, ...], int]]:
    """For each visit its recommendations by number and how many repeat one: those named last are repeated first."""
    made = 0
    before: list[tuple[int, ...]] = []
    found = []
    for number, repeats in zip(asked, again, strict=True):
        still_open = dict.fromkeys(one for visit in reversed(before[-rates.open_visits :]) for one in visit)
        repeated = tuple(still_open)[:repeats]
        fresh = number - len(repeated)
        visit = (*repeated, *range(made + 1, made + fresh + 1))
        made += fresh
        before.append(visit)
        found.append((visit, len(repeated)))
    return found

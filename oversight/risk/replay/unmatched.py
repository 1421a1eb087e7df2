"""One chart of a provider's outside events with and without the home's own notice: its evidence, bars and first alarms.

The engine's odds, patience and Bernoulli evidence (`oversight.risk.engine.marks`), written for many providers at once,
week by week: the engine walks the dated records of one home, and here no event has a date. Here the ordinary share is
fixed; there it starts at a prior and is learned.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from oversight.risk.engine.matching import NOTICE_AFTER
from oversight.risk.engine.parameters import MarkSettings
from oversight.risk.replay.ordinary_providers import (
    WEEKS_PER_YEAR,
    Counts,
    Floats,
    Practice,
    Volume,
    ordinary_providers,
)

ODDS = (
    MarkSettings().unmatched_odds
)  # the chart asks whether the odds of an unmatched event are this many times the ordinary ones
LATE_WEEKS = NOTICE_AFTER.days // 7  # an event is judged so long after it happened
DAYS_PER_MONTH = 365.25 / 12
RISE = 5.0
LAWS = ("even", "rising")


class Evidence(NamedTuple):
    """What one event adds to the log of the ratio: one without a notice, and one with."""

    unmatched: float
    matched: float


def evidence_of(null: float) -> Evidence:
    """The log ratios against an ordinary share of `null`, strictly between 0 and 1."""
    raised = ODDS * null / (1 + (ODDS - 1) * null)
    return Evidence(float(np.log(raised / null)), float(np.log((1 - raised) / (1 - null))))


def chart(matched: Counts, unmatched: Counts, null: float) -> Floats:
    """The log of the Shiryaev-Roberts sum, one step a week, and of it the highest so far: (providers, weeks judged).

    L becomes ln(1 + e^L) plus the week's evidence. Column 0 is the first week whose events are judged.
    """
    adds = evidence_of(null)
    gained = unmatched * adds.unmatched + matched * adds.matched
    level = np.full(gained.shape[0], -np.inf)
    highest = np.empty_like(gained)
    for week in range(gained.shape[1]):
        level = np.logaddexp(0.0, level) + gained[:, week]
        highest[:, week] = np.maximum(level, highest[:, week - 1]) if week else level
    return highest


def weeks_before(highest: Floats, bar: float) -> Counts:
    """How many weeks were judged before each provider's first alarm; all of them where there was none."""
    weeks: Counts = np.asarray((highest < bar).sum(axis=1))
    return weeks


def yearly_rate(highest: Floats, bar: float) -> float:
    """First alarms a provider-year, over the time up to and with the week of the first alarm."""
    before, last = weeks_before(highest, bar), highest.shape[1]
    watched = np.minimum(before + 1, last).sum() / WEEKS_PER_YEAR
    return float((before < last).sum() / watched)


def bar_for(highest: Floats, yearly: float) -> float:
    """The lowest bar, to two decimals, at which these providers raise at most so many first alarms a provider-year."""
    low, high = 0, int(100 * max(float(highest[:, -1].max()), 0.0)) + 2
    while low < high:
        middle = (low + high) // 2
        if yearly_rate(highest, middle / 100) <= yearly:
            high = middle
        else:
            low = middle + 1
    return low / 100


@dataclass(frozen=True, slots=True)
class Rule:
    """What the chart holds events against, and its bar: fixed, or set on ordinary providers for a yearly rate."""

    words: str
    null: str  # "mean" of the ordinary homes, or "ninetieth": the share below which nine in ten of them stay
    yearly: float | None = None
    bar: float = 0.0


RULES = (
    Rule("bar set on ordinary providers: one false alarm in 10 provider-years", "mean", yearly=0.1),
    Rule("bar set on ordinary providers: one false alarm in 30 provider-years", "mean", yearly=1 / 30),
    Rule("bar set on ordinary providers: one false alarm in 100 provider-years", "mean", yearly=0.01),
    Rule(
        "textbook bar ln 520 against the mean: not safe, for comparison only", "mean", bar=float(np.log(520))
    ),
    Rule("bar ln 520 against the 90th percentile of ordinary homes", "ninetieth", bar=float(np.log(520))),
    Rule("bar ln 5,200 against the 90th percentile of ordinary homes", "ninetieth", bar=float(np.log(5200))),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A reading of the published totals: so many outside events, of which so many had no notice of their own."""

    words: str
    events: int
    unmatched: int


def cases(published: Mapping[str, Any], times: tuple[float, ...] = (1.0, 1.25, 1.5)) -> tuple[Case, ...]:
    """All outside events; then LADO referrals alone, with so many referrals about each incident."""
    totals = {stream: int(number) for stream, number in published["totals"].items()}
    notices, lado = totals["reg40"], totals["lado"]
    every = lado + totals["hospital"]
    found = [Case(f"{lado} LADO and {totals['hospital']} hospital events", every, every - notices)]
    for number in times:
        incidents = round(lado / number)
        words = f"LADO only, {number:g} referral{'s' if number > 1 else ''} for each incident"
        found.append(Case(words, incidents, incidents - notices))
    return tuple(found)


class Lead(NamedTuple):
    """The share of replays found in time, and the median lead in months over all of them, 0 where there was none."""

    found: float
    months: float


class Row(NamedTuple):
    """What one rule gives at one ordinary share: leads by law, and an ordinary provider's chance in the same time."""

    null: float
    bar: float
    leads: tuple[Lead, ...]
    chance: float


def replays(case: Case, law: str, number: int, weeks: int, rng: np.random.Generator) -> tuple[Counts, Counts]:
    """Events with and without a notice by replay and week; each replay holds exactly the case's totals."""
    weights = np.linspace(1.0, RISE if law == "rising" else 1.0, weeks)
    shares = weights / weights.sum()
    matched = rng.multinomial(case.events - case.unmatched, shares, size=number)
    return matched, rng.multinomial(case.unmatched, shares, size=number)


def in_time(weeks: int) -> int:
    """How many weeks' events are judged before the last day of so many weeks."""
    return weeks - LATE_WEEKS - 1


def rows(
    case: Case, practice: Practice, volume: Volume, weeks: int, numbers: tuple[int, int], seed: int
) -> list[Row]:
    """Every rule on one case. `numbers`: ordinary providers that set the bars (as many others give the chance), and
    replays of each law."""
    heard = in_time(weeks)
    rng = np.random.default_rng([seed, case.events, case.unmatched])
    drawn = [ordinary_providers(practice, volume, numbers[0], weeks, rng) for _ in ("bars", "chance")]
    worlds = [(world.matched, world.unmatched) for world in drawn]
    worlds += [replays(case, law, numbers[1], weeks, rng) for law in LAWS]
    nulls = {"mean": practice.usual, "ninetieth": round(float(np.quantile(drawn[0].shares, 0.9)), 3)}
    charts = {
        name: [chart(matched[:, :heard], unmatched[:, :heard], null) for matched, unmatched in worlds]
        for name, null in nulls.items()
    }
    return [_row(rule, nulls[rule.null], charts[rule.null]) for rule in RULES]


def _row(rule: Rule, null: float, highest: list[Floats]) -> Row:
    first, held_out, *replayed = highest
    bar = rule.bar if rule.yearly is None else bar_for(first, rule.yearly)
    chance = float((weeks_before(held_out, bar) < held_out.shape[1]).mean())
    return Row(null, bar, tuple(_lead(one, bar) for one in replayed), chance)


def _lead(highest: Floats, bar: float) -> Lead:
    before, last = weeks_before(highest, bar), highest.shape[1]
    months = np.where(before < last, (last - before) * 7 / DAYS_PER_MONTH, 0.0)
    return Lead(float((before < last).mean()), float(np.median(months)))

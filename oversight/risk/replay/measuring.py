"""How often ordinary simulated homes raise an alarm: the first alarm after the first weeks, per home-year at risk.

A `Chart` keeps what is needed to say when a chart first reaches any bar at all, so a bar can be set for a stated rate.
"""

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TextIO

from oversight.risk.engine.assessing import provider_raises_from, raises_from
from oversight.risk.engine.counting import changes
from oversight.risk.engine.fits import Fits
from oversight.risk.engine.parameters import DEFAULT, Parameters
from oversight.risk.engine.records import Home, Record
from oversight.risk.engine.walking import Walk
from oversight.risk.replay.alarms import Alarm
from oversight.risk.replay.engine_only import run
from oversight.risk.simulator import Plan, simulate

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Rate:
    """First alarms per year at risk, with the 95% interval of a Poisson count."""

    alarms: int
    years: float

    @property
    def value(self) -> float:
        """Alarms per year."""
        return self.alarms / self.years

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval by Byar's approximation to the exact one."""
        low, high = poisson_interval(self.alarms)
        return low / self.years, high / self.years

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.3f} a year (95% interval {low:.3f} to {high:.3f}; {self.alarms} in {self.years:.0f} years)"


def poisson_interval(count: int, z: float = 1.959964) -> tuple[float, float]:
    """An interval for the mean of a Poisson count (Byar; Breslow and Day 1987, 2.13)."""
    high = (count + 1) * (1 - 1 / (9 * (count + 1)) + z / (3 * math.sqrt(count + 1))) ** 3
    if count == 0:
        return 0.0, high
    return count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3, high


def first_alarms(
    homes: Iterable[Home], alarms: Sequence[Alarm], until: date, tier: str, parameters: Parameters = DEFAULT
) -> Rate:
    """The rate of first change alarms at a tier over homes, each at risk until its first."""
    first: dict[str, date] = {}
    for alarm in alarms:
        if alarm.kind == "change" and alarm.tier == tier:
            first[alarm.key] = min(alarm.raised_on, first.get(alarm.key, alarm.raised_on))
    days = 0
    for home in homes:
        days += max((first.get(home.urn, until) - raises_from(home, parameters)).days + 1, 0)
    return Rate(len(first), days / DAYS_PER_YEAR)


def false_alarms(
    homes: int = 1000,
    years: float = 8.0,
    seed: int = 1,
    places: int | None = 5,
    out: TextIO | None = None,
    parameters: Parameters = DEFAULT,
) -> Rate:
    """Simulates ordinary homes, walks them day by day at the nominal bars, prints and gives the look rate."""
    out = out or sys.stdout
    world = simulate(Plan(homes=homes, years=years, starts_on=date(2016, 1, 1), places=places), seed)
    records, placements = world.by_home()
    progress = out if out.isatty() else None
    alarms = run(world.homes, records, placements, world.until, parameters=parameters, progress=progress)
    size = "mixed places" if places is None else f"{places} places"
    out.write(
        f"{homes} ordinary simulated homes, {size}, {years:g} years, seed {seed}, daily steps, nominal bars.\n"
    )
    rates = {
        tier: first_alarms(world.homes, alarms, world.until, tier, parameters)
        for tier, _ in parameters.bars()
    }
    for tier, rate in rates.items():
        out.write(f"first alarm at {tier} after week {parameters.first_weeks}, per home: {rate}\n")
    out.write("Simulated, not measured on real homes.\n")
    return rates["look"]


@dataclass(frozen=True, slots=True)
class High:
    """A day on which a chart stood higher than ever before, its score and its leading pattern."""

    day: date
    score: float
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """The highs of one home's or provider's chart, in order, from the day on which it may raise alarms."""

    scope: str
    key: str
    raises_from: date
    highs: tuple[High, ...]

    def first_at(self, bar: float) -> High | None:
        """The first day at or above a bar."""
        return next((high for high in self.highs if high.score >= bar), None)


def charts_of(
    homes: Sequence[Home],
    records: Mapping[str, Sequence[Record]],
    until: date,
    fits: Fits | None = None,
    parameters: Parameters = DEFAULT,
) -> list[Chart]:
    """Walks homes without placements to `until`; gives every home's chart, then every provider's."""
    known = {home.urn: changes(records.get(home.urn, ())) for home in homes}
    walk = Walk(homes, known, {}, until, fits, parameters, records=records)
    starts = [raises_from(home, parameters) for home in walk.homes]
    for theirs in walk.siblings:
        starts.append(provider_raises_from([walk.homes[index] for index in theirs], parameters) or date.max)
    highest = [-math.inf] * len(starts)
    highs: list[list[High]] = [[] for _ in starts]
    for _ in range(walk.days):
        day = walk.advance()
        for index, score in enumerate([*walk.scores.tolist(), *walk.provider_scores.tolist()]):
            if score > highest[index] and day >= starts[index]:
                highest[index] = score
                provider = index >= len(walk.homes)
                leading, _ = walk.leading(index - len(walk.homes) if provider else index, provider=provider)
                highs[index].append(High(day, score, parameters.patterns[leading].name))
    keys = [*(("home", home.urn) for home in walk.homes), *(("provider", name) for name in walk.providers)]
    return [
        Chart(scope, key, start, tuple(high))
        for (scope, key), start, high in zip(keys, starts, highs, strict=True)
    ]


def rate_at(charts: Sequence[Chart], bar: float, until: date) -> Rate:
    """First alarms per year at risk if this were the bar."""
    alarms, days = 0, 0
    for chart in charts:
        first = chart.first_at(bar)
        alarms += first is not None
        days += max(((first.day if first else until) - chart.raises_from).days + 1, 0)
    return Rate(alarms, days / DAYS_PER_YEAR)


def bar_for(charts: Sequence[Chart], yearly: float, until: date) -> float:
    """The lowest bar, to three decimals, at which these charts raise at most so many first alarms a year."""
    highest = max((chart.highs[-1].score for chart in charts if chart.highs), default=0.0)
    low, high = 0, math.floor(1000 * max(highest, 0.0)) + 1
    while low < high:
        middle = (low + high) // 2
        if rate_at(charts, middle / 1000, until).value <= yearly:
            high = middle
        else:
            low = middle + 1
    return low / 1000

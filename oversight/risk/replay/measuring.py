"""How often ordinary simulated homes raise an alarm: the first alarm after the first weeks, per home-year at risk."""

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TextIO

from oversight.risk.engine.assessing import raises_from
from oversight.risk.engine.parameters import DEFAULT, Parameters
from oversight.risk.engine.records import Home
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

"""Simulated homes and their records: ordinary ones, and homes going wrong in one of seven ways.

The same plan and seed give the same world. URNs begin DEMO; nothing here describes a real home.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from oversight.risk.engine.records import Home, Placement, Record
from oversight.risk.engine.rules import next_month
from oversight.risk.simulator.people import Household
from oversight.risk.simulator.rates import (
    ONSET_AFTER_YEARS,
    ONSET_MONTHS,
    SCENARIOS,
    STREAMS_RECORDED,
    Lag,
    Rates,
    Scenario,
)

Floats = npt.NDArray[np.float64]
LADO, HOSPITAL = STREAMS_RECORDED.index("lado"), STREAMS_RECORDED.index("hospital")


@dataclass(frozen=True, slots=True)
class Plan:
    """What to simulate. `places` None draws sizes and kinds as in the nation; `siblings` homes share a provider.

    `failing` gives the share of homes that go wrong; `scenarios` names the ways, taken in turn.
    """

    homes: int = 200
    years: float = 3.0
    starts_on: date = date(2022, 1, 1)
    places: int | None = 5
    siblings: int = 1
    failing: float = 0.0
    scenarios: tuple[str, ...] = tuple(SCENARIOS)
    onset_weeks: tuple[int, int] | None = None
    prefix: str = "DEMO"
    rates: Rates = field(default_factory=Rates)


@dataclass(frozen=True, slots=True)
class World:
    """Simulated homes with everything that was recorded; `failing` gives scenario and onset by URN."""

    homes: tuple[Home, ...]
    records: tuple[Record, ...]
    placements: tuple[Placement, ...]
    failing: Mapping[str, tuple[str, date]]
    until: date

    def by_home(self) -> tuple[dict[str, list[Record]], dict[str, list[Placement]]]:
        """Records and placements by URN."""
        records: dict[str, list[Record]] = {home.urn: [] for home in self.homes}
        placements: dict[str, list[Placement]] = {home.urn: [] for home in self.homes}
        for record in self.records:
            records[record.urn].append(record)
        for placement in self.placements:
            placements[placement.urn].append(placement)
        return records, placements


@dataclass(slots=True)
class _Event:
    stream: str
    day: date
    source: str
    child: str = ""
    adult: str = ""
    detail: str = ""
    severity: int | None = None


def simulate(plan: Plan, seed: int) -> World:
    """The world of a plan and a seed. Each home has its own stream of chance, so adding homes changes none before."""
    homes: list[Home] = []
    records: list[Record] = []
    placements: list[Placement] = []
    failing: dict[str, tuple[str, date]] = {}
    weeks = round(plan.years * 365.25 / 7)
    until = plan.starts_on + timedelta(days=weeks * 7 - 1)
    wrong = _going_wrong(plan, seed)
    for index in range(plan.homes):
        rng = np.random.default_rng([seed, index])
        home = _home(plan, index, rng)
        scenario = SCENARIOS[wrong[index]] if index in wrong else None
        onset = _onset(plan, weeks, rng)
        if scenario is not None:
            failing[home.urn] = (scenario.name, plan.starts_on + timedelta(weeks=onset))
        made, living = simulate_home(home, plan, weeks, rng, scenario, onset)
        homes.append(home)
        records.extend(record for record in made if record.recorded_on <= until)
        placements.extend(living)
    records.sort(key=lambda record: (record.recorded_on, record.reference))
    return World(tuple(homes), tuple(records), tuple(placements), failing, until)


def _going_wrong(plan: Plan, seed: int) -> dict[int, str]:
    rng = np.random.default_rng([seed, 10**6])
    number = round(plan.homes * plan.failing)
    chosen = sorted(int(index) for index in rng.choice(plan.homes, size=number, replace=False))
    return {index: plan.scenarios[turn % len(plan.scenarios)] for turn, index in enumerate(chosen)}


def _home(plan: Plan, index: int, rng: np.random.Generator) -> Home:
    places, kind = plan.places, "home"
    if places is None:
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


def _onset(plan: Plan, weeks: int, rng: np.random.Generator) -> int:
    if plan.onset_weeks is not None:
        least, most = plan.onset_weeks
    else:
        least, most = (round((ONSET_AFTER_YEARS * 12 + months) * 365.25 / 84) for months in ONSET_MONTHS)
    return int(rng.integers(min(least, weeks - 1), max(min(most, weeks), min(least, weeks - 1) + 1)))


def simulate_home(
    home: Home, plan: Plan, weeks: int, rng: np.random.Generator, scenario: Scenario | None, onset: int
) -> tuple[list[Record], list[Placement]]:
    """One home's records (by day) and placements over `weeks` weeks from the plan's start."""
    rates = plan.rates
    household = Household(home, plan.starts_on, plan.starts_on + timedelta(weeks=weeks), rates, rng)
    times = _times(weeks, scenario, onset)
    expected = weekly_rates(home.places, weeks, rates, rng) * times
    counts = _counts(expected, rates, rng)
    events = _events(counts, plan.starts_on, times, household, rates, rng)
    events.extend(_visits(plan.starts_on, weeks, rates, rng))
    events.sort(key=lambda event: (event.day, event.stream))
    made = [
        Record(
            reference=f"{home.urn}-{number + 1:05d}",
            urn=home.urn,
            stream=event.stream,
            occurred_on=event.day,
            recorded_on=event.day + timedelta(days=lag(rates.lags[event.stream], rng)),
            source=event.source,
            child=event.child,
            adult=event.adult,
            severity=event.severity,
            detail=event.detail,
        )
        for number, event in enumerate(events)
    ]
    return made, household.placements


def weekly_rates(places: int, weeks: int, rates: Rates, rng: np.random.Generator) -> Floats:
    """Expected events of an ordinary home by stream and week, (5, weeks): its own level, its drift, its shocks."""
    streams = [rates.streams[name] for name in STREAMS_RECORDED]
    level = np.array([stream.per_year for stream in streams]) * 7 / 365.25 * places / 5
    linked = rates.lado_with_reg40 * level[LADO] + rates.hospital_with_reg40 * level[HOSPITAL]
    level[0] = max(level[0] - linked, 0.0)
    shared = rng.gamma(rates.shared_between) / rates.shared_between
    own = np.array([rng.gamma(stream.between) / stream.between for stream in streams])
    drift = _drift(weeks, len(streams), rates, rng)
    expected: Floats = (level * shared * own)[:, None] * np.exp(drift)
    shock = np.ones(weeks)
    for start in rng.integers(0, weeks, size=rng.poisson(rates.shocks_per_year * weeks * 7 / 365.25)):
        fading = 1 + (rates.shock_times - 1) * (1 - np.arange(rates.shock_weeks) / rates.shock_weeks)
        piece = slice(int(start), int(start) + rates.shock_weeks)
        shock[piece] *= fading[: shock[piece].shape[0]]
    expected[0] *= shock
    return expected


def _drift(weeks: int, streams: int, rates: Rates, rng: np.random.Generator) -> Floats:
    """Log drift (streams, weeks), with mean one on the natural scale."""
    keep = np.exp(-1 / rates.memory_weeks)
    sizes = np.array([rates.shared_drift, *[rates.stream_drift] * streams])
    noise = rng.standard_normal((weeks, streams + 1)) * sizes
    path = np.empty_like(noise)
    path[0] = noise[0]
    for week in range(1, weeks):
        path[week] = keep * path[week - 1] + np.sqrt(1 - keep**2) * noise[week]
    path -= sizes**2 / 2
    result: Floats = (path[:, :1] + path[:, 1:]).T
    return result


def _times(weeks: int, scenario: Scenario | None, onset: int) -> Floats:
    result = np.ones((len(STREAMS_RECORDED), weeks))
    if scenario is None:
        return result
    week = np.arange(weeks)
    done = np.clip((week - onset + 1) / scenario.ramp_weeks, 0, 1) if scenario.ramp_weeks else week >= onset
    result += (np.array(scenario.times)[:, None] - 1) * done
    return result


def _counts(expected: Floats, rates: Rates, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Negative-binomial weeks: variance over mean as each stream's `spread`."""
    extra = np.array([rates.streams[name].spread - 1 for name in STREAMS_RECORDED])[:, None]
    mixed = np.where(
        extra > 0, rng.gamma(np.maximum(expected / np.maximum(extra, 1e-9), 1e-12)) * extra, expected
    )
    return rng.poisson(mixed)


def _events(
    counts: npt.NDArray[np.int64],
    starts_on: date,
    times: Floats,
    household: Household,
    rates: Rates,
    rng: np.random.Generator,
) -> list[_Event]:
    events = []
    notified = {LADO: rates.lado_with_reg40, HOSPITAL: rates.hospital_with_reg40}
    for row, week in zip(*(axis.tolist() for axis in np.nonzero(counts)), strict=True):
        stream = STREAMS_RECORDED[row]
        for _ in range(int(counts[row, week])):
            day = starts_on + timedelta(days=week * 7 + int(rng.integers(7)))
            event = _Event(stream, day, _source(stream, rates, rng), household.child(day, rng))
            event.adult = household.adult(rng) if rng.random() < rates.adult_named.get(stream, 0.0) else ""
            event.severity = int(rng.choice(5, p=(0.30, 0.34, 0.22, 0.11, 0.03))) + 1
            events.append(event)
            if rng.random() < notified.get(row, 0.0) * min(float(times[0, week]), 1.0):
                events.append(_Event("reg40", day, "home", event.child, event.adult, severity=event.severity))
    return events


def _visits(starts_on: date, weeks: int, rates: Rates, rng: np.random.Generator) -> list[_Event]:
    """One visit in every whole month."""
    concerned = min(rates.concern_share * rng.gamma(rates.concern_between) / rates.concern_between, 0.6)
    until = starts_on + timedelta(weeks=weeks)
    month = starts_on if starts_on.day == 1 else next_month(starts_on)
    visits = []
    while next_month(month) <= until:
        day = month + timedelta(days=int(rng.integers(3, 26)))
        opinion = "yes"
        if rng.random() < concerned:
            opinion = "no" if rng.random() < rates.opinion_no_share else "partly"
        visits.append(_Event("reg44", day, "visitor", detail=opinion))
        month = next_month(month)
    return visits


def _source(stream: str, rates: Rates, rng: np.random.Generator) -> str:
    draw, total = rng.random(), 0.0
    shares = rates.sources[stream]
    for source, share in shares.items():
        total += share
        if draw < total:
            return source
    return next(reversed(shares))


def lag(rule: Lag, rng: np.random.Generator) -> int:
    """Days until an event is recorded."""
    extra = int(rng.geometric(1 / (rule.mean + 1))) - 1
    return min(rule.least + extra, rule.most)

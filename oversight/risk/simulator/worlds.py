"""Simulated homes and their records: ordinary ones, and homes going wrong in one of nine ways.

The same plan and seed give the same world. URNs begin DEMO; nothing here describes a real home.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from oversight.risk.engine.records import Home, Placement, Record
from oversight.risk.engine.rules import next_month
from oversight.risk.simulator.carried import Marks
from oversight.risk.simulator.drawing import draw_marks
from oversight.risk.simulator.marked import marked_records
from oversight.risk.simulator.people import Household
from oversight.risk.simulator.plans import Plan, World
from oversight.risk.simulator.populations import Course, course, courses
from oversight.risk.simulator.rates import STREAMS_RECORDED, Lag, Rates, Scenario
from oversight.risk.simulator.weeks import HOSPITAL, LADO, Floats, Ints


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
    """The world of a plan and a seed."""
    homes: list[Home] = []
    records: list[Record] = []
    placements: list[Placement] = []
    failing: dict[str, tuple[str, date]] = {}
    marks: dict[str, Marks] = {}
    for index, one in courses(plan, seed):
        if one.scenario is not None:
            failing[one.home.urn] = (one.scenario.name, plan.starts_on + timedelta(weeks=one.onset))
        if plan.marks is None:
            made, living = _recorded(one, plan), one.household.placements
        else:
            drawn = draw_marks(one, plan, plan.marks, seed, index)
            made, marks[one.home.urn] = marked_records(drawn, plan)
            living = drawn.household.placements
        known = plan.marks is not None and plan.marks.changes_known
        homes.append(replace(one.home, changed_on=marks[one.home.urn].changes) if known else one.home)
        records.extend(record for record in made if record.recorded_on <= plan.until)
        placements.extend(living)
    records.sort(key=lambda record: (record.recorded_on, record.reference))
    return World(tuple(homes), tuple(records), tuple(placements), failing, plan.until, marks)


def simulate_home(
    home: Home, plan: Plan, weeks: int, rng: np.random.Generator, scenario: Scenario | None, onset: int
) -> tuple[list[Record], list[Placement]]:
    """One home's records (by day) and placements over `weeks` weeks from the plan's start, without marks."""
    one = course(home, plan, weeks, rng, scenario, onset)
    return _recorded(one, plan), one.household.placements


def _recorded(one: Course, plan: Plan) -> list[Record]:
    rates, rng, home = plan.rates, one.rng, one.home
    events = _events(one.counts, plan.starts_on, one.times, one.household, rates, rng)
    events.extend(_visits(plan.starts_on, one.done.shape[0], rates, rng))
    events.sort(key=lambda event: (event.day, event.stream))
    return [
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


def _events(
    counts: Ints,
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

"""Milliseconds for one home with ten years of records, re-assessed and explained; seconds for homes walked day by day."""

import statistics
import time
from datetime import date

from benchmarks.figures import Figure
from oversight.risk.engine import DEFAULT, Fits, Parameters, assess
from oversight.risk.engine.counting import changes
from oversight.risk.engine.parameters import MARKED
from oversight.risk.engine.walking import Walk
from oversight.risk.simulator import Marking, Plan, World, simulate

STARTS = date(2016, 1, 1)
SETTINGS: dict[str, Parameters] = {"counts": DEFAULT, "counts and marks": MARKED}
YEARS, WALKED_YEARS = 10, 8


def cost_of_assessing(*, quick: bool) -> list[Figure]:
    """The figures of both, with and without marks."""
    few = simulate(Plan(homes=3 if quick else 20, years=YEARS, starts_on=STARTS, marks=Marking()), 3)
    many = simulate(
        Plan(homes=40 if quick else 400, years=WALKED_YEARS, starts_on=STARTS, marks=Marking()), 3
    )
    figures = [_one_home(few, name, parameters) for name, parameters in SETTINGS.items()]
    return [*figures, *(_walked(many, name, parameters) for name, parameters in SETTINGS.items())]


def _one_home(world: World, name: str, parameters: Parameters) -> Figure:
    records, placements = world.by_home()
    taken = []
    for home in world.homes:
        for _ in range(3):
            began = time.perf_counter()
            assess(home, records[home.urn], placements[home.urn], world.until, Fits(), parameters=parameters)
            taken.append(1000 * (time.perf_counter() - began))
    note = f"median of {len(taken)}, {len(world.records) // len(world.homes)} records, explained"
    return Figure(f"one home of {YEARS} years re-assessed, {name}", statistics.median(taken), "ms", note=note)


def _walked(world: World, name: str, parameters: Parameters) -> Figure:
    records, placements = world.by_home()
    known = {urn: changes(theirs) for urn, theirs in records.items()}
    began = time.perf_counter()
    walk = Walk(world.homes, known, placements, world.until, parameters=parameters, records=records)
    for _ in range(walk.days):
        walk.advance()
    note = f"{walk.days} days, {len(world.records)} records, one process"
    return Figure(
        f"{len(world.homes)} homes walked day by day, {name}", time.perf_counter() - began, "s", note=note
    )

"""What a stricter bar costs: how much later the same simulated homes that go wrong would be told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from oversight.risk.calibration.charting import charts_of_homes
from oversight.risk.engine.fits import Fits
from oversight.risk.engine.parameters import DEFAULT, Parameters
from oversight.risk.replay.measuring import Chart
from oversight.risk.simulator import COUNT_SCENARIOS, Plan, simulate

ONSET_WEEKS = (130, 157)
YEARS = 6.0  # three of them after anything goes wrong
DAYS_OF_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Failing:
    """Simulated homes of one size going wrong, with the highs of their charts from the day on which it began."""

    places: int
    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class Price:
    """Of `homes` going wrong: told at this bar, and within a year; how many weeks later than at look, in the middle
    home of those told at both (None: there is none).
    """

    homes: int
    told: int
    within_a_year: int
    weeks_later: float | None


def failing_homes(places: int, each: int, seed: int, parameters: Parameters = DEFAULT) -> Failing:
    """`each` simulated homes for every scenario A to G, with shipped priors. The same arguments give the same homes."""
    plan = Plan(
        homes=each * len(COUNT_SCENARIOS),
        years=YEARS,
        starts_on=date(2018, 1, 1),
        places=places,
        failing=1.0,
        onset_weeks=ONSET_WEEKS,
    )
    world = simulate(plan, seed)
    records, placements = world.by_home()
    began = {urn: onset for urn, (_, onset) in world.failing.items()}
    charts = charts_of_homes(
        world.homes,
        records,
        placements,
        world.until,
        fits=Fits(),
        parameters=parameters,
        counted_from=began,
    )
    return Failing(places, tuple(charts[home.urn] for home in world.homes))


def price_of(charts: Sequence[Chart], bar: float, look: float) -> Price:
    """What these homes going wrong cost at a bar, beside the bar of look."""
    told, within, later = 0, 0, []
    for chart in charts:
        here, there = chart.first_at(bar), chart.first_at(look)
        if here is None:
            continue
        told += 1
        within += (here.day - chart.raises_from).days <= DAYS_OF_A_YEAR
        if there is not None:
            later.append((here.day - there.day).days / 7)
    return Price(len(charts), told, within, median(later) if later else None)

import csv
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from oversight.risk.engine import STREAMS
from oversight.risk.simulator import SCENARIOS, Plan, Rates, simulate, write_csv
from oversight.risk.simulator.rates import Lag
from oversight.risk.simulator.weeks import weekly_rates
from oversight.risk.simulator.worlds import lag


def test_the_same_seed_gives_the_same_world_and_another_does_not() -> None:
    plan = Plan(homes=4, years=1)
    assert simulate(plan, 1) == simulate(plan, 1)
    assert simulate(plan, 1) != simulate(plan, 2)


def test_more_homes_change_none_before() -> None:
    few, many = simulate(Plan(homes=2, years=1), 1), simulate(Plan(homes=5, years=1), 1)
    assert few.by_home()[0]["DEMO00002"] == many.by_home()[0]["DEMO00002"]


def test_ordinary_homes_have_the_rates_that_are_stated() -> None:
    world = simulate(Plan(homes=150, years=6), 4)
    per_year = {
        stream: number / 900 for stream, number in Counter(one.stream for one in world.records).items()
    }
    assert per_year["reg40"] == pytest.approx(10.0, rel=0.15)
    assert per_year["lado"] == pytest.approx(1.5, rel=0.2)
    assert per_year["hospital"] == pytest.approx(2.0, rel=0.2)
    assert per_year["complaint"] == pytest.approx(0.5, rel=0.3)
    assert per_year["whistleblowing"] == pytest.approx(0.1, rel=0.5)
    visits = [one for one in world.records if one.stream == "reg44"]
    assert len(visits) / 900 == pytest.approx(12, rel=0.05)
    assert sum(one.detail != "yes" for one in visits) / len(visits) == pytest.approx(0.08, rel=0.25)


def test_expected_weeks_average_to_the_rate() -> None:
    chance = np.random.default_rng(1)
    weeks = (
        np.mean([weekly_rates(5, 52, Rates(), chance).mean(axis=1) for _ in range(600)], axis=0) * 365.25 / 7
    )
    assert weeks[1] == pytest.approx(1.5, rel=0.15)
    assert weeks[4] == pytest.approx(2.0, rel=0.15)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_home_going_wrong_changes_as_its_scenario_says(name: str) -> None:
    plan = Plan(homes=40, years=6, failing=1.0, scenarios=(name,), onset_weeks=(104, 105))
    world = simulate(plan, 6)
    settled = date(2024, 1, 1).replace(year=2025)
    before = Counter(one.stream for one in world.records if one.occurred_on < date(2023, 12, 1))
    after = Counter(one.stream for one in world.records if one.occurred_on >= settled)
    times = SCENARIOS[name].times[0]
    years = ((world.until - settled).days + 1) / 365.25
    ratio = (after["reg40"] / years) / (before["reg40"] / (699 / 365.25))
    if name not in ("D",):
        assert ratio == pytest.approx(times, rel=0.35)
    lado = (after["lado"] / years) / (before["lado"] / (699 / 365.25))
    assert lado == pytest.approx(SCENARIOS[name].times[1], rel=0.5)
    assert {scenario for scenario, _ in world.failing.values()} == {name}


def test_records_are_whole() -> None:
    world = simulate(Plan(homes=5, years=2, siblings=2, failing=0.4), 9)
    living = {placement.child for placement in world.placements}
    references = [one.reference for one in world.records]
    assert len(set(references)) == len(references)
    assert {home.provider for home in world.homes} == {f"Simulated provider {n}" for n in (1, 2, 3)}
    for one in world.records:
        assert one.urn.startswith("DEMO")
        assert one.stream in STREAMS
        assert one.occurred_on <= one.recorded_on <= world.until
        assert one.stream == "reg44" or one.child in living
    assert len(world.failing) == 2


def test_every_bed_is_filled_every_day() -> None:
    world = simulate(Plan(homes=1, years=3, places=4), 2)
    for day in (date(2022, 1, 1), date(2023, 5, 5), world.until):
        there = [p for p in world.placements if p.starts_on <= day and (p.ends_on is None or p.ends_on > day)]
        assert len(there) == 4


def test_sizes_and_kinds_can_be_the_nations() -> None:
    world = simulate(Plan(homes=60, years=0.1, places=None), 2)
    assert len({home.places for home in world.homes}) > 3
    assert len({home.kind for home in world.homes}) > 1


def test_onsets_lie_within_the_world() -> None:
    world = simulate(Plan(homes=6, years=6, failing=1.0), 2)
    for _, onset in world.failing.values():
        assert date(2024, 6, 1) < onset <= date(2027, 2, 1)
    short = simulate(Plan(homes=3, years=1, failing=1.0), 2)
    assert all(onset <= short.until for _, onset in short.failing.values())


def test_lags_keep_their_range() -> None:
    chance = np.random.default_rng(1)
    drawn = [lag(Lag(2, 3.0, 10), chance) for _ in range(2000)]
    assert min(drawn) == 2
    assert max(drawn) == 10
    assert np.mean(drawn) == pytest.approx(4.7, abs=0.4)


def test_a_stream_without_extra_spread_is_poisson() -> None:
    rates = Rates()
    plain = {name: replace(rate, spread=1.0) for name, rate in rates.streams.items()}
    assert simulate(Plan(homes=2, years=1, rates=replace(rates, streams=plain)), 1).records


def test_the_csv_holds_the_world(tmp_path: Path) -> None:
    world = simulate(Plan(homes=2, years=1), 1)
    homes, events, placements = write_csv(world, tmp_path / "new" / "folder")
    with events.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["reference"] for row in rows] == [one.reference for one in world.records]
    assert len(homes.read_text(encoding="utf-8").splitlines()) == 3
    assert len(placements.read_text(encoding="utf-8").splitlines()) == len(world.placements) + 1

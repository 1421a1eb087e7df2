from datetime import timedelta
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.risk.calibration.bars import (
    ABOVE,
    NOMINAL,
    OWN,
    PROMISED,
    bands_of,
    set_bars,
    sets_bars,
)
from oversight.risk.engine import DEFAULT, Home
from oversight.risk.replay.measuring import Chart, High, rate_at
from tests.oversight.risk.making import START, day, home

UNTIL = day(3652)
SETTING = [urn for urn in (f"DEMO{number}" for number in range(400)) if sets_bars(urn)]
APART = [urn for urn in (f"DEMO{number}" for number in range(400)) if not sets_bars(urn)]


def _chart(urn: str, highs: list[tuple[int, float]]) -> Chart:
    return Chart("home", urn, START, tuple(High(day(number), score) for number, score in highs))


def _drawn(urns: list[str], seed: int) -> dict[str, Chart]:
    """Charts whose highs come at random, each higher than the one before."""
    rng = np.random.default_rng(seed)
    charts = {}
    for urn in urns:
        number = int(rng.integers(0, 12))
        days = sorted({int(one) for one in rng.integers(0, 3652, size=number)})
        scores = sorted(rng.uniform(1.0, 15.0, size=len(days)).tolist())
        charts[urn] = _chart(urn, list(zip(days, scores, strict=True)))
    return charts


def _homes(urns: list[str], places: int = 5) -> list[Home]:
    return [home(urn, places=places) for urn in urns]


def test_homes_fall_into_two_halves_and_stay_there() -> None:
    assert 160 < len(SETTING) < 240
    assert sets_bars("DEMO1") == sets_bars("DEMO1")


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), homes=st.integers(30, 150))
def test_a_bar_gives_at_most_the_promised_rate_on_the_homes_that_set_it(seed: int, homes: int) -> None:
    urns = [*SETTING[:homes], *APART[:homes]]
    charts = _drawn(urns, seed)
    (band,) = set_bars(_homes(urns), charts, UNTIL)
    setting = [charts[urn] for urn in SETTING[:homes]]
    heights = []
    for tier in band.tiers:
        heights.append(tier.bar)
        if tier.how == OWN:
            assert rate_at(setting, tier.bar, UNTIL).value <= tier.promised
            assert rate_at(setting, tier.bar - 0.001, UNTIL).value > tier.promised
        elif tier.how == NOMINAL:
            assert tier.bar == DEFAULT.bar(tier.tier)
        assert tier.achieved == rate_at([charts[urn] for urn in APART[:homes]], tier.bar, UNTIL)
    assert heights == sorted(heights)
    assert band.tiers[0].how == OWN


def test_bars_stay_nominal_where_homes_are_few_and_all_of_them_measure() -> None:
    urns = [*SETTING[:40], *APART[:29]]
    charts = _drawn(urns, 1)
    (band,) = set_bars(_homes(urns), charts, UNTIL)
    assert [tier.how for tier in band.tiers] == [NOMINAL] * 3
    assert [tier.bar for tier in band.tiers] == [bar for _, bar in DEFAULT.bars()]
    assert (band.homes, band.setting, band.confirming) == (69, 0, 69)
    assert band.tiers[0].achieved == rate_at(list(charts.values()), DEFAULT.look, UNTIL)


@pytest.mark.parametrize(
    ("years", "expected"),
    [(1, [NOMINAL, NOMINAL, NOMINAL]), (2, [OWN, NOMINAL, NOMINAL]), (6, [OWN, OWN, NOMINAL])],
)
def test_a_tier_needs_five_alarms_to_be_expected(years: int, expected: list[str]) -> None:
    urns = [*SETTING[:30], *APART[:30]]
    until = START + timedelta(days=round(years * 365.25))
    steps = count()
    charts = {urn: _chart(urn, [(next(steps), 2.0)]) for urn in urns}
    (band,) = set_bars(_homes(urns), charts, until)
    assert [tier.how for tier in band.tiers] == expected


def test_no_bar_is_below_the_tier_beneath_it() -> None:
    urns = [*SETTING[:30], *APART[:30]]
    charts = {urn: _chart(urn, [(10, 20.0)]) for urn in urns}
    (band,) = set_bars(_homes(urns), charts, START + timedelta(days=731))
    look, escalate, regulator = band.tiers
    assert (look.how, escalate.how, regulator.how) == (OWN, ABOVE, ABOVE)
    assert look.bar == escalate.bar == regulator.bar == 20.001
    assert band.bar("look") == 20.001
    assert [promised for _, promised in PROMISED] == [tier.promised for tier in band.tiers]


def test_homes_not_at_risk_yet_are_left_out() -> None:
    homes = _homes(["DEMO1", "DEMO2", "DEMO3"])
    charts = {"DEMO1": _chart("DEMO1", []), "DEMO2": Chart("home", "DEMO2", day(4000), ())}
    (band,) = set_bars(homes, charts, UNTIL)
    assert band.homes == 1
    assert set_bars(homes, {}, UNTIL) == []


def test_bands_are_by_kind_then_size() -> None:
    homes = [
        Home("DEMO1", "1", "P", 14),
        Home("DEMO2", "2", "P", 2),
        Home("DEMO3", "3", "P", 8, "a_kind"),
        Home("DEMO4", "4", "P", 3),
    ]
    found = bands_of(homes)
    assert list(found) == [("a_kind", "7-12"), ("home", "1-3"), ("home", "13+")]
    assert [one.urn for one in found["home", "1-3"]] == ["DEMO2", "DEMO4"]

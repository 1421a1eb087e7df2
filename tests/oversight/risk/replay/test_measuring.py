import io

import pytest

from oversight.risk.calibration.charting import charts_of_homes
from oversight.risk.engine import DEFAULT, Fits
from oversight.risk.engine.parameters import MARKED
from oversight.risk.replay.alarms import Alarm
from oversight.risk.replay.engine_only import run
from oversight.risk.replay.measuring import (
    Chart,
    High,
    Rate,
    bar_for,
    charts_of,
    false_alarms,
    first_alarms,
    poisson_interval,
    rate_at,
)
from oversight.risk.simulator import Marking, Plan, simulate
from tests.oversight.risk.making import day, home, small_world


def test_the_interval_is_near_the_exact_one() -> None:
    # Exact 95% limits: 10 -> 4.795 to 18.390; 100 -> 81.36 to 121.63; 0 -> 0 to 3.689
    assert poisson_interval(10) == pytest.approx((4.795, 18.390), abs=0.02)
    assert poisson_interval(100) == pytest.approx((81.36, 121.63), abs=0.02)
    low, high = poisson_interval(0)
    assert low == 0.0
    assert high == pytest.approx(3.689, abs=0.05)


def test_a_home_is_at_risk_from_week_26_to_its_first_alarm() -> None:
    homes = [home("DEMO1"), home("DEMO2")]
    alarms = [
        Alarm("home", "DEMO1", "change", "look", "harm", day(182 + 99), day(0), 7.0, 6.25, ()),
        Alarm("home", "DEMO1", "change", "look", "harm", day(700), day(0), 7.0, 6.25, ()),
        Alarm("home", "DEMO1", "change", "escalate", "harm", day(300), day(0), 8.0, 7.35, ()),
        Alarm("home", "DEMO2", "rule", "look", "death", day(200), day(0), None, None, ()),
    ]
    rate = first_alarms(homes, alarms, day(182 + 899), "look")
    assert rate.alarms == 1
    assert rate.years == pytest.approx(1000 / 365.25)
    assert str(Rate(4, 40.0)).startswith("0.100 a year (95% interval 0.0")


def test_few_ordinary_homes_raise_few_false_alarms() -> None:
    out = io.StringIO()
    rate = false_alarms(homes=60, years=4, seed=3, out=out)
    low, high = rate.interval
    assert low < 0.15
    assert high > 0.05
    assert (
        "60 ordinary simulated homes, 5 places, 4 years, seed 3, daily steps, nominal bars." in out.getvalue()
    )
    assert "not measured on real homes" in out.getvalue()


def test_homes_of_mixed_sizes_can_be_measured() -> None:
    out = io.StringIO()
    false_alarms(homes=3, years=1, seed=3, places=None, out=out)
    assert "mixed places" in out.getvalue()


def test_a_bar_is_set_for_a_stated_rate() -> None:
    start, until = day(182), day(182 + 365 * 10)
    highs = [(High(day(200 + n), 5.0 + n / 10, "harm"),) for n in range(10)]
    charts = [Chart("home", f"DEMO{n}", start, high) for n, high in enumerate(highs)]
    assert rate_at(charts, 5.0, until).alarms == 10
    bar = bar_for(charts, 0.06, until)
    assert rate_at(charts, bar, until).value <= 0.06 < rate_at(charts, bar - 0.001, until).value


def test_charts_say_when_any_bar_was_first_reached() -> None:
    world = small_world()
    records, _ = world.by_home()
    charts = charts_of(world.homes, records, world.until, Fits())
    found = run(world.homes, records, {}, world.until, fits=Fits())
    looks = {
        (one.scope, one.key): one for one in reversed(found) if one.tier == "look" and one.score is not None
    }
    assert looks
    for chart in charts:
        first, alarm = chart.first_at(DEFAULT.look), looks.get((chart.scope, chart.key))
        reached = first and (first.day, first.score, first.pattern)
        assert reached == (alarm and (alarm.raised_on, alarm.score, alarm.pattern))


@pytest.mark.slow
def test_a_thousand_ordinary_homes_raise_about_one_alarm_in_ten_years() -> None:
    rate = false_alarms(homes=1000, years=8, seed=1, out=io.StringIO())
    assert 0.05 <= rate.value <= 0.15


def test_charts_with_marks_are_the_same_walked_in_pieces_or_together() -> None:
    world = simulate(Plan(homes=4, years=1.2, failing=0.5, onset_weeks=(20, 25), marks=Marking()), 6)
    records, _ = world.by_home()
    together = charts_of(world.homes, records, world.until, Fits(), MARKED)
    pieces = charts_of_homes(world.homes, records, {}, world.until, fits=Fits(), parameters=MARKED)
    assert {chart.key for chart in together} == {*pieces}
    for chart in together:
        above = [(high.day, high.score) for high in chart.highs if high.score > 0]
        assert [(high.day, high.score) for high in pieces[chart.key].highs] == above
    assert any(chart.highs for chart in pieces.values())
    counted = charts_of_homes(world.homes, records, {}, world.until, fits=Fits())
    assert [chart.highs for chart in counted.values()] != [chart.highs for chart in pieces.values()]

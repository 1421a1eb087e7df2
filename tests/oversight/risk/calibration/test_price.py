from datetime import timedelta

from oversight.risk.calibration.charting import charts_of_homes
from oversight.risk.calibration.price import Price, failing_homes, price_of
from oversight.risk.engine import Fits
from oversight.risk.replay.measuring import Chart, High, charts_of
from tests.oversight.risk.making import START, day, small_world


def test_charts_walked_in_pieces_are_those_walked_at_once() -> None:
    world = small_world()
    records, _ = world.by_home()
    whole = {one.key: one for one in charts_of(world.homes, records, world.until) if one.scope == "home"}
    pieces = charts_of_homes(world.homes, records, {}, world.until, fits=Fits())
    assert set(pieces) == set(whole)
    for urn, chart in pieces.items():
        expected = [(high.day, high.score) for high in whole[urn].highs if high.score > 0]
        assert [(high.day, high.score) for high in chart.highs] == expected
        assert chart.raises_from == whole[urn].raises_from
    assert any(chart.highs for chart in pieces.values())


def test_highs_can_be_counted_from_a_later_day() -> None:
    world = small_world()
    records, placements = world.by_home()
    urn, (_, onset) = next(iter(world.failing.items()))
    later = onset + timedelta(days=100)
    charts = charts_of_homes(world.homes, records, placements, world.until, counted_from={urn: later})
    assert charts[urn].raises_from == later
    assert all(high.day >= later for high in charts[urn].highs)
    assert all(chart.raises_from < later for other, chart in charts.items() if other != urn)


def test_a_price_says_how_many_are_told_and_how_much_later() -> None:
    charts = [
        Chart("home", "DEMO1", START, (High(day(10), 6.5), High(day(24), 8.0))),
        Chart("home", "DEMO2", START, (High(day(300), 6.5), High(day(366), 8.0))),
        Chart("home", "DEMO3", START, (High(day(20), 6.5),)),
        Chart("home", "DEMO4", START, ()),
    ]
    assert price_of(charts, 6.25, 6.25) == Price(4, 3, 3, 0.0)
    assert price_of(charts, 7.5, 6.25) == Price(4, 2, 1, (14 + 66) / 14)
    assert price_of(charts, 9.0, 6.25) == Price(4, 0, 0, None)


def test_homes_going_wrong_are_told_of_and_more_by_a_lower_bar() -> None:
    failing = failing_homes(5, 2, 3)
    assert len(failing.charts) == 14
    assert failing == failing_homes(5, 2, 3)
    look, strict = price_of(failing.charts, 6.25, 6.25), price_of(failing.charts, 8.5, 6.25)
    assert look.told > strict.told > 0
    assert strict.weeks_later is not None
    assert strict.weeks_later > 0

"""XmR beyond its conformance: many homes at once, month by month."""

import numpy as np
import pytest

from benchmarks.detection.comparators import xmr

COUNTS = np.random.default_rng(8).poisson(0.6, (6, 3, 160))
MONTHS = COUNTS.reshape(6, 3, 40, 4).sum(axis=-1)


def test_many_charts_at_once_are_each_as_alone() -> None:
    every = xmr.chart(MONTHS)
    for home in range(6):
        alone = xmr.chart(MONTHS[home, 1])
        assert every.rule[home, 1].tolist() == alone.rule.tolist()
        assert every.sense[home, 1].tolist() == alone.sense.tolist()


@pytest.mark.parametrize("screened", [True, False])
def test_live_is_the_last_point_of_the_chart_of_that_month(screened: bool) -> None:
    rule, sense = xmr.live(MONTHS[0], screened=screened)
    assert (rule[:, : xmr.FEWEST - 1] == xmr.COMMON).all()
    for stream in range(3):
        for last in range(xmr.FEWEST - 1, 40):
            then = xmr.chart(MONTHS[0, stream, : last + 1], screened=screened)
            assert (rule[stream, last], sense[stream, last]) == (then.rule[-1], then.sense[-1])
    assert (rule != xmr.COMMON).any()


@pytest.mark.parametrize("screened", [True, False])
def test_above_one_is_above_the_limit(screened: bool) -> None:
    told = xmr.by_stream(COUNTS, screened=screened, floored=False)[..., 3::4]
    rule, sense = xmr.live(MONTHS, screened=screened)
    above = (rule == xmr.OUTSIDE) & (sense > 0)
    assert ((told > 1) == above).all()
    assert above.any()


def test_a_floor_keeps_a_rare_stream_finite() -> None:
    rare = np.zeros((1, 1, 160))
    rare[0, 0, 159] = 1
    assert xmr.by_stream(rare, floored=False)[0, 0, 159] == np.inf
    # Mean 1/40: the limit is 2.66 x 1.128 x sqrt(1/40) above it.
    assert xmr.by_stream(rare)[0, 0, 159] == pytest.approx((1 - 1 / 40) / (2.66 * 1.128 * np.sqrt(1 / 40)))
    assert xmr.by_stream(np.zeros((1, 1, 160)))[0, 0, 159] == 0.0


def test_a_home_alarms_where_any_stream_rises_by_any_rule() -> None:
    rule, sense = xmr.live(MONTHS)
    rises = ((rule != xmr.COMMON) & (sense > 0)).any(axis=1)
    alarms = xmr.alarms(COUNTS)
    assert (alarms[:, 3::4] == rises).all()
    assert alarms.sum() == rises.sum() > 0


def test_short_series_have_no_runs() -> None:
    chart = xmr.chart([1.0, 2.0, 1.5])
    assert chart.rule.tolist() == [xmr.COMMON] * 3


def test_a_peak_belongs_to_the_trend_that_led_to_it() -> None:
    up_and_down = [*range(7), *range(5, -1, -1)]
    chart = xmr.judged(up_and_down, xmr.Limits(np.array(3.0), np.array(9.0)))
    assert (chart.rule == xmr.TREND).all()
    assert chart.sense.tolist() == [1] * 7 + [-1] * 6

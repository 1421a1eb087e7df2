"""Bars that give a promised rate of first alarms."""

import math

import numpy as np
import pytest

from benchmarks.detection.calibrating import Levels, calibrate, first_alarms, measured, split_ties
from oversight.risk.engine.priors import WEEKS_PER_YEAR

DRAWS = np.random.default_rng(2)
WALKS = np.maximum.accumulate(DRAWS.normal(size=(800, 312)), axis=1) + DRAWS.normal(size=(800, 312))


def test_first_alarms_by_hand() -> None:
    statistic = np.array([[9.0, 1, 2, 3], [0, 0, 0, 0], [5, 5, 0, 4]])
    assert first_alarms(statistic, 3.0).tolist() == [0, -1, 0]
    assert first_alarms(statistic, 3.0, from_week=1).tolist() == [3, -1, 1]
    rate = measured(statistic, 3.0, from_week=1)
    # At risk 3, 3 and 1 weeks, the week of the alarm among them.
    assert rate.alarms == 2
    assert rate.years == pytest.approx(7 / WEEKS_PER_YEAR)


@pytest.mark.parametrize("per_year", [0.5, 0.1, 1 / 30])
def test_the_promised_rate_is_given_and_not_passed(per_year: float) -> None:
    bar = calibrate(WALKS, per_year, from_week=52)
    assert bar.achieved.value <= per_year
    assert measured(WALKS, bar.height, from_week=52) == bar.achieved
    highest = np.maximum.accumulate(WALKS[:, 52:], axis=1)
    next_below = float(highest[highest < bar.height].max())
    assert measured(WALKS, next_below, from_week=52).value > per_year


def test_the_interval_covers_what_was_promised_on_other_homes() -> None:
    bar = calibrate(WALKS[:400], 0.1)
    low, high = measured(WALKS[400:], bar.height).interval
    assert low < 0.1 < high


def test_learning_weeks_neither_alarm_nor_count() -> None:
    early = WALKS.copy()
    early[:, :52] = 1e6
    assert calibrate(early, 0.1, from_week=52) == calibrate(WALKS, 0.1, from_week=52)


def test_a_statistic_of_steps_stays_below_until_ties_are_split() -> None:
    steps = np.floor(WALKS)
    coarse = calibrate(steps, 0.1)
    assert coarse.height == np.floor(coarse.height)
    assert coarse.achieved.value < 0.09
    fine = calibrate(split_ties(steps, seed=1), 0.1)
    assert fine.achieved.value == pytest.approx(0.1, rel=0.02)
    assert np.floor(fine.height) in (coarse.height, coarse.height - 1)
    assert (split_ties(steps, seed=1) == split_ties(steps, seed=1)).all()


def test_a_quiet_statistic_needs_no_bar() -> None:
    nothing = np.full((10, 100), -np.inf)
    bar = calibrate(nothing, 0.1)
    assert (bar.height, bar.achieved.alarms) == (-np.inf, 0)
    assert (first_alarms(nothing, bar.height) == -1).all()


def test_what_stands_infinitely_high_alarms_at_any_bar() -> None:
    endless = np.zeros((10, 100))
    endless[:, 50] = np.inf
    bar = calibrate(endless, 0.1)
    assert bar.height == np.inf
    assert bar.achieved.alarms == 10


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        calibrate(WALKS, 0.0)
    with pytest.raises(ValueError, match="at risk"):
        calibrate(WALKS, 0.1, from_week=312)


def test_levels_put_streams_of_any_scale_under_one_bar() -> None:
    streams = np.stack([WALKS, 1e6 * DRAWS.permuted(WALKS, axis=0)], axis=1)
    levels = Levels.of(streams, from_week=52)
    joined = levels.joined(streams)
    bar = calibrate(joined, 0.1, from_week=52)
    each = [Levels.of(streams[:, [stream]], from_week=52).joined(streams[:, [stream]]) for stream in (0, 1)]
    alone = [measured(statistic, bar.height, from_week=52).alarms for statistic in each]
    assert bar.achieved.value == pytest.approx(0.1, rel=0.05)
    assert min(alone) > 0.6 * max(alone)
    assert joined[5, 60] == max(each[0][5, 60], each[1][5, 60])


def test_levels_tell_the_share_of_ordinary_weeks() -> None:
    ordinary = np.array([[[1.0, 2, 3, -np.inf]]])
    told = Levels.of(ordinary).joined(np.array([[[2.0, 9.0, -np.inf]]]))[0]
    assert told.tolist() == [pytest.approx(-math.log(3 / 5)), pytest.approx(-math.log(1 / 5)), -np.inf]

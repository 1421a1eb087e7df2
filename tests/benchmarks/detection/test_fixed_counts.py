"""So many records in three months."""

import numpy as np

from benchmarks.detection.comparators import fixed_counts

DRAWS = np.random.default_rng(11)
USUAL = np.array([0.2, 0.03, 0.002])
COUNTS = DRAWS.poisson(USUAL[:, None], (30, 3, 200))


def test_thirteen_weeks_hold_three_months() -> None:
    counts = np.zeros(40)
    counts[[3, 9, 15]] = 1
    assert np.flatnonzero(fixed_counts.alarms(counts, 3)).tolist() == [15]
    assert np.flatnonzero(fixed_counts.alarms(counts, 2)).tolist() == [*range(9, 22)]


def test_altogether_reaches_its_bar_where_the_count_is_reached() -> None:
    statistic = fixed_counts.altogether(COUNTS)
    for home, counts in enumerate(COUNTS):
        assert (fixed_counts.alarms(counts.sum(axis=0), 5) == (statistic[home] >= 5)).all()
    assert (statistic >= 5).any()


def test_one_bar_is_one_fixed_count_a_stream() -> None:
    statistic, bar = fixed_counts.by_stream(COUNTS, USUAL), 4.0
    least = fixed_counts.least_counts(bar, USUAL)
    # Poisson means 2.6, 0.39 and 0.026: P(>= 7) = .017, P(>= 3) = .0075 and P(>= 2) = .0003 are the first below e^-4 = .0183
    assert least.tolist() == [7.0, 3.0, 2.0]
    for home, counts in enumerate(COUNTS):
        assert np.array_equal(fixed_counts.alarms(counts, least), statistic[home] >= bar)
    found = np.asarray((statistic >= bar).any(axis=(0, 2)))
    assert found[:2].all()

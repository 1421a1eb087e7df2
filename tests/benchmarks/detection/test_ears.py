"""EARS beyond its conformance: the statistic alarms where the limits do, and knows what it does not know."""

import numpy as np
import pytest

from benchmarks.detection.comparators import ears

METHODS: tuple[ears.Method, ...] = ("C1", "C2", "C3")
COUNTS = np.random.default_rng(3).poisson(2.0, (20, 60))
FIRST = {"C1": 7, "C2": 9, "C3": 11}


@pytest.mark.parametrize("method", METHODS)
def test_the_statistic_passes_its_bar_where_a_count_passes_its_limit(method: ears.Method) -> None:
    alarms = ears.alarms(COUNTS, method)
    standings = ears.standings(COUNTS, method)
    assert (alarms == (standings > ears.BARS[method])).all()
    assert alarms.any()
    assert not alarms.all()


@pytest.mark.parametrize("method", METHODS)
def test_nothing_is_said_before_the_baseline_is_whole(method: ears.Method) -> None:
    limits = ears.limits(COUNTS, method)
    assert np.isnan(limits[:, : FIRST[method]]).all()
    assert not np.isnan(limits[:, FIRST[method] :]).any()
    assert (ears.standings(COUNTS, method)[:, : FIRST[method]] == -np.inf).all()
    assert np.isnan(ears.limits([1, 2, 3], method)).all()


def test_c1_by_hand() -> None:
    # Mean 2, spread 1: limit 2 + 3.0902.
    counts = [1, 2, 3, 1, 2, 3, 2, 6]
    assert ears.limits(counts, "C1")[-1] == pytest.approx(2 + 3.090232 * np.sqrt(4 / 6))
    assert ears.standings(counts, "C1", narrowest=2.0)[-1] == pytest.approx(2.0)


def test_c3_adds_the_excess_of_two_counts_before() -> None:
    counts = np.array([1.0, 2, 3, 1, 2, 3, 2, 1, 2, 5, 4, 3])
    c2 = ears.standings(counts, "C2")
    together = c2[11] + max(c2[10] - 1, 0) + max(c2[9] - 1, 0)
    assert ears.standings(counts, "C3")[11] == pytest.approx(together)


def test_a_baseline_without_spread() -> None:
    quiet = [0.0] * 12
    assert not ears.alarms(quiet, "C1").any()
    assert ears.standings([*quiet, 1.0], "C1")[-1] == np.inf
    assert ears.standings([*quiet, 1.0], "C1", narrowest=0.5)[-1] == 2.0
    # What came before stands infinitely high, so the published limit falls to nothing.
    assert ears.limits([*quiet, 1.0, 0.0], "C3")[-1] == 0.0


def test_streams_are_told_by_the_period() -> None:
    counts = np.random.default_rng(4).poisson(0.5, (5, 3, 82))
    told = ears.by_stream(counts, "C2", weeks=4, narrowest=0.5)
    assert told.shape == counts.shape
    months = counts[2, 1, :80].reshape(20, 4).sum(axis=1)
    assert told[2, 1, 3:80:4].tolist() == ears.standings(months, "C2", narrowest=0.5).tolist()
    assert np.isinf(told[:, :, 80:]).all()

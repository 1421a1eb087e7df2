"""Chances of counts, against sums done the long way and published tables."""

import math

import numpy as np
import pytest

from benchmarks.detection.comparators.tails import quantile, surprise


def chance(count: int, mean: float, dispersion: float) -> float:
    """Of exactly this count, from the gamma function."""
    if dispersion == 1.0:
        return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    size = mean / (dispersion - 1)
    ways = math.lgamma(size + count) - math.lgamma(size) - math.lgamma(count + 1)
    return math.exp(ways - size * math.log(dispersion) + count * math.log(1 - 1 / dispersion))


@pytest.mark.parametrize("dispersion", [1.0, 1.001, 1.7, 5.0])
@pytest.mark.parametrize("mean", [0.02, 0.9, 6.0, 40.0])
def test_the_tail_is_the_sum_of_its_chances(mean: float, dispersion: float) -> None:
    for count in (1, 2, 5, 30):
        tail = sum(chance(number, mean, dispersion) for number in range(count, 700))
        assert surprise(count, mean, dispersion) == pytest.approx(-math.log(tail), rel=1e-9, abs=1e-9)


def test_far_out_it_neither_vanishes_nor_overflows() -> None:
    # P(X >= 100 | mean 1) is 1/(e 100!) (1 + 1/101 + ...), far below what 1 - P(X <= 99) can hold.
    exact = 1 + math.lgamma(101) - math.log1p(1 / 101 + 1 / (101 * 102) + 1 / (101 * 102 * 103))
    assert surprise(100, 1.0) == pytest.approx(exact, rel=1e-9)


def test_what_is_sure_and_what_cannot_be() -> None:
    told = surprise([0, 0, 1], [0.0, 3.0, 0.0])
    assert told.tolist() == [0.0, 0.0, math.inf]
    assert surprise(np.zeros((0,)), 1.0).shape == (0,)


def test_underdispersion_counts_as_none() -> None:
    assert surprise(4, 2.0, 0.3) == surprise(4, 2.0, 1.0)
    assert quantile(0.99, 2.0, 0.3) == quantile(0.99, 2.0, 1.0)


def test_quantiles_of_a_poisson_table() -> None:
    # Cumulative Poisson chances, mean 4: 8 -> 0.9786, 9 -> 0.9919; mean 0.5: 3 -> 0.9982.
    assert quantile(0.99, [4.0, 0.5, 0.0]).tolist() == [9.0, 3.0, 0.0]


def test_a_count_above_the_quantile_is_as_surprising_as_the_share() -> None:
    draws = np.random.default_rng(5)
    mean, dispersion = draws.gamma(1.0, 5.0, 400), 1.0 + draws.gamma(0.5, 1.0, 400)
    for share in (0.01, 0.05):
        limit = quantile(1.0 - share, mean, dispersion)
        assert (surprise(limit + 1, mean, dispersion) >= -math.log(share)).all()
        assert (surprise(limit, mean, dispersion) < -math.log(share)).all()


def test_a_mean_beyond_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        quantile(0.99, 1e9)

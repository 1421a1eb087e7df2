"""Cumulative sums: their evidence by hand, and each statistic against its one-home form."""

import math

import numpy as np
import pytest

from benchmarks.detection.comparators import cusums

STREAMS = np.array([0.2, 0.03, 0.01])
COUNTS = np.random.default_rng(21).poisson(STREAMS[:, None], (40, 3, 260))
BELIEF = cusums.Baseline(np.full((3, 1), 2.0), 2.0 / STREAMS[:, None])
RATIOS = cusums.evidence(COUNTS, 1.0, BELIEF)


def test_plugged_evidence_is_the_published_poisson_chart() -> None:
    known = cusums.Baseline(5.0, 10.0, plugged=True)
    # Lucas: add the count less k, with k = (m1 - m0) / ln(m1 / m0); times ln(m1 / m0) on the scale of likelihoods.
    usual, high = 0.5 * 1.5, 2.5 * 0.5 * 1.5
    k = (high - usual) / math.log(high / usual)
    told = cusums.evidence(np.array([[[0, 1, 4]]]), 1.5, known, rise=2.5)
    assert told.ravel().tolist() == pytest.approx([math.log(2.5) * (count - k) for count in (0, 1, 4)])


def test_a_sure_belief_is_a_plugged_one() -> None:
    sure = cusums.evidence(COUNTS, 1.0, cusums.Baseline(3e9, 1e10))
    known = cusums.evidence(COUNTS, 1.0, cusums.Baseline(3e9, 1e10, plugged=True))
    np.testing.assert_allclose(sure, known, atol=1e-6)


def test_evidence_is_the_ratio_of_two_negative_binomials() -> None:
    shape, rate, lived, rise = 1.3, 4.0, 0.8, 3.0

    def chance(count: int, rate: float) -> float:
        """Poisson with a Gamma(shape, rate) mean a unit."""
        ways = math.lgamma(shape + count) - math.lgamma(shape) - math.lgamma(count + 1)
        return ways + shape * math.log(rate / (rate + lived)) + count * math.log(lived / (rate + lived))

    told = cusums.evidence(np.array([[[0, 1, 5]]]), lived, cusums.Baseline(shape, rate), rise=rise).ravel()
    assert told.tolist() == pytest.approx([chance(n, rate / rise) - chance(n, rate) for n in (0, 1, 5)])


def test_dispersion_divides_and_no_exposure_says_nothing() -> None:
    wide = cusums.Baseline(BELIEF.shape, BELIEF.rate, dispersion=np.array([[1.0], [2.0], [4.0]]))
    told = cusums.evidence(COUNTS, 1.0, wide)
    np.testing.assert_allclose(told[:, 1] * 2, RATIOS[:, 1])
    np.testing.assert_allclose(told[:, 2] * 4, RATIOS[:, 2])
    assert (cusums.evidence(COUNTS, 0.0, BELIEF) == 0).all()


def test_each_stream_may_rise_in_its_own_measure() -> None:
    told = cusums.evidence(COUNTS, 1.0, BELIEF, rise=np.array([1.5, 2.0, 6.0]))
    np.testing.assert_array_equal(told[:, 1], RATIOS[:, 1])
    np.testing.assert_array_equal(told[:, 2], cusums.evidence(COUNTS, 1.0, BELIEF, rise=6.0)[:, 2])


def test_a_sum_is_held_at_nothing_from_below() -> None:
    assert cusums.sums(np.array([[-1.0, 2.0, -0.5, -3.0, 1.0]])).tolist() == [[0.0, 2.0, 1.5, 0.0, 1.0]]


def test_first_alarms_of_the_statistics_are_those_of_one_home() -> None:
    def first(alarms: np.ndarray) -> int:
        return int(np.argmax(alarms)) if alarms.any() else -1

    found = []
    for home, ratios in enumerate(RATIOS):
        for statistic, alarms, bar in (
            (cusums.mei(RATIOS)[home], cusums.alarms_mei(ratios, 3.0), 3.0),
            (cusums.combined(RATIOS)[home], cusums.alarms_combined(ratios, 2.0), 2.0),
        ):
            assert first(statistic >= bar) == first(alarms)
            found.append(first(alarms))
        charts = cusums.by_stream(RATIOS)[home]
        for chart, alarms in zip(charts, cusums.alarms_by_stream(ratios, 2.5), strict=True):
            assert first(chart >= 2.5) == first(alarms)
            found.append(first(alarms))
    assert len({week >= 0 for week in found}) == 2


def test_a_chart_begins_again_after_its_alarm() -> None:
    ratios = np.array([[1.0, 1.0, 1.0, 1.0, 1.0]])
    assert cusums.alarms_combined(ratios, 2.0).tolist() == [False, True, False, True, False]
    assert cusums.alarms_mei(np.vstack([ratios, ratios]), 2.0).tolist() == [True] * 5
    assert cusums.alarms_by_stream(np.vstack([ratios, -ratios]), 2.0).sum(axis=1).tolist() == [2, 0]


def test_the_nominal_bar_shares_one_budget() -> None:
    assert cusums.bonferroni_bar(520, 6) == pytest.approx(math.log(3120))

import math

import numpy as np
import pytest

from oversight.risk.engine import DEFAULT, PATTERNS, STREAMS, Parameters
from oversight.risk.engine.evidence import DT, TABLE_FROM, arithmetic, fading_weights, run, run_one


def test_evidence_is_the_closed_form_worked_by_hand() -> None:
    # a=2, b=3, phi=1.5, one count in exposure 0.5, at times three: (ln 3 - 3 ln(4.5/3.5)) / 1.5
    streams = len(STREAMS)
    counts, exposure = np.zeros((streams, 1)), np.zeros((streams, 1))
    counts[1], exposure[1] = 1.0, 0.5
    parts = arithmetic(DEFAULT).parts(
        counts, exposure, np.full((streams, 1), 2.0), np.full((streams, 1), 3.0), np.full((streams, 1), 1.5)
    )
    steep = [pattern.name for pattern in PATTERNS].index("steep_rise")
    assert parts[1, steep, 0] == pytest.approx((math.log(3) - 3 * math.log(4.5 / 3.5)) / 1.5, rel=1e-14)
    assert parts[1, steep, 0] == pytest.approx(0.22977, abs=5e-5)
    outside = [pattern.name for pattern in PATTERNS].index("outside_voices")
    assert parts[1, outside, 0] == 0.0, "a stream that a pattern does not touch says nothing"


def test_quiet_time_speaks_against_a_rise_and_for_a_silence() -> None:
    ones = np.ones((6, 1))
    parts = arithmetic(DEFAULT).parts(0 * ones, ones, ones, ones, ones)
    names = [pattern.name for pattern in PATTERNS]
    assert parts[0, names.index("steep_rise"), 0] == pytest.approx(-math.log(3 / 2))
    assert parts[0, names.index("reports_stop"), 0] == pytest.approx(-math.log(1.25 / 2))


def test_no_evidence_is_a_factor_of_exactly_one() -> None:
    zeros, ones = np.zeros((6, 3)), np.ones((6, 3))
    assert (arithmetic(DEFAULT).factors(zeros, zeros, ones, ones, ones) == 1.0).all()


def test_recursion_is_the_sum_over_start_days() -> None:
    logs = np.array([[0.3, -0.2, 0.5, 0.1]])
    levels = run_one(np.exp(logs))
    expected = sum(DT * math.exp(logs[0, start:].sum()) for start in range(4))
    assert levels[0, -1] == pytest.approx(expected, rel=1e-14)


def test_recursion_alone_and_together_has_the_same_bits() -> None:
    factors = np.exp(np.random.default_rng(1).normal(0, 0.2, size=(400, 7)))
    assert (run_one(np.ascontiguousarray(factors.T)) == run(factors).T).all()


def test_logarithms_do_not_depend_on_where_a_cell_lies() -> None:
    values = np.random.default_rng(2).uniform(0.2, 5, size=5000)
    logs, powers = np.log(values), np.exp(-values)
    for start in range(0, 4900, 7):
        piece = values[start : start + 1 + start % 19].copy()
        assert (np.log(piece) == logs[start : start + piece.size]).all()
        assert (np.exp(-piece) == powers[start : start + piece.size]).all()


def test_score_is_the_weighted_mean_of_the_patterns() -> None:
    sums = arithmetic(DEFAULT)
    assert sum(sums.weights) == pytest.approx(1.0)
    assert sums.score(np.full((7, 1), 520.0))[0] == pytest.approx(math.log(520))
    one = np.zeros((7, 1))
    one[5] = 1000.0
    assert sums.score(one)[0] == pytest.approx(math.log(1000 * 0.06))


def test_memory_halves_in_five_years() -> None:
    weights = fading_weights(260)
    at = 40_000 - TABLE_FROM + 690_000
    assert weights[at + 1820] == 2 * weights[at] or abs(weights[at + 1820] / weights[at] - 2) < 1e-5
    with pytest.raises(ValueError, match="outside 1950 to 2100"):
        arithmetic(DEFAULT).fading_from(1, 10)


def test_digest_changes_with_any_setting() -> None:
    assert DEFAULT.digest() == Parameters().digest()
    assert DEFAULT.digest() != Parameters(look=6.0).digest()
    assert len(DEFAULT.digest()) == 16
    assert DEFAULT.bar("escalate") == pytest.approx(math.log(1560))


def test_a_score_neither_overflows_nor_underflows() -> None:
    sums = arithmetic(DEFAULT)
    assert np.isfinite(sums.score(run_one(np.full((7, 2000), 10.0))[:, -1:])).all()
    assert np.isfinite(sums.score(run_one(np.full((7, 2000), 0.0))[:, -1:])).all()


def test_one_home_runs_with_the_bits_of_many_also_at_the_highest_level() -> None:
    chance = np.random.default_rng(1)
    for spread in (0.3, 60.0):
        factors = np.exp(np.clip(chance.normal(0.0, spread, (5, 700)), -600, 600))
        with np.errstate(over="ignore"):
            many = run(np.ascontiguousarray(factors.T))
        assert run_one(factors).tobytes() == np.ascontiguousarray(many.T).tobytes()
    assert many.max() == 1e290
    assert run_one(np.empty((5, 0))).shape == (5, 0)

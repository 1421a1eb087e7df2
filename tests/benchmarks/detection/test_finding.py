"""When a home going wrong is found, and a small study from end to end."""

import math

import numpy as np
import pytest

from benchmarks.detection import early_warning
from benchmarks.detection.early_warning import ENGINE, Table
from benchmarks.detection.finding import NEVER, Found, ahead, joined
from benchmarks.detection.study import Row, Size, one_seed
from oversight.risk.engine.parameters import MARKED, MARKS
from oversight.risk.replay.measuring import Rate

FIRST = np.array([110, 130, -1, 90, 152])
ONSET = np.array([100, 100, 100, 100, 100])


def test_alarms_before_the_onset_are_left_out_and_weeks_count_from_it() -> None:
    found = Found.of(FIRST, ONSET)
    assert found.weeks.tolist() == [10, 30, NEVER, -10, 52]
    assert found.at_risk.tolist() == [True, True, True, False, True]
    assert [found.share(weeks) for weeks in (13, 26, 52)] == [0.25, 0.25, 0.5]
    assert found.median_months() == pytest.approx((30 + 52) / 2 * 84 / 365.25)
    never = Found.of(np.array([-1, -1, 120]), np.array([100, 100, 100]))
    assert never.median_months() == math.inf
    assert Found.of(np.array([5]), np.array([9])).share(52) == 0.0
    assert joined([found, never]).weeks.shape == (8,)


def test_two_methods_are_compared_on_homes_at_risk_for_both() -> None:
    ours, theirs = Found.of(FIRST, ONSET), Found.of(np.array([-1, 130, 110, 120, 120]), ONSET)
    points, half = ahead(ours, theirs, 52)
    assert points == pytest.approx(100 * (2 - 3) / 4)
    assert half == pytest.approx(196 * np.std([1, 0, -1, -1], ddof=1) / 2)


def rows(shares: dict[str, int]) -> Table:
    """Ten homes in each scenario, of which so many are found after ten weeks."""
    made = {}
    for name, found in shares.items():
        cell = Found.of(np.array([110] * found + [-1] * (10 - found)), np.full(10, 100))
        made[name] = [Row(6.5, Rate(2, 20.0), dict.fromkeys(early_warning.ALL, cell))] * 2
    return Table(made)


def test_a_table_gives_means_with_intervals_and_the_best_of_a_family() -> None:
    table = rows({"EARS C2, 4 weeks": 2, "EARS C2, 4 weeks, one bar": 3, **dict.fromkeys(
        ("EARS C2, 8 weeks", "EARS C2, 8 weeks, one bar", "EARS C3, 8 weeks", "EARS C3, 8 weeks, one bar"), 1)})  # fmt: skip
    mean, half = table.mean("EARS C2, 4 weeks", "AB", 26)
    assert mean == pytest.approx(20)
    assert half == pytest.approx(196 * math.sqrt(2 * 0.2 * 0.8 / 20) / 2)
    assert table.rate("EARS C2, 4 weeks") == 0.1
    assert table.best_of("EARS") == "EARS C2, 4 weeks, one bar"


def test_every_part_is_left_out_once_and_stands_alone_once() -> None:
    settings = early_warning.parts()
    assert settings["marks"] is MARKED
    assert len(settings) == 2 + 2 * len(MARKS)
    without = settings["without severity"]
    assert not any("severity" in pattern.marks for pattern in without.patterns)
    assert [pattern.weight for pattern in without.patterns] == [one.weight for one in MARKED.patterns]


def test_a_small_study_from_end_to_end() -> None:
    size = Size(30, 4.0, 6, 5.5)
    found = one_seed(ENGINE, 3, size, scenarios=("B", "I"), methods=("Mei", "XmR, 13 weeks"), per_year=0.3)
    assert set(found) == {*ENGINE, "Mei", "XmR, 13 weeks"}
    for row in found.values():
        assert row.confirmed.years > 10
        assert set(row.found) == {"B", "I"}
        assert row.found["B"].weeks.shape == (6,)
    again = one_seed(ENGINE, 3, size, scenarios=("B", "I"), methods=("Mei",), per_year=0.3)
    assert again["marks"].bar == found["marks"].bar
    assert again["marks"].found["I"].weeks.tolist() == found["marks"].found["I"].weeks.tolist()
    pooled = one_seed(
        ENGINE, 3, Size(10, 4.0, 3, 5.5), scenarios=("B",), methods=(), per_year=0.3, siblings=3
    )
    assert pooled["counts"].found["B"].weeks.shape == (3,)

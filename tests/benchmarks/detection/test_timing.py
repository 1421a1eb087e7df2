"""Weeks into periods and back."""

import numpy as np
import pytest

from benchmarks.detection.comparators.timing import by_week, in_periods, rolling


def test_periods_are_summed_and_the_rest_is_left_out() -> None:
    assert in_periods([[1, 2, 3, 4, 5, 6, 7]], 3).tolist() == [[6.0, 15.0]]
    with pytest.raises(ValueError, match="at least one week"):
        in_periods([1, 2], 0)


def test_a_period_is_told_in_its_last_week() -> None:
    none = -np.inf
    assert by_week(np.array([[6.0, 15.0]]), 3, 7).tolist() == [[none, none, 6.0, none, none, 15.0, none]]


def test_the_last_weeks_are_added_up() -> None:
    assert rolling([1, 2, 3, 4], 2).tolist() == [1.0, 3.0, 5.0, 7.0]
    assert rolling([1, 2], 13).tolist() == [1.0, 3.0]

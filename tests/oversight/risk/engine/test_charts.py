import math

import pytest

from oversight.risk.engine import chart_totals, poisson_limits
from tests.oversight.risk.making import day, home, record


def tail_above(mean: float, most: int) -> float:
    return 1 - sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(most + 1))


def tail_below(mean: float, least: int) -> float:
    return sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(least))


@pytest.mark.parametrize("mean", [0.02, 0.5, 2.5, 7.0, 30.0])
def test_limits_leave_at_most_three_in_a_thousand_outside(mean: float) -> None:
    lower, upper = poisson_limits(mean)
    assert tail_above(mean, upper) <= 0.0015 < tail_above(mean, upper - 1)
    assert tail_below(mean, lower) <= 0.0015 < tail_below(mean, lower + 1)


def test_nothing_expected_has_nothing_between_its_limits() -> None:
    assert poisson_limits(0.0) == (0, 0)


def test_totals_are_of_thirteen_weeks_that_end_today() -> None:
    ours = [record(f"r{n}", "reg40", 10 * n) for n in range(60)]
    points = chart_totals(home(), ours, [], day(599))["reg40"]
    assert points[-1].ends_on == day(599)
    assert (points[-1].ends_on - points[-1].starts_on).days == 90
    assert points[-1].total == 9
    assert len(points) == 6


def test_without_enough_history_there_are_no_limits() -> None:
    points = chart_totals(home(), [], [], day(599))["lado"]
    first, later = points[0], points[-1]
    assert (first.usual, first.lower, first.upper, first.beyond, first.low_run) == (
        None,
        None,
        None,
        False,
        False,
    )
    assert later.usual is not None


def test_a_total_beyond_the_limit_is_marked_and_does_not_move_its_own_limit() -> None:
    calm = chart_totals(home(), [], [], day(599))["lado"][-1]
    busy = chart_totals(home(), [record(f"r{n}", "lado", 520 + n) for n in range(9)], [], day(599))["lado"][
        -1
    ]
    assert busy.beyond
    assert not calm.beyond
    assert busy.upper == calm.upper


def test_a_long_run_below_usual_is_marked_but_rare_streams_are_not() -> None:
    ours = [record(f"r{n}", "reg40", 6 * n) for n in range(60)]
    charts = chart_totals(home(), ours, [], day(1400))
    assert charts["reg40"][-1].low_run
    assert not any(point.low_run for point in charts["whistleblowing"])

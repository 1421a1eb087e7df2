"""Farrington flexible beyond its conformance: the fit against one found the long way, and many homes at once."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.detection.comparators.farrington import reference
from benchmarks.detection.comparators.farrington.fitting import Past, down_weighted, fitted, outlying
from benchmarks.detection.comparators.farrington.flexible import (
    FOUR_WEEKLY,
    QUARTERLY,
    Options,
    assessed,
    by_stream,
)
from benchmarks.detection.comparators.timing import in_periods

Floats = npt.NDArray[np.float64]
DRAWS = np.random.default_rng(14)


def drawn(series: int, weeks: int, mean: float) -> Past:
    time = np.arange(-weeks, 0) / 13.0
    season = (np.arange(weeks)[:, None] % 3 == np.arange(3)).astype(np.float64)
    return Past(
        DRAWS.poisson(mean, (series, weeks)).astype(np.float64),
        DRAWS.uniform(0.5, 2.0, (series, weeks)),
        DRAWS.uniform(0.2, 1.5, (series, weeks)),
        time,
        season,
    )


def solved(past: Past, at: int) -> tuple[Floats, Floats, Floats]:
    """Coefficients (seasons, slope), means and leverages of one series by iterated weighted least squares."""
    design = np.hstack([past.season, past.time[:, None]])
    counts, weights, offset = past.counts[at], past.weights[at], np.log(past.exposure[at])
    mean = counts + 0.1
    for _ in range(60):
        size = weights * mean
        target = np.log(mean) - offset + (counts - mean) / mean
        inner = np.linalg.inv(design.T @ (design * size[:, None]))
        found = inner @ design.T @ (size * target)
        mean = np.exp(design @ found + offset)
    leverage = weights * mean * np.einsum("ij,jk,ik->i", design, inner, design)
    return found, mean, leverage


def test_the_fit_is_that_of_least_squares_iterated() -> None:
    past = drawn(12, 40, 2.0)
    fit = fitted(past, trend=True)
    for at in range(12):
        found, mean, leverage = solved(past, at)
        assert fit.slope[at] == pytest.approx(found[3], abs=1e-8)
        np.testing.assert_allclose(np.log(fit.level[at]), found[:3], atol=1e-8)
        np.testing.assert_allclose(fit.mean[at], mean, rtol=1e-8)
        np.testing.assert_allclose(fit.leverage[at], leverage, rtol=1e-7)
        pearson = (past.weights[at] * (past.counts[at] - mean) ** 2 / mean).sum() / 36
        assert fit.dispersion[at] == pytest.approx(max(pearson, 1.0), rel=1e-8)
    assert fit.settled.all()
    assert (fit.dispersion > 1).any()
    np.testing.assert_allclose(fit.leverage.sum(axis=1), 4.0)


def test_without_a_trend_levels_are_rates() -> None:
    past = drawn(5, 30, 1.0)
    fit = fitted(past, trend=False)
    first = past.season[:, 0] > 0
    rate = (past.weights * past.counts)[:, first].sum(axis=1) / (past.weights * past.exposure)[:, first].sum(
        axis=1
    )
    np.testing.assert_allclose(fit.level[:, 0], rate)
    assert (fit.slope == 0).all()
    np.testing.assert_allclose(fit.leverage.sum(axis=1), 3.0)


def test_series_of_nothing_and_runaway_trends_settle_nothing() -> None:
    past = drawn(2, 30, 1.0)
    counts = np.zeros((2, 30))
    counts[1, 27:] = 4.0
    fit = fitted(Past(counts, past.exposure, past.weights, past.time, past.season), trend=True)
    assert fit.settled.tolist() == [False, False]
    assert (fit.mean[0] == 0).all()
    assert np.isfinite(fit.mean).all()
    assert (outlying(past, fitted(past, trend=False)) != 0).any()


def test_outlying_weeks_weigh_less_and_all_weights_come_to_one_a_week() -> None:
    residuals = np.array([[0.0, 1.0, -5.0, 4.0], [0.0, 0.0, 0.0, 0.0]])
    weights = down_weighted(residuals, 2.58)
    assert weights.sum(axis=1).tolist() == pytest.approx([4.0, 4.0])
    assert weights[0, 3] / weights[0, 0] == pytest.approx(1 / 16)
    assert weights[0, 2] == weights[0, 0]
    assert weights[1].tolist() == [1.0] * 4


def test_the_past_is_parted_into_windows_and_seasons() -> None:
    same = reference.same_weeks(300, 2, 52, None)
    assert same == [300, 248, 196]
    past = reference.past(same, half_window=3, seasons=10, excluded=26)
    assert past.at.tolist() == list(range(193, 274))
    assert past.at[past.season == 0].tolist() == [*range(193, 200), *range(245, 252)]
    # 45 weeks between two windows: nine seasons of five.
    assert past.season[7:52].tolist() == [season for season in range(1, 10) for _ in range(5)]
    alone = reference.past(same, half_window=3, seasons=1, excluded=26)
    assert alone.at.tolist() == [*range(193, 200), *range(245, 252)]
    with pytest.raises(ValueError, match="too short"):
        reference.past([104, 52, 0], half_window=3, seasons=10, excluded=26)


def test_weeks_are_matched_by_their_days() -> None:
    mondays = [date(2004, 1, 5) + timedelta(weeks=week) for week in range(700)]
    for week in (400, 429, 527, 699):
        for back, matched in enumerate(reference.same_weeks(week, 5, 52, mondays)):
            then = mondays[week].replace(year=mondays[week].year - back)
            assert abs((mondays[matched] - then).days) <= 3
    leap = mondays.index(date(2016, 2, 29))
    assert mondays[reference.same_weeks(leap, 1, 52, mondays)[1]] == date(2015, 3, 2)
    assert mondays[reference.same_weeks(leap, 4, 52, mondays)[4]] == date(2012, 2, 27)


def test_few_cases_have_no_limit_and_no_alarm() -> None:
    counts = np.zeros(400)
    counts[::40] = 1
    counts[390] = 4
    counts[399] = 30
    told = assessed(counts, [390, 391, 399], Options(years=3))
    assert np.isnan(told.upper).tolist() == [True, True, False]
    assert told.alarm.tolist() == [False, False, True]


def test_a_series_too_short_for_its_years_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        assessed(np.full(200, 2), [150], Options(years=3))


def test_the_statistic_reaches_its_bar_where_a_count_is_above_the_limit() -> None:
    counts = DRAWS.poisson(DRAWS.gamma(2.0, 0.5, (6, 3, 1)), (6, 3, 400))
    counts[:, 0, 330:] += DRAWS.poisson(2.0, (6, 70))
    exposed = np.ones((3, 1))
    told = by_stream(counts, exposure=exposed, least_seen=0.0)[..., 3::4]
    np.testing.assert_array_equal(told, by_stream(counts, least_seen=0.0)[..., 3::4])
    months = in_periods(counts, 4)
    for home in range(6):
        for stream in range(3):
            found = assessed(months[home, stream], range(40, 100), FOUR_WEEKLY)
            reached = told[home, stream, 40:] >= -np.log(FOUR_WEEKLY.share)
            assert reached.tolist() == found.alarm.tolist()
    assert (told >= -np.log(FOUR_WEEKLY.share)).any()


def test_with_seasons_as_many_years_are_used_as_there_are() -> None:
    options = Options(per_year=13, half_window=1, seasons=3, excluded=6, low=(0, 1))
    counts = DRAWS.poisson(3.0, (4, 1, 400))
    told = by_stream(counts, options=options, least_seen=0.0)[:, 0, 3::4]
    months = in_periods(counts, 4)[:, 0]
    for period, years in ((30, 2), (60, 4), (99, 5)):
        for home in range(4):
            one = assessed(months[home], [period], Options(**{**vars(options), "years": years}))
            assert (told[home, period] >= -np.log(0.01)) == one.alarm[0]
    assert (told[:, :13] == -np.inf).all()


def test_nothing_ever_seen_is_not_a_rate_of_nothing() -> None:
    counts = np.zeros((1, 1, 400))
    counts[0, 0, 399] = 1
    assert by_stream(counts, least_seen=0.0)[0, 0, 399] == np.inf
    told = by_stream(counts)[0, 0, 399]
    # Half a record in the 60 periods known (five years and one, less six), so one in 120.
    assert told == pytest.approx(-np.log(-np.expm1(-0.5 / 60)))


def test_twice_the_children_twice_the_records() -> None:
    lived = np.ones((1, 1, 400))
    lived[..., 300:] = 2.0
    counts = np.where(lived > 1, 2, 1) * (np.arange(400) % 2)
    known = by_stream(counts, exposure=lived)[..., 399]
    unknown = by_stream(counts)[..., 399]
    assert known < unknown


def test_quarters_are_told_in_their_last_week() -> None:
    counts = DRAWS.poisson(0.2, (3, 2, 400))
    told = by_stream(counts, options=QUARTERLY, least_seen=0.0)
    quarters = in_periods(counts, 13)
    assert (np.isfinite(told).any(axis=(0, 1)) == (np.arange(400) % 13 == 12) & (np.arange(400) >= 78)).all()
    for quarter in (12, 29):
        one = assessed(quarters[1, 1], [quarter], QUARTERLY)
        assert (told[1, 1, quarter * 13 + 12] >= -np.log(0.01)) == one.alarm[0]


def test_a_lower_limit_may_be_kept() -> None:
    counts = np.zeros((1, 1, 400))
    counts[0, 0, 399] = 4
    kept = Options(**{**vars(FOUR_WEEKLY), "low": (5, 4)})
    assert by_stream(counts, options=kept)[0, 0, 399] == -np.inf
    counts[0, 0, 395] = 1
    assert by_stream(counts, options=kept)[0, 0, 399] > 5

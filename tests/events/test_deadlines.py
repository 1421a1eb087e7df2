"""Hours are instants, working days end at 17:00 in London, months end as months do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from events import deadlines

SUMMER_BEGINS = datetime(2027, 3, 27, 12, tzinfo=UTC)  # clocks go forward on 28 March 2027


def test_48_hours_are_172800_seconds_across_a_clock_change() -> None:
    assert deadlines.after_hours(SUMMER_BEGINS, 48) - SUMMER_BEGINS == timedelta(seconds=172_800)


@pytest.mark.parametrize(
    ("known", "days", "due"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=UTC), 1, datetime(2026, 11, 24, 17, tzinfo=UTC)),
        (
            datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
            1,
            datetime(2026, 11, 23, 17, tzinfo=UTC),
        ),  # Friday night
        (
            datetime(2026, 12, 24, 12, tzinfo=UTC),
            1,
            datetime(2026, 12, 29, 17, tzinfo=UTC),
        ),  # Christmas, substitute
        (
            datetime(2027, 3, 25, 12, tzinfo=UTC),
            1,
            datetime(2027, 3, 30, 16, tzinfo=UTC),
        ),  # Good Friday, Easter, BST
        (
            datetime(2026, 7, 6, 23, 30, tzinfo=UTC),
            1,
            datetime(2026, 7, 8, 16, tzinfo=UTC),
        ),  # past midnight in London
        (datetime(2026, 11, 23, 9, tzinfo=UTC), 5, datetime(2026, 11, 30, 17, tzinfo=UTC)),
    ],
)
def test_working_days_end_at_17_in_london(known: datetime, days: int, due: datetime) -> None:
    assert deadlines.after_working_days(known, days) == due


def test_no_working_days_is_no_deadline() -> None:
    with pytest.raises(ValueError, match="at least one"):
        deadlines.after_working_days(SUMMER_BEGINS, 0)


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 15), 2, date(2027, 1, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day: date, months: int, end: date) -> None:
    assert deadlines.after_months(day, months) == end


def test_a_month_and_a_day_end_when_they_end() -> None:
    assert deadlines.month_end(date(2028, 2, 3)) == date(2028, 2, 29)
    assert deadlines.end_of_day(date(2026, 7, 1)) == datetime(2026, 7, 1, 23, tzinfo=UTC)
    assert deadlines.start_of_day(date(2026, 12, 1)) == datetime(2026, 12, 1, tzinfo=UTC)
    assert not deadlines.is_working_day(date(2026, 12, 25))

"""Every deadline against a calendar that shares nothing with the hub's: clock changes, leap days, month ends, holidays."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from events import deadlines
from events.clock import london_day
from oversight.escalation.ladders import ANSWER_WITHIN
from oversight.visits.months import visit_due
from tests.events import almanac

YEARS = st.integers(2011, 2045)
DAYS = st.dates(date(2011, 1, 1), date(2045, 12, 31))


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Any moment; half of them within a week of a clock change, a month's end, a leap day, Easter or Christmas."""
    year = draw(YEARS)
    edges = (
        almanac.last(6, year, 3),
        almanac.last(6, year, 10),
        almanac.easter(year),
        date(year, 12, 24),
        deadlines.month_end(date(year, 2, 1)),
        deadlines.month_end(date(year, draw(st.integers(1, 12)), 1)),
    )
    near = draw(st.sampled_from(edges)) + timedelta(days=draw(st.integers(-7, 7)))
    day = draw(st.one_of(st.just(near), DAYS))
    seconds = draw(st.integers(0, 86_399))
    return datetime.combine(day, time(0), UTC) + timedelta(seconds=seconds)


@settings(max_examples=1500)
@given(moments())
@example(datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC))
@example(datetime(2027, 3, 28, 1, tzinfo=UTC))
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
def test_a_day_in_london_begins_and_ends_at_its_midnights(moment: datetime) -> None:
    day = almanac.day_in_london(moment)
    assert london_day(moment) == day
    assert deadlines.start_of_day(day) == almanac.in_london(day, time(0)) <= moment
    assert deadlines.end_of_day(day) == almanac.in_london(day + timedelta(days=1), time(0)) > moment


@settings(max_examples=1500)
@given(moments(), st.integers(1, 15))
@example(datetime(2026, 12, 23, 17, tzinfo=UTC), 2)
@example(datetime(2028, 2, 28, 23, 59, tzinfo=UTC), 1)
@example(datetime(2022, 6, 1, 12, tzinfo=UTC), 1)
def test_working_days_end_at_five_in_london(moment: datetime, days: int) -> None:
    assert deadlines.after_working_days(moment, days) == almanac.working_days_later(moment, days)


@given(st.integers(2011, 2045))
def test_a_year_has_the_bank_holidays_of_england(year: int) -> None:
    first = date(year, 1, 1)
    every = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    assert [day for day in every if deadlines.is_working_day(day) != almanac.works(day)] == []


@settings(max_examples=500)
@given(moments(), st.integers(1, 400))
def test_hours_elapse_day_and_night(moment: datetime, hours: int) -> None:
    due = deadlines.after_hours(moment, hours)
    assert due.timestamp() - moment.timestamp() == hours * 3600


@settings(max_examples=500)
@given(moments())
def test_each_tier_is_answered_in_its_own_time(moment: datetime) -> None:
    """Look 5 working days, escalate 2, regulator 4 elapsed hours."""
    due = {tier.value: clock.due(moment) for tier, clock in ANSWER_WITHIN.items()}
    assert due == {
        "look": almanac.working_days_later(moment, 5),
        "escalate": almanac.working_days_later(moment, 2),
        "regulator": moment + timedelta(hours=4),
    }


@given(DAYS, st.integers(0, 30))
@example(date(2028, 2, 29), 12)
@example(date(2027, 8, 31), 6)
def test_months_later_is_the_same_number_or_the_last_day(day: date, months: int) -> None:
    due = deadlines.after_months(day, months)
    counted = (due.year - day.year) * 12 + due.month - day.month
    assert counted == months
    assert due.day == day.day or (due.day < day.day and (due + timedelta(days=1)).day == 1)


@given(DAYS)
def test_a_month_ends_the_day_before_the_next_first_and_a_visit_is_due_a_week_later(day: date) -> None:
    end = deadlines.month_end(day)
    assert (end + timedelta(days=1)).day == 1
    assert (end.year, end.month) == (day.year, day.month)
    assert visit_due(day) == end + timedelta(days=7)

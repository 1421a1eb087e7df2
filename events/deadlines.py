"""When something is due. Hours elapse as instants; working days end at 17:00 in London; months end as months do.

A working day is any day but Saturday, Sunday, Christmas Day, Good Friday and the bank holidays of England
(Representations Procedure Regulations 2006, SI 2006/1738, reg 2).
"""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

# The one country: the package's front door loads some 300 modules at the first question.
from holidays.countries.united_kingdom import UnitedKingdom

from events.clock import LONDON, london_day

START_OF_WORKING_DAY, END_OF_WORKING_DAY = time(9, 0), time(17, 0)
#: Working days are counted from here.
FIRST_YEAR = 2000


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(UnitedKingdom(subdiv="ENG", years=year))  # type: ignore[no-untyped-call]


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays_of(day.year)


def after_hours(moment: datetime, hours: float) -> datetime:
    """``hours`` elapsed hours later: 48 h are 172,800 seconds, across a clock change too."""
    return moment.astimezone(UTC) + timedelta(hours=hours)


def after_working_days(moment: datetime, days: int) -> datetime:
    """17:00 in London on the ``days``-th working day after the London day of ``moment``."""
    if days < 1:
        raise ValueError("a deadline in working days needs at least one")
    day = london_day(moment)
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return datetime.combine(day, END_OF_WORKING_DAY, LONDON).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The last moment of a London day, exclusive: midnight that follows it, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(0), LONDON).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    return datetime.combine(day, time(0), LONDON).astimezone(UTC)


def month_end(day: date) -> date:
    """The last day of the month of ``day``."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def after_months(day: date, months: int) -> date:
    """The same day number ``months`` later, or the month's last day where that month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def working_time(start: datetime, end: datetime) -> timedelta:
    """Time between two moments that falls between 9:00 and 17:00 in London on working days; nothing where end is first."""
    if end <= start:
        return timedelta(0)
    first, last = london_day(start), london_day(end)
    whole = _LONG * (_working_days_before(last) - _working_days_before(first))
    return whole + _into(end, last) - _into(start, first)


_LONG = timedelta(hours=END_OF_WORKING_DAY.hour - START_OF_WORKING_DAY.hour)


def _into(moment: datetime, day: date) -> timedelta:
    """How much of the day's working time is over at ``moment``."""
    if not is_working_day(day):
        return timedelta(0)
    opens = datetime.combine(day, START_OF_WORKING_DAY, LONDON)
    return min(max(moment - opens, timedelta(0)), _LONG)


@lru_cache(maxsize=4096)
def _working_days_before(day: date) -> int:
    """Working days from the first of January of FIRST_YEAR to the eve of ``day``."""
    years = sum(_working_days_of(year) for year in range(FIRST_YEAR, day.year))
    new_year = date(day.year, 1, 1)
    return years + sum(is_working_day(new_year + timedelta(days=n)) for n in range((day - new_year).days))


@lru_cache(maxsize=64)
def _working_days_of(year: int) -> int:
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return sum(is_working_day(date(year, 1, 1) + timedelta(days=n)) for n in range(days))

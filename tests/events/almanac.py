"""England's bank holidays and clock changes by arithmetic of its own: no time zone data, no list of holidays by package.

Sources: Banking and Financial Dealings Act 1971, sch 1, and the proclamations that moved or added days since 2011;
Summer Time Order 2002 (SI 2002/262): summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the
last Sunday of October.
"""

from datetime import UTC, date, datetime, time, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Days that were moved for the year, and days that were added, by proclamation.
MOVED = {
    date(2012, 5, 28): date(2012, 6, 4),
    date(2020, 5, 4): date(2020, 5, 8),
    date(2022, 5, 30): date(2022, 6, 2),
}
ADDED = {date(2011, 4, 29), date(2012, 6, 5), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Butcher's rule, Nature, 20 April 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * week) // 451
    month, day = divmod(h + week - 7 * m + 114, 31)
    return date(year, month, day + 1)


def last(weekday: int, year: int, month: int) -> date:
    """The last Monday (0) to Sunday (6) of a month of 31 days."""
    end = date(year, month, 31)
    return end - DAY * ((end.weekday() - weekday) % 7)


def bank_holidays(year: int) -> set[date]:
    first_of_may = date(year, 5, 1)
    days = {
        easter(year) - 2 * DAY,
        easter(year) + DAY,
        first_of_may + DAY * (-first_of_may.weekday() % 7),
        last(0, year, 5),
        last(0, year, 8),
    }
    for start, wanted in ((date(year, 1, 1), 1), (date(year, 12, 25), 2)):
        free: list[date] = []
        day = start
        while len(free) < wanted:
            if day.weekday() < 5:
                free.append(day)
            day += DAY
        days |= set(free)
    return {MOVED.get(day, day) for day in days} | {day for day in ADDED if day.year == year}


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def summer(moment: datetime) -> bool:
    """Whether summer time is in force at the moment (UTC)."""
    begins, ends = (datetime.combine(last(6, moment.year, month), time(1), UTC) for month in (3, 10))
    return begins <= moment < ends


def day_in_london(moment: datetime) -> date:
    return (moment + HOUR * summer(moment)).date()


def in_london(day: date, at: time) -> datetime:
    """The moment at which London's clocks show this; never asked of the hour that comes twice or not at all."""
    plain = datetime.combine(day, at, UTC)
    return plain - HOUR * summer(plain - HOUR)


def working_days_later(moment: datetime, days: int) -> datetime:
    """17:00 in London on the n-th working day after the day of the moment."""
    day = day_in_london(moment)
    counted = 0
    while counted < days:
        day += DAY
        if works(day):
            counted += 1
    return in_london(day, time(17))

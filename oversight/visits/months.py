"""When a visit and its report are due: pure dates, no database.

Reg 44(1): a visit in each calendar month. Neither regulation nor the guide gives days for the report; the end of the
following month is a setting of the hub, as are the days of grace after a month without a visit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.conf import settings

from events.deadlines import after_months, month_end


class State(StrEnum):
    """How a month stands: what came late is said apart from what never came."""

    TO_COME = "to come"
    WAITING = "report due"
    DONE = "reported"
    NO_VISIT = "no visit"
    NO_REPORT = "no report"
    LATE = "reported late"
    VISITED = "visited"


@dataclass(frozen=True)
class VisitSeen:
    """What a month is judged by: the day of a visit and the day of its report, if there is one."""

    visited_on: date
    reported_on: date | None = None


@dataclass(frozen=True)
class Month:
    """One calendar month of a home; late where what was due has not come, or came after its day."""

    first: date
    state: State
    visit_due: date
    report_due: date
    visit: VisitSeen | None = None

    @property
    def late(self) -> bool:
        return self.state in (State.NO_VISIT, State.NO_REPORT, State.LATE)


def grace_days() -> int:
    return int(getattr(settings, "HUB_VISIT_GRACE_DAYS", 7))


def visit_due(month: date) -> date:
    """The last day on which a visit of this month may still be recorded without a question."""
    return month_end(month) + timedelta(days=grace_days())


def report_due(visited_on: date) -> date:
    """The last day for the report of a visit: the end of the month after it."""
    months = int(getattr(settings, "HUB_REPORT_MONTHS", 1))
    return month_end(after_months(visited_on.replace(day=1), months))


def months(visits: Iterable[VisitSeen], *, since: date, today: date, reports: bool = True) -> list[Month]:
    """Every calendar month from that of ``since`` to that of ``today``, oldest first. The first visit stands for its month.

    reports: whether the reader knows of reports; without, a month says only whether there was a visit.
    """
    by_month: dict[date, VisitSeen] = {}
    for visit in sorted(visits, key=lambda seen: (seen.visited_on, seen.reported_on or date.max)):
        known = by_month.setdefault(visit.visited_on.replace(day=1), visit)
        if known.reported_on is None and visit.reported_on is not None:
            by_month[known.visited_on.replace(day=1)] = visit
    found = []
    first = since.replace(day=1)
    while first <= today:
        found.append(_month(first, by_month.get(first), today, reports))
        first = after_months(first, 1)
    return found


def _month(first: date, visit: VisitSeen | None, today: date, reports: bool) -> Month:
    due, by = visit_due(first), report_due(first)
    if visit is None:
        state = State.NO_VISIT if today > due else State.TO_COME
    elif not reports:
        state = State.VISITED
    elif visit.reported_on is None:
        state = State.NO_REPORT if today > by else State.WAITING
    else:
        state = State.LATE if visit.reported_on > by else State.DONE
    return Month(first, state, due, by, visit)

from datetime import date

import pytest

from oversight.visits.months import State, VisitSeen, months, report_due, visit_due


def states(visits: list[VisitSeen], today: date, since: date = date(2026, 9, 1)) -> list[State]:
    return [month.state for month in months(visits, since=since, today=today)]


def test_a_report_is_due_by_the_end_of_the_month_after_the_visit() -> None:
    assert report_due(date(2026, 1, 31)) == date(2026, 2, 28)
    assert report_due(date(2027, 12, 1)) == date(2028, 1, 31)
    assert visit_due(date(2026, 9, 1)) == date(2026, 10, 7)


@pytest.mark.parametrize(
    ("today", "state"), [(date(2026, 10, 7), State.TO_COME), (date(2026, 10, 8), State.NO_VISIT)]
)
def test_a_month_without_a_visit_has_seven_days_of_grace(today: date, state: State) -> None:
    assert states([], today)[0] == state


@pytest.mark.parametrize(
    ("reported", "today", "state"),
    [
        (None, date(2026, 10, 31), State.WAITING),
        (None, date(2026, 11, 1), State.NO_REPORT),
        (date(2026, 10, 31), date(2026, 11, 20), State.DONE),
        (date(2026, 11, 1), date(2026, 11, 20), State.LATE),
    ],
)
def test_a_report_is_waited_for_missing_or_late(reported: date | None, today: date, state: State) -> None:
    found = months([VisitSeen(date(2026, 9, 14), reported)], since=date(2026, 9, 1), today=today)[0]
    assert found.state == state
    assert found.late == (state in {State.NO_REPORT, State.LATE})


def test_the_first_visit_stands_for_its_month_unless_only_a_later_one_was_reported() -> None:
    early, late = VisitSeen(date(2026, 9, 2)), VisitSeen(date(2026, 9, 20), date(2026, 9, 30))
    assert months([late, early], since=date(2026, 9, 1), today=date(2026, 9, 30))[0].visit == late
    reported = VisitSeen(date(2026, 9, 2), date(2026, 9, 3))
    assert months([late, reported], since=date(2026, 9, 1), today=date(2026, 9, 30))[0].visit == reported


def test_every_month_stands_even_the_empty_ones() -> None:
    assert states([], date(2026, 11, 5)) == [State.NO_VISIT, State.TO_COME, State.TO_COME]

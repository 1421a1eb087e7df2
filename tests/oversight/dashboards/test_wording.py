from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from oversight.dashboards import clocks, lists, totals, voices, wording
from oversight.dashboards.csv_cells import safe_cell
from oversight.dashboards.lanes import marks_of_months, visit_marks
from oversight.dashboards.queries import Resident, VisitRow

DAY_ID = UUID(int=0)
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PART = {"stream": "reg40", "seen": 2, "expected": 9.34, "contribution": 1.0}


@pytest.mark.parametrize(
    ("pattern", "parts", "said"),
    [
        ("death", [], "A child has died."),
        ("no_visit", [], "No visit under regulation 44 was recorded for August 2026."),
        ("harm", [], "The pattern “harm” has been seen since 3 Aug 2026."),
        ("reports_stop", [PART], "Reg 40 notifications: only 2 since 3 Aug 2026, where about 9.3 would be usual."),
        ("steep_rise", [{**PART, "seen": 31, "expected": 12.6}], "Reg 40 notifications: 31 since 3 Aug 2026, where about 13 would be usual."),
        ("harm", [{**PART, "contribution": -1.0}], "The pattern “harm” has been seen since 3 Aug 2026."),
        ("harm", [{**PART, "stream": "unknown"}], "The pattern “harm” has been seen since 3 Aug 2026."),
    ],
)  # fmt: skip
def test_an_alert_in_words(pattern: str, parts: list[dict[str, object]], said: str) -> None:
    began = date(2026, 8, 3)
    assert wording.alert_sentence(pattern, began, {"parts": parts}, whistleblowing=True) == said


def test_disclosures_are_named_to_the_regulator_only() -> None:
    explanation = {"parts": [{**PART, "stream": "whistleblowing"}]}
    told = wording.alert_sentence("outside_voices", None, explanation, whistleblowing=True)
    assert told == "Whistleblowing disclosures: 2 where about 9.3 would be usual."
    held = wording.alert_sentence("outside_voices", None, explanation, whistleblowing=False)
    assert held == f"The pattern “outside voices” has been seen. {wording.HELD_BY_REGULATOR}"


@pytest.mark.parametrize(
    ("due", "by", "late"),
    [
        (timedelta(days=-5, hours=-1), "5 days late", True),
        (timedelta(days=-1), "1 day late", True),
        (timedelta(hours=-3), "3 h late", True),
        (timedelta(minutes=-3), "Due now", True),
        (timedelta(hours=7), "Today, 17:00", False),
        (timedelta(days=6), "29 Nov, 6 days", False),
        (timedelta(hours=14), "24 Nov, 1 day", False),
    ],
)
def test_a_clock_in_words(due: timedelta, by: str, late: bool) -> None:
    clock = clocks.by_when(NOW + due, NOW)
    assert (clock["by"], clock["late"], clock["due_at"]) == (by, late, NOW + due)


def test_limits_come_from_the_time_before_the_one_in_question() -> None:
    start = DAY - timedelta(days=1180)
    steady = [start + timedelta(days=30 * n) for n in range(40)]
    burst = [DAY - timedelta(days=n) for n in range(1, 15)]
    calm = totals.thirteen_week_totals(steady, start, DAY, None)
    risen = totals.thirteen_week_totals(steady + burst, start, DAY, DAY - timedelta(days=30))
    assert calm.usual == pytest.approx(3.0, abs=0.2)
    assert risen.limit == calm.limit
    assert risen.limit is not None
    assert risen.points[-1][1] > risen.limit > calm.points[-1][1]
    assert risen.quiet_from is None
    assert totals.thirteen_week_totals([DAY], start, DAY, None).limit is None
    assert totals.thirteen_week_totals(steady, DAY - timedelta(days=300), DAY, None).usual is None
    assert totals.thirteen_week_totals([], DAY, DAY, None).points == ()
    silent = totals.thirteen_week_totals(steady[:24], start, DAY, DAY - timedelta(days=400))
    assert silent.quiet_from is not None
    assert silent.quiet_from < DAY - timedelta(days=273)


def test_points_count_the_thirteen_weeks_up_to_their_day() -> None:
    start = DAY - timedelta(days=200)
    days = [DAY, DAY - timedelta(days=90), DAY - timedelta(days=91)]
    found = totals.thirteen_week_totals(days, start, DAY, None)
    assert found.points[-1] == (DAY, 2)


@pytest.mark.parametrize("mean", [0.0, 0.3, 5.8, 150.0, 199.0, 201.0, 1000.0])
def test_a_limit_lies_about_three_spreads_above(mean: float) -> None:
    limit = totals.poisson_limit(mean)
    assert limit % 1 == 0.5
    assert mean <= limit <= mean + 4 * mean**0.5 + 4
    assert totals.poisson_limit(200.0) <= totals.poisson_limit(200.5)


def test_months_become_as_many_marks_within_their_month() -> None:
    first = date(2026, 11, 1)
    marks = marks_of_months({(first, "lado"): (3, 2), (first, "unknown"): (9, 9)}, DAY)
    assert [mark.outside for mark in marks["lado"]] == [False] * 3 + [True] * 2
    assert all(first <= mark.on <= DAY for mark in marks["lado"])
    assert set(marks) == set(wording.STREAMS)


def test_a_month_without_a_visit_is_missing_a_week_after_its_end() -> None:
    row = [VisitRow(DAY_ID, date(2026, 9, 4), "partly", "yes")]
    marks = visit_marks(row, date(2026, 8, 20), date(2026, 11, 7))
    assert [(mark.on, mark.kind) for mark in marks] == [(date(2026, 9, 4), "concerns")]
    marks = visit_marks(row, date(2026, 8, 1), date(2026, 11, 8))
    assert [(mark.on, mark.kind) for mark in marks] == [
        (date(2026, 8, 31), "missing"),
        (date(2026, 9, 4), "concerns"),
        (date(2026, 10, 31), "missing"),
    ]


def test_sparks_mark_what_chance_does_not_explain() -> None:
    calm = [1] * 13
    assert lists._rule(calm, [0] * 13) == ""
    assert lists._rule([1] * 10 + [4, 4, 4], [0] * 13) == "beyond"
    assert lists._rule([3] * 10 + [0, 0, 0], [0] * 13) == "quiet"
    assert lists._rule([0] * 10 + [2, 0, 0], [0] * 13) == ""
    assert lists._visit_rule([1] * 11 + [0, 1], DAY) == "missing"
    assert lists._visit_rule([1] * 11 + [0, 1], date(2026, 11, 7)) == ""
    assert lists._visit_rule([0] * 13, DAY) == ""


def test_ordinary_homes_are_never_more_than_those_listed() -> None:
    assert lists.ordinary_among(24, 3491) == 24
    assert lists.ordinary_among(24, 43) == 3
    assert lists.ordinary_among(0, 43) == 0


def test_who_was_not_heard_is_named_longest_first() -> None:
    def living(n: int, days: int) -> Resident:
        key = UUID(int=n)
        return Resident(key, DAY_ID, f"C{n}", DAY_ID, "Northmoor", 3, NOW - timedelta(days=days))

    five = [living(n, 100 + n) for n in range(5)]
    heard = {
        five[0].child_id: (NOW - timedelta(days=44), True),
        five[1].child_id: (NOW - timedelta(days=41), False),
    }
    found = voices.silence_of(five, 7, heard, NOW, "/x/")
    assert found is not None
    assert found["heading"] == "4 of 7 children not heard for six weeks"
    assert found["text"].startswith("C4, never heard here. C3, never heard here. C2, never")
    assert found["text"].endswith("C0, 44 days, last heard only by staff of the home.")
    more = voices.silence_of([*five, living(5, 200)], 7, {}, NOW, "/x/")
    assert more is not None
    assert more["text"].endswith("And 2 more.")
    assert voices.silence_of([], 0, {}, NOW, "") is None


@pytest.mark.parametrize("text", ["=1+1", "+4", "-4", "@x", "\tx", "\rx", "\nx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert safe_cell(f"a{text}") == f"a{text}"


def test_levels_of_alerts() -> None:
    assert wording.level_of_alert("missing_report", "look") == "quiet"
    assert wording.level_of_alert("rule", "regulator") == "urgent"
    assert wording.level_of_alert("change", "escalate") == "escalate"
    assert wording.pattern_words("some_new_one") == "Some new one"
    assert wording.day_words(None) == ""

"""What stands beside the answers: every line is plain, says what its data say, and is the reader's."""

from datetime import date
from itertools import product
from typing import Any

import pytest

from oversight.escalation.answers import Told
from oversight.escalation.context_words import SILENCE, mark_lines, missing_lines, shared_lines
from oversight.escalation.plain_words import LACKING, MARKS_SILENT
from oversight.risk.engine.parameters import MARKS
from tests.oversight.escalation.pages import context, marks_told
from tests.oversight.escalation.reading import grade

BEGAN, RAISED = date(2026, 9, 28), date(2026, 11, 9)


def told(found: dict[str, Any], **changes: Any) -> Told:
    return Told("harm", found, BEGAN, RAISED, **changes)


def only(mark: str, **changes: Any) -> dict[str, Any]:
    row = next(one for one in marks_told(**{mark: changes}) if one["mark"] == mark)
    return {"context": {"open": {"marks": [row], "visits": None}}}


@pytest.mark.parametrize("mark", MARKS)
def test_every_line_of_every_mark_is_plain(mark: str) -> None:
    said = set()
    figures = [(0.0, 1, 0.1), (1.0, 1, 0.004), (5.0, 7, 1.2), (14.0, 31, 30.1), (2.0, 12, 6.0), (1.2, 3, 0.3)]
    for (seen, of, expected), points, others, across in product(
        figures, (1, 0, -1), (None, [4, 6], [0, 0]), (True, False)
    ):
        found = only(mark, seen=seen, of=of, expected=expected, points=points, others=others)
        lines = mark_lines(told(found, across=across))
        assert len(lines) == 1
        assert grade(lines[0]) <= 8, (grade(lines[0]), lines[0])
        said.add(lines[0])
    assert len(said) > 8


def test_marks_say_what_was_seen_and_what_is_usual() -> None:
    assert mark_lines(told(context())) == [
        f"{said} the same way, and it is not counted in the score."
        for said in (
            "5 of 7 events that others told of had no notice from the home; about 1 in 6 is the norm here. It points",
            "The home's notices took about 6 days; about 2 days is the norm here. It points",
            "The home called 1 of its 9 records serious; about 1 in 7 is the norm, and others called 4 of 6 so. It "
            "points",
            "6 of 11 records were graded serious or worse; about 1 in 7 is the norm here. It points",
        )
    ] + [
        "2 of 14 pieces of advice had been given before; about 1 in 4 is the norm here. It points the other way, and "
        "it is not counted in the score.",
        "3 events came after a restraint, where 0.5 would be the norm. It points the same way, and it is not counted "
        "in the score.",
        "The same adult was named 3 times out of 5; about 1 in 17 is the norm here. It points the same way, and it is "
        "not counted in the score.",
    ]


def test_a_mark_that_counts_says_so_and_hides_where_its_share_is_hidden() -> None:
    counted = {
        **context(),
        "parts": [{"stream": "whistleblowing", "seen": 1, "expected": 0.1}],
        "marks": [{"mark": "severity", "contribution": 1.0}, {"mark": "repeated", "contribution": -1.0}],
    }
    lines = mark_lines(told(counted))
    assert not any("graded serious" in line for line in lines)
    assert sum("it counts in the score" in line for line in lines) == 1
    whole = mark_lines(told(counted, regulator=True))
    assert sum("it counts in the score" in line for line in whole) == 2
    assert any(line.startswith("8 of 13 records were graded") for line in whole)


def test_silence_is_said_and_said_once() -> None:
    silent = {mark: {"of": 0, "seen": 0.0, "expected": 0.0} for mark in MARKS}
    found = {"context": {"open": {"marks": marks_told(**silent), "visits": None}}}
    assert not mark_lines(told(found))
    lines = missing_lines(told(found))
    assert lines == [*(f"{words}." for words in MARKS_SILENT.values()), SILENCE]
    rows = [{"mark": mark, "stream": "lado", "missing": 2, "of": 2} for mark in LACKING]
    lines = missing_lines(told({**found, "missing": rows}))
    assert lines[:3] == [words.many.format(missing=2, of=2) for words in LACKING.values()]
    assert len(lines) == 3 + len(MARKS_SILENT) - 3 + 1
    for line in (*lines, *(words.one for words in LACKING.values())):
        assert grade(line) <= 8, line
    assert not missing_lines(told({"missing": [{**rows[0], "missing": 0}]}))


def test_what_a_disclosure_lacks_is_the_regulators() -> None:
    rows = [{"mark": "severity", "stream": "whistleblowing", "missing": 1, "of": 1}]
    assert not missing_lines(told({"missing": rows}))
    assert missing_lines(told({"missing": rows}, regulator=True))[0] == LACKING["severity"].one


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, True),
        ({"visits": 1, "content": 1}, True),
        ({"content": 2}, False),
        ({"visits": 0, "content": 0}, False),
        ({"outside": 2, "before": 0}, False),
        ({"outside": 6, "before": 5}, False),
    ],
)
def test_a_content_visitor_speaks_against_more_voices_from_outside(
    changes: dict[str, int], says: bool
) -> None:
    visits = {"visits": 3, "content": 3, "outside": 6, "before": 2, **changes}
    found = {"context": {"open": {"marks": [], "visits": visits}}}
    lines = shared_lines(told(found), opens_all=True)
    assert bool(lines) is says
    assert all(grade(line) <= 8 for line in lines)
    assert not shared_lines(told(found, picture="provider"), opens_all=True)


def test_a_theme_and_a_child_are_told_to_whoever_may_open_every_record() -> None:
    found = {"shared": context()["shared"]}
    assert not shared_lines(told(found, regulator=True), opens_all=False)
    lines = shared_lines(told(found), opens_all=True)
    assert lines == [
        "3 of 4 records behind this share one theme: peer on peer.",
        "4 of 4 records behind this are about one child.",
    ]
    assert all(grade(line) <= 8 for line in lines)


def test_a_change_of_manager_is_said_first_and_only_where_there_is_something_to_move() -> None:
    first = mark_lines(told({**context(), "changed_on": "2026-05-03"}))[0]
    assert first.startswith("The manager or the way to record changed on 3 May 2026")
    assert grade(first) <= 8
    assert not mark_lines(told({"changed_on": "2026-05-03"}))

"""What marks saw since a pattern began, in numbers: against what is usual for the home, and behind which records."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from oversight.risk.engine import Decision, Home, Record, assess
from oversight.risk.engine.marks_seen import Held, MarkSeen, marks_seen
from oversight.risk.engine.parameters import MARKED, MARKS, MarkSettings, Parameters

STARTS = date(2020, 1, 6)
ELM = Home("DEMO001", "Elm House", "Alder", 5, opened_on=STARTS)
BEGAN, DAYS = 700, 800
SETTINGS = MarkSettings()


def record(number: int, day: int, stream: str = "reg40", source: str = "home", **marks: object) -> Record:
    known = day + int(str(marks.pop("late", 0)))
    return replace(
        Record(f"R{number:03d}", ELM.urn, stream, STARTS + timedelta(day), STARTS + timedelta(known), source),
        **marks,  # type: ignore[arg-type]
    )


def held(records: Sequence[Record], home: Home = ELM, decisions: Sequence[Decision] = ()) -> Held:
    return Held(home, records, decisions, np.full(DAYS, 1 / 7.0))


def seen(*homes: Held) -> dict[str, MarkSeen]:
    found = marks_seen(homes, STARTS + timedelta(BEGAN), STARTS + timedelta(DAYS - 1), SETTINGS)
    assert tuple(one.mark for one in found) == MARKS
    return {one.mark: one for one in found}


def test_nothing_on_record_points_nowhere() -> None:
    for one in seen(held([])).values():
        assert (one.seen, one.of, one.points, one.behind) == (0.0, 0, 0, ())


def test_matters_without_a_notice_are_seen_once_it_would_be_late() -> None:
    told = record(1, 710, "lado", "lado", child="C1")
    answered = record(2, 720, "hospital", "hospital", child="C2")
    notice = record(3, 721, child="C2")
    new = record(4, 790, "lado", "lado", child="C3")
    found = seen(held([told, answered, notice, new]))["unmatched"]
    assert (found.seen, found.of, found.points, found.behind) == (1.0, 2, 1, ("R001",))
    assert found.expected == pytest.approx(2 * 0.15)
    together = Decision("R001", "R003", True, STARTS + timedelta(730))
    apart = Decision("R002", "R003", False, STARTS + timedelta(730))
    swapped = seen(held([told, answered, notice, new], decisions=[together, apart]))["unmatched"]
    assert swapped.behind == ("R002",)


def test_what_is_usual_is_the_priors_and_the_homes_own_and_fades() -> None:
    earlier = [record(n, 100 + 20 * n, "lado", "lado", child=f"C{n}") for n in range(10)]
    now = record(99, 710, "lado", "lado", child="C99")
    alone, known = seen(held([now]))["unmatched"], seen(held([*earlier, now]))["unmatched"]
    assert alone.expected == pytest.approx(0.15)
    assert 0.5 < known.expected < (1.5 + 10) / 20
    assert known.points == 1


def test_a_change_of_manager_begins_what_is_usual_anew() -> None:
    earlier = [record(n, 100 + 20 * n, "lado", "lado", restraint=True) for n in range(10)]
    now = record(99, 710, "lado", "lado", restraint=True)
    changed = replace(ELM, changed_on=(STARTS + timedelta(600),))
    before, after = seen(held([*earlier, now])), seen(held([*earlier, now], changed))
    assert after["unmatched"].expected == pytest.approx(0.15)
    assert after["restraint"].expected < before["restraint"].expected / 2
    later = replace(ELM, changed_on=(STARTS + timedelta(750),))
    assert seen(held([*earlier, now], later))["restraint"].expected == before["restraint"].expected


def test_late_is_told_in_days_of_the_homes_own_notices() -> None:
    usual = [record(n, 20 * n, late=1) for n in range(30)]
    slow = [record(50 + n, 710 + n, late=8) for n in range(3)]
    found = seen(held([*usual, *slow, record(90, 711, source="police", late=40)]))["late"]
    assert found.seen == pytest.approx(8.0)
    assert (found.of, found.points) == (3, 1)
    assert 1.0 < found.expected < 2.0
    assert found.behind == ("R050", "R051", "R052")
    prompt = seen(held([*usual, record(51, 710)]))["late"]
    assert (prompt.points, prompt.behind) == (-1, ())


def test_severity_counts_what_is_serious_and_says_nothing_of_what_has_no_grade() -> None:
    rows = [record(n, 710 + n, severity=4 if n < 3 else 2) for n in range(7)]
    found = seen(held([*rows, record(9, 720)]))["severity"]
    assert (found.seen, found.of, found.points, found.behind) == (3.0, 7, 1, ("R000", "R001", "R002"))
    assert found.expected == pytest.approx(7 * 0.14)
    assert seen(held([replace(row, severity=2) for row in rows]))["severity"].points == -1


def test_softened_sets_the_homes_own_against_the_others() -> None:
    own = [record(n, 710 + n, severity=1) for n in range(6)]
    graver = [record(20 + n, 710 + n, "lado", "lado", severity=5) for n in range(3)]
    found = seen(held([*own, *graver]))["softened"]
    assert (found.seen, found.of, found.others, found.points) == (0.0, 6, (3, 3), 1)
    assert set(found.behind) == {row.reference for row in (*own, *graver)}
    assert seen(held(own))["softened"].points == 0
    frank = [replace(row, severity=5) for row in own]
    assert seen(held([*frank, *graver]))["softened"].points == -1


def test_repeated_counts_recommendations_and_passes_over_visits_that_do_not_say() -> None:
    visits = [
        record(n, 705 + 30 * n, "reg44", "visitor", recommendations=4, repeated=r)
        for n, r in enumerate([3, 0, None])
    ]
    found = seen(held(visits))["repeated"]
    assert (found.seen, found.of, found.points, found.behind) == (3.0, 8, 1, ("R000",))
    assert found.expected == pytest.approx(2.0)


def test_restraints_are_counted_against_the_time_that_children_lived_there() -> None:
    rows = [record(n, 710 + n, "hospital", "hospital", restraint=n < 2) for n in range(3)]
    found = seen(held(rows))["restraint"]
    assert (found.seen, found.of, found.points, found.behind) == (2.0, 3, 1, ("R000", "R001"))
    assert 0.05 < found.expected < 0.25
    assert seen(held([record(1, 710)]))["restraint"].points == -1


def test_the_same_adult_counts_once_in_four_weeks_and_is_never_named() -> None:
    named = [
        record(n, day, "lado", adult="A1;A2" if n == 3 else "A1")
        for n, day in enumerate((701, 705, 740, 780))
    ]
    other = record(9, 745, "lado", adult="A3")
    found = seen(held([*named, other]))["same_adult"]
    assert (found.seen, found.of, found.points) == (3.0, 5, 1)
    assert found.behind == ("R000", "R001", "R002", "R003")
    assert found.expected == pytest.approx(5 / 15)
    assert "A1" not in repr(found)
    assert seen(held([other]))["same_adult"].points == 0
    usual = [record(50 + n, 60 * n, "lado", adult="A1") for n in range(11)]
    assert seen(held([*usual, *named]))["same_adult"].expected > 2 * found.expected


def test_homes_together_are_the_sum_of_each() -> None:
    oak = replace(ELM, urn="DEMO002")
    rows = [record(n, 710 + n, "lado", "lado", child=f"C{n}", severity=4, restraint=True) for n in range(3)]
    theirs = [replace(row, reference=f"O{row.reference}", urn=oak.urn) for row in rows]
    alone, both = seen(held(rows)), seen(held(rows), held(theirs, oak))
    for mark in ("unmatched", "severity", "restraint"):
        assert (both[mark].seen, both[mark].of) == (2 * alone[mark].seen, 2 * alone[mark].of)
        assert both[mark].expected == pytest.approx(2 * alone[mark].expected)


def test_an_alarm_of_marks_alone_lists_the_records_behind_them_and_their_numbers() -> None:
    outside = [record(n, 500 + 9 * n, "lado", "lado", child=f"C{n}", late=1) for n in range(10)]
    notices = [record(50 + n, 20 * n, child=f"N{n}") for n in range(30)]
    found = assess(ELM, [*notices, *outside], (), STARTS + timedelta(640), parameters=only("unmatched"))
    assert found.pattern == "unmatched"
    assert set(found.evidence) <= {row.reference for row in outside}
    assert len(found.evidence) > 5
    assert found.explanation is not None
    (part,) = found.explanation.marks
    assert (part.seen, part.of) == (len(found.evidence), len(found.evidence))
    assert part.expected < part.of / 2


def only(mark: str) -> Parameters:
    """Parameters that look at one channel alone."""
    pattern = next(one for one in MARKED.patterns if one.name == mark)
    return replace(MARKED, patterns=(replace(pattern, weight=1.0),))

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from oversight.risk.engine import STREAMS, Decision, Home, Picture, Placement, Record
from oversight.risk.engine.counting import REG44, VISITS, changes, counts_as_known, present
from oversight.risk.engine.records import gone_from
from tests.oversight.risk.making import START, day, home, record

LADO = STREAMS.index("lado")


def seen(
    rows: list[Record],
    as_of: int,
    row: int,
    decisions: tuple[Decision, ...] = (),
    picture: Picture = "overseers",
) -> dict[int, int]:
    counts = counts_as_known(home(), changes(rows, decisions, picture), [], day(as_of)).counts[row]
    return {int(index): int(counts[index]) for index in np.flatnonzero(counts)}


def test_a_record_lies_where_it_happened_and_is_known_when_recorded() -> None:
    rows = [record("a", "lado", 3, recorded=10)]
    assert seen(rows, 9, LADO) == {}
    assert seen(rows, 10, LADO) == {3: 1}


def test_the_same_matter_counts_once_on_its_earliest_day_from_when_that_is_known() -> None:
    rows = [
        record("late", "lado", 3, recorded=20, source="lado", child="C1"),
        record("first", "lado", 6, recorded=6, child="C1"),
    ]
    assert seen(rows, 6, LADO) == {6: 1}
    assert seen(rows, 20, LADO) == {3: 1}


def test_other_streams_of_the_matter_count_in_their_own() -> None:
    rows = [record("a", "lado", 3, child="C1"), record("b", "reg40", 3, child="C1")]
    assert seen(rows, 5, LADO) == {3: 1}
    assert seen(rows, 5, 0) == {3: 1}


def test_a_withdrawn_record_leaves_the_counts_and_its_double_stays() -> None:
    rows = [record("a", "lado", 3, withdrawn=30), record("b", "lado", 3, source="lado")]
    assert seen(rows, 29, LADO) == {3: 1}
    assert seen(rows, 30, LADO) == {3: 1}
    assert seen(rows[:1], 30, LADO) == {}
    assert changes([record("a", "lado", 3, recorded=5, withdrawn=5)]) == []


def test_what_a_lado_clears_leaves_the_homes_own_counts_when_the_home_is_told() -> None:
    found = replace(record("a", "lado", 3, recorded=3), cleared_on=day(20))
    for rows in ([found], [found, record("b", "reg40", 3, child="C1")]):
        assert seen(rows, 19, LADO) == {3: 1}
        assert seen(rows, 20, LADO) == {}
        assert seen(rows, 20, LADO, picture="provider") == {3: 1}
    told = replace(found, withdrawn_on=day(30))
    assert seen([told], 29, LADO, picture="provider") == {3: 1}
    assert seen([told], 30, LADO, picture="provider") == {}
    assert gone_from(told, "overseers") == day(20)
    assert gone_from(replace(told, cleared_on=day(40)), "overseers") == day(30)


def test_decisions_part_and_join_counts_from_their_day() -> None:
    rows = [record("a", "lado", 3), record("b", "lado", 3, source="lado")]
    assert seen(rows, 50, LADO, (Decision("a", "b", False, day(40)),)) == {3: 2}
    apart = [record("a", "lado", 3), record("b", "lado", 33)]
    joined = (Decision("a", "b", True, day(40)),)
    assert seen(apart, 39, LADO, joined) == {3: 1, 33: 1}
    assert seen(apart, 40, LADO, joined) == {3: 1}
    assert seen(apart, 40, LADO, (Decision("a", "nowhere", True, day(40)),)) == {3: 1, 33: 1}


@pytest.mark.parametrize(
    ("detail", "counts"), [("yes", 0), ("partly", 1), ("no", 1), ("yes;concern", 0), ("", 0)]
)
def test_a_visit_is_exposure_and_counts_where_the_opinion_is_not_yes(detail: str, counts: int) -> None:
    rows = [record("v", "reg44", 3, recorded=12, source="visitor", detail=detail)]
    assert seen(rows, 12, VISITS) == {3: 1}
    assert sum(seen(rows, 12, REG44).values()) == counts
    assert seen(rows, 11, VISITS) == {}


def test_the_provider_sees_its_own_rows_and_what_was_shared_never_whistleblowing() -> None:
    rows = [
        record("own", "lado", 3, recorded=4),
        record("shared", "lado", 20, recorded=21, source="lado", visible=25),
        record("hidden", "lado", 50, source="lado"),
        record("voice", "whistleblowing", 60, source="home", visible=60),
    ]
    assert seen(rows, 24, LADO, picture="provider") == {3: 1}
    assert seen(rows, 25, LADO, picture="provider") == {3: 1, 20: 1}
    assert seen(rows, 90, LADO, picture="provider") == {3: 1, 20: 1}
    assert seen(rows, 90, STREAMS.index("whistleblowing"), picture="provider") == {}
    assert seen(rows, 90, LADO) == {3: 1, 20: 1, 50: 1}


def test_what_happened_before_the_home_was_watched_does_not_count() -> None:
    late = Home("DEMO1", "", "P", 5, opened_on=START, watched_from=day(10))
    known = counts_as_known(late, changes([record("a", "lado", 3, recorded=20)]), [], day(20))
    assert known.begins == day(10).toordinal()
    assert known.counts.sum() == 0


def test_a_home_needs_a_first_day() -> None:
    with pytest.raises(ValueError, match="neither opened_on nor watched_from"):
        _ = Home("DEMO1", "", "P", 5).begins_on


def test_presence_is_places_until_the_first_placement_and_placements_from_then() -> None:
    placements = [
        Placement("C1", "DEMO1", "A", day(2), day(5)),
        Placement("C2", "DEMO1", "A", day(3)),
        Placement("C3", "DEMO1", "A", day(30)),
    ]
    living = present(home(places=4), placements, START.toordinal(), 8)
    assert living.tolist() == [4, 4, 1, 2, 2, 1, 1, 1]
    assert present(home(places=4), [], START.toordinal(), 3).tolist() == [4, 4, 4]
    gone = [Placement("C0", "DEMO1", "A", START - timedelta(days=9), START - timedelta(days=2))]
    assert present(home(places=4), gone, START.toordinal(), 2).tolist() == [0, 0]
    same_day = [Placement("C0", "DEMO1", "A", day(1), day(1))]
    assert present(home(places=4), same_day, START.toordinal(), 3).tolist() == [4, 0, 0]

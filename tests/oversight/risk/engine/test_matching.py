import pytest

from oversight.risk.engine import Decision, Link, links, matters, missing_notices
from tests.oversight.risk.making import day, record


def refs(found: list[Link]) -> set[tuple[str, str]]:
    return {(link.first, link.second) for link in found}


@pytest.mark.parametrize(
    ("ours", "theirs", "matched"),
    [
        ("lado", "reg40", True),
        ("hospital", "reg40", True),
        ("complaint", "reg40", True),
        ("whistleblowing", "lado", True),
        ("whistleblowing", "reg40", False),
        ("hospital", "lado", False),
        ("complaint", "lado", False),
    ],
)
def test_kinds_of_pair(ours: str, theirs: str, matched: bool) -> None:
    found = links([record("a", ours, 3, child="C1"), record("b", theirs, 5, child="C1")])
    assert refs(found) == ({("a", "b")} if matched else set())


@pytest.mark.parametrize(("gap", "matched"), [(0, True), (7, True), (8, False)])
def test_a_shared_child_matches_within_seven_days(gap: int, matched: bool) -> None:
    found = links([record("a", "lado", 10, child="C1"), record("b", "reg40", 10 + gap, child="C1")])
    assert bool(found) is matched


def test_a_shared_adult_is_enough_and_a_different_child_is_not_the_same_key() -> None:
    assert links([record("a", "lado", 1, adult="A1"), record("b", "reg40", 3, child="C9", adult="A1")])
    assert not links([record("a", "lado", 1, child="X1"), record("b", "reg40", 1, adult="X1")])
    assert not links([record("a", "lado", 1, child="C1"), record("b", "reg40", 1, child="C2")])


def test_without_a_key_only_the_same_day_matches() -> None:
    assert links([record("a", "lado", 4), record("b", "reg40", 4, child="C1")])
    assert not links([record("a", "lado", 4), record("b", "reg40", 5, child="C1")])


def test_one_to_one_nearest_first_then_reference() -> None:
    found = links(
        [
            record("far", "lado", 1, child="C1"),
            record("near", "lado", 5, child="C1"),
            record("notice", "reg40", 6, child="C1"),
        ]
    )
    assert refs(found) == {("near", "notice")}
    tie = links([record("b", "lado", 5), record("a", "lado", 5), record("notice", "reg40", 5)])
    assert refs(tie) == {("a", "notice")}


def test_one_notice_answers_each_kind_once() -> None:
    found = links([record("l", "lado", 1), record("h", "hospital", 1), record("n", "reg40", 1)])
    assert refs(found) == {("l", "n"), ("h", "n")}
    assert (
        len(matters([record("l", "lado", 1), record("h", "hospital", 1), record("n", "reg40", 1)], day(1)))
        == 1
    )


def test_same_stream_needs_two_sources() -> None:
    assert not links([record("a", "lado", 1, child="C1"), record("b", "lado", 1, child="C1")])
    assert links([record("a", "lado", 1, child="C1"), record("b", "lado", 1, source="police", child="C1")])


def test_three_sources_make_one_matter_but_two_rows_of_one_source_never_do() -> None:
    one = [
        record("a", "lado", 1, child="C1"),
        record("b", "lado", 2, source="lado", child="C1"),
        record("c", "lado", 3, source="police", child="C1"),
    ]
    assert [len(matter) for matter in matters(one, day(9))] == [3]
    two = [*one, record("d", "lado", 4, child="C1")]
    assert sorted(len(matter) for matter in matters(two, day(9))) == [1, 3]


def test_people_overrule_the_rule() -> None:
    apart = [record("a", "lado", 1, child="C1"), record("b", "reg40", 2, child="C1")]
    assert links(apart, [Decision("b", "a", False, day(3))]) == []
    distant = [record("a", "lado", 1), record("b", "reg40", 60)]
    assert links(distant, [Decision("a", "b", True, day(3))]) == [Link("a", "b", by_person=True)]
    # A confirmed partner is taken: the rule does not give it another.
    found = links([*distant, record("c", "reg40", 1)], [Decision("a", "b", True, day(3))])
    assert refs(found) == {("a", "b")}
    assert links(distant, [Decision("a", "elsewhere", True, day(3))]) == []


def test_a_later_decision_stands() -> None:
    apart = [record("a", "lado", 1), record("b", "reg40", 40)]
    both = [Decision("a", "b", True, day(50)), Decision("a", "b", False, day(60))]
    assert len(matters(apart, day(55), both)) == 1
    assert len(matters(apart, day(60), both)) == 2


def test_matters_hold_only_what_was_known_and_not_withdrawn() -> None:
    rows = [record("a", "lado", 1, recorded=5), record("b", "reg40", 1, recorded=9, withdrawn=20)]
    assert [len(matter) for matter in matters(rows, day(5))] == [1]
    assert [len(matter) for matter in matters(rows, day(9))] == [2]
    assert [len(matter) for matter in matters(rows, day(20))] == [1]


def test_a_notice_is_judged_missing_fourteen_days_after_it_was_known() -> None:
    rows = [record("a", "lado", 1, recorded=5, source="lado")]
    assert missing_notices(rows, day(18)) == []
    (missing,) = missing_notices(rows, day(19))
    assert (missing.reference, missing.judged_on, missing.duty_missed) == ("a", day(19), False)
    rows.append(record("n", "reg40", 1, recorded=30))
    assert missing_notices(rows, day(29))
    assert missing_notices(rows, day(30)) == []


def test_duty_missed_is_the_home_that_reported_and_did_not_notify() -> None:
    rows = [record("a", "lado", 1), record("b", "hospital", 30, source="hospital")]
    assert {m.reference: m.duty_missed for m in missing_notices(rows, day(60))} == {"a": True, "b": False}


def test_an_outside_row_has_the_notice_of_the_home_row_it_is_matched_to() -> None:
    rows = [
        record("notice", "reg40", 1, child="C1"),
        record("ours", "lado", 6, child="C1"),
        record("theirs", "lado", 11, source="lado", child="C1"),
    ]
    assert missing_notices(rows, day(60)) == []
    assert missing_notices(rows, day(60), picture="provider") == []
    assert not missing_notices([record("c", "complaint", 1)], day(60))


def test_of_two_decisions_of_one_day_joining_stands_in_whatever_order_they_come() -> None:
    rows = [record("a", "lado", 1, child="C1"), record("b", "reg40", 60, child="C2")]
    decided = [Decision("a", "b", True, day(70)), Decision("b", "a", False, day(70))]
    assert refs(links(rows, decided)) == refs(links(rows, decided[::-1])) == {("a", "b")}
    assert refs(links(rows, [*decided, Decision("a", "b", False, day(71))])) == set()

from datetime import date

import pytest

from oversight.risk.engine import Record, missing_reports, record_alarms, record_rule
from tests.oversight.risk.making import day, home, record


@pytest.mark.parametrize(
    ("stream", "detail", "rule"),
    [
        ("reg40", "death", "death"),
        ("reg44", "yes;concern", "concern"),
        ("reg44", "no", "opinion_no"),
        ("reg44", "no;concern", "concern"),
        ("reg44", "partly", None),
        ("reg44", "yes", None),
        ("reg40", "", None),
        ("lado", "death", None),
    ],
)
def test_rules_of_one_record(stream: str, detail: str, rule: str | None) -> None:
    found = record_rule(record("a", stream, detail=detail))
    assert (found.name if found else None) == rule


def test_each_record_raises_its_own_alarm_on_the_day_it_is_known() -> None:
    rows = [
        record("a", "reg40", 3, recorded=5, detail="death"),
        record("b", "reg40", 3, recorded=5, detail="death"),
        record("c", "reg40", 3),
        Record("d", "DEMO1", "reg40", day(1), day(1), "home", severity=5),
    ]
    found = record_alarms(rows)
    assert [(one.evidence, one.tier, one.raised_on, one.began_on) for one in found] == [
        (("a",), "regulator", day(5), day(3)),
        (("b",), "regulator", day(5), day(3)),
    ]


def test_the_provider_hears_of_a_concern_only_when_it_is_shared() -> None:
    rows = [record("a", "reg44", 3, source="visitor", detail="concern")]
    assert record_alarms(rows)
    assert record_alarms(rows, "provider") == []


def visit(reference: str, on: date, recorded: date) -> Record:
    return Record(reference, "DEMO1", "reg44", on, recorded, "visitor", detail="yes")


def test_a_month_without_a_visit_is_raised_seven_days_after_its_end() -> None:
    ours = home(opened_on=date(2022, 1, 15))
    assert missing_reports(ours, [], date(2022, 3, 6)) == [], "January was not whole"
    (one,) = missing_reports(ours, [], date(2022, 3, 7))
    assert (one.kind, one.rule, one.tier) == ("missing_report", "no_visit", "look")
    assert (one.raised_on, one.began_on, one.evidence) == (date(2022, 3, 7), date(2022, 2, 1), ())


def test_a_visit_counts_from_its_day_and_its_report_by_the_end_of_the_next_month() -> None:
    ours = home(opened_on=date(2022, 2, 1))
    in_time = [visit("v", date(2022, 2, 27), date(2022, 3, 31))]
    assert missing_reports(ours, in_time, date(2022, 3, 31)) == []
    late = [visit("v", date(2022, 2, 27), date(2022, 4, 1))]
    assert missing_reports(ours, late, date(2022, 3, 30)) == []
    (one,) = missing_reports(ours, late, date(2022, 3, 31))
    assert (one.rule, one.raised_on, one.began_on) == ("no_report", date(2022, 3, 31), date(2022, 2, 1))


def test_a_month_is_raised_once_and_the_earliest_report_serves() -> None:
    ours = home(opened_on=date(2022, 2, 1))
    both = [visit("v", date(2022, 2, 20), date(2022, 6, 1)), visit("w", date(2022, 2, 25), date(2022, 3, 2))]
    assert missing_reports(ours, both, date(2022, 4, 6)) == []
    assert len(missing_reports(ours, [], date(2022, 6, 30))) == 4


def test_a_visit_that_was_itself_heard_of_late_is_missing_till_then() -> None:
    ours = home(opened_on=date(2022, 1, 1))
    rows = [record("v", "reg44", 20, recorded=50, source="visitor", detail="yes", visit_known=45)]
    assert [one.rule for one in missing_reports(ours, rows, date(2022, 2, 28))] == ["no_visit"]


def test_a_report_that_the_provider_does_not_hold_is_no_visit_missed() -> None:
    ours = home(opened_on=date(2022, 1, 1))
    rows = [record("v", "reg44", 20, source="visitor", detail="yes")]
    assert missing_reports(ours, rows, date(2022, 2, 20), picture="provider") == []
    assert [one.rule for one in missing_reports(ours, rows, date(2022, 2, 28), picture="provider")] == [
        "no_report"
    ]


def test_since_gives_only_what_is_raised_from_then_on() -> None:
    ours = home(opened_on=date(2021, 11, 1))
    everything = missing_reports(ours, [], date(2022, 5, 10))
    later = missing_reports(ours, [], date(2022, 5, 10), since=date(2022, 2, 8))
    assert later == [one for one in everything if one.raised_on >= date(2022, 2, 8)]
    assert [one.raised_on for one in everything][:3] == [
        date(2021, 12, 7),
        date(2022, 1, 7),
        date(2022, 2, 7),
    ]

from collections import Counter
from datetime import date, timedelta

from hesley_hub.demo import brink, story
from hesley_hub.demo.country import HOMES, MANAGERS_HOME, RECONSTRUCTED_URNS
from oversight.risk import engine
from oversight.risk.replay.hesley import totals

EVENING = date(2026, 11, 22)


def told() -> story.Story:
    return story.tell(story.first_day(EVENING))


def test_the_three_homes_carry_the_published_totals_and_nothing_more() -> None:
    theirs = [
        record
        for record in told().records
        if record.urn in RECONSTRUCTED_URNS and record.recorded_on <= EVENING and record.stream != "reg44"
    ]
    assert Counter(record.stream for record in theirs) == totals()["totals"]
    assert {record.urn for record in theirs} == set(RECONSTRUCTED_URNS)
    living = {one.child for one in told().placements if one.urn in RECONSTRUCTED_URNS}
    assert len(living) == totals()["children_and_young_adults"]


def test_twelve_voices_about_two_of_the_homes_stand_where_the_press_dates_them() -> None:
    first, last = EVENING - timedelta(days=50), EVENING - timedelta(days=21)
    late = [
        record
        for record in told().records
        if record.stream == "whistleblowing"
        and record.urn in RECONSTRUCTED_URNS
        and first <= record.occurred_on <= last
    ]
    assert len(late) == 12
    assert len({record.urn for record in late}) == 2


def test_every_record_stands_after_what_it_tells_of_and_names_who_lived_there() -> None:
    homes = {placement.child: placement for placement in told().placements}
    references = Counter(record.reference for record in told().records)
    assert references.most_common(1)[0][1] == 1
    for record in told().records:
        assert record.recorded_on >= record.occurred_on
        assert record.severity != 5, "no death is ever drawn"
        if record.child:
            placement = homes[record.child]
            assert placement.urn == record.urn
            assert placement.starts_on <= record.occurred_on
            assert placement.ends_on is None or placement.ends_on > record.occurred_on


def test_the_same_first_day_tells_the_same_story() -> None:
    first = told()
    story.tell.cache_clear()
    assert told() == first


def test_three_ordinary_notices_cross_the_regulators_bar_and_two_do_not() -> None:
    for evening in (EVENING, date(2027, 2, 28)):
        tale = story.tell(story.first_day(evening))
        home = next(home for home in tale.homes if home.urn == MANAGERS_HOME)
        records = [record for record in tale.of_home(home.urn) if record.recorded_on <= evening]
        living = [one for one in tale.placements if one.urn == home.urn]
        today = evening + timedelta(days=1)
        scores = [
            engine.assess(
                home, [*records, *brink.notices(home, ["a1", "b2"], today, count)], living, today
            ).score
            for count in (0, 2, 3)
        ]
        assert scores[0] < scores[1] < engine.DEFAULT.regulator < scores[2]


def test_a_visit_that_was_missed_is_missing_and_a_late_report_is_late() -> None:
    missing = [
        (home.urn, alarm.rule)
        for home in told().homes
        for alarm in engine.missing_reports(home, told().of_home(home.urn), EVENING)
    ]
    assert sorted(missing) == sorted(
        [(urn, "no_visit") for urn in story.NO_VISIT] + [(urn, "no_report") for urn in story.NO_REPORT]
    )


def test_every_home_of_the_country_has_a_child_and_a_name_of_its_own() -> None:
    assert len({spec.name for spec in HOMES.values()}) == len(HOMES) == 43
    assert all(urn.startswith("DEMO") for urn in HOMES)
    assert {one.urn for one in told().placements} == set(HOMES)

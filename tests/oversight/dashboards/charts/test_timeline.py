"""The six lanes."""

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.dashboards.charts.axis import Axis, month_firsts, months_between
from oversight.dashboards.charts.marks import DEATH, MODERATE, Mark, bars, rows_for, side
from oversight.dashboards.charts.palette import INK, PLUM
from oversight.dashboards.charts.timeline import timeline, timeline_table
from oversight.dashboards.charts.timeline_data import (
    MOST_MARKS,
    Action,
    Lane,
    Pin,
    TimelineData,
    Visit,
    described,
    lane_counts,
    unanswered_days,
    unanswered_words,
)
from oversight.dashboards.charts.timeline_wide import SHEETS, placed

START, END = date(2023, 9, 1), date(2026, 11, 23)
EVIL = "<script>&\"'"
SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (1192, 702, 358)

days = st.dates(START, END)
marks = st.builds(Mark, days, st.integers(1, 5), st.booleans())
visits = st.builds(Visit, days, st.sampled_from(["visit", "concerns", "missing"]))
pins = st.builds(
    Pin, st.integers(1, 9), st.sampled_from(["usual", "look", "escalate", "urgent", "quiet", "regulator"]), st.text(max_size=30),
    days, st.none() | days, st.none() | days,
)  # fmt: skip
datas = st.builds(
    TimelineData, st.text(max_size=20), st.just(START), st.just(END),
    st.tuples(st.builds(Lane, st.just("Reg 40"), st.lists(marks, max_size=40).map(tuple)),
              st.builds(Lane, st.just("Reg 44"), st.just(()), st.lists(visits, max_size=40).map(tuple), st.just(True))),
    st.lists(pins, max_size=6).map(tuple), st.lists(st.builds(Action, days, st.text(max_size=30)), max_size=12).map(tuple),
)  # fmt: skip


def sample(**changes: object) -> TimelineData:
    lanes = (
        Lane("Reg 40", tuple(Mark(START + timedelta(17 * n), 1 + n % 5) for n in range(60))),
        Lane("LADO", (Mark(date(2024, 5, 1)), Mark(date(2026, 8, 1), 4, True))),
        Lane("Reg 44", visits=(Visit(date(2026, 8, 31), "missing"), Visit(date(2026, 7, 3))), is_visits=True),
    )
    fields: dict[str, object] = {
        "title": EVIL, "start": START, "end": END, "lanes": lanes,
        "pins": (Pin(1, "look", EVIL, date(2024, 10, 28), date(2024, 9, 19), date(2024, 11, 2)),
                 Pin(2, "escalate", "Staff conduct", date(2026, 11, 9), date(2026, 8, 12))),
        "actions": (Action(date(2024, 11, 12), EVIL), Action(date(2026, 11, 20), "Ofsted acknowledged")),
    }  # fmt: skip
    return TimelineData(**{**fields, **changes})  # type: ignore[arg-type]


def drawn(data: TimelineData, width: int) -> Element:
    return fromstring(timeline(data, width))


@pytest.mark.parametrize("width", WIDTHS)
def test_it_is_a_named_picture_with_nothing_inline(width: int) -> None:
    text = timeline(sample(), width)
    tree = fromstring(text)
    assert tree.get("role") == "img"
    assert tree.get("width") == str(width)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 3
    assert (tree.get("aria-labelledby") or "").split() == ids[:2]
    assert "style=" not in text
    assert "<script" not in text
    assert not re.search(r"\son\w+=", text)
    assert EVIL not in text
    assert tree.findtext(f"{SVG}title") == EVIL


def test_drawings_of_several_widths_share_no_id() -> None:
    ids = re.findall(
        r'id="([^"]+)"',
        "".join(timeline(sample(), width) for width in WIDTHS) + timeline(sample(), key="other"),
    )
    assert len(ids) == len(set(ids)) == 12
    assert all(f"url(#{found})" in timeline(sample(), 1192) for found in ["timeline-1192-h"])


@pytest.mark.parametrize(("width", "key"), [(800, "t"), (1192, "a b"), (358, '"><b')])
def test_other_widths_and_unsafe_keys_are_refused(width: int, key: str) -> None:
    with pytest.raises(ValueError, match=r"timeline is|key of a drawing"):
        timeline(sample(), width, key)


@settings(max_examples=40, deadline=None)
@given(datas)
def test_any_history_draws_as_sound_xml_in_every_width(data: TimelineData) -> None:
    for width in WIDTHS:
        tree = drawn(data, width)
        height = float(tree.get("height") or 0)
        for rect in tree.iter(f"{SVG}rect"):
            if "pattern" not in str(rect.get("id")):
                assert float(rect.get("width") or 0) >= 0
                assert -1 <= float(rect.get("y") or 0) <= height


def lines_of(tree: Element, data: TimelineData) -> list[float]:
    """y of each lane's line: the long horizontal strokes in ink."""
    found = []
    for path in tree.iter(f"{SVG}path"):
        match = re.fullmatch(r"M172 ([\d.]+)L1176 ([\d.]+)", path.get("d") or "")
        if match and match[1] == match[2] and path.get("stroke") == INK:
            found.append(float(match[1]))
    return found


def test_what_the_home_told_stands_above_the_line_and_what_others_told_below() -> None:
    lane = Lane("LADO", (Mark(date(2024, 5, 1)), Mark(date(2026, 8, 1), MODERATE, True)))
    tree = drawn(sample(lanes=(lane,), pins=(), actions=()), 1192)
    (base,) = lines_of(tree, sample())
    places = {
        path.get("fill"): float((path.get("d") or "").split("c")[0].split(" ")[1])
        for path in tree.iter(f"{SVG}path")
        if path.get("fill") in (INK, PLUM)
    }
    assert places[INK] < base < places[PLUM]


def test_later_days_stand_further_right_and_all_within_the_lanes() -> None:
    axis = Axis(START, END, 172, 1176)
    places = [axis.x(START + timedelta(n)) for n in range((END - START).days + 1)]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (172, 1176)
    assert axis.x(START - timedelta(9)) == 172
    assert axis.x(END + timedelta(9)) == 1176
    assert Axis(START, START, 0, 10).x(START) == 0


def test_the_band_ends_at_the_pin_and_the_hatch_begins_there() -> None:
    text = timeline(sample(), 1192)
    axis = Axis(START, END, 172, 1176)
    pin = f"{axis.x(date(2026, 11, 9)):.1f}"
    band = re.search(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="[\d.]+" fill="#FBE3D2"/>', text)
    assert band is not None
    assert float(band[1]) + float(band[2]) == pytest.approx(float(pin), abs=0.11)
    assert float(band[1]) == pytest.approx(axis.x(date(2026, 8, 12)), abs=0.06)
    assert re.search(rf'<rect x="{re.escape(pin)}" [^>]*fill="url\(#timeline-1192-h\)"', text)


def test_an_alert_answered_on_the_day_has_no_hatch_and_no_start_no_band() -> None:
    pin = Pin(1, "look", "x", date(2026, 1, 1), None, date(2026, 1, 1))
    text = timeline(sample(pins=(pin,)), 1192)
    assert "url(#" not in text
    assert "#FCEFC7" not in text
    assert unanswered_words(pin, END) == ""


def test_days_without_an_answer_are_counted_to_the_answer_or_to_now() -> None:
    on = date(2026, 11, 9)
    assert unanswered_days(Pin(1, "look", "", on, None, date(2026, 11, 17)), END) == 8
    assert unanswered_days(Pin(1, "look", "", on), END) == 14
    assert unanswered_days(Pin(1, "look", "", on, None, date(2026, 11, 1)), END) == 0
    assert unanswered_words(Pin(1, "look", "", on, None, date(2026, 11, 10)), END) == "1 day unanswered"


def test_names_of_alerts_never_touch_one_another() -> None:
    crowd = tuple(Pin(n, "look", "Staff conduct", date(2026, 11, 1) - timedelta(9 * n)) for n in range(9))
    data = sample(pins=crowd)
    places = placed(data, Axis(START, END, 172, 1176), SHEETS[1192])
    assert len({place.row for place in places}) > 3
    for row in range(9):
        xs = sorted(place.x for place in places if place.row == row)
        assert all(later - sooner > 60 for sooner, later in pairwise(xs))


def test_a_first_alert_at_the_left_edge_is_named_to_its_right() -> None:
    (place,) = placed(
        sample(pins=(Pin(1, "look", "Staff conduct", START),)), Axis(START, END, 172, 1176), SHEETS[1192]
    )
    assert place.anchor == "start"


def test_marks_side_step_instead_of_hiding_one_another() -> None:
    assert rows_for([0, 1, 2, 3, 20], 9, 3) == [0, 1, 2, 2, 0]
    assert side([], 10, 4, 3, True) == ""
    one = side([(5.0, Mark(START, DEATH))], 40, 4, 3, True)
    assert one.count("M") == 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1000), max_size=60))
def test_marks_of_one_row_keep_apart_unless_the_lane_is_full(places: list[float]) -> None:
    ordered = sorted(places)
    rows = rows_for(ordered, 9, 3)
    for row in (0, 1):
        xs = [x for x, found in zip(ordered, rows, strict=True) if found == row]
        assert all(later - sooner >= 9 for sooner, later in pairwise(xs))


def test_a_lane_with_too_many_records_becomes_months() -> None:
    many = Lane(
        "Reg 40", tuple(Mark(START + timedelta(n % 1100), 3, n % 4 == 0) for n in range(MOST_MARKS + 1))
    )
    few = Lane("Reg 40", many.marks[:MOST_MARKS])
    assert "c0.00" not in timeline(sample(lanes=(many,), pins=(), actions=()))
    assert "c0.00" in timeline(sample(lanes=(few,), pins=(), actions=()))


def test_ten_thousand_records_make_no_larger_a_drawing_than_a_hundred() -> None:
    big = Lane("Reg 40", tuple(Mark(START + timedelta(n % 1100), 3) for n in range(10_000)))
    assert len(timeline(sample(lanes=(big,)))) < 20_000


def test_bars_are_whole_numbers_above_or_below() -> None:
    up, down = bars([0, 2], 0, 10, 50, 4, True), bars([0, 2], 0, 10, 50, 4, False)
    assert 'd="M10 50v-8h7.2V50z"' in up
    assert 'd="M10 50v8h7.2V50z"' in down
    assert bars([0, 0], 0, 10, 50, 4, True) == ""


def test_words_under_a_lane_say_what_is_missing() -> None:
    assert lane_counts(sample().lanes[1]) == ("1 told", "1 only outside", "")
    assert lane_counts(sample().lanes[2]) == ("1 visit", "", "1 missing")
    assert lane_counts(Lane("LADO")) == ("0 told", "", "")


def test_the_description_tells_it_to_those_who_hear_it() -> None:
    said = described(sample())
    assert "LADO: 1 told, 1 only outside." in said
    assert "Alert 2, Staff conduct, Escalate, 9 Nov 2026, 14 days unanswered." in said
    assert "20 Nov 2026: Ofsted acknowledged." in said


def test_the_table_holds_every_record_newest_month_first() -> None:
    table = timeline_table(sample())
    assert table.head == ("Month", "Reg 40", "LADO", "Reg 44")
    assert table.rows[0][0] == "November 2026"
    assert table.rows[-1][0] == "September 2023"
    assert len(table.rows) == months_between(START, END) == 39
    assert sum(int(row[1].split()[0]) for row in table.rows if row[1] != "–") == 60
    august = next(row for row in table.rows if row[0] == "August 2026")
    assert august[2:] == ("1 only outside", "no visit")


@pytest.mark.parametrize(("end", "names"), [(date(2024, 6, 1), "Oct 2023"), (date(2026, 11, 1), "Jan 2024"), (date(2033, 1, 1), "2025"), (date(2100, 1, 1), "2048")])  # fmt: skip
def test_months_are_named_as_far_as_there_is_room(end: date, names: str) -> None:
    axis = Axis(START, end, 0, 1000)
    named = axis.names()
    assert any(names in name for _, name in named)
    places = [x for x, _ in named]
    assert all(later - sooner > 30 for sooner, later in pairwise(places))
    assert len(axis.names(years_only=True)) <= len(list(month_firsts(START, end)))


def test_actions_without_room_keep_their_flags() -> None:
    crowd = tuple(Action(date(2026, 11, 1) - timedelta(n), f"Thing {n}") for n in range(40))
    text = timeline(sample(actions=crowd))
    assert ">31 Oct: Thing 1<" not in text
    assert text.count("h11l-3.5") == 40
    named = timeline(sample(actions=crowd[:6]))
    assert all(f"Thing {n}<" in named for n in range(6))


def test_a_home_with_no_alert_and_no_action_is_drawn_too() -> None:
    for width in WIDTHS:
        assert "What was done" not in timeline(sample(pins=(), actions=()), width)


def test_characters_that_no_xml_may_hold_are_left_out() -> None:
    text = timeline(sample(title="a\x08b\ud800c\ufffe"))
    assert fromstring(text).findtext(f"{SVG}title") == "abc"

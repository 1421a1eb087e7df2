"""The 13-week chart, the sparkline, contributions, dots and keys."""

import re
from datetime import date, timedelta
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.dashboards.charts.contributions import (
    Bar,
    ContributionData,
    Part,
    contributions,
    contributions_table,
    shown_weights,
    signed,
)
from oversight.dashboards.charts.dots import homes_dots
from oversight.dashboards.charts.drawing import num, picture
from oversight.dashboards.charts.legend import sparkline_key, timeline_key
from oversight.dashboards.charts.palette import ESCALATE, INK, PLUM
from oversight.dashboards.charts.shapes import level_of, level_shape
from oversight.dashboards.charts.sparkline import BASE, HEIGHT, SparkData, sparkline
from oversight.dashboards.charts.thirteen_week import ChartData, Point, chart_table, thirteen_week, verdict

EVIL = "<script>&\"'"
SVG = "{http://www.w3.org/2000/svg}"


def points(*totals: int) -> tuple[Point, ...]:
    return tuple(Point(date(2025, 1, 6) + timedelta(28 * n), total) for n, total in enumerate(totals))


def is_sound(text: str) -> None:
    tree = fromstring(text)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert tree.get("role") == "img"
    assert tree.findtext(f"{SVG}title")
    assert "style=" not in text
    assert "<script" not in text


class TestThirteenWeeks:
    def test_beyond_the_limit_is_said_and_marked(self) -> None:
        data = ChartData(EVIL, points(1, 0, 5, 1, 5, 6), usual=0.9, limit=4.5)
        assert verdict(data) == ("beyond", "Beyond the limit since April 2025")
        text = thirteen_week(data)
        is_sound(text)
        assert text.count(f'fill="{ESCALATE}"') == 3
        assert "limit 4.5" in text
        assert "usual 0.9" in text

    def test_a_total_on_the_limit_is_not_beyond_it(self) -> None:
        assert ChartData("LADO", points(4), usual=1, limit=4).beyond == ()
        assert verdict(ChartData("LADO", points(4), usual=1, limit=4)) == ("", "Nothing unusual")

    def test_what_has_passed_is_said_to_have_passed(self) -> None:
        data = ChartData("LADO", points(5, 1), usual=1, limit=4.5)
        assert verdict(data) == ("", "Nothing unusual now; beyond the limit until January 2025")

    def test_every_point_beyond_reaches_back_to_the_first(self) -> None:
        assert (
            verdict(ChartData("LADO", points(5, 6), usual=1, limit=4.5))[1]
            == "Beyond the limit since January 2025"
        )

    def test_a_long_quiet_run_is_marked_in_plum(self) -> None:
        data = ChartData("Reg 40", points(*[6] * 10, *[3] * 10), 5.8, 14.5, quiet_from=date(2025, 10, 1))
        assert verdict(data) == ("quiet", "Quieter than usual since October 2025")
        assert f'fill="{PLUM}"' in thirteen_week(data)
        assert f'fill="{PLUM}"' not in thirteen_week(ChartData("Reg 40", points(6, 3), 5.8, 14.5))

    def test_too_few_data_draw_no_limit_and_say_so(self) -> None:
        for data in (ChartData("C", points(1, 2)), ChartData("C", ())):
            text = thirteen_week(data)
            is_sound(text)
            assert "too few to draw limits" in text
            assert ">limit" not in text
            assert verdict(data)[0] == "few"

    def test_missing_visits_are_drawn_and_said(self) -> None:
        text = thirteen_week(ChartData("Reg 44", points(1, 2), 0.2, 2.5, missing=(date(2025, 2, 1),)))
        assert "No visit in February 2025." in text
        assert "stroke-dasharray" in text

    def test_the_axis_begins_at_nought_and_higher_totals_stand_higher(self) -> None:
        text = thirteen_week(ChartData("X", points(0, 1, 2, 3), 1, 2.5))
        path = re.search(rf'<path d="M([^"]+)" fill="none" stroke="{INK}" stroke-width="1.6"', text)
        assert path is not None
        heights = [float(place.split()[1]) for place in path[1].split("L")]
        assert heights == sorted(heights, reverse=True)
        assert heights[0] == 102

    def test_the_table_holds_each_total_newest_first(self) -> None:
        table = chart_table(ChartData("X", points(1, 5), 1, 4))
        assert table.rows == (("3 Feb 2025", "5", "beyond the limit"), ("6 Jan 2025", "1", "–"))


class TestSparkline:
    def test_it_says_its_numbers(self) -> None:
        text = sparkline(SparkData((1,) * 13, (0,) * 12 + (3,), "quiet"))
        is_sound(text)
        assert "13 months: 13 told, 3 only outside; quieter than usual" in text
        assert "visits" in sparkline(SparkData((1,) * 13, visits=True))

    def test_the_homes_bars_stand_above_and_the_others_below(self) -> None:
        tree = fromstring(sparkline(SparkData((2, 0), (0, 2)), scale=5))
        bars = {path.get("fill"): path.get("d") or "" for path in tree.iter(f"{SVG}path")}
        assert re.fullmatch(rf"M1 {BASE}v-5\.6h[\d.]+V{BASE}z", bars[INK])
        assert re.fullmatch(rf"M41 {BASE}v5\.6h[\d.]+V{BASE}z", bars[PLUM])

    @settings(max_examples=50, deadline=None)
    @given(
        st.lists(st.integers(0, 500), max_size=13),
        st.lists(st.integers(0, 500), max_size=13),
        st.integers(0, 60),
    )
    def test_no_bar_leaves_the_drawing(self, above: list[int], below: list[int], scale: int) -> None:
        text = sparkline(SparkData(tuple(above), tuple(below)), scale)
        for rise in re.findall(rf"{BASE}v(-?[\d.]+)h", text):
            assert 0 <= BASE + float(rise) <= HEIGHT

    def test_one_scale_makes_two_homes_comparable(self) -> None:
        def tallest(count: int) -> float:
            found = re.search(r"v-([\d.]+)h", sparkline(SparkData((count,)), scale=8))
            assert found is not None
            return float(found[1])

        assert tallest(8) == pytest.approx(2 * tallest(4), abs=0.2)


WHY = ContributionData(
    EVIL,
    (Part("LADO", 6, 1.1, 3.9), Part("Hospital", 1, 1.6, -0.3), Part("Reg 40", 4, 4.2, 0.0),
     Part("Start date uncertain", None, None, 0.2, True)),
    (Bar("Look", 3.0), Bar("Escalate", 3.1), Bar("Regulator", 9.0)),
)  # fmt: skip
parts = st.builds(
    Part, st.just("x"), st.just(1), st.just(1.0), st.floats(-9, 9).map(lambda value: round(value, 3))
)


class TestContributions:
    @pytest.mark.parametrize("width", [780, 702, 358])
    def test_it_is_sound_and_escapes(self, width: int) -> None:
        text = contributions(WHY, width)
        is_sound(text)
        assert EVIL not in text
        assert "says nothing either way" in text
        assert "speaks against" in text
        assert all(bar.name in text for bar in WHY.bars)

    @given(st.lists(parts, max_size=8).map(tuple))
    def test_shown_weights_add_up_to_the_shown_total(self, some: tuple[Part, ...]) -> None:
        data = ContributionData("t", some)
        shown = shown_weights(data)
        assert round(sum(shown), 1) == round(round(data.total * 10) / 10, 1)
        assert all(abs(weight - part.weight) < 0.1 + 1e-9 for weight, part in zip(shown, some, strict=True))

    def test_weights_are_signed_with_a_true_minus(self) -> None:
        assert [signed(value) for value in (3.9, -0.3, 0.0, -0.04)] == ["+3.9", "−0.3", "0.0", "0.0"]

    def test_bars_for_go_right_and_bars_against_go_left_hollow(self) -> None:
        tree = fromstring(contributions(WHY))
        rects = [
            (float(r.get("x") or 0), float(r.get("width") or 0), r.get("fill"))
            for r in tree.iter(f"{SVG}rect")
        ]
        lado, hospital, uncertain, total = rects
        assert lado[0] == total[0] == uncertain[0]
        assert hospital[0] + hospital[1] == pytest.approx(lado[0], abs=0.11)
        assert (lado[2], hospital[2], uncertain[2]) == (ESCALATE, "#FFFFFF", "#FFFFFF")
        assert total[1] / lado[1] == pytest.approx(3.8 / 3.9, abs=0.01)

    def test_every_bar_is_a_tick_at_its_value(self) -> None:
        text = contributions(WHY)
        total = list(fromstring(text).iter(f"{SVG}rect"))[-1]
        zero, unit = float(total.get("x") or 0), float(total.get("width") or 0) / WHY.total
        ticks = [
            float(x)
            for x in re.findall(
                rf'<path d="M([\d.]+) [\d.]+L\1 [\d.]+" stroke="{INK}" stroke-width="2"', text
            )
        ]
        assert ticks == pytest.approx([zero + bar.value * unit for bar in WHY.bars], abs=0.3)

    def test_names_of_bars_that_would_touch_stand_under_one_another(self) -> None:
        text = contributions(WHY)
        heights = [re.search(rf'y="([\d.]+)"[^>]*>{bar.name} ', text) for bar in WHY.bars]
        assert heights[0] is not None
        assert heights[1] is not None
        assert heights[0][1] != heights[1][1]

    @settings(max_examples=40, deadline=None)
    @given(st.lists(parts, max_size=8).map(tuple), st.sampled_from([780, 358]))
    def test_nothing_leaves_the_drawing(self, some: tuple[Part, ...], width: int) -> None:
        tree = fromstring(contributions(ContributionData("t", some, (Bar("Look", 6.3),)), width))
        for rect in tree.iter(f"{SVG}rect"):
            left, wide = float(rect.get("x") or 0), float(rect.get("width") or 0)
            assert left >= -0.1
            assert left + wide <= width + 0.1

    def test_the_table_ends_with_the_total_and_the_bars(self) -> None:
        table = contributions_table(WHY)
        assert table.rows[0] == ("LADO", "6", "1.1", "+3.9")
        assert table.rows[3] == ("Start date uncertain", "–", "–", "+0.2")
        assert table.rows[4:] == (("Total", "", "", "3.8"), ("Look", "", "", "3.0"), ("Escalate", "", "", "3.1"), ("Regulator", "", "", "9.0"))  # fmt: skip


class TestDots:
    @given(st.integers(0, 300), st.integers(0, 300))
    def test_every_home_is_one_dot(self, homes: int, ordinary: int) -> None:
        if ordinary > homes:
            with pytest.raises(ValueError, match="ordinary homes among"):
                homes_dots(homes, ordinary)
            return
        text = homes_dots(homes, ordinary)
        is_sound(text)
        assert text.count("<circle") == ordinary
        assert text.count("z") == homes - ordinary


def test_a_key_names_every_mark_once() -> None:
    for items in (timeline_key(), sparkline_key()):
        assert len({item.words for item in items}) == len({item.svg for item in items}) == len(items)
        for item in items:
            assert fromstring(item.svg).get("aria-hidden") == "true"


def test_tiers_are_levels_and_unknown_ones_are_refused() -> None:
    assert [level_of(name) for name in ("regulator", "none", "", "look")] == [
        "urgent",
        "usual",
        "usual",
        "look",
    ]
    with pytest.raises(KeyError):
        level_of("amber")
    assert len({level_shape(level) for level in ("usual", "look", "escalate", "urgent", "quiet")}) == 5


def test_coordinates_are_short() -> None:
    assert [num(value) for value in (3, 3.04, 3.06, -0.5)] == ["3", "3", "3.1", "-0.5"]


def test_a_picture_needs_a_plain_key() -> None:
    with pytest.raises(ValueError, match="letters, figures and hyphens"):
        picture("1x", 1, 1, "", "", [])

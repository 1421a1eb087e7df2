"""Template tags and filters."""

from datetime import UTC, date, datetime
from xml.etree.ElementTree import fromstring

import pytest
from django import forms
from django.template import Context, Template

from hesley_hub.interface.symbols import WORDS, drawing, drawings
from hesley_hub.templatetags import interface
from homes.interface.forms import HubForm
from oversight.dashboards.charts.palette import LEVEL_WORD


def rendered(source: str, **context: object) -> str:
    return Template("{% load interface %}" + source).render(Context(context))


@pytest.mark.parametrize(("name", "word"), [*LEVEL_WORD.items(), ("regulator", "Urgent")])
def test_a_levels_word_is_text_and_its_shape_hidden(name: str, word: str) -> None:
    tree = fromstring(rendered("{% level name %}", name=name))
    shape = tree.find("svg")
    assert shape is not None
    assert shape.get("aria-hidden") == "true"
    assert shape.tail == word
    assert len(shape) > 0


def test_levels_differ_in_shape_and_not_only_in_colour() -> None:
    shapes = {name: [e.tag + str(e.attrib.get("d", e.attrib.get("stroke-dasharray"))) for e in fromstring(interface.level(name))[0]] for name in LEVEL_WORD}  # fmt: skip
    assert len({str(shape) for shape in shapes.values()}) == 5


def test_a_level_may_be_big_and_must_be_known() -> None:
    assert "hub-level--escalate hub-level--big" in interface.level("escalate", "big")
    with pytest.raises(KeyError, match="no such level"):
        interface.level("red")


def test_a_badge_has_words_for_those_who_hear_it_and_none_for_nought() -> None:
    assert interface.badge(6, "alerts to answer").count("alerts to answer") == 1
    assert interface.badge(0) == ""


def test_every_symbol_is_drawn_has_a_word_and_is_hidden_from_readers() -> None:
    assert set(drawings()) == set(WORDS)
    assert len(WORDS) >= 16
    for name in WORDS:
        tree = fromstring(drawing(name))
        assert tree.get("aria-hidden") == "true"
        assert len(tree) > 0
        assert "class" not in {key for element in tree.iter() for key in element.attrib}


def test_symbols_differ_and_an_unknown_one_is_something_else() -> None:
    assert len({drawing(name) for name in WORDS}) == len(WORDS)
    assert drawing("unicorn") == drawing("other")


def test_symbols_are_said_in_words() -> None:
    assert (
        rendered("{{ names|symbol_words }}", names=["night", "staff", "scared"]) == "night – staff – scared"
    )
    assert rendered("{{ 'night'|symbol_word }} {{ 'unicorn'|symbol_word }}") == "Night unicorn"
    assert rendered("{{ names|symbol_words }}", names=["<b>"]) == "&lt;b&gt;"
    assert rendered("{% symbol 'night' %}") == drawing("night")


WINTER = datetime(2026, 11, 9, 14, 2, tzinfo=UTC)
SUMMER = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("day", WINTER, "9 Nov 2026"),
        ("day", SUMMER, "7 Jul 2026"),
        ("day", date(2026, 11, 9), "9 Nov 2026"),
        ("day", None, ""),
        ("day_month", WINTER, "9 Nov"),
        ("day_month", None, ""),
        ("clock", SUMMER, "00:30"),
        ("clock", None, ""),
        ("moment", WINTER, "9 Nov 2026, 14:02"),
        ("moment", None, ""),
        ("weekday", date(2026, 11, 22), "Sun 22 Nov 2026"),
        ("weekday", None, ""),
        ("clock", datetime(2026, 7, 6, 9, 5, tzinfo=UTC).replace(tzinfo=None), "09:05"),
    ],
)
def test_days_and_times_are_those_of_england(source: str, value: object, shown: str) -> None:
    assert rendered("{{ value|" + source + " }}", value=value) == shown


def test_only_a_drawing_goes_in_unescaped() -> None:
    assert rendered("{% drawn svg %}", svg='<svg id="a"/>') == '<svg id="a"/>'
    with pytest.raises(ValueError, match="drawing of ours"):
        interface.drawn("<script>")


def test_a_rule_has_its_mark_and_no_rule_has_none() -> None:
    marks = {interface.rule_mark(rule) for rule in ("beyond", "quiet", "missing")}
    assert len(marks) == 3
    assert all('aria-hidden="true"' in mark for mark in marks)
    assert interface.rule_mark("few") == ""


class Two(HubForm):
    a = forms.CharField(label="What <happened>", help_text="In your words")


def test_the_summary_is_silent_until_something_is_wrong() -> None:
    assert rendered("{% error_summary form %}", form=Two()).strip() == ""
    told = rendered("{% error_summary form other %}", form=Two({}), other=Two({}, prefix="b"))
    assert told.count("Enter what &lt;happened&gt;") == 2
    assert 'href="#id_a"' in told
    assert 'href="#id_b-a"' in told
    assert "There is a problem" in told


def test_a_question_is_the_heading_of_its_page() -> None:
    html = rendered("{% question form.a caption='Question 2 of 5' %}", form=Two())
    assert html.count("<h1") == 1
    assert html.index("Question 2 of 5") < html.index("What &lt;happened&gt;") < html.index("In your words")

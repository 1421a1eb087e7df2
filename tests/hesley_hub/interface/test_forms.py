"""Forms as GOV.UK markup."""

import re
from datetime import date
from xml.etree.ElementTree import Element, fromstring

import pytest
from django import forms
from django.forms.renderers import get_default_renderer

from hesley_hub.interface.forms import HubBoundField, HubRenderer, error_lines
from homes.interface.fields import DayChoiceField, DayField, TimeField
from homes.interface.forms import HubForm
from homes.interface.widgets import Checkboxes, Radios

TODAY = date(2026, 11, 23)
HOW = [("child", "A child told someone"), ("out", "Someone <outside>")]


class Everything(HubForm):
    known_on = DayChoiceField(label="Date")
    seen_on = DayField(label="Day of the visit", help_text="For example 9 11 2026")
    at = TimeField(label="Time")
    how = forms.ChoiceField(
        label="How?",
        choices=HOW,
        widget=Radios(hints={"out": "A parent, a school"}, reveals={"out": "who"}, inline=True),
    )
    who = forms.CharField(label="Who told you?", required=False)
    harms = forms.MultipleChoiceField(
        label="What was hurt?",
        choices=[("a", "Arm"), ("l", "Leg")],
        required=False,
        widget=Checkboxes(reveals={"l": "leg"}),
    )
    leg = forms.CharField(label="Which leg?", required=False)
    plain = forms.ChoiceField(label="Plain", choices=HOW, widget=forms.RadioSelect, required=False)
    words = forms.CharField(label="Their words", widget=forms.Textarea, max_length=500, required=False)
    notes = forms.CharField(label="Notes", widget=forms.Textarea({"class": "narrow"}), required=False)
    area = forms.ChoiceField(label="Area", choices=[("x", "X")], required=False)
    told = forms.BooleanField(label="I have told them", help_text="All of them")
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def parsed(html: str) -> Element:
    # The markup has void elements; close them so that a strict parser can read the whole.
    closed = re.sub(r"<(input|br)([^>]*?)/?>", r"<\1\2/>", html)
    closed = re.sub(r"\b(checked|selected|novalidate)(?=[\s/>])(?!=)", r'\1="\1"', closed)
    return fromstring(f"<form>{closed}</form>")


def bound(name: str, form: HubForm) -> HubBoundField:
    field = form[name]
    assert isinstance(field, HubBoundField)
    return field


@pytest.fixture
def wrong() -> Everything:
    return Everything({"known_on_choice": "other", "known_on_day": "31", "known_on_month": "2", "known_on_year": "2026",
                       "seen_on_day": "9", "at": "9 last nite"}, today=TODAY)  # fmt: skip


def test_the_renderer_is_the_one_of_the_settings() -> None:
    assert isinstance(get_default_renderer(), HubRenderer)


@pytest.mark.parametrize(
    ("name", "kind", "first"),
    [
        ("known_on", "day_choice", "id_known_on_0"),
        ("seen_on", "day", "id_seen_on_day"),
        ("at", "input", "id_at"),
        ("how", "radios", "id_how_0"),
        ("harms", "checkboxes", "id_harms_0"),
        ("plain", "radios", "id_plain_0"),
        ("words", "textarea", "id_words"),
        ("area", "select", "id_area"),
        ("told", "checkbox", "id_told"),
    ],
)
def test_every_kind_is_known_and_its_first_place_exists(name: str, kind: str, first: str) -> None:
    field = bound(name, Everything(today=TODAY))
    assert (field.kind, field.first_id) == (kind, first)
    assert f'id="{first}"' in field.as_field_group()


def test_ids_are_unique_and_every_reference_leads_somewhere(wrong: Everything) -> None:
    tree = parsed(str(wrong))
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        for attribute in ("for", "aria-describedby", "data-aria-controls"):
            for target in (element.get(attribute) or "").split():
                assert target in ids, (attribute, target)


def test_every_control_has_a_name_for_readers(wrong: Everything) -> None:
    tree = parsed(str(wrong))
    named = {label.get("for") for label in tree.iter("label")}
    controls = [
        e for e in tree.iter() if e.tag in ("input", "select", "textarea") and e.get("type") != "hidden"
    ]
    assert len(controls) >= 18
    assert all(control.get("id") in named for control in controls)


def test_choices_and_days_stand_in_a_fieldset_with_a_legend(wrong: Everything) -> None:
    legends = [legend.text for legend in parsed(str(wrong)).iter("legend")]
    assert legends == ["Date", "Day of the visit", "How?", "What was hurt?", "Plain"]


def test_an_error_stands_at_its_field_and_in_the_summary_with_a_way_to_it(wrong: Everything) -> None:
    lines = error_lines(wrong)
    assert lines == [
        ("id_known_on_0", "Enter a real date, like 9 11 2026"),
        ("id_seen_on_day", "The date must include a month and a year"),
        ("id_at", "Enter a time like 21:40"),
        ("id_how_0", "Answer the question: How?"),
        ("id_told", "Tick the box to go on: I have told them"),
    ]
    html = str(wrong)
    assert html.count("govuk-form-group--error") == 5
    assert html.count('<span class="govuk-visually-hidden">Error:</span>') == 5
    assert 'class="govuk-input govuk-input--error govuk-input--width-10"' in html
    assert 'aria-describedby="id_at_helptext id_at_error"' in html


def test_nothing_is_wrong_before_anything_is_sent() -> None:
    assert error_lines(Everything(today=TODAY)) == []


def test_an_error_of_the_whole_form_comes_first_and_has_no_link() -> None:
    class Both(HubForm):
        a = forms.CharField()

        def clean(self) -> None:
            raise forms.ValidationError("Choose one of the two")

    assert error_lines(Both({})) == [("", "Choose one of the two"), ("id_a", "Enter A")]


def test_a_plain_bound_field_is_summarised_too() -> None:
    class Plain(forms.Form):
        default_renderer = forms.renderers.DjangoTemplates()
        a = forms.CharField()

    assert error_lines(Plain({})) == [("id_a", "This field is required.")]


def test_what_was_typed_comes_back(wrong: Everything) -> None:
    tree = parsed(str(wrong))
    values = {e.get("name"): e.get("value") for e in tree.iter("input") if e.get("type") == "text"}
    assert values["known_on_day"] == "31"
    assert values["seen_on_day"] == "9"
    assert values["at"] == "9 last nite"
    ticked = [
        e.get("value") for e in tree.iter("input") if e.get("name") == "known_on_choice" and e.get("checked")
    ]
    assert ticked == ["other"]


def test_today_and_yesterday_are_named() -> None:
    html = bound("known_on", Everything(today=TODAY)).as_field_group()
    assert "Today, Monday 23 November" in html
    assert "Yesterday, Sunday 22 November" in html


def test_a_stored_day_ticks_today_and_leaves_the_boxes_empty() -> None:
    field = bound("known_on", Everything(initial={"known_on": TODAY}, today=TODAY))
    assert [day.chosen for day in field.days] == [True, False, False]
    assert [box.value for box in field.boxes] == ["", "", ""]
    other = bound("known_on", Everything(initial={"known_on": date(2026, 1, 2)}, today=TODAY))
    assert [box.value for box in other.boxes] == ["2", "1", "2026"]


def test_without_today_no_day_is_offered_and_other_fields_have_no_boxes() -> None:
    form = Everything()
    assert bound("known_on", form).days == []
    assert bound("at", form).days == []
    assert bound("at", form).boxes == []


def test_a_revealed_field_is_shown_once_under_its_choice() -> None:
    html = str(Everything(today=TODAY))
    assert html.count("Who told you?") == 1
    where = parsed(html).find(".//div[@id='conditional-id_how_1']")
    assert where is not None
    assert where.find(".//input[@name='who']") is not None
    assert "govuk-radios__conditional--hidden" in str(where.get("class"))
    chosen = Everything({"how": "out"}, today=TODAY)
    open_ = parsed(str(chosen)).find(".//div[@id='conditional-id_how_1']")
    assert open_ is not None
    assert open_.get("class") == "govuk-radios__conditional"


def test_hints_of_choices_and_inline_radios() -> None:
    html = bound("how", Everything(today=TODAY)).as_field_group()
    assert 'id="id_how_1-hint" class="govuk-hint govuk-radios__hint">A parent, a school' in html
    assert "govuk-radios--inline" in html
    assert "Someone &lt;outside&gt;" in html


def test_a_textarea_with_a_limit_counts_and_one_without_does_not() -> None:
    form = Everything(today=TODAY)
    words, notes = bound("words", form).as_field_group(), bound("notes", form).as_field_group()
    assert 'data-maxlength="500"' in words
    assert 'aria-describedby="id_words-info"' in words
    assert "You can enter up to 500 characters" in words
    assert 'class="govuk-textarea narrow"' in notes
    assert "character-count" not in notes


def test_browsers_are_not_asked_to_judge() -> None:
    assert " required" not in str(Everything(today=TODAY))


def test_a_hidden_field_keeps_its_plain_markup() -> None:
    html = str(Everything(today=TODAY))
    assert html.count('<input type="hidden" name="key" id="id_key">') == 1


def test_a_single_checkbox_stays_ticked() -> None:
    assert " checked" in bound("told", Everything({"told": "on"}, today=TODAY)).as_field_group()
    assert " checked" not in bound("told", Everything(today=TODAY)).as_field_group()

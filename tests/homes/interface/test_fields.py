"""Days and times as people say them."""

from datetime import date, time

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from homes.interface.fields import DayChoiceField, DayField, TimeField, month_said, time_said
from homes.interface.forms import HubForm
from homes.interface.widgets import Checkboxes, DayWidget, Radios

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("21:40", time(21, 40)),
        ("2140", time(21, 40)),
        ("21.40", time(21, 40)),
        ("940", time(9, 40)),
        ("9:40", time(9, 40)),
        ("9.40pm", time(21, 40)),
        ("9 pm", time(21)),
        ("12am", time(0)),
        ("12.30 pm", time(12, 30)),
        ("9 p.m.", time(21)),
        ("about 21:40", time(21, 40)),
        ("~ 7.05am", time(7, 5)),
        ("Midnight", time(0)),
        ("noon", time(12)),
        ("00:00", time(0)),
    ],
)
def test_a_time_is_understood_as_people_write_it(said: str, meant: time) -> None:
    assert time_said(said) == meant


@pytest.mark.parametrize(
    "said", ["9", "21", "9 last nite", "24:00", "21:60", "13pm", "0am", "", "21:4", "٢١:٤٠x"]
)
def test_what_is_not_a_time_is_not_guessed(said: str) -> None:
    assert time_said(said) is None


@given(st.times())
def test_every_minute_is_read_back_in_four_ways(moment: time) -> None:
    minute = moment.replace(second=0, microsecond=0)
    for form in ("%H:%M", "%H.%M", "%H%M", "%I:%M %p"):
        assert time_said(minute.strftime(form)) == minute


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_a_time(text: str) -> None:
    found = time_said(text)
    assert found is None or isinstance(found, time)


@pytest.mark.parametrize(
    ("said", "month"), [("11", 11), ("nov", 11), ("November", 11), ("Jan.", 1), ("x", None)]
)
def test_a_month_may_be_a_name(said: str, month: int | None) -> None:
    assert month_said(said) == month


def typed(day: str, month: str, year: str, **more: str) -> dict[str, str]:
    return {"day": day, "month": month, "year": year, **more}


class TestDayField:
    def test_three_boxes_make_a_day(self) -> None:
        assert DayField().clean(typed("9", "nov", "2026")) == date(2026, 11, 9)
        assert DayField().clean(date(2026, 11, 9)) == date(2026, 11, 9)

    @pytest.mark.parametrize(
        ("boxes", "code", "words"),
        [
            (typed("", "", ""), "required", "Enter the date"),
            (typed("9", "", "2026"), "incomplete", "The date must include a month"),
            (typed("9", "", ""), "incomplete", "The date must include a month and a year"),
            (typed("31", "2", "2026"), "invalid", "Enter a real date, like 9 11 2026"),
            (typed("9", "11", "26"), "invalid", "Enter a real date, like 9 11 2026"),
            (typed("9", "Smarch", "2026"), "invalid", "Enter a real date, like 9 11 2026"),
            (typed("nine", "11", "2026"), "invalid", "Enter a real date, like 9 11 2026"),
        ],
    )
    def test_each_mistake_is_named(self, boxes: dict[str, str], code: str, words: str) -> None:
        with pytest.raises(ValidationError) as caught:
            DayField().clean(boxes)
        assert (caught.value.code, caught.value.messages) == (code, [words])

    def test_nothing_typed_is_none_where_none_is_asked(self) -> None:
        assert DayField(required=False).clean(typed("", "", "")) is None
        assert DayField(required=False).clean(None) is None

    def test_a_day_to_come_and_a_day_too_long_ago_are_refused(self) -> None:
        field = DayField(latest="today", earliest=date(2020, 1, 1))
        field.today = TODAY
        assert field.clean(TODAY) == TODAY
        with pytest.raises(ValidationError, match="today or in the past"):
            field.clean(date(2026, 11, 24))
        with pytest.raises(ValidationError, match="too long ago"):
            field.clean(date(2019, 12, 31))
        with pytest.raises(ValidationError, match="today or in the past"):
            DayField(latest=date(2026, 1, 1)).clean(TODAY)

    def test_change_is_seen_in_what_was_typed(self) -> None:
        assert not DayField().has_changed(date(2026, 11, 9), typed("9", "11", "2026"))
        assert DayField().has_changed(date(2026, 11, 9), typed("31", "2", "2026"))

    def test_the_widget_reads_its_boxes_and_knows_when_it_was_left_out(self) -> None:
        widget = DayWidget()
        posted = {"on_day": " 9 ", "on_month": "11", "on_year": "2026"}
        assert widget.value_from_datadict(posted, {}, "on") == typed("9", "11", "2026")
        assert not widget.value_omitted_from_data(posted, {}, "on")
        assert widget.value_omitted_from_data({}, {}, "on")
        assert widget.parts(date(2026, 11, 9)) == typed("9", "11", "2026")
        assert widget.parts(None) == {}


class TestDayChoiceField:
    def field(self, **options: bool) -> DayChoiceField:
        field = DayChoiceField(**options)
        field.today = TODAY
        return field

    @pytest.mark.parametrize(
        ("boxes", "day"),
        [
            ({"choice": "today"}, TODAY),
            ({"choice": "yesterday", "day": "1"}, date(2026, 11, 22)),
            (typed("9", "11", "2026", choice="other"), date(2026, 11, 9)),
            (date(2026, 11, 1), date(2026, 11, 1)),
        ],
    )
    def test_a_choice_is_a_day(self, boxes: object, day: date) -> None:
        assert self.field().clean(boxes) == day

    def test_another_day_needs_its_boxes_and_no_day_to_come(self) -> None:
        with pytest.raises(ValidationError, match="Enter the date"):
            self.field().clean(typed("", "", "", choice="other"))
        with pytest.raises(ValidationError, match="today or in the past"):
            self.field().clean(typed("24", "11", "2026", choice="other"))
        with pytest.raises(ValidationError, match="Enter the date"):
            self.field().clean({"choice": "tomorrow"})
        assert self.field(required=False).clean({}) is None

    def test_it_asks_for_today_and_never_reads_a_clock(self) -> None:
        with pytest.raises(ValueError, match="today="):
            DayChoiceField().clean({"choice": "today"})

    @pytest.mark.parametrize(
        ("value", "choice"),
        [
            (TODAY, "today"),
            (date(2026, 11, 22), "yesterday"),
            (date(2026, 1, 1), "other"),
            ({"choice": "x"}, "x"),
            (None, ""),
        ],
    )
    def test_a_stored_day_ticks_its_radio(self, value: object, choice: str) -> None:
        assert self.field().choice_of(value) == choice


class Knew(HubForm):
    known_on = DayChoiceField(label="Date")
    at = TimeField(
        label="Time", error_messages={"invalid": "Enter the time the home came to know, like 21:40"}
    )
    how = forms.ChoiceField(
        label="How?", choices=[("a", "A"), ("b", "B")], widget=Radios(hints={"a": "first"})
    )
    place = forms.ChoiceField(label="Place", choices=[("a", "A")])
    reg_number = forms.CharField()
    urn = forms.CharField(label="URN")
    kept = forms.CharField(label="", error_messages={"required": "Say it"})
    several = forms.MultipleChoiceField(
        choices=[("x", "X")], widget=Checkboxes(hints={"x": "why"}), required=False
    )


class TestHubForm:
    def test_no_field_says_that_it_is_required(self) -> None:
        form = Knew({}, today=TODAY)
        assert not form.is_valid()
        assert form.errors.get_json_data() == {
            "known_on": [{"message": "Enter the date", "code": "required"}],
            "at": [{"message": "Enter time", "code": "required"}],
            "how": [{"message": "Answer the question: How?", "code": "required"}],
            "place": [{"message": "Choose place", "code": "required"}],
            "reg_number": [{"message": "Enter reg number", "code": "required"}],
            "urn": [{"message": "Enter URN", "code": "required"}],
            "kept": [{"message": "Say it", "code": "required"}],
        }

    def test_a_nameless_field_still_gets_words(self) -> None:
        class Nameless(HubForm):
            it = forms.CharField(label="")

        assert Nameless({}).errors["it"] == ["Enter this"]

    def test_good_answers_clean(self) -> None:
        form = Knew(
            {
                "known_on_choice": "yesterday",
                "at": "9.40pm",
                "how": "a",
                "place": "a",
                "reg_number": "1",
                "urn": "DEMO1",
                "kept": "k",
            },
            today=TODAY,
        )
        assert form.is_valid(), form.errors
        assert form.cleaned_data["known_on"] == date(2026, 11, 22)
        assert form.cleaned_data["at"] == time(21, 40)

    def test_a_wrong_time_is_told_in_the_forms_own_words(self) -> None:
        assert Knew({"at": "9 last nite"}, today=TODAY).errors["at"] == [
            "Enter the time the home came to know, like 21:40"
        ]

    def test_an_optional_time_may_be_empty_and_a_stored_one_is_shown_short(self) -> None:
        field = TimeField(required=False)
        assert field.clean("") is None
        assert field.prepare_value(time(9, 5)) == "09:05"
        assert field.prepare_value("9 last nite") == "9 last nite"

    def test_a_draft_shows_what_was_typed_and_blames_nothing(self) -> None:
        posted = QueryDict(
            "csrfmiddlewaretoken=t&at=9+last+nite&several=x&several=y&known_on_choice=other&known_on_day=9"
        )
        kept = HubForm.as_typed(posted)
        assert "csrfmiddlewaretoken" not in kept
        assert kept["several"] == ["x", "y"]
        form = Knew.from_draft(kept, today=TODAY)
        assert form["at"].value() == "9 last nite"
        assert form["several"].value() == ["x", "y"]
        assert form["known_on"].value()["day"] == "9"
        assert form.errors == {}
        assert not form.is_valid()

    def test_a_plain_dictionary_can_be_kept_too(self) -> None:
        assert HubForm.as_typed({"at": "21:40", "n": 3}) == {"at": ["21:40"], "n": ["3"]}

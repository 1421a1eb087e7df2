"""The seal of what a form showed, and both texts in words."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from homes import crossing
from homes.crossing import CrossedError, Standing
from homes.interface.crossed import both, in_words, new_page
from homes.interface.fields import DayChoiceField, TimeField
from homes.interface.forms import HubForm, SentOnce
from homes.interface.widgets import Checkboxes

TEXTS = st.dictionaries(st.sampled_from(["what", "why", "how"]), st.text(max_size=5), max_size=3)
TODAY = date(2026, 11, 23)


@given(TEXTS, TEXTS)
def test_a_seal_fits_what_it_was_made_of_and_nothing_else(one: dict[str, str], other: dict[str, str]) -> None:
    said, wanted = Standing(one), Standing(other)
    assert (said.seal == wanted.seal) == said.equals(other)
    assert bool(said.seal) == any(one.values())


@given(TEXTS, TEXTS)
def test_only_who_saw_what_stands_writes_something_else(now: dict[str, str], wanted: dict[str, str]) -> None:
    stands = Standing(now, "Mo")
    assert crossing.to_write(stands, wanted, opened=stands.seal) == (not stands.equals(wanted))
    if stands.equals(wanted):
        assert not crossing.to_write(stands, wanted, opened="older")
        assert not crossing.to_write_once(stands, wanted)
        return
    with pytest.raises(CrossedError) as crossed:
        crossing.to_write(stands, wanted, opened="older")
    assert (crossed.value.standing, crossed.value.final) == (stands, False)
    if stands.seal:
        with pytest.raises(CrossedError) as crossed:
            crossing.to_write_once(stands, wanted)
        assert crossed.value.final
    else:
        assert crossing.to_write_once(stands, wanted)


def test_a_page_goes_on_writing_until_another_page_wrote() -> None:
    empty: dict[str, list[str]] = {}
    desk, phone = new_page(empty), new_page(empty)
    assert desk != phone
    kept = {"what": ["fell"], "opened": [desk]}
    crossing.page_to_write(empty, kept, when=None)
    crossing.page_to_write(kept, {"what": ["fell twice"], "opened": [desk]}, when=None)
    crossing.page_to_write(kept, {"what": ["fell"], "opened": [phone]}, when=None)
    for late in (phone, ""):
        with pytest.raises(CrossedError) as crossed:
            crossing.page_to_write(kept, {"what": ["slipped"], "opened": [late]}, when=None)
        assert crossed.value.standing.says == {"what": ["fell"]}
    crossing.page_to_write(kept, {"what": ["slipped"], "opened": [new_page(kept)]}, when=None)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        ("", ""),
        (True, "Yes"),
        (False, "No"),
        (date(2026, 11, 9), "9 Nov 2026"),
        (datetime(2026, 7, 9, 20, 40, tzinfo=UTC), "9 Jul 2026, 21:40"),
        (time(21, 40), "21:40"),
        ({"choice": "yesterday", "day": "", "month": "", "year": ""}, "Yesterday"),
        ({"choice": "other", "day": "9", "month": "11", "year": "2026"}, "9 11 2026"),
        ({"day": "9", "month": "nov", "year": ""}, "9 nov"),
        (["a", "b", "z"], "Arm, Back, z"),
        ("a", "Arm"),
        (7, "7"),
    ],
)
def test_an_answer_in_words(value: Any, words: str) -> None:
    assert in_words(forms.ChoiceField(choices=[("", "None"), ("a", "Arm"), ("b", "Back")]), value) == words


class Asked(SentOnce, HubForm):
    told_on = DayChoiceField(label="When?")
    at = TimeField(label="At what time?")
    hurt = forms.MultipleChoiceField(
        label="Where?", choices=[("a", "Arm")], widget=Checkboxes(), required=False
    )
    note = forms.CharField(label="Note", required=False)


def test_only_questions_on_which_the_two_differ_are_shown() -> None:
    typed = {"told_on_choice": "today", "at": "9.40pm", "hurt": ["a"], "note": "Mine"}
    form = Asked(typed, today=TODAY)
    says = {"told_on": TODAY, "at": time(21, 40), "hurt": [], "note": "Theirs", "client_id": "x"}
    assert [(row.label, row.now, row.yours) for row in both(form, says)] == [
        ("Where?", "", "Arm"),
        ("Note", "Theirs", "Mine"),
    ]
    assert [row.label for row in both(form, {"note": "Theirs"})] == ["Note"]


def test_a_form_sent_without_its_key_gets_a_new_one() -> None:
    typed = {"told_on_choice": "today", "at": "9.40pm"}
    first, second = (Asked(typed, today=TODAY) for _ in range(2))
    assert first.is_valid()
    assert second.is_valid()
    assert first.sent_as() != second.sent_as()
    key = Asked(today=TODAY)["client_id"].value()
    again = Asked(typed | {"client_id": str(key)}, today=TODAY)
    assert again.is_valid()
    assert str(again.sent_as()) == str(key)

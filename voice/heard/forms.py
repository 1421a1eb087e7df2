"""What a helper is asked about a child's view, and what was done about it."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from events.clock import LONDON, london_day
from events.identity import new_id
from homes.interface.fields import DayChoiceField, TimeField
from homes.interface.forms import HubForm, SentOnce
from homes.interface.widgets import Radios
from homes.models import Child, Home
from voice.heard.actions import NewView
from voice.heard.models import Method

#: Drawings offered on a child's page: how it is, and what it is about.
FEELINGS = ("happy", "ok", "sad", "scared", "angry", "tired", "unsure", "other")
ABOUT = ("staff", "night", "room", "friend", "family", "food", "phone", "school")
SYMBOLS = ("unsafe", *FEELINGS, *ABOUT)

YES_NO = (("yes", "Yes"), ("no", "No"))


def moment_said(day: date, at: time | None, now: datetime) -> datetime:
    """The moment meant by a day and perhaps a time; without a time, midday or now, whichever is earlier."""
    said = datetime.combine(day, at or time(12), LONDON).astimezone(UTC)
    return min(said, now) if at is None else said


class SayForm(HubForm):
    """What the child says, and apart from it what the helper adds."""

    words = forms.CharField(
        label="The exact words",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text="As said, signed or typed. Leave empty where the symbols say it all. Do not tidy them up.",
    )
    symbols = forms.MultipleChoiceField(
        choices=[(name, name) for name in SYMBOLS], required=False, widget=forms.MultipleHiddenInput
    )
    feels_unsafe = forms.CharField(required=False, widget=forms.HiddenInput)
    said_on = DayChoiceField(
        label="When was this said?",
        error_messages={"required": "Choose the day on which this was said"},
    )
    said_at = TimeField(label="About what time?", required=False)
    method = forms.ChoiceField(
        label="How was it said?",
        choices=[("", "Choose one"), *Method.choices],
        error_messages={"required": "Choose how it was said"},
    )
    heard_by = forms.CharField(
        label="Who heard it?",
        max_length=120,
        help_text="Your name, or the name of the person who was with the child.",
        error_messages={"required": "Enter who heard it"},
    )
    from_outside = forms.ChoiceField(
        label="Does that person work for the home?",
        choices=(("no", "No, they come from outside"), ("yes", "Yes")),
        widget=Radios(inline=True),
        error_messages={"required": "Say whether the person who heard it works for the home"},
    )
    interpretation = forms.CharField(
        label="What you think it means",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Kept apart from the child’s own words, under your name. Leave empty if there is nothing to add.",
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, works_here: bool, **options: Any) -> None:
        initial = {"client_id": new_id()} | dict(options.pop("initial", None) or {})
        super().__init__(*args, initial=initial, **options)
        if not works_here:
            del self.fields["from_outside"]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if not (answers.get("words") or answers.get("symbols") or answers.get("feels_unsafe")):
            self.add_error("words", "Enter what was said, or go back and choose a symbol")
        return answers

    def new_view(self, child: Child, home: Home, helper: str, now: datetime) -> NewView:
        """The view as answered. ValidationError where the time lies ahead."""
        answers = self.cleaned_data
        said = moment_said(answers["said_on"], answers["said_at"], now)
        if said > now:
            raise ValidationError("Enter a time that has passed")
        unsafe = bool(answers["feels_unsafe"])
        symbols = list(answers["symbols"])
        if unsafe and "unsafe" not in symbols:
            symbols.insert(0, "unsafe")
        outside = answers.get("from_outside")
        client_id: UUID = answers["client_id"]
        return NewView(
            child=child,
            home=home,
            said_at=said,
            method=answers["method"],
            words=answers["words"],
            symbols=symbols,
            topic=next((name for name in symbols if name in ABOUT), ""),
            feels_unsafe=unsafe,
            heard_by=answers["heard_by"],
            heard_from_outside=outside == "no" if outside else None,
            interpretation=answers["interpretation"],
            interpreted_by=helper if answers["interpretation"] else "",
            client_id=client_id,
        )


class DoneForm(SentOnce, HubForm):
    """What was done about a view."""

    what = forms.CharField(
        label="What was done?",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Enter what was done"},
    )
    it_changed = forms.ChoiceField(
        label="Did it change anything for the child?",
        choices=(("yes", "Yes, it changed"), ("no", "No, it did not change")),
        widget=Radios(),
        error_messages={"required": "Say whether it changed anything"},
    )
    told = forms.ChoiceField(
        label="Have you told the child?",
        choices=(("yes", "Yes, today"), ("no", "Not yet")),
        widget=Radios(reveals={"yes": "how"}),
        error_messages={"required": "Say whether the child was told"},
    )
    how = forms.CharField(
        label="How?", max_length=200, required=False, help_text="Like: with her symbol board"
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        if answers.get("told") == "yes" and not answers.get("how"):
            self.add_error("how", "Enter how the child was told")
        return answers


class TellForm(HubForm):
    """When and how the child was told what was done."""

    told_on = DayChoiceField(
        label="When was the child told?", error_messages={"required": "Choose the day the child was told"}
    )
    how = forms.CharField(
        label="How?",
        max_length=200,
        help_text="Like: with her symbol board",
        error_messages={"required": "Enter how the child was told"},
    )

    def told_at(self, now: datetime) -> datetime:
        return moment_said(self.cleaned_data["told_on"], None, now)


class ShareForm(HubForm):
    """Why the home may read what a child told somebody from outside."""

    why = forms.CharField(
        label="Why may the home read this?",
        max_length=300,
        help_text="Like: Rowan asked me to tell them. Tell the child before you share it.",
        error_messages={"required": "Enter why the home may read this"},
    )


def today_of(now: datetime) -> date:
    return london_day(now)

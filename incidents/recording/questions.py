"""Questions that several streams ask alike: who, when, and in your own words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, ClassVar
from uuid import UUID

from django import forms

from events.clock import LONDON
from homes.interface.fields import ABOUT, DayChoiceField, TimeField
from homes.interface.widgets import Checkboxes, Radios
from homes.models import Child
from homes.residents import resident_named
from incidents.record.actions import ChildPart
from incidents.record.happening import Happening
from incidents.record.marks import MARKS
from incidents.recording.flow import Answers, Asking, Row, StepForm

YES_NO = (("yes", "Yes"), ("no", "No"))
YES_NO_UNKNOWN = (*YES_NO, ("unknown", "I do not know"))
HARM = (
    ("no", "No"),
    ("harm", "Yes, somebody may have harmed a child"),
    ("crime", "Yes, and it may be a crime"),
    ("unknown", "I do not know yet"),
)
SEVERITY = (
    ("1", "No harm"),
    ("2", "Minor harm, first aid at most"),
    ("3", "Moderate harm, seen by a nurse or doctor"),
    ("4", "Serious harm, hospital or lasting"),
    ("5", "Life-changing, or a death"),
)
LONGEST = 6000


def truth(answer: str | None) -> bool | None:
    """yes and no as True and False; anything else is not known."""
    return {"yes": True, "no": False}.get(answer or "")


def yes_no(label: str, *, unknown: bool = True, required: bool = True, **options: Any) -> forms.ChoiceField:
    """A question with two or three answers side by side."""
    return forms.ChoiceField(
        label=label,
        choices=YES_NO_UNKNOWN if unknown else YES_NO,
        widget=Radios(inline=True),
        required=required,
        **options,
    )


class ChildrenField(forms.MultipleChoiceField):
    """Children chosen among those who live there; cleans to Child objects in the order in which they were sent."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", Checkboxes())
        super().__init__(**options)
        self.by_key: Mapping[str, Child] = {}

    def offer(self, children: Sequence[Child]) -> None:
        self.by_key = {str(child.pk): child for child in children}
        self.choices = [(key, child.name) for key, child in self.by_key.items()]

    def clean(self, value: Any) -> Any:
        return [self.by_key[key] for key in super().clean(value)]


class WhoForm(StepForm):
    """Which children: chosen from the home's own list, or named by somebody who has no such list."""

    needs_children = True
    children = ChildrenField(label="Which child or children?", required=False)
    child_name = forms.CharField(
        label="The child’s full name",
        required=False,
        max_length=120,
        help_text="We look for this child among those who live there. The list itself is not shown to you.",
    )

    def ask(self) -> None:
        children = self.fields["children"]
        assert_children(children).offer(self.asking.residents)
        if not self.asking.residents:
            del self.fields["children"]
        if self.asking.author.by_provider or self.asking.author.role in ("inspector", "cqc_inspector"):
            del self.fields["child_name"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = list(cleaned.get("children") or [])
        name = cleaned.get("child_name") or ""
        if name:
            child = resident_named(self.asking.home, name, self.asking.now)
            if child is None:
                self.add_error(
                    "child_name",
                    "No child of this name lives there now. Check the spelling, or leave it empty and describe the child",
                )
            elif child not in chosen:
                chosen.append(child)
        if self.must_choose() and not chosen and "children" in self.fields and not self.errors:
            self.add_error("children", "Choose the child or children it is about")
        cleaned["children"] = chosen
        return cleaned

    def must_choose(self) -> bool:
        return self.needs_children and self.asking.author.by_provider

    def rows(self) -> list[Row]:
        chosen = self.cleaned_data["children"]
        names = ", ".join(f"{child.name} [{MARKS[place]}]" for place, child in enumerate(chosen))
        return [
            ("Child" if len(chosen) < 2 else "Children", names or "None named"),
            *self.rows_but("children", "child_name", "adults"),
        ]


def assert_children(field: forms.Field) -> ChildrenField:
    """The field as what it is; a wrong one is a mistake of ours."""
    if not isinstance(field, ChildrenField):
        raise TypeError("the field children offers children")
    return field


class WhenForm(StepForm):
    """When it happened, about; and when the clock began: when they came to know."""

    occurred_on = DayChoiceField(
        label="When did it happen?", error_messages={"required": "Choose the day it happened"}
    )
    occurred_time = TimeField(
        label="About what time?",
        required=False,
        help_text="24-hour clock. About is good enough. Leave it empty if nobody knows.",
        error_messages={"invalid": "Enter the time it happened, like 21:15"},
    )
    known_on = DayChoiceField(label="When did you come to know?")
    known_time = TimeField(label="At what time?")

    def ask(self) -> None:
        whose = "the home" if self.asking.author.by_provider else "you"
        self.fields["known_on"].label = f"When did {whose} come to know?"
        self.fields["known_on"].error_messages["required"] = f"Choose the day {whose} came to know"
        say = f"Enter the time {whose} came to know, like 21:40"
        self.fields["known_time"].error_messages.update(required=say, invalid=say)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if {"occurred_on", "known_on", "known_time"} <= cleaned.keys() and "occurred_time" in cleaned:
            known = moment(cleaned["known_on"], cleaned["known_time"])
            occurred = self._occurred(cleaned, known)
            if known > self.asking.now:
                self.add_error("known_time", "The time must be in the past")
            elif occurred > self.asking.now:
                self.add_error("occurred_time", "The time it happened must be in the past")
            elif known < occurred:
                self.add_error(
                    "known_time", "This is before it happened. Change this time, or when it happened"
                )
            cleaned |= {"occurred_at": occurred, "known_at": known, "occurred_about": self._about(cleaned)}
        return cleaned

    def _occurred(self, cleaned: Mapping[str, Any], known: datetime) -> datetime:
        if cleaned["occurred_time"] is not None:
            return moment(cleaned["occurred_on"], cleaned["occurred_time"])
        noon = moment(cleaned["occurred_on"], time(12))
        same_day = known.astimezone(LONDON).date() == cleaned["occurred_on"]
        return min(noon, known) if same_day else noon

    def _about(self, cleaned: Mapping[str, Any]) -> bool:
        typed = str(self.data.get("occurred_time", "")).strip().lower()
        return cleaned["occurred_time"] is None or bool(ABOUT.match(typed))

    def rows(self) -> list[Row]:
        cleaned = self.cleaned_data
        happened, known = cleaned["occurred_at"].astimezone(LONDON), cleaned["known_at"].astimezone(LONDON)
        about = "about " if cleaned["occurred_about"] else ""
        clock = f"{about}{happened:%H:%M}" if cleaned["occurred_time"] else "time not known"
        rows = [
            ("When it happened", f"{happened:%a} {happened.day} {happened:%b %Y}, {clock}"),
            (
                "When the home knew" if self.asking.author.by_provider else "When you knew",
                f"{known:%a} {known.day} {known:%b %Y}, {known:%H:%M}",
            ),
        ]
        return rows + self.rows_but("occurred_on", "occurred_time", "known_on", "known_time")


def moment(day: date, at: time) -> datetime:
    """A day and a time on the clock of London, as a moment."""
    return datetime.combine(day, at, LONDON)


class AccountForm(StepForm):
    """What happened, in the author's words, with children by marks."""

    free_text: ClassVar[tuple[str, ...]] = ("narrative",)
    narrative = forms.CharField(
        label="What happened?",
        widget=forms.Textarea({"rows": 8}),
        max_length=LONGEST,
        error_messages={"required": "Say what happened, in a few sentences"},
    )

    def ask(self) -> None:
        children = self.asking.children
        if children:
            marks = ", ".join(f"[{MARKS[place]}] for {child.name}" for place, child in enumerate(children))
            self.fields["narrative"].help_text = f"Write {marks}. Leave other children’s names out."
        else:
            self.fields["narrative"].help_text = "Leave children’s names out."

    def child_words(self) -> None:
        """Ask for the words of each chosen child, if there were any."""
        for place, child in enumerate(self.asking.children):
            self.fields[f"words_{child.pk}"] = forms.CharField(
                label=f"In {child.name.split()[0]}’s own words, if anything was said or shown",
                help_text=f"Exactly as [{MARKS[place]}] put it. Say how: speech, signs, symbols, behaviour.",
                widget=forms.Textarea({"rows": 3}),
                max_length=2000,
                required=False,
            )


def happening(asking: Asking, answers: Answers, client_id: UUID, **more: Any) -> Happening:
    """What the shared pages say together. more: what a stream's own pages add."""
    when, account = answers["when"], answers["account"]
    severity = account.get("severity")
    return Happening(
        home=asking.home,
        occurred_at=when["occurred_at"],
        occurred_about=when["occurred_about"],
        known_at=when["known_at"],
        narrative=account.get("narrative", ""),
        severity=int(severity) if severity else None,
        children=[
            ChildPart(child=child, account=account.get(f"words_{child.pk}", "") or "")
            for child in answers.get("who", {}).get("children", ())
        ],
        client_id=client_id,
        **more,
    )

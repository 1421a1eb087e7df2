"""What a visitor is asked: the visit, the parts of the report, a significant concern."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from events.identity import new_id
from homes.interface.fields import DayChoiceField, DayField, TimeField
from homes.interface.forms import HubForm
from homes.interface.widgets import Checkboxes, Radios
from homes.models import Child
from oversight.visits.models import Opinion
from oversight.visits.queries import STANDARDS, CarriedForward
from voice.heard.actions import WAYS

#: Who may not be the independent person (reg 43), and what casts doubt; each visit declares anew.
CONFLICTS = (
    ("employed", "I work for the provider, or it pays me for anything but these visits"),
    ("social_services", "I work for the children’s social services of the authority that runs the home"),
    ("care_plan", "I prepare or manage the care plan of a child here"),
    ("commissions", "I commission or pay for places here"),
    ("financial", "I have a financial interest in the home"),
    ("responsible", "I am the responsible individual"),
    ("connection", "I have a tie to the provider, its staff or a child that may cast doubt on me"),
    ("none", "None of these"),
)
SLOTS = 5


@dataclass(frozen=True)
class Asked:
    """What the forms of one visit need to know: the day, who lives there, what is carried forward, who was seen."""

    today: date
    residents: Sequence[Child] = ()
    earlier: Sequence[CarriedForward] = ()
    seen: frozenset[str] = frozenset()


def area(label: str, **options: Any) -> forms.CharField:
    """A box for several sentences."""
    rows = options.pop("rows", 4)
    options.setdefault("max_length", 4000)
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows}), **options)


def names_used(text: str, children: Iterable[Child]) -> list[Child]:
    """The children whose name, or first name, stands in the text."""
    found = []
    for child in children:
        for name in (child.name, child.name.split()[0]):
            if re.search(rf"\b{re.escape(name)}\b", text):
                found.append(child)
                break
    return found


class InitialsForm(HubForm):
    """A form whose free text goes to several readers: a resident's name is given back, to be replaced by initials."""

    def __init__(self, *args: Any, asked: Asked, **options: Any) -> None:
        self.asked = asked
        super().__init__(*args, today=asked.today, **options)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        for name, text in list(answers.items()):
            if isinstance(text, str) and isinstance(self.fields[name].widget, forms.Textarea):
                for child in names_used(text, self.asked.residents):
                    self.add_error(name, f"Write {child.initials} instead of the name {child.name}")
        return answers


class DetailsForm(HubForm):
    """The visit itself and the declaration of conflicts."""

    visited_on = DayChoiceField(
        label="When did you visit?", error_messages={"required": "Choose the day of the visit"}
    )
    started_at = TimeField(label="From about", required=False)
    ended_at = TimeField(label="Until about", required=False)
    announced = forms.ChoiceField(
        label="Did the home know that you were coming?",
        choices=(("no", "No, unannounced"), ("yes", "Yes, announced")),
        widget=Radios(),
        error_messages={"required": "Say whether the visit was announced"},
    )
    conflicts = forms.MultipleChoiceField(
        label="Does any of these apply to you?",
        choices=CONFLICTS,
        widget=Checkboxes(),
        help_text="Regulation 43. Tick all that apply, or the last.",
        error_messages={"required": "Declare what applies to you, or that nothing does"},
    )
    conflict_note = area(
        "What is it, and why was it not said before?", required=False, rows=3, max_length=1000
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        initial = {"client_id": new_id()} | dict(options.pop("initial", None) or {})
        super().__init__(*args, initial=initial, **options)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        ticked = set(answers.get("conflicts") or ())
        if "none" in ticked and len(ticked) > 1:
            self.add_error("conflicts", "Tick what applies to you, or only “None of these”")
        elif ticked - {"none"} and not answers.get("conflict_note"):
            self.add_error("conflict_note", "Enter what it is, and why it was not said before")
        starts, ends = answers.get("started_at"), answers.get("ended_at")
        if starts and ends and ends <= starts:
            self.add_error("ended_at", "Enter a time after the visit began")
        return answers

    def conflict(self) -> str:
        """The declaration in words; empty where nothing is declared."""
        words = dict(CONFLICTS)
        ticked = [words[key] for key in self.cleaned_data["conflicts"] if key != "none"]
        return ". ".join([*ticked, self.cleaned_data["conflict_note"]]) if ticked else ""


class ChildrenForm(InitialsForm):
    """How many live here, whom the visitor saw, and to whom they spoke in private."""

    children_living = forms.IntegerField(
        label="How many children live here?",
        min_value=0,
        max_value=200,
        widget=forms.NumberInput({"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={"required": "Enter how many children live here"},
    )
    seen = forms.MultipleChoiceField(
        label="Whom did you see?", required=False, widget=Checkboxes(), help_text="Leave empty if nobody."
    )
    private = forms.MultipleChoiceField(
        label="To whom did you speak in private?",
        required=False,
        widget=Checkboxes(),
        help_text="With the child’s consent, and in the child’s own way.",
    )

    def __init__(self, *args: Any, asked: Asked, **options: Any) -> None:
        initial = {"children_living": len(asked.residents)} | dict(options.pop("initial", None) or {})
        super().__init__(*args, asked=asked, initial=initial, **options)
        choices = [(str(child.pk), child.initials) for child in asked.residents]
        for name in ("seen", "private"):
            field = self.fields[name]
            if isinstance(field, forms.MultipleChoiceField):
                field.choices = choices

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        seen, private = set(answers.get("seen") or ()), set(answers.get("private") or ())
        if private - seen:
            self.add_error("private", "Tick only children whom you saw")
        living = answers.get("children_living")
        if living is not None and len(seen) > living:
            self.add_error("children_living", "You saw more children than live here")
        return answers


class SaidForm(HubForm):
    """In each child's own words; the home reads them only where the child agrees."""

    def __init__(self, *args: Any, asked: Asked, **options: Any) -> None:
        super().__init__(*args, today=asked.today, **options)
        self.children = [child for child in asked.residents if str(child.pk) in asked.seen]
        for child in self.children:
            key = child.pk.hex
            self.fields[f"words_{key}"] = area(
                f"What did {child.initials} say?",
                required=False,
                rows=3,
                max_length=2000,
                help_text="The exact words or signs. Leave empty if nothing was said.",
            )
            self.fields[f"method_{key}"] = forms.ChoiceField(
                label="How was it said?", choices=WAYS, required=False, initial="speech"
            )
            self.fields[f"share_{key}"] = forms.BooleanField(
                label=f"{child.initials} agrees that the home may read this", required=False
            )


class StaffForm(InitialsForm):
    """Staff and others, with what they said."""

    staff_private = forms.IntegerField(
        label="How many staff did you speak to in private?",
        min_value=0,
        max_value=200,
        widget=forms.NumberInput({"class": "govuk-input--width-3", "inputmode": "numeric"}),
        error_messages={"required": "Enter how many staff you spoke to in private, or 0"},
    )
    staff = area(
        "What did staff, families and professionals tell you?",
        required=False,
        help_text="Posts, not names. Say who works nights and how many are agency staff.",
    )


class RecordsForm(InitialsForm):
    """Records sampled, premises and safety."""

    records = area(
        "Which records did you look at, and what did you find?",
        help_text="Restraint, sanctions, missing, medicines, rota, fire. A child’s own record needs the child’s and the authority’s consent.",
        error_messages={"required": "Enter which records you looked at"},
    )


class StandardsForm(InitialsForm):
    """Findings by the nine quality standards; at least one."""

    def __init__(self, *args: Any, asked: Asked, **options: Any) -> None:
        super().__init__(*args, asked=asked, **options)
        for number, title in STANDARDS.items():
            self.fields[f"standard_{number}"] = area(f"{title} (regulation {number})", required=False, rows=3)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if not self.errors and not any(answers.values()):
            self.add_error("standard_6", "Enter what you found on at least one standard")
        return answers


class EarlierForm(InitialsForm):
    """What became of each recommendation that is not closed yet.

    Its fields are named by the recommendation: the list may change while the report is being written.
    """

    def __init__(self, *args: Any, asked: Asked, **options: Any) -> None:
        super().__init__(*args, asked=asked, **options)
        for one in asked.earlier:
            key = one.key
            made = "" if one.times == 1 else f" Made {one.times} times."
            self.fields[f"became_{key}"] = forms.ChoiceField(
                label=f"{one.recommendation.text}{made}",
                choices=(
                    ("open", "Not done yet: carry it forward"),
                    ("repeat", "Not done: repeat it in this report, with a new date"),
                    ("closed", "Done: close it"),
                ),
                widget=Radios(reveals={"repeat": f"by_{key}", "closed": f"evidence_{key}"}),
                error_messages={"required": "Say what became of this recommendation"},
            )
            self.fields[f"by_{key}"] = DayField(
                label="To be considered by", required=False, earliest=asked.today
            )
            self.fields[f"evidence_{key}"] = area("What did you see that closes it?", required=False, rows=2)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        for key in (one.key for one in self.asked.earlier):
            became = answers.get(f"became_{key}")
            if became == "repeat" and not answers.get(f"by_{key}"):
                self.add_error(f"by_{key}", "Enter the day by which it must be considered")
            if became == "closed" and not answers.get(f"evidence_{key}"):
                self.add_error(f"evidence_{key}", "Enter what you saw that closes it")
        return answers


class SafeguardedForm(InitialsForm):
    """Regulation 44(4)(a)."""

    safeguarded = forms.ChoiceField(
        label="In your opinion, are children effectively safeguarded?",
        choices=Opinion.choices,
        widget=Radios(hints={"no": "Goes to the regulator and the placing authorities at once"}),
        error_messages={"required": "Give your opinion: yes, partly or no"},
    )
    safeguarded_reasons = area(
        "Your reasons", error_messages={"required": "Enter the reasons for your opinion"}
    )


class WellBeingForm(InitialsForm):
    """Regulation 44(4)(b)."""

    well_being = forms.ChoiceField(
        label="In your opinion, does the home promote children’s well-being?",
        choices=Opinion.choices,
        widget=Radios(),
        error_messages={"required": "Give your opinion: yes, partly or no"},
    )
    well_being_reasons = area(
        "Your reasons", error_messages={"required": "Enter the reasons for your opinion"}
    )


class RecommendationsForm(InitialsForm):
    """New recommendations, each with the day by which it must be considered."""

    def __init__(self, *args: Any, asked: Asked, **options: Any) -> None:
        super().__init__(*args, asked=asked, **options)
        for number in range(1, SLOTS + 1):
            self.fields[f"text_{number}"] = area(
                f"Recommendation {number}", required=False, rows=2, max_length=1000
            )
            self.fields[f"by_{number}"] = DayField(
                label="To be considered by",
                required=False,
                earliest=asked.today,
                error_messages={"past": "The date must be today or later"},
            )

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        for number in range(1, SLOTS + 1):
            text, by = answers.get(f"text_{number}"), answers.get(f"by_{number}")
            if text and not by and f"by_{number}" not in self.errors:
                self.add_error(f"by_{number}", "Enter the day by which it must be considered")
            if by and not text:
                self.add_error(f"text_{number}", "Enter what you recommend, or leave out the date")
        return answers

    def made(self) -> list[tuple[str, date]]:
        pairs = [(self.cleaned_data[f"text_{n}"], self.cleaned_data[f"by_{n}"]) for n in range(1, SLOTS + 1)]
        return [(text, by) for text, by in pairs if text]


class ConcernForm(InitialsForm):
    """A significant concern: short, because it goes at once."""

    what = area(
        "What is the concern?",
        help_text="What you saw or heard, when and where. Initials, not names.",
        error_messages={"required": "Enter what the concern is"},
    )
    child_in_danger = forms.ChoiceField(
        label="Is a child in danger now?",
        choices=(("no", "No"), ("yes", "Yes")),
        widget=Radios(hints={"yes": "Ring 999 first; this form waits"}),
        error_messages={"required": "Say whether a child is in danger now"},
    )
    already_told = area(
        "Whom have you told already?",
        required=False,
        rows=2,
        max_length=500,
        help_text="Like: police, 21:40. Leave empty if nobody.",
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: Asked, **options: Any) -> None:
        initial = {"client_id": new_id()} | dict(options.pop("initial", None) or {})
        super().__init__(*args, asked=asked, initial=initial, **options)

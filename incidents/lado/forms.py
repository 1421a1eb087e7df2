"""The questions of a LADO referral."""

from typing import Any

from django import forms

from homes.interface.forms import HubForm
from homes.interface.widgets import Checkboxes, Radios
from incidents.lado.models import HarmLimb, Outcome
from incidents.recording.flow import Row, StepForm
from incidents.recording.questions import LONGEST, YES_NO, AccountForm, WhoForm, yes_no

SOMEBODY_ELSE = "other"


class ThresholdForm(StepForm):
    brief = {"limbs": "The person", "followed_restraint": "After a restraint"}
    limbs = forms.MultipleChoiceField(
        label="The person…",
        choices=[(limb.value, limb.label) for limb in HarmLimb],
        widget=Checkboxes(),
        help_text="The harm threshold. Choose all that fit. If you are not sure, choose what comes closest and ask the LADO.",
        error_messages={"required": "Choose what the person may have done"},
    )
    followed_restraint = yes_no(
        "Did it follow a restraint?", error_messages={"required": "Say whether it followed a restraint"}
    )


class AdultForm(StepForm):
    adult = forms.ChoiceField(
        label="Who is the person?",
        widget=Radios(),
        help_text="The subject of an allegation, never a culprit. Record each person apart.",
        error_messages={"required": "Choose the person, or somebody else"},
    )
    name = forms.CharField(label="If somebody else: their full name", max_length=120, required=False)
    title = forms.CharField(label="If somebody else: what is their work?", max_length=80, required=False)
    is_agency = forms.ChoiceField(
        label="If somebody else: do they work for an agency?",
        choices=YES_NO,
        widget=Radios(inline=True),
        required=False,
    )

    def ask(self) -> None:
        field = self.fields["adult"]
        if isinstance(field, forms.ChoiceField):
            listed = [(str(one.adult_id), f"{one.adult.name}, {one.title}") for one in self.asking.workers]
            field.choices = [*listed, (SOMEBODY_ELSE, "Somebody else")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("adult") == SOMEBODY_ELSE:
            if len((cleaned.get("name") or "").split()) < 2:
                self.add_error("name", "Enter the person’s first name and surname")
            if not cleaned.get("title"):
                self.add_error("title", "Enter what the person’s work is, like Support worker")
        elif "adult" in cleaned:
            cleaned |= {"name": "", "title": "", "is_agency": ""}
        return cleaned

    def rows(self) -> list[Row]:
        return [("Adult of concern", "One person. Only managers, the LADO and the regulator see the name")]


class LadoWhoForm(WhoForm):
    needs_children = False


class LadoAccountForm(AccountForm):
    brief = {
        "narrative": "In your words",
        "action_taken": "What was done",
        "referred_reference": "The LADO’s reference",
    }
    free_text = ("narrative", "action_taken")
    action_taken = forms.CharField(
        label="What was done to keep children safe?",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST,
        required=False,
    )
    referred_reference = forms.CharField(
        label="If the LADO has been told: the LADO’s reference, if there is one",
        max_length=80,
        required=False,
    )

    def ask(self) -> None:
        super().ask()
        self.child_words()


class OutcomeForm(HubForm):
    outcome = forms.ChoiceField(
        label="What is the outcome?",
        choices=Outcome.choices,
        widget=Radios(
            hints={
                "substantiated": "Enough evidence that it happened.",
                "unsubstantiated": "Not enough evidence either way; says nothing of guilt or innocence.",
                "unfounded": "No evidence or proper basis for it.",
                "false": "Enough evidence that it did not happen. Leaves the counts from today.",
                "malicious": "Did not happen, and was meant to deceive. Leaves the counts from today.",
            }
        ),
        error_messages={"required": "Choose the outcome"},
    )

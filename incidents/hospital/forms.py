"""The questions of a hospital referral."""

from typing import Any

from django import forms

from homes.interface.widgets import Radios
from incidents.hospital.models import HospitalDetails as Details
from incidents.recording.flow import StepForm
from incidents.recording.questions import HARM, LONGEST, SEVERITY, AccountForm, WhoForm, yes_no


class WhereForm(StepForm):
    brief = {
        "attendance": "Seen at",
        "explanation": "Does the explanation fit?",
        "harm": "May somebody have harmed the child?",
    }
    attendance = forms.ChoiceField(
        label="Where was the child seen?",
        choices=Details.Attendance.choices,
        widget=Radios(),
        error_messages={"required": "Choose where the child was seen"},
    )
    explanation = forms.ChoiceField(
        label="Does the explanation fit the injury?",
        choices=Details.Explanation.choices,
        widget=Radios(),
        error_messages={"required": "Choose whether the explanation fits"},
    )
    harm = forms.ChoiceField(
        label="Do you think somebody may have harmed the child?",
        choices=HARM,
        widget=Radios(),
        error_messages={"required": "Say whether somebody may have harmed the child"},
    )


class HospitalWhoForm(WhoForm):
    moves_alone = yes_no(
        "Can the child move about alone?",
        help_text="Without being carried, lifted or pushed. An injury to a child who cannot is always looked into: "
        "children’s social care today, and an urgent paediatric opinion.",
        error_messages={"required": "Say whether the child can move about alone"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if len(cleaned.get("children", [])) > 1:
            self.add_error("children", "Choose one child. Record each child apart")
        return cleaned


class HospitalAccountForm(AccountForm):
    brief = {"narrative": "In your words", "severity": "How badly hurt", "follow_up": "What was done"}
    free_text = ("narrative", "follow_up")
    severity = forms.ChoiceField(
        label="How badly was the child hurt?",
        choices=SEVERITY,
        widget=Radios(),
        error_messages={"required": "Choose how badly the child was hurt"},
    )
    restraint_within_72h = yes_no("Was the child restrained in the 72 hours before?", required=False)
    medicine_error = yes_no("Was there a mistake with medicine?", required=False)
    delay_in_seeking_care = yes_no("Was there a delay in seeking care?", required=False)
    hospital_flagged = yes_no("Has the hospital raised a safeguarding concern?", required=False)
    follow_up = forms.CharField(
        label="What was done, and what follows?",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST,
        required=False,
    )

    def ask(self) -> None:
        super().ask()
        self.fields["narrative"].label = "What was the child seen for, and how is it said to have happened?"
        self.child_words()

"""The five questions of a notification under regulation 40."""

from typing import Any

from django import forms

from homes.interface.widgets import Checkboxes, Radios
from incidents.record.duties import RELEVANT
from incidents.recording.flow import Row, StepForm
from incidents.recording.questions import HARM, LONGEST, SEVERITY, AccountForm, WhenForm, WhoForm
from incidents.reg40.models import Reg40Event

LAW = {event.value: f"Reg {event.value}" for event in Reg40Event}
HOW_KNOWN = (
    ("child", "A child told someone"),
    ("staff", "Staff saw or heard it"),
    ("outside", "Someone outside told us"),
    ("unknown", "I do not know"),
)
#: Events about a person who works at the home.
ABOUT_A_WORKER = (Reg40Event.DBS_REFERRAL, Reg40Event.ALLEGATION)


class WhatForm(StepForm):
    brief = {"event": "What happened", "harm": "May somebody have harmed a child?"}
    event = forms.ChoiceField(
        label="Choose what fits best",
        choices=Reg40Event.choices,
        widget=Radios(hints=LAW),
        error_messages={"required": "Choose what happened"},
    )
    harm = forms.ChoiceField(
        label="Do you think somebody may have harmed a child?",
        choices=HARM,
        widget=Radios(),
        error_messages={"required": "Say whether somebody may have harmed a child"},
    )


class Reg40WhoForm(WhoForm):
    adults = forms.MultipleChoiceField(
        label="Does it concern somebody who works here?",
        help_text="Only managers, the LADO and the regulator are shown the name.",
        required=False,
        widget=Checkboxes(),
    )

    def ask(self) -> None:
        super().ask()
        if self.event not in ABOUT_A_WORKER or not self.asking.workers:
            del self.fields["adults"]
            return
        field = self.fields["adults"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [
                (str(one.adult_id), f"{one.adult.name}, {one.title}") for one in self.asking.workers
            ]

    @property
    def event(self) -> str:
        return str(self.asking.answers.get("what", {}).get("event", ""))

    def must_choose(self) -> bool:
        return self.event != Reg40Event.DBS_REFERRAL

    def rows(self) -> list[Row]:
        rows = super().rows()
        count = len(self.cleaned_data.get("adults") or [])
        if count:
            people = "One person" if count == 1 else f"{count} people"
            rows.append(
                ("Staff involved", f"{people}. Only managers, the LADO and the regulator see the name")
            )
        return rows


class Reg40WhenForm(WhenForm):
    how_known = forms.ChoiceField(
        label="How?",
        choices=HOW_KNOWN,
        widget=Radios(),
        error_messages={"required": "Say how you came to know"},
    )


class Reg40AccountForm(AccountForm):
    free_text = ("narrative", "action_taken", "enquiry_outcome")
    brief = {
        "narrative": "In your words",
        "action_taken": "What was done",
        "severity": "How badly hurt",
        "enquiry_outcome": "Outcome of the enquiry",
        "concludes_reference": "Began with notification",
    }
    enquiry_outcome = forms.CharField(
        label="What was the outcome of the enquiry?",
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        error_messages={"required": "Enter the outcome of the enquiry"},
    )
    concludes_reference = forms.CharField(
        label="The reference of the notification that began it",
        help_text="Ofsted’s reference, or this hub’s, like R40-7KQ4-M9TX.",
        max_length=40,
        error_messages={"required": "Enter the reference of the notification that began it"},
    )
    severity = forms.ChoiceField(
        label="How badly was the child hurt?",
        choices=SEVERITY,
        widget=Radios(),
        required=False,
        help_text="Leave it empty if nobody was hurt or it is not about an injury.",
    )
    action_taken = forms.CharField(
        label="What was done, and what will be done so that it does not happen again?",
        widget=forms.Textarea({"rows": 5}),
        max_length=LONGEST,
        error_messages={"required": "Say what was done"},
    )

    def ask(self) -> None:
        super().ask()
        if self.asking.answers.get("what", {}).get("event") != Reg40Event.ENQUIRY_ENDS:
            del self.fields["enquiry_outcome"], self.fields["concludes_reference"]
        self.child_words()


class TellForm(StepForm):
    brief = {"relevant_persons": "Relevant persons", "relevant_reason": "Why these people"}
    relevant_persons = forms.MultipleChoiceField(
        label="Who else is a relevant person here?",
        choices=list(RELEVANT.items()),
        widget=Checkboxes(),
        required=False,
        initial=["placing_authority"],
        help_text="Those involved in the child’s care who need to know. The placing authority is ticked for you. Your decision is kept.",
    )
    relevant_reason = forms.CharField(
        label="Why these people?",
        max_length=300,
        required=False,
        help_text="One line. Needed where you leave the placing authority out.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "placing_authority" not in cleaned.get("relevant_persons", []) and not cleaned.get(
            "relevant_reason"
        ):
            self.add_error("relevant_reason", "Say why the placing authority need not be told")
        return cleaned

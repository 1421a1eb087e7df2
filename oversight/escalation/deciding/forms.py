"""What people are asked who decide on an alert, say what came of it, tell the provider, or close it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from homes.interface.fields import DayChoiceField, DayField
from homes.interface.forms import HubForm
from homes.interface.widgets import Radios
from oversight.escalation.deciding.actions import NewDecision, NewOutcome, NewTelling, reveals
from oversight.escalation.deciding.models import Outcome, ProviderTold
from oversight.escalation.forms import BranchForm
from oversight.escalation.models import Alert

LONGEST = 2000
NO_CHILD = "Everybody who was told of this alert reads it. Name no child."


def _words(label: str, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows}), max_length=LONGEST, **options)


class DecideForm(BranchForm):
    """The decision of one organisation: an action with its owner and day, or none, and always why."""

    branch = forms.ChoiceField(
        label="For whom do you decide?",
        widget=Radios(),
        error_messages={
            "required": "Choose for whom you decide",
            "invalid_choice": "This has changed meanwhile; look at the alert again",
        },
    )
    acts = forms.ChoiceField(
        label="What have you decided?",
        choices=[("yes", "To act"), ("no", "No action")],
        widget=Radios(hints={"no": "Everybody else who was told sees this, with your reason."}),
        error_messages={"required": "Choose whether you act"},
    )
    reason = _words("Why?", help_text=NO_CHILD, error_messages={"required": "Say why you decided so"})
    action = _words("If you act: what will be done?", required=False)
    owner = forms.CharField(
        label="If you act: who sees to it?", help_text="A name and a post.", max_length=120, required=False
    )
    due_on = DayField(label="If you act: by which day?", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("acts") == "no":
            return cleaned | {"action": "", "owner": "", "due_on": None}
        if cleaned.get("acts") == "yes":
            for name, words in (
                ("action", "Say what will be done"),
                ("owner", "Enter who sees to it"),
                ("due_on", "Enter by which day"),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, words)
            due_on = cleaned.get("due_on")
            if due_on and self.today and due_on < self.today:
                self.add_error("due_on", "The day must be today or later")
        return cleaned

    def decision(self) -> NewDecision:
        said = self.cleaned_data
        return NewDecision(
            acts=said["acts"] == "yes",
            reason=said["reason"],
            action=said["action"],
            owner=said["owner"],
            due_on=said["due_on"],
        )


class OutcomeForm(HubForm):
    """What came of the action, measured on a day."""

    result = forms.ChoiceField(
        label="What came of it?",
        choices=Outcome.Result.choices,
        widget=Radios(),
        error_messages={"required": "Choose what came of it"},
    )
    what = _words(
        "How do you know?",
        help_text=f"What was seen, counted or heard. {NO_CHILD}",
        error_messages={"required": "Say how you know"},
    )
    measured_on = DayChoiceField(label="When was it measured?")

    def outcome(self) -> NewOutcome:
        said = self.cleaned_data
        return NewOutcome(result=said["result"], what=said["what"], measured_on=said["measured_on"])


class TellingForm(HubForm):
    """How and when the provider is told, by a person."""

    how = forms.ChoiceField(
        label="How is the provider told?",
        choices=ProviderTold.How.choices,
        widget=Radios(),
        error_messages={"required": "Choose how the provider is told"},
    )
    told_on = DayField(
        label="On which day?",
        help_text="The day on which they were or will be told; or, if not yet, when it is looked at again.",
        error_messages={"required": "Enter the day"},
    )
    who = forms.CharField(
        label="Who at the provider is told?",
        help_text="A name and a post. Never somebody whom a record behind the alert is about.",
        max_length=120,
        error_messages={"required": "Enter who at the provider is told"},
    )
    may_say = _words(
        "What may be said?",
        help_text="Nothing that would tell them who spoke, or of a record that is not shared with them.",
        error_messages={"required": "Say what may be said"},
    )

    def telling(self) -> NewTelling:
        said = self.cleaned_data
        return NewTelling(how=said["how"], told_on=said["told_on"], who=said["who"], may_say=said["may_say"])


class ReplyForm(HubForm):
    """Words to whoever made one of the records behind an alert."""

    record = forms.ChoiceField(
        label="Whose record?",
        widget=Radios(),
        help_text="Whoever recorded it reads your words on the page of that record, and nobody else does.",
        error_messages={
            "required": "Choose the record",
            "invalid_choice": "Choose one of the records behind this alert",
        },
    )
    words = _words(
        "What came of it?",
        help_text="For example: “Thank you. The home was visited, and staff at night have been doubled.” Say nothing of an"
        " alert, of other records, or of who else spoke.",
        error_messages={"required": "Say what came of it"},
    )

    def __init__(self, *args: Any, alert: Alert, records: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.alert = alert
        field = self.fields["record"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(records)

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if reveals(words, self.alert):
            raise forms.ValidationError("Write it without a word of an alert or an escalation")
        return words


class CloseForm(HubForm):
    reason = _words(
        "Why can it be closed?", help_text=NO_CHILD, error_messages={"required": "Say why it can be closed"}
    )

"""Forms on a record that stands: who was told when, sharing it with the provider, finding it in a list."""

from datetime import datetime
from typing import Any

from django import forms

from homes.interface.fields import DayChoiceField, TimeField
from homes.interface.forms import HubForm
from incidents.record.models import Stream
from incidents.recording.questions import moment


class ToldForm(HubForm):
    """When somebody was told; with the reference of Ofsted's form where it is Ofsted, and why where it was late."""

    told_on = DayChoiceField(
        label="When did you tell them?", error_messages={"required": "Choose the day you told them"}
    )
    told_time = TimeField(
        label="At what time?",
        error_messages={
            "required": "Enter the time you told them, like 21:40",
            "invalid": "Enter the time you told them, like 21:40",
        },
    )
    reference = forms.CharField(
        label="Their reference, or who you spoke to",
        max_length=80,
        required=False,
    )
    reason_late = forms.CharField(
        label="If it was late: why?",
        max_length=300,
        required=False,
        help_text="One line. The reason is kept.",
    )

    def __init__(
        self, *args: Any, now: datetime, known_at: datetime, due_at: datetime, ofsted: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.now, self.known_at, self.due_at = now, known_at, due_at
        if ofsted:
            field = self.fields["reference"]
            field.label, field.required = "The reference that Ofsted’s form gave you", True
            field.error_messages["required"] = "Enter the reference that Ofsted’s form gave you"
            field.help_text = (
                "Only Ofsted’s own form notifies Ofsted. This page keeps its reference and time."
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "told_on" not in cleaned or "told_time" not in cleaned:
            return cleaned
        told = moment(cleaned["told_on"], cleaned["told_time"])
        if told > self.now:
            self.add_error("told_time", "The time must be in the past")
        elif told < self.known_at:
            self.add_error("told_time", "This is before the home came to know. Check the day and the time")
        elif told > self.due_at and not cleaned.get("reason_late"):
            self.add_error("reason_late", "They were told late. Say why, in one line")
        return cleaned | {"told_at": told}


class ShareForm(HubForm):
    why = forms.CharField(
        label="Why may the home know of this now?",
        max_length=300,
        help_text="From now on the people of the home’s provider read this record. It cannot be taken back.",
        error_messages={"required": "Say why the home may know of this now"},
    )


class StreamFilter(HubForm):
    stream = forms.ChoiceField(label="Stream", required=False)

    def __init__(self, *args: Any, disclosures: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["stream"]
        if isinstance(field, forms.ChoiceField):
            shown = [
                (value, label)
                for value, label in Stream.choices
                if value != Stream.REG44 and (disclosures or value != Stream.WHISTLEBLOWING)
            ]
            field.choices = [("", "All streams"), *shown]

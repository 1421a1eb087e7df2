"""What a person who answers an alert is asked."""

from collections.abc import Sequence
from typing import Any

from django import forms

from homes.interface.forms import HubForm
from homes.interface.widgets import Radios
from oversight.escalation.models import Branch


class BranchForm(HubForm):
    """A question about one of the branches for which the person answers; with one there is nothing to choose."""

    def __init__(self, *args: Any, branches: Sequence[Branch], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["branch"]
        choices = [(str(branch.pk), branch.organisation.name) for branch in branches]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        if len(choices) == 1:
            field.widget = forms.HiddenInput()
            field.initial = choices[0][0]


class AcknowledgeForm(BranchForm):
    """What the person will do; and for which organisation, where they may answer for several."""

    branch = forms.ChoiceField(
        label="For whom do you answer?",
        widget=Radios(),
        error_messages={
            "required": "Choose for whom you answer",
            "invalid_choice": "This has been answered meanwhile; look at the page again",
        },
    )
    note = forms.CharField(
        label="What will you do, and by when?",
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        error_messages={"required": "Say what you will do, and by when"},
    )

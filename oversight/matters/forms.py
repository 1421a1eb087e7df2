"""What a person is asked who decides whether two records are about one matter."""

from django import forms

from homes.interface.forms import HubForm
from homes.interface.widgets import Radios


class DecisionForm(HubForm):
    """Same or different, and why."""

    decision = forms.ChoiceField(
        label="Are these two records about the same thing?",
        choices=(("same", "Yes, the same"), ("different", "No, two different things")),
        widget=Radios(),
        error_messages={"required": "Say whether the two records are about the same thing"},
    )
    reason = forms.CharField(
        label="Why?",
        max_length=300,
        help_text="Like: same child, same evening, same injury",
        error_messages={"required": "Enter your reason"},
    )

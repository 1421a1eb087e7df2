"""The question before every other: is a child in danger now?"""

from django import forms

from homes.interface.forms import HubForm, SentOnce
from homes.interface.widgets import Radios


class DangerForm(SentOnce, HubForm):
    in_danger = forms.ChoiceField(
        label="Is a child in danger now?",
        choices=(("no", "No, nobody is in danger now"), ("yes", "Yes, or I am not sure")),
        widget=Radios(),
        error_messages={"required": "Say whether a child is in danger now"},
    )

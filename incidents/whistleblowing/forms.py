"""The questions about a disclosure that an agency received. None of them asks who spoke."""

from django import forms

from homes.interface.widgets import Radios
from incidents.recording.flow import StepForm
from incidents.recording.questions import LONGEST, AccountForm, WhenForm, WhoForm, yes_no
from incidents.whistleblowing.models import WhistleblowingDetails as Details


class ReceivedForm(StepForm):
    category = forms.ChoiceField(
        label="What is it about?",
        choices=Details.Category.choices,
        widget=Radios(),
        error_messages={"required": "Choose what it is about"},
    )
    identity = forms.ChoiceField(
        label="Is it known who spoke?",
        choices=Details.Identity.choices,
        widget=Radios(),
        help_text="Do not write who it is, here or anywhere on these pages.",
        error_messages={"required": "Choose whether it is known who spoke"},
    )
    relation = forms.ChoiceField(
        label="How does the person know the home?",
        choices=Details.Relation.choices,
        widget=Radios(),
        error_messages={"required": "Choose how the person knows the home"},
    )
    about_manager = yes_no(
        "Is it about a manager of the home?", error_messages={"required": "Say whether it is about a manager"}
    )


class DisclosureWhoForm(WhoForm):
    needs_children = False


class DisclosureWhenForm(WhenForm):
    """When it happened, and when the agency received it."""


class DisclosureAccountForm(AccountForm):
    brief = {"narrative": "What was disclosed", "action_taken": "What was done"}
    free_text = ("narrative", "action_taken")
    action_taken = forms.CharField(
        label="What has your agency done so far?",
        widget=forms.Textarea({"rows": 4}),
        max_length=LONGEST,
        required=False,
    )

"""What is asked when a consent is given or withdrawn, and when a board is named."""

from typing import Any

from django import forms

from homes.interface.forms import HubForm
from homes.models import CaseConsent, Organisation
from homes.roles import Kind


class GiveForm(HubForm):
    """Who consented, and how it was asked."""

    what = forms.CharField(initial="give", widget=forms.HiddenInput)
    whose = forms.ChoiceField(choices=CaseConsent.Whose.choices, widget=forms.HiddenInput)
    placement = forms.UUIDField(widget=forms.HiddenInput)
    spoken_by = forms.CharField(
        label="Who consented?",
        max_length=120,
        help_text="The child, or who speaks for the child; for an authority the person who decided.",
        error_messages={"required": "Say who consented"},
    )
    how = forms.CharField(
        label="How were they asked?",
        max_length=300,
        required=False,
        help_text="For a child: in which way of communicating, and who was there.",
    )


class WithdrawForm(HubForm):
    """Why a consent ends; nobody need say."""

    what = forms.CharField(initial="withdraw", widget=forms.HiddenInput)
    consent = forms.UUIDField(widget=forms.HiddenInput)
    why = forms.CharField(label="Why? Nobody need say.", max_length=300, required=False)


class BoardForm(HubForm):
    """Which board is the responsible commissioner."""

    what = forms.CharField(initial="board", widget=forms.HiddenInput)
    board: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Integrated care board",
        empty_label="Choose a board",
        error_messages={"required": "Choose the integrated care board"},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["board"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Organisation.objects.filter(kind=Kind.ICB).order_by("name")

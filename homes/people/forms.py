"""What is asked when somebody joins or leaves, a mailbox changes, or a home is opened in an emergency."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from homes.interface.fields import DayField
from homes.interface.forms import HubForm, SentOnce
from homes.models import DutyMailbox, Home, Organisation
from homes.people.queries import Answers
from homes.roles import ROLES

#: Longest user name, which is the address.
LONGEST_ADDRESS = 60


class BringInForm(SentOnce, HubForm):
    """A person by name and address, and the post."""

    name = forms.CharField(label="Full name", max_length=120)
    email = forms.EmailField(
        label="Work e-mail address",
        help_text="The address is also the user name. A link to set a password goes there, once, for 72 hours.",
        max_length=LONGEST_ADDRESS,
        error_messages={"required": "Enter the work e-mail address"},
    )
    role = forms.ChoiceField(label="Post")
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisation", empty_label="Choose an organisation"
    )
    urn = forms.CharField(
        label="URN of the home",
        help_text="Only for a post in one home.",
        required=False,
        widget=forms.TextInput({"class": "govuk-input--width-10"}),
    )
    ends_on = DayField(label="Last day", help_text="Leave empty where it is not known.", required=False)

    def __init__(self, *args: Any, answers: Answers, **options: Any) -> None:
        super().__init__(*args, **options)
        wanted = answers.roles() or tuple(ROLES)
        roles = self.fields["role"]
        organisations = self.fields["organisation"]
        if isinstance(roles, forms.ChoiceField):
            roles.choices = [(key, ROLES[key].title) for key in wanted]
        if isinstance(organisations, forms.ModelChoiceField):
            found: QuerySet[Organisation] = Organisation.objects.order_by("name")
            organisations.queryset = found if answers.all else found.filter(pk__in=answers.providers)

    def clean_urn(self) -> Home | None:
        urn = str(self.cleaned_data["urn"]).strip().upper()
        if not urn:
            return None
        home = Home.objects.filter(urn=urn).first()
        if home is None:
            raise forms.ValidationError("Enter the URN of a home that the hub knows")
        return home

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        in_a_home = {"registered_manager", "deputy_manager", "staff", "records_holder"}
        if cleaned.get("role") in in_a_home and "urn" in cleaned and cleaned["urn"] is None:
            self.add_error("urn", "Enter the URN of the home")
        if self.today and (last := cleaned.get("ends_on")) and last < self.today:
            self.add_error("ends_on", "The last day must be today or later")
        return cleaned


class MailboxForm(HubForm):
    """A new address for a desk."""

    desk = forms.ChoiceField(label="Desk", choices=DutyMailbox.Desk.choices)
    hours = forms.ChoiceField(label="When", choices=DutyMailbox.Hours.choices)
    email = forms.EmailField(label="New e-mail address", error_messages={"required": "Enter the new address"})
    phone = forms.CharField(label="Telephone", max_length=30, required=False)


class GlassForm(HubForm):
    """Why, and for how long."""

    reason = forms.CharField(
        label="Why must you see this home now?",
        help_text="20 to 300 characters. Say no child’s name. The regulator reads it.",
        min_length=20,
        max_length=300,
        widget=forms.Textarea,
        error_messages={"required": "Say why", "min_length": "Say why in at least 20 characters"},
    )
    hours = forms.TypedChoiceField(
        label="For how long?",
        choices=[(1, "1 hour"), (4, "4 hours"), (12, "12 hours"), (24, "24 hours")],
        coerce=int,
        initial=4,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose for how long"},
    )

    @property
    def lasts(self) -> timedelta:
        return timedelta(hours=int(self.cleaned_data["hours"]))

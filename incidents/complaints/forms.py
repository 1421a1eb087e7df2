"""The questions of a complaint."""

from typing import Any

from django import forms
from django.db.models import Q

from homes.interface.widgets import Radios
from homes.models import Person, Post
from homes.roles import PROVIDER_ROLES
from incidents.complaints.models import ComplaintDetails
from incidents.recording.flow import Row, StepForm
from incidents.recording.questions import LONGEST, YES_NO, AccountForm, WhoForm

NOBODY = "none"


class WhoComplainsForm(StepForm):
    complaint_type = forms.ChoiceField(
        label="Who complains, and about what?",
        choices=ComplaintDetails.ComplaintType.choices,
        widget=Radios(),
        error_messages={"required": "Choose who complains"},
    )
    addressed_to_home = forms.ChoiceField(
        label="Is the complaint addressed to the home?",
        choices=YES_NO,
        widget=Radios(
            hints={"yes": "The home reads it at once.", "no": "The home does not read it until it is shared."}
        ),
        error_messages={"required": "Say whether it is addressed to the home"},
    )
    about_person = forms.ChoiceField(
        label="Is it about somebody with an account here?",
        widget=Radios(),
        required=False,
        help_text="Whoever it is about never sees it and takes no part in considering it.",
    )

    def ask(self) -> None:
        if self.asking.author.by_provider:
            del self.fields["addressed_to_home"]
        people = self.people()
        field = self.fields["about_person"]
        if isinstance(field, forms.ChoiceField) and people:
            listed = [(str(key), name) for key, name in people.items()]
            field.choices = [*listed, (NOBODY, "No, or I do not know")]
        else:
            del self.fields["about_person"]

    def people(self) -> dict[Any, str]:
        """Those who hold a post at the home now, as far as the database shows them."""
        now, home = self.asking.now, self.asking.home
        posts = Post.objects.filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=now),
            Q(home=home) | Q(home__isnull=True, organisation_id=home.provider_id),
            role__in=PROVIDER_ROLES,
            starts_at__lte=now,
        ).exclude(user_id=self.asking.author.user)
        people = Person.objects.filter(pk__in=posts.values("user_id")).order_by("name")
        return dict(people.values_list("pk", "name"))

    def rows(self) -> list[Row]:
        about = self.cleaned_data.get("about_person") or NOBODY
        rows = self.rows_but("about_person")
        return rows if about == NOBODY else [*rows, ("About", "One person, who will not see it")]


class ComplaintWhoForm(WhoForm):
    needs_children = False


class ComplaintAccountForm(AccountForm):
    brief = {
        "narrative": "The complaint",
        "wanted": "What would put it right",
        "action_taken": "What was done",
    }
    free_text = ("narrative", "wanted", "action_taken")
    wanted = forms.CharField(
        label="What would put it right, for whoever complains?",
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST,
        required=False,
    )
    action_taken = forms.CharField(
        label="What has been done so far?",
        widget=forms.Textarea({"rows": 3}),
        max_length=LONGEST,
        required=False,
    )

    def ask(self) -> None:
        super().ask()
        self.fields["narrative"].label = "What is the complaint?"
        self.child_words()

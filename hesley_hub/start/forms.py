"""Sign-in in our own words."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms


class SignInForm(LoginForm):  # type: ignore[misc]
    """allauth's form; only what it says is ours."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, label_suffix="", **options)
        login, password = self.fields["login"], self.fields["password"]
        login.label = "User name or e-mail address"
        login.error_messages["required"] = "Enter your user name or e-mail address"
        login.widget = forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )
        password.help_text = ""
        password.error_messages["required"] = "Enter your password"
        password.widget.attrs.pop("placeholder", None)
        # Shown only while tries must wait: with a right code the password is looked at without waiting.
        self.fields["code"] = forms.CharField(
            label="Code from your authenticator app",
            help_text="With a right code you need not wait.",
            required=False,
            widget=forms.TextInput(
                {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10"}
            ),
        )

    @property
    def waits(self) -> int:
        """Seconds until the next try is looked at; 0 where it was looked at."""
        problems = self.non_field_errors().as_data()
        return max((getattr(problem, "seconds", 0) for problem in problems), default=0)

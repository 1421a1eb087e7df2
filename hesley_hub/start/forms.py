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

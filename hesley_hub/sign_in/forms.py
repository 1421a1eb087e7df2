"""The code of a second factor, and the first password of somebody invited."""

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from events import clock
from hesley_hub.sign_in import known_browser, throttling
from hesley_hub.sign_in.adapter import HubAdapter, WaitError
from hesley_hub.sign_in.throttling import Tries
from homes.interface.forms import HubForm
from homes.models import User


class SlowedCode:
    """Wrong codes are slowed like wrong passwords, from where they come, and never for the owner elsewhere."""

    def _tries(self) -> Tries:
        request, user = context.request, self.user  # type: ignore[attr-defined]
        known = known_browser.mark_of(request, user)
        return Tries(f"code:{user.pk}", HubAdapter(request).get_client_ip(request), known)

    def clean_code(self) -> str:
        now, tries = clock.now(), self._tries()
        wait = throttling.seconds_to_wait(tries, now=now)
        if wait:
            raise WaitError(wait)
        throttling.count(tries, now=now)
        code = str(super().clean_code())  # type: ignore[misc]
        throttling.succeeded(tries)
        return code


def _in_our_words(form: forms.Form) -> None:
    field = form.fields["code"]
    field.label = "Code"
    field.help_text = "Six figures from your authenticator app, or one of your recovery codes."
    field.error_messages["required"] = "Enter the code"
    field.widget = forms.TextInput(
        {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10"}
    )


class CodeForm(SlowedCode, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, label_suffix="", **options)
        _in_our_words(self)


class CodeAgainForm(SlowedCode, ReauthenticateForm):  # type: ignore[misc]
    """The same in the middle of a session; counted for the session."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, label_suffix="", **options)
        _in_our_words(self)

    def _tries(self) -> Tries:
        session = context.request.session.session_key or ""
        return Tries(f"code:{self.user.pk}", "", f"session:{session}")


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, label_suffix="", **options)
        _in_our_words(self)
        self.fields["code"].help_text = "The six figures that the app shows now."


class KeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey or security key."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, label_suffix="", **options)
        self.fields["name"].label = "What will you call it?"
        alone = self.fields["passwordless"]
        alone.label = "Sign in with it alone"
        alone.help_text = "Without a password: your fingerprint, face or PIN proves that it is you."


class NewPassword(HubForm):
    """A first password, twice."""

    password = forms.CharField(
        label="Password",
        help_text="At least 12 characters. Three words that do not belong together are easy to keep.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
        error_messages={"required": "Enter a password"},
    )
    again = forms.CharField(
        label="The same password again",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
        error_messages={"required": "Enter the password again"},
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        self._user = user
        super().__init__(*args, **options)

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self._user)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"password", "again"} <= cleaned.keys() and cleaned["password"] != cleaned["again"]:
            raise ValidationError({"again": "The two passwords are not the same"})
        return cleaned

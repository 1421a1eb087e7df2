"""The first administrator of a live hub: made without a password, let in by one signed link."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import world
from homes import actions
from homes.interface.forms import HubForm
from homes.models import Organisation, User
from homes.roles import Kind

USERNAME = "admin"
SALT = "hesley_hub.first-administrator"
HOLDS_FOR = timedelta(hours=1)


@transaction.atomic
def begin(*, name: str, now: datetime) -> str | None:
    """Mark the database live, make its administrator once; a fresh link, or None when the password is set already."""
    world.mark(world.LIVE)
    user = User.objects.filter(username=USERNAME).first()
    if user is None:
        hub, _ = Organisation.objects.get_or_create(kind=Kind.HUB.value, name="Hesley Hub")
        user = actions.make_account(username=USERNAME, name=name, password=None, now=now)
        actions.give_post(user=user, role="administrator", organisation=hub, starts_at=now)
    if user.has_usable_password():
        return None
    token = signing.dumps(str(user.pk), salt=SALT)
    return f"{settings.HUB_ADDRESS}/sign-in/first/{token}/"


def holder_of(token: str) -> User:
    """Whose link this is. Http404 where it is forged, too old or used: a password that is set ends it."""
    try:
        key = signing.loads(token, salt=SALT, max_age=HOLDS_FOR)
    except signing.BadSignature as problem:
        raise Http404 from problem
    user = User.objects.filter(pk=key, is_active=True).first()
    if user is None or user.has_usable_password():
        raise Http404
    return user


class FirstPassword(HubForm):
    """The administrator's first password, twice."""

    password = forms.CharField(
        label="Password",
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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Set the first administrator's password, once; then sign in with it."""
    user = holder_of(token)
    form = FirstPassword(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        return redirect(settings.LOGIN_URL)
    return render(request, "hesley_hub/start/first.html", {"form": form, "username": user.username})

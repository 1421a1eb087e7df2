"""Sign-in by allauth: accounts are made by invitation, never by oneself."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from homes.models import User


class NoSelfSignUp(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """A user name is given with the invitation and stays."""


def display_name(user: User) -> str:
    return user.name

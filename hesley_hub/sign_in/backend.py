"""Whose password it is: one account for a name or an address, its password hashed once, and once where there is none."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from hesley_hub.sign_in.adapter import tried
from homes.models import User


class OneLook(AuthenticationBackend):  # type: ignore[misc]
    """allauth looks once for the name and once for the address, and a known address took twice as long to refuse."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        _, user = tried(credentials)
        found: User | None = self._check_password(user, str(credentials["password"]))
        return found

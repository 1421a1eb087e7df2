"""Whose password it is: one account for a name or an address, its password hashed once, and once where there is none."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpRequest

from hesley_hub.sign_in.adapter import tried
from homes.models import User


class OneLook(AuthenticationBackend):  # type: ignore[misc]
    """allauth looks once for the name and once for the address, and a known address took twice as long to refuse."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        _, user = tried(credentials)
        found: User | None = self._check_password(user, str(credentials["password"]))
        return found

    def get_user(self, user_id: UUID) -> User | None:
        """The account behind a session, its factors read along: every page asks for both."""
        factors = Authenticator.objects.filter(user_id=OuterRef("pk")).order_by("pk")
        held = ArraySubquery(factors.values(one=JSONObject(pk="pk", type="type")))
        user: User | None = User.objects.filter(pk=user_id).annotate(factors=held).first()
        return user if user and self.user_can_authenticate(user) else None

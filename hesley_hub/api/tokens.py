"""Signing in to the API: by a token of which only the hash is kept, or by the session of the browser."""

from django.http import HttpRequest
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from events import clock
from events.context import set_context
from homes import tokens
from homes.models import User


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer <token>``."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret:
            return None
        now = clock.now()
        user = tokens.user_of(secret.strip(), now=now)
        if user is None:
            raise exceptions.AuthenticationFailed("This token is not known, or it has ended")
        set_context(viewer=user.pk, now=now)
        return user, "token"

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with its CSRF check; 401 rather than 403 for the anonymous."""

    def authenticate_header(self, request: Request | HttpRequest) -> str:
        return "Bearer"

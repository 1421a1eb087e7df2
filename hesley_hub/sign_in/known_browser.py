"""A mark in the browser of somebody who signed in there: guesses from elsewhere do not slow its owner."""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from homes.models import User

COOKIE = "hub_known"
LASTS = 180 * 24 * 3600
SALT = "hesley_hub.sign_in.known_browser"


def _salt(user: User) -> str:
    """A new password makes every earlier mark worthless."""
    return f"{SALT}:{user.password}"


def mark_of(request: HttpRequest, user: User) -> str:
    """The mark of this browser for this person; empty where it has none, or none that holds."""
    try:
        person, mark = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_salt(user), max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(mark) if person == str(user.pk) else ""


def mark(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Leave a mark, or renew the one that is there."""
    value = [str(user.pk), mark_of(request, user) or secrets.token_urlsafe(12)]
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=_salt(user)),
        max_age=LASTS,
        path="/sign-in/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )

"""What a view may take for granted about a request."""

from uuid import UUID

from django.http import HttpRequest
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from homes.models import User


class SignedInRequest(HttpRequest):
    """A request behind the sign-in wall (hesley_hub.middleware): somebody is signed in."""

    user: User


def caller(request: Request) -> UUID:
    """The key of the person or service that calls the API. Raises NotAuthenticated for the anonymous."""
    key = getattr(request.user, "pk", None)
    if not isinstance(key, UUID):
        raise NotAuthenticated
    return key

"""What a view may take for granted about a request."""

from django.http import HttpRequest

from homes.models import User


class SignedInRequest(HttpRequest):
    """A request behind the sign-in wall (hesley_hub.middleware): somebody is signed in."""

    user: User

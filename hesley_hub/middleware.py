"""Every request in one transaction that knows who looks; sign-in everywhere but where the law of the house says so."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from events import clock
from events.context import set_context

Next = Callable[[HttpRequest], HttpResponseBase]

#: Addresses open to anybody (ARCHITECTURE, Deny by default). Whatever else is asked for needs a sign-in.
OPEN_TO_ALL = ("/sign-in/", "/health/", "/static/", "/speak-up/", "/demo/", "/answer/")


class OneTransaction:
    """The outermost transaction: a template rendered after the view still sees the viewer's rows."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/health/live":
            return self.get_response(request)
        with transaction.atomic():
            set_context(viewer=None, now=clock.now())
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response


class Viewer:
    """Tells the database who is signed in."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path != "/health/live" and request.user.is_authenticated:
            set_context(viewer=request.user.pk, now=clock.now())
        return self.get_response(request)


class SignInEverywhere:
    """Deny by default: anonymous is sent to sign in (pages) or told 401 (API)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(OPEN_TO_ALL):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return self.get_response(request)  # the API answers 401 by its own token or session
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return self.get_response(request)


class SecurityHeaders:
    """The strict policy of every page: nothing inline, nothing from elsewhere, nothing kept."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

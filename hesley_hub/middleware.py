"""Every request in one transaction that knows who looks; sign-in everywhere but where the law of the house says so."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

from events import clock, fault_points
from events.context import set_context

asked = logging.getLogger("hesley_hub.asked")
refused = logging.getLogger("hesley_hub.refused")
Next = Callable[[HttpRequest], HttpResponseBase]

#: Addresses open to anybody (ARCHITECTURE, Deny by default). Whatever else is asked for needs a sign-in.
OPEN_TO_ALL = ("/sign-in/", "/health/", "/static/", "/speak-up/", "/demo/", "/answer/")
#: No page and no address of the API takes another.
METHODS = ("GET", "HEAD", "POST")
#: What a browser may not be asked for by any page of ours.
NO_DEVICES = ", ".join(
    f"{device}=()"
    for device in (
        "accelerometer", "bluetooth", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid",
        "magnetometer", "microphone", "midi", "payment", "serial", "usb",
    )
)  # fmt: skip


class SecurityHeaders:
    """The strict policy of every answer: nothing inline, nothing from elsewhere, nothing kept. The outermost of all."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.monotonic()
        response = self.get_response(request)
        _note(request, response, began)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", NO_DEVICES)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        return response


def _note(request: HttpRequest, response: HttpResponseBase, began: float) -> None:
    """The log of requests: by route, never by address, which may be a link that signs somebody in."""
    took = round((time.monotonic() - began) * 1000)
    asked.info("%s %s %s %s ms", response.status_code, request.method, _route(request), took)


def _route(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else "no route"


class OnlyReadableRequests:
    """Refuses what nobody's browser sends: other methods, a NUL, a request larger than the largest we take."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        query = request.META.get("QUERY_STRING", "")
        if any("\0" in text for text in (request.path, *request.COOKIES.values())) or "%00" in query:
            return _refuse(400, "This address cannot be read.")
        sent = request.META.get("CONTENT_LENGTH") or "0"
        if not sent.isdecimal() or int(sent) > settings.HUB_LARGEST_REQUEST:
            return _refuse(413, "This is more than the hub takes at once.")
        return self.get_response(request)


def _refuse(status: int, why: str) -> HttpResponse:
    return HttpResponse(why, content_type="text/plain; charset=utf-8", status=status)


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
            elif request.method == "POST":
                fault_points.reached("web_before_commit")
        if request.method == "POST":
            fault_points.reached("web_after_commit")
        return response


class Viewer:
    """Tells the database who is signed in, and the log whom something was refused."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path != "/health/live" and request.user.is_authenticated:
            set_context(viewer=request.user.pk, now=clock.now())
        response = self.get_response(request)
        if response.status_code in (401, 403, 404, 429):
            who = getattr(request.user, "pk", None) or "nobody signed in"
            refused.info("%s %s %s to %s", response.status_code, request.method, _route(request), who)
        return response


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

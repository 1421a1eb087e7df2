"""Sessions end: after 30 minutes of nothing, after 12 hours, and with any change of the person's second factor.

A new password and a closed account end them through Django's own session hash. In a live world nobody gets further
than setting up a second factor before there is one.
"""

from collections.abc import Callable
from datetime import timedelta

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from events import clock, world
from hesley_hub.sign_in import factors, known_browser
from homes.models import User

Next = Callable[[HttpRequest], HttpResponseBase]

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
#: The last use is noted this often at most, so that not every page writes.
NOTED_EVERY = timedelta(minutes=1)
BEGAN, SEEN, FACTORS = "hub_began", "hub_seen", "hub_factors"
#: What a browser forgets when a session ends. Its mark as a known browser stays: it slows guesses from elsewhere.
LEFT_BEHIND = '"cache", "storage"'
#: Where somebody without a second factor may go in a live world: to set one up, or out.
BEFORE_A_FACTOR = ("/account/", "/sign-out/", "/static/", "/health/")


class SessionsEnd:
    """After AuthenticationMiddleware and before everything that trusts request.user."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/health/live":
            return self.get_response(request)
        held: factors.Held = []
        known = request.user.is_authenticated
        if known:
            held = factors.held_with(request.user)
            if _ended(request, held):
                logout(request)
        came_in = request.user.is_authenticated
        if came_in and world.kind() == world.LIVE and not factors.counts(held):
            refused = _first_a_factor(request)
            if refused is not None:
                return refused
        response = self.get_response(request)
        # A token of the API names a person too, and opens no session.
        if SESSION_KEY in request.session and getattr(request.user, "is_authenticated", False):
            _note(request, held)
            if not came_in and isinstance(request.user, User):
                known_browser.mark(request, response, request.user)
        if known and not getattr(request.user, "is_authenticated", False):
            response.headers["Clear-Site-Data"] = LEFT_BEHIND
        return response


def _ended(request: HttpRequest, held: factors.Held) -> bool:
    session = request.session
    if BEGAN not in session:
        return False
    at = clock.now().timestamp()
    return bool(
        at - session[BEGAN] >= LONGEST.total_seconds()
        or at - session[SEEN] >= IDLE.total_seconds()
        or session[FACTORS] != factors.print_of(held)
    )


def _note(request: HttpRequest, held: factors.Held) -> None:
    """Note the first and the latest use; where this session itself changed a factor, it goes on with the new one."""
    session = request.session
    at = clock.now().timestamp()
    if BEGAN not in session:
        session[BEGAN], session[SEEN] = at, at
        session[FACTORS] = factors.print_of(factors.held_by(request.user.pk))
        return
    if at - session[SEEN] >= NOTED_EVERY.total_seconds():
        session[SEEN] = at
    if request.method == "POST" and request.path.startswith("/account/"):
        now_held = factors.held_by(request.user.pk)
        if session[FACTORS] != factors.print_of(now_held):
            session[FACTORS] = factors.print_of(now_held)
            # Whoever sets a factor up has just used it, or proved the one before.
            record_authentication(request, request.user, method="mfa", reauthenticated=True)


def _first_a_factor(request: HttpRequest) -> HttpResponseBase | None:
    if request.path.startswith(BEFORE_A_FACTOR):
        return None
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "Set up a second factor first: sign in to the website"}, status=403)
    return HttpResponseRedirect(reverse("mfa_index"))

"""Keeps each look in the transaction of the page it shows, before a byte of the page leaves."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from events import clock
from events.identity import new_id
from hesley_hub.interface.context import hub_of
from hesley_hub.looking.budget import refusal
from hesley_hub.looking.routes import UNKNOWN, Kept, rule_of
from homes.looking import actions
from homes.looking.actions import Asked
from homes.looking.models import Look
from homes.looking.seen import shown

log = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponseBase]
#: What only turns a page of a list; whatever else is asked for makes it a search.
PAGING = {"page", "page_size"}


class KeepsLooks:
    """One row for each page of people's records. Where it cannot be written the page stays unseen (503).

    Recording what happened is never held up: its pages are shown all the same, and the operator is told.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Before anything is read: nobody is shown more at once than work needs."""
        if request.method != "GET" or not request.user.is_authenticated:
            return None
        rule = rule_of(request.resolver_match.view_name) if request.resolver_match else None
        return refusal(request, rule, request.user.pk) if isinstance(rule, Kept) else None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        known = request.user.is_authenticated
        response = self.get_response(request)
        rule = _rule(request, response)
        viewer = getattr(request.user, "pk", None)
        if rule is None or viewer is None:
            return response
        # Whose token came with a request to the API is known only now.
        too_much = None if known or request.method != "GET" else refusal(request, rule, viewer)
        if too_much is not None:
            return too_much
        match = request.resolver_match
        route = match.view_name if match else ""
        asked = Asked(route, _method(request, rule), rule.what, rule.purpose, new_id())
        hub = hub_of(request)
        posts = hub.posts if "posts" in vars(hub) else None
        try:
            actions.look(asked=asked, shown=shown(request), by=viewer, now=clock.now(), posts=posts)
        except DatabaseError as problem:
            log.error("look %s at %s not kept: %s", asked.request, asked.route, type(problem).__name__)
            if rule.waits:
                return _not_shown(request)
            _tell(asked, viewer)
        response.headers["X-Request-Id"] = str(asked.request)
        return response


def _rule(request: HttpRequest, response: HttpResponseBase) -> Kept | None:
    """How this answer is to be kept; None where it is no look."""
    match = request.resolver_match
    if match is None or response.status_code >= 500 or 300 <= response.status_code < 400:
        return None
    rule = rule_of(match.view_name)
    if request.method == "GET":
        return rule if isinstance(rule, Kept) and response.status_code < 300 else None
    if request.method == "POST" and shown(request):
        # A form that came back with its mistakes shows again what it was about; what was sent must not be lost.
        return replace(rule if isinstance(rule, Kept) else UNKNOWN, waits=False)
    return None


def _method(request: HttpRequest, rule: Kept) -> str:
    """A list that was asked for with a filter or a word is a search."""
    asked = {name for name, value in request.GET.items() if value and name not in PAGING}
    return Look.Method.SEARCH.value if rule.method == Look.Method.LIST.value and asked else rule.method


def _not_shown(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return HttpResponse(
            '{"detail": "Not shown: who looks could not be recorded. Try again."}', "application/json", 503
        )
    return HttpResponse(render_to_string("homes/looking/not_kept.html"), status=503)


def _tell(asked: Asked, viewer: UUID) -> None:
    try:
        actions.look_not_kept(asked=asked, by=viewer, now=clock.now())
    except DatabaseError as problem:
        log.error("look %s: the operator could not be told: %s", asked.request, type(problem).__name__)

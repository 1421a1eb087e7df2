"""The page of matters: which records have the home's notice, which lack it, and people's decisions on the links."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from events import clock
from homes.access import NotAllowedError, home_or_refuse
from homes.crossing import CrossedError
from homes.interface.crossed import STATUS, crossed, opened
from homes.interface.requests import SignedInRequest
from homes.looking.models import Look
from homes.looking.seen import saw
from homes.models import Home
from homes.roles import Picture
from oversight.matters import actions, queries
from oversight.matters.forms import DecisionForm
from oversight.matters.models import MatterLink
from oversight.matters.queries import Notice

PAGE = 50


@require_GET
def matters(request: SignedInRequest, urn: str) -> HttpResponse:
    """Outside records against the home's notices, and the links that wait for a decision."""
    now = clock.now()
    home = _home(request, urn, now)
    rows = queries.standing_of(home, now)
    links = queries.links_of(home, request.user.pk, now)
    paginator = Paginator(links, PAGE)
    page = paginator.get_page(request.GET.get("page"))
    shown = [one.link for one in page.object_list]
    subjects = [key for link in shown for key in (link.first_id, link.second_id)]
    saw(request, what=Look.What.RECORD, subjects=subjects, home=home, held=True)
    asked = [row for row in rows if row.state in (Notice.DUTY_MISSED, Notice.OUTSIDE_ONLY)]
    context = {
        "home": home,
        "counts": [(state, sum(1 for row in rows if row.state == state)) for state in Notice],
        "total": len(rows),
        "missed": [row for row in asked if row.state == Notice.DUTY_MISSED],
        "outside": [row for row in asked if row.state == Notice.OUTSIDE_ONLY],
        "waiting": [row for row in rows if row.state == Notice.WAITING],
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "may_decide": queries.may_decide(request.user.pk, home.pk, now),
    }
    return render(request, "oversight/matters/matters.html", context)


@require_http_methods(["GET", "POST"])
def decide(request: SignedInRequest, urn: str, key: UUID) -> HttpResponse:
    """One link: the two records side by side, and the decision."""
    now, viewer = clock.now(), request.user.pk
    home = _home(request, urn, now)
    if not queries.may_decide(viewer, home.pk, now):
        raise Http404
    link = get_object_or_404(MatterLink, pk=key, home=home)
    shown = next((one for one in queries.links_of(home, viewer, now) if one.link.pk == link.pk), None)
    if shown is None:
        raise Http404
    saw(request, what=Look.What.RECORD, subjects=[link.first_id, link.second_id], home=home, held=True)
    form = DecisionForm(request.POST) if request.method == "POST" else DecisionForm()
    if request.method == "POST" and form.is_valid():
        same = form.cleaned_data["decision"] == "same"
        say = actions.confirm if same else actions.refuse
        try:
            say(
                link=link,
                reason=form.cleaned_data["reason"],
                opened=opened(request),
                by=viewer,
                now=now,
            )
        except CrossedError as problem:
            return _decide_page(request, home, shown, form, crossed(form, problem))
        messages.success(request, "Your decision is recorded. It overrules the rule.")
        return redirect("matters", urn=home.urn)
    seal = opened(request) if request.method == "POST" else queries.decision_of(link).seal
    return _decide_page(request, home, shown, form, {"opened": seal})


def _decide_page(
    request: SignedInRequest, home: Home, shown: queries.LinkShown, form: DecisionForm, more: dict[str, Any]
) -> HttpResponse:
    context = {"home": home, "shown": shown, "form": form} | more
    status = STATUS if "crossed" in more else 200
    return render(request, "oversight/matters/decide.html", context, status=status)


def _home(request: SignedInRequest, urn: str, now: datetime) -> Home:
    try:
        return home_or_refuse(request.user.pk, urn, now, [Picture.REGULATOR])
    except NotAllowedError as refused:
        raise Http404 from refused

"""Pages of visits: the lists, one visit's report in the reader's version, and a significant concern."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import clock
from events.clock import london_day
from homes.access import NotAllowedError, home_or_refuse, pictures, to_record
from homes.crossing import CrossedError
from homes.interface.crossed import STATUS, new_page, opened
from homes.interface.forms import HubForm
from homes.interface.requests import SignedInRequest
from homes.looking.models import Look
from homes.looking.seen import saw
from homes.models import Home
from homes.roles import Picture
from oversight.visits import actions, queries
from oversight.visits.actions import NewConcern, NewVisit
from oversight.visits.asking import briefing
from oversight.visits.forms import Asked, ConcernForm, DetailsForm
from oversight.visits.models import REPORT_READERS, SignificantConcern, Visit, VisitDraft
from oversight.visits.months import report_due
from voice.heard.queries import numbers_to_ring

VISIT_READERS = (*REPORT_READERS, Picture.VISITS)
LATEST = 50


@require_GET
def visits(request: SignedInRequest) -> HttpResponse:
    """The visitor's homes with what is due; for everybody else the latest visits that they may know of."""
    now, viewer = clock.now(), request.user.pk
    homes = Home.objects.visible_to(viewer, now, [Picture.VISITOR, Picture.VISITS]).order_by("name")
    mine = set(Home.objects.visible_to(viewer, now, [Picture.VISITOR]).values_list("pk", flat=True))
    rows = [
        {"home": home, "months": queries.months_of(home, viewer, now, count=3), "mine": home.pk in mine}
        for home in homes[:LATEST]
    ]
    latest = queries.with_reports(Visit.objects.visible_to(viewer, now), viewer, now).select_related(
        "home", "visitor"
    )
    context = {"rows": rows, "latest": latest.order_by("-visited_on", "-id")[:LATEST]}
    return render(request, "oversight/visits/list.html", context)


@require_GET
def home_visits(request: SignedInRequest, urn: str) -> HttpResponse:
    """A home's months, visits and open recommendations."""
    now, viewer = clock.now(), request.user.pk
    home = _home(request, urn, now)
    held = pictures(viewer, home.pk, now)
    saw(request, what=Look.What.VISIT, home=home)
    context = {
        "home": home,
        "months": queries.months_of(home, viewer, now),
        "visits": queries.visits_of(home, viewer, now)[:LATEST],
        "recommendations": queries.open_recommendations(home, viewer, now),
        "reads_reports": queries.may_open_reports(held),
        "is_visitor": Picture.VISITOR in held,
        "concerns": SignificantConcern.objects.visible_to(viewer, now)
        .filter(home=home)
        .order_by("-raised_at")[:LATEST],
    }
    return render(request, "oversight/visits/home.html", context)


@require_http_methods(["GET", "POST"])
def new_visit(request: SignedInRequest, urn: str) -> HttpResponse:
    """The visit itself and the declaration of conflicts; saved, it is known, and its report can be written."""
    now, viewer = clock.now(), request.user.pk
    home = _visited(request, urn, now)
    today = london_day(now)
    if request.method == "POST":
        form = DetailsForm(request.POST, today=today)
        if form.is_valid():
            answers = form.cleaned_data
            visit = actions.record_visit(
                new=NewVisit(
                    home=home,
                    visited_on=answers["visited_on"],
                    started_at=answers["started_at"],
                    ended_at=answers["ended_at"],
                    announced=answers["announced"] == "yes",
                    conflict_note=form.conflict(),
                    client_id=answers["client_id"],
                ),
                by=viewer,
                now=now,
            )
            actions.forget_part(home=home, visit=None, part="details", by=viewer, now=now)
            if visit.client_id != answers["client_id"]:
                messages.info(
                    request, "You recorded this day’s visit before. It stands as you recorded it then."
                )
            return redirect("visit", key=visit.pk)
    else:
        typed = _typed(home, viewer, "details")
        form = DetailsForm.from_draft(typed, today=today) if typed else DetailsForm(today=today)
    seal = opened(request) or new_page(_typed(home, viewer, "details"))
    return render(request, "oversight/visits/new.html", {"home": home, "form": form, "opened": seal})


@require_http_methods(["GET", "POST"])
def raise_concern(request: SignedInRequest, urn: str) -> HttpResponse:
    """A significant concern: danger first, then three questions, then it goes."""
    now, viewer = clock.now(), request.user.pk
    home = _visited(request, urn, now)
    asked = Asked(today=london_day(now), residents=queries.residents(home, viewer, now))
    saw(request, what=Look.What.CHILD, subjects=[child.pk for child in asked.residents], home=home)
    visit = _own_visit(home, viewer, request.GET.get("visit", ""))
    if request.method == "POST":
        form = ConcernForm(request.POST, asked=asked)
        if form.is_valid():
            answers = form.cleaned_data
            concern = actions.raise_significant_concern(
                new=NewConcern(
                    home=home,
                    what=answers["what"],
                    visit=visit,
                    child_in_danger=answers["child_in_danger"] == "yes",
                    already_told=answers["already_told"],
                    client_id=answers["client_id"],
                ),
                by=viewer,
                now=now,
            )
            actions.forget_part(home=home, visit=None, part="concern", by=viewer, now=now)
            messages.success(request, f"Raised. It goes now to {queries.told_of_concern(home, now)}.")
            return redirect("concern", reference=concern.reference)
    else:
        typed = _typed(home, viewer, "concern")
        form = ConcernForm.from_draft(typed, asked=asked) if typed else ConcernForm(asked=asked)
    context = {
        "home": home,
        "visit": visit,
        "form": form,
        "numbers": numbers_to_ring(home),
        "told": queries.told_of_concern(home, now),
        "opened": opened(request) or new_page(_typed(home, viewer, "concern")),
    }
    return render(request, "oversight/visits/raise.html", context)


@require_POST
def save_home_part(request: SignedInRequest, urn: str, part: str) -> JsonResponse:
    """Keep a half-typed visit or concern as its author types."""
    now = clock.now()
    if part not in ("details", "concern"):
        raise Http404
    home = _visited(request, urn, now)
    try:
        actions.save_draft(
            home=home,
            visit=None,
            part=part,
            typed=HubForm.as_typed(request.POST),
            done=False,
            by=request.user.pk,
            now=now,
        )
    except CrossedError:
        return JsonResponse({}, status=STATUS)
    return JsonResponse({"saved_at": f"{now.astimezone(clock.LONDON):%H:%M}"})


@require_GET
def concern_page(request: SignedInRequest, reference: str) -> HttpResponse:
    """A significant concern, for those it went to and the visitor who raised it."""
    now, viewer = clock.now(), request.user.pk
    concerns = SignificantConcern.objects.visible_to(viewer, now).select_related("home", "visit", "raised_by")
    concern = concerns.filter(reference=reference).first()
    if concern is None:
        raise Http404
    saw(request, what=Look.What.VISIT, subjects=[concern.pk], home=concern.home)
    context = {"concern": concern, "told": queries.told_of_concern(concern.home, concern.raised_at)}
    return render(request, "oversight/visits/concern.html", context)


@require_GET
def briefing_page(request: SignedInRequest, urn: str) -> HttpResponse:
    """What to ask, from everything since the last visit; made to be printed, and not to be left at the home."""
    now, viewer = clock.now(), request.user.pk
    home = _visited(request, urn, now)
    visit = _own_visit(home, viewer, request.GET.get("visit", ""))
    found = briefing(home, viewer, now, before=visit.visited_on if visit else None)
    saw(request, what=Look.What.VISIT, home=home)
    return render(
        request, "oversight/visits/briefing.html", {"home": home, "briefing": found, "visit": visit}
    )


def show_report(request: SignedInRequest, visit: Visit, now: datetime) -> HttpResponse:
    """The report in the reader's version; where there is none yet, what is known of the visit."""
    viewer = request.user.pk
    report = getattr(visit, "report", None)
    held = pictures(viewer, visit.home_id, now)
    context: dict[str, Any] = {
        "visit": visit,
        "home": visit.home,
        "due": report_due(visit.visited_on),
        "late": report is None and london_day(now) > report_due(visit.visited_on),
        "reads_reports": queries.may_open_reports(held),
    }
    if report is not None and queries.may_open_reports(held):
        context["version"] = queries.version_for(report, viewer, now)
    return render(request, "oversight/visits/report.html", context)


def _home(request: SignedInRequest, urn: str, now: datetime) -> Home:
    try:
        return home_or_refuse(request.user.pk, urn, now, VISIT_READERS)
    except NotAllowedError as refused:
        raise Http404 from refused


def _visited(request: SignedInRequest, urn: str, now: datetime) -> Home:
    """The home, for its visitor."""
    home = _home(request, urn, now)
    try:
        to_record(request.user.pk, home.pk, "reg44", now)
    except NotAllowedError as refused:
        raise Http404 from refused
    return home


def _own_visit(home: Home, viewer: UUID, key: str) -> Visit | None:
    """The visit named in an address, if it is the viewer's own to this home."""
    return next((v for v in Visit.objects.filter(home=home, visitor_id=viewer) if str(v.pk) == key), None)


def _typed(home: Home, viewer: UUID, part: str) -> dict[str, list[str]]:
    draft = VisitDraft.objects.filter(user_id=viewer, home=home, visit=None).first()
    return dict(draft.answers.get(part, {}).get("typed", {})) if draft else {}

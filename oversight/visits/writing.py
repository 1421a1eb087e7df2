"""A visit as a task list: its visitor writes the report part by part, checks it and files it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import clock
from homes.access import NotAllowedError, to_record
from homes.crossing import CrossedError
from homes.interface.crossed import STATUS, crossed_page, new_page, opened
from homes.interface.forms import HubForm
from homes.interface.requests import SignedInRequest
from homes.looking.models import Look
from homes.looking.seen import saw
from oversight.visits import actions, queries
from oversight.visits.asking import briefing, said_day
from oversight.visits.models import Visit
from oversight.visits.months import report_due
from oversight.visits.parts import (
    PARTS,
    Part,
    Preparing,
    closed,
    hint,
    preparing,
    report_of,
    status,
    summary,
)
from oversight.visits.views import show_report

READ = "read"


@require_GET
def visit_page(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The task list while its visitor writes; the report for everybody else, and afterwards."""
    now = clock.now()
    visit = _visit(request, key, now)
    if not _writing(visit, request.user.pk, now):
        return show_report(request, visit, now)
    work = preparing(visit, request.user.pk, now)
    ask = briefing(visit.home, request.user.pk, now, before=visit.visited_on)
    sections = _sections(
        work, f"{len(ask.changed)} records, {ask.outside} of them known only outside the home", ask.since
    )
    tasks = [task for section in sections for task in section["tasks"]]
    context = {
        "visit": visit,
        "home": visit.home,
        "sections": sections,
        "done": sum(1 for task in tasks if task["status"] == "done"),
        "all": len(tasks),
        "due": report_due(visit.visited_on),
        "work": work,
        "briefing": ask,
        "told": queries.told_of_concern(visit.home, now),
    }
    return render(request, "oversight/visits/tasks.html", context)


def _sections(work: Preparing, changed: str, since: Any) -> list[dict[str, Any]]:
    visit, base = work.visit, f"/visits/{work.visit.pk}/"
    read = {
        "text": f"Read what changed since {said_day(since)}",
        "href": f"{base}{READ}/",
        "hint": changed,
        "status": "done" if work.done(READ) else "empty",
    }
    declared = {
        "text": "Declare conflicts of interest",
        "hint": "None declared" if visit.no_conflict else visit.conflict_note,
        "status": "done",
    }
    sections = [{"heading": "Prepare", "tasks": [read, declared]}]
    for part in PARTS.values():
        if sections[-1]["heading"] != part.section:
            sections.append({"heading": part.section, "tasks": []})
        state = status(work, part)
        href = f"{base}{part.key}/" if work.applies(part) else ""
        task = {"text": part.text, "href": href, "hint": hint(work, part), "status": state}
        sections[-1]["tasks"].append(task)  # type: ignore[attr-defined]
    ready = not work.missing()
    check = {
        "text": "Check and file the report",
        "href": f"{base}check/" if ready else "",
        "hint": "To the provider, the placing authorities and the regulator, each in their own copy",
        "status": "empty" if ready else "blocked",
    }
    sections[-1]["tasks"].append(check)  # type: ignore[attr-defined]
    return sections


@require_http_methods(["GET", "POST"])
def part_page(request: SignedInRequest, key: UUID, part: str) -> HttpResponse:
    """One part of the report. What does not hold is said where it is; what was typed is kept either way."""
    now, viewer = clock.now(), request.user.pk
    visit = _own(request, key, now)
    found = _part(part)
    work = preparing(visit, viewer, now)
    if not work.applies(found):
        return redirect("visit", key=visit.pk)
    form = work.form(found, request.POST if request.method == "POST" else None)
    # A form that comes back with its mistakes goes on being the page that wrote; any other is a new one.
    seal = opened(request) or new_page(work.typed(found.key))
    context = {"visit": visit, "home": visit.home, "part": found, "form": form, "work": work, "opened": seal}
    if request.method == "POST":
        ok = form.is_valid()
        try:
            _keep(visit, found.key, request, done=ok, now=now)
        except CrossedError as problem:
            context |= crossed_page(form, problem)
            return render(request, "oversight/visits/part.html", context, status=STATUS)
        if ok:
            return redirect("visit", key=visit.pk)
    return render(request, "oversight/visits/part.html", context)


@require_POST
def save_part(request: SignedInRequest, key: UUID, part: str) -> JsonResponse:
    """Keep a part as it is being typed; what was accepted before stays accepted only if it is sent again."""
    now = clock.now()
    try:
        _keep(_own(request, key, now), _part(part).key, request, done=False, now=now)
    except CrossedError:
        return JsonResponse({}, status=STATUS)
    return JsonResponse({"saved_at": f"{now.astimezone(clock.LONDON):%H:%M}"})


@require_http_methods(["GET", "POST"])
def read_page(request: SignedInRequest, key: UUID) -> HttpResponse:
    """What changed since the last visit; the visitor says that they have read it."""
    now, viewer = clock.now(), request.user.pk
    visit = _own(request, key, now)
    if request.method == "POST":
        _keep(visit, READ, request, done=True, now=now)
        return redirect("visit", key=visit.pk)
    found = briefing(visit.home, viewer, now, before=visit.visited_on)
    context = {"home": visit.home, "visit": visit, "briefing": found, "to_read": True}
    return render(request, "oversight/visits/briefing.html", context)


@require_http_methods(["GET", "POST"])
def check_page(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Everything answered, to be checked; filing it sends each reader their copy."""
    now, viewer = clock.now(), request.user.pk
    visit = _visit(request, key, now)
    if not _writing(visit, viewer, now):
        return redirect("visit", key=visit.pk)
    work = preparing(visit, viewer, now)
    if work.missing():
        messages.info(request, f"Still to do: {work.missing()[0].text}")
        return redirect("visit", key=visit.pk)
    changed = False
    if request.method == "POST":
        try:
            return _file(request, work, now)
        except CrossedError:
            changed = True
    context = {
        "visit": visit,
        "home": visit.home,
        "changed": changed,
        "opened": actions.checked(work.answers, work.saved_at).seal,
        "parts": [
            {"part": part, "rows": [{"key": asked, "value": said} for asked, said in rows]}
            for part, rows in summary(work)
        ],
        "told": queries.told_of_concern(visit.home, now),
    }
    status = STATUS if changed else 200
    return render(request, "oversight/visits/check.html", context, status=status)


def _file(request: SignedInRequest, work: Preparing, now: datetime) -> HttpResponse:
    viewer = request.user.pk
    actions.still_as_checked(visit=work.visit, opened=opened(request), by=viewer)
    report, ended = report_of(work), closed(work)
    for recommendation, evidence in ended:
        actions.close_recommendation(recommendation=recommendation, answer=evidence, by=viewer, now=now)
    filed = actions.file_report(new=report, by=viewer, now=now)
    messages.success(request, f"Report {filed.reference} is filed.")
    return redirect("visit", key=work.visit.pk)


def _keep(visit: Visit, part: str, request: SignedInRequest, *, done: bool, now: datetime) -> None:
    actions.save_draft(
        home=visit.home,
        visit=visit,
        part=part,
        typed=HubForm.as_typed(request.POST),
        done=done,
        by=request.user.pk,
        now=now,
    )


def _part(key: str) -> Part:
    if key not in PARTS:
        raise Http404
    return PARTS[key]


def _visit(request: SignedInRequest, key: UUID, now: datetime) -> Visit:
    visits = Visit.objects.visible_to(request.user.pk, now).select_related(
        "home__host_authority", "home__provider", "visitor", "report"
    )
    visit = visits.filter(pk=key).first()
    if visit is None:
        raise Http404
    saw(request, what=Look.What.VISIT, subjects=[visit.pk], home=visit.home)
    return visit


def _own(request: SignedInRequest, key: UUID, now: datetime) -> Visit:
    """The visit, for its visitor, while there is no report yet."""
    visit = _visit(request, key, now)
    if not _writing(visit, request.user.pk, now):
        raise Http404
    return visit


def _writing(visit: Visit, viewer: UUID, now: datetime) -> bool:
    if visit.visitor_id != viewer or getattr(visit, "report", None) is not None:
        return False
    try:
        to_record(viewer, visit.home_id, "reg44", now)
    except NotAllowedError:
        return False
    return True

"""An alert, a record and a visit's report as PDF, with the rights and versions of their pages."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events import clock, world
from homes.access import NotAllowedError, pictures
from homes.interface.requests import SignedInRequest
from homes.looking.models import Look
from homes.looking.seen import saw
from homes.roles import Picture
from incidents.record.looked import saw_record
from incidents.record.printing import printed
from oversight.dashboards import wording
from oversight.dashboards.charts.timeline import timeline
from oversight.dashboards.documents.rendering import PdfUnavailableError, pdf
from oversight.dashboards.home_page import HomePage, home_page
from oversight.dashboards.queries import standpoint
from oversight.escalation import queries as alerts
from oversight.escalation.answering import standing
from oversight.escalation.deciding.queries import timeline as moments_of
from oversight.escalation.models import Alert
from oversight.escalation.why import false_alarm, four_answers, why
from oversight.visits.models import Visit, VisitReport
from oversight.visits.queries import may_open_reports, version_for

PAPER_WIDTH = 702


@require_safe
def alert_pdf(request: SignedInRequest, reference: str) -> HttpResponse:
    """The alert as its reader sees it; page one stands alone."""
    now, user = clock.now(), request.user.pk
    try:
        found = alerts.alert_or_refuse(reference, user, now)
        held = frozenset(capacity.picture for capacity in standing(found, user, now))
    except NotAllowedError:
        raise Http404 from None
    saw(request, what=Look.What.ALERT, subjects=[found.pk], home=found.home)
    regulator = Picture.REGULATOR in held
    records, part_held = alerts.records_for(found, user, held, now)
    page = _home_of(found, request)
    ladders = alerts.ladders_of(found, now)
    drawn = page.timeline if page else None
    context = {
        "alert": found,
        "reference": found.reference,
        "level": alerts.level_of(found),
        "title": alerts.title_of(found),
        "answers": four_answers(found, regulator=regulator),
        "sentence": alerts.sentence_of(found, regulator=regulator),
        "why": why(found, regulator=regulator, opens_all=alerts.opens_all(found, records)),
        "records": records,
        "held": wording.HELD_BY_REGULATOR if part_held else "",
        "ladder": ladders[0] if ladders else None,
        "moments": moments_of(found, overseer=found.picture == "overseers"),
        "page": page,
        "drawing": timeline(drawn, PAPER_WIDTH, key="paper") if drawn else "",
        "false_alarm": false_alarm(found),
        "now": now,
    }
    return answer_pdf(request, "oversight/dashboards/documents/alert.html", found.reference, context)


def _home_of(found: Alert, request: SignedInRequest) -> HomePage | None:
    """The home of the alert in its reader's picture; None for a provider's alert."""
    if found.home is None:
        return None
    now = clock.now()
    stand = standpoint(request.user.pk, found.home.urn, now)
    return home_page(stand, request.user.pk, now) if stand else None


@require_safe
def incident_pdf(request: SignedInRequest, reference: str) -> HttpResponse:
    """One record."""
    now = clock.now()
    record = printed(reference, request.user.pk, now)
    if record is None:
        raise Http404
    saw_record(request, record.incident)
    saw(request, what=Look.What.RECORD, subjects=[record.id], home=record.home, held=record.held)
    context = {"record": record, "reference": reference, "now": now, "visitor": record.for_visitor}
    return answer_pdf(request, "oversight/dashboards/documents/incident.html", reference, context)


@require_safe
def visit_pdf(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The report of a visit, in the version of its reader."""
    now, user = clock.now(), request.user.pk
    visit = (
        Visit.objects.visible_to(user, now).filter(pk=key).select_related("home__provider", "visitor").first()
    )
    report = VisitReport.objects.filter(visit_id=key).select_related("filed_by").first()
    if visit is None or report is None or not may_open_reports(pictures(user, visit.home_id, now)):
        raise Http404
    saw(request, what=Look.What.VISIT, subjects=[visit.pk], home=visit.home)
    context = {
        "visit": visit,
        "version": version_for(report, user, now),
        "report": report,
        "reference": report.reference,
        "now": now,
        "visitor": Picture.VISITOR in pictures(user, visit.home_id, now),
    }
    return answer_pdf(request, "oversight/dashboards/documents/visit.html", report.reference, context)


def answer_pdf(request: SignedInRequest, template: str, name: str, context: dict[str, Any]) -> HttpResponse:
    """The template as a PDF shown in the browser; a page that says why, with 503, where none can be made."""
    try:
        made = pdf(template, context | {"world": world.kind(), "reader": request.user.name})
    except PdfUnavailableError as problem:
        context = {"problem": str(problem)}
        return render(request, "oversight/dashboards/documents/unavailable.html", context, status=503)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer

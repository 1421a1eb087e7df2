"""A record that stands: its page, its list, sharing it, and saying when others were told."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from events import clock
from homes.access import NotAllowedError, home_or_refuse, pictures
from homes.crossing import CrossedError
from homes.interface.crossed import STATUS, crossed
from homes.interface.requests import SignedInRequest
from homes.roles import Picture
from incidents.record import actions, pages, rights
from incidents.record.changed import history_of
from incidents.record.duties import Recipient, rule_of
from incidents.record.forms import ShareForm, StreamFilter, ToldForm
from incidents.record.looked import saw_list, saw_record
from incidents.record.models import Duty, Incident
from incidents.record.replies.queries import replies_to
from incidents.record.telling import items
from incidents.registry import FLOWS

#: In these pictures a person may open a home's list of records.
LISTS = (
    Picture.PROVIDER,
    Picture.REGULATOR,
    Picture.AUTHORITY,
    Picture.LADO,
    Picture.VISITOR,
    Picture.AUTHOR,
    Picture.ICB,
)
A_PAGE = 25


@require_GET
def record(request: SignedInRequest, reference: str) -> HttpResponse:
    """One record: what, when, who recorded it, who was told, whether the provider knows."""
    now, user = clock.now(), request.user.pk
    incident = _incident(request, reference)
    duties = items(list(incident.duties.select_related("organisation", "told_by")), now)
    may_tell = rights.may_tell(user, incident, now)
    flow = FLOWS[incident.stream]
    for duty in duties:
        if may_tell and not duty["told"]:
            duty["actions"] = [
                {"text": "Record when you told them", "href": f"/record/told/{duty['duty'].pk}/"}
            ]
        if may_tell and duty["ofsted"] and flow.text_for_ofsted and not duty["told"]:
            duty |= {"text": flow.text_for_ofsted(incident), "copy": "Copy the text for Ofsted"}
    context = {
        "incident": incident,
        "flow": flow,
        "rows": pages.rows(incident, flow, user, now),
        "history": history_of(incident, user, now),
        "tell": duties,
        "sharing": pages.sharing(incident, user, now),
        "visitor": Picture.VISITOR in pictures(user, incident.home_id, now),
        "may_share": rights.may_share(user, incident, now),
        "replies": replies_to(incident, user),
        "may_decide": rights.may_decide_outcome(user, incident, now),
    }
    return render(request, "incidents/record/record.html", context)


@require_GET
def records(request: SignedInRequest, urn: str) -> HttpResponse:
    """A home's records, newest first, as far as the person may open them."""
    now, user = clock.now(), request.user.pk
    try:
        home = home_or_refuse(user, urn, now, LISTS)
    except NotAllowedError:
        raise Http404 from None
    held = pictures(user, home.pk, now)
    chosen = StreamFilter(request.GET or None, disclosures=Picture.REGULATOR in held)
    found = Incident.objects.visible_to(user, now).filter(home=home)
    if chosen.is_valid() and chosen.cleaned_data["stream"]:
        found = found.filter(stream=chosen.cleaned_data["stream"])
    # Keys page through the index alone; only the rows of this page are fetched.
    paged = Paginator(found.order_by("-occurred_at", "-id").values_list("pk", flat=True), A_PAGE)
    page = paged.get_page(request.GET.get("page"))
    rows = Incident.objects.filter(pk__in=list(page.object_list)).order_by("-occurred_at", "-id")
    saw_list(request, rows, home)
    context = {
        "home": home,
        "form": chosen,
        "records": [_line(incident) for incident in rows],
        "page": page,
        "pages": paged.get_elided_page_range(page.number),
        "provider": Picture.PROVIDER in held,
        "authority": Picture.AUTHORITY in held,
    }
    return render(request, "incidents/record/records.html", context)


def _line(incident: Incident) -> dict[str, Any]:
    return {
        "when": incident.occurred_at,
        "stream": incident.get_stream_display(),
        "href": f"/incidents/{incident.reference}/",
        "reference": incident.reference,
        "source": incident.get_source_display(),
        "by_provider": incident.by_provider,
        "shared": incident.shared_with_provider_at is not None,
        "withdrawn": incident.status == Incident.Status.WITHDRAWN,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: SignedInRequest, reference: str) -> HttpResponse:
    """Share a record from outside with the provider: a person decides, and says why."""
    now = clock.now()
    incident = _incident(request, reference)
    form = ShareForm(request.POST if request.method == "POST" else None)
    # The form is offered until somebody shared it; whoever wrote a reason meanwhile is told.
    may = rights.decides_on_sharing if form.is_valid() else rights.may_share
    if not may(request.user.pk, incident, now):
        raise Http404
    context = {"form": form, "incident": incident}
    if request.method == "POST" and form.is_valid():
        try:
            actions.share_with_provider(
                incident=incident, why=form.cleaned_data["why"], by=request.user.pk, now=now
            )
        except CrossedError as problem:
            context |= crossed(form, problem)
            return render(request, "incidents/record/share.html", context, status=STATUS)
        messages.success(request, "The record is shared with the provider.")
        return redirect("record:record", incident.reference)
    return render(request, "incidents/record/share.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def told(request: SignedInRequest, duty_id: UUID) -> HttpResponse:
    """Record when somebody was told."""
    now, user = clock.now(), request.user.pk
    duty = Duty.objects.select_related("organisation").filter(pk=duty_id).first()
    incident = (
        Incident.objects.visible_to(user, now).filter(pk=duty.incident_id).select_related("home").first()
        if duty
        else None
    )
    if duty is None or incident is None or not rights.may_tell(user, incident, now):
        raise Http404
    saw_record(request, incident)
    if duty.told_at and request.method != "POST":
        messages.info(request, "It is recorded already when they were told. The first telling stands.")
        return redirect("record:record", incident.reference)
    flow, rule = FLOWS[incident.stream], rule_of(duty.code, duty.version)
    ofsted = bool(rule and rule.recipient is Recipient.OFSTED)
    form = ToldForm(
        request.POST if request.method == "POST" else None,
        today=clock.london_day(now),
        now=now,
        known_at=incident.known_at,
        due_at=duty.due_at,
        ofsted=ofsted,
    )
    context: dict[str, Any] = {"form": form, "incident": incident, "item": items([duty], now)[0]}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        record = flow.ofsted_told if ofsted and flow.ofsted_told else actions.record_told
        try:
            record(
                duty=duty,
                reference=said["reference"],
                at=said["told_at"],
                reason_late=said["reason_late"],
                by=user,
                now=now,
            )
        except CrossedError as problem:
            context |= crossed(form, problem)
            return render(request, "incidents/record/told.html", context, status=STATUS)
        messages.success(request, f"Recorded: {duty.who} was told.")
        return redirect("record:record", incident.reference)
    return render(request, "incidents/record/told.html", context)


def _incident(request: SignedInRequest, reference: str) -> Incident:
    found = Incident.objects.visible_to(request.user.pk, clock.now()).filter(reference=reference)
    incident = found.select_related("home", "recorded_by", "recorded_for", "shared_with_provider_by").first()
    if incident is None or incident.stream not in FLOWS:
        raise Http404
    saw_record(request, incident)
    return incident

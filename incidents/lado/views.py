"""What came of a referral: the LADO records it, and sends it to the home."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from events import clock
from homes.access import NotAllowedError
from homes.crossing import CrossedError
from homes.interface.crossed import STATUS, crossed
from homes.interface.requests import SignedInRequest
from incidents.lado import actions
from incidents.lado.forms import OutcomeForm
from incidents.lado.models import LadoOutcome
from incidents.record.looked import saw_record
from incidents.record.models import Incident, Stream
from incidents.record.rights import may_decide_outcome


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: SignedInRequest, reference: str) -> HttpResponse:
    """Record the outcome, or, where there is one, send it to the home."""
    now = clock.now()
    incident = _incident(request, reference)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "incident": incident, "found": _found(incident)}
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_outcome(
                incident=incident, outcome=form.cleaned_data["outcome"], by=request.user.pk, now=now
            )
        except CrossedError as problem:
            context |= crossed(form, problem) | {"found": _found(incident)}
            return render(request, "incidents/lado/outcome.html", context, status=STATUS)
        messages.success(request, "The outcome is recorded. The home does not see it until you send it.")
        return redirect("lado:outcome", reference)
    return render(request, "incidents/lado/outcome.html", context)


@require_POST
def send_outcome(request: SignedInRequest, reference: str) -> HttpResponse:
    """Send the home the outcome: the referral is shared with the provider from then on."""
    incident = _incident(request, reference)
    try:
        actions.send_outcome_to_home(incident=incident, by=request.user.pk, now=clock.now())
    except NotAllowedError:
        messages.info(request, "There is no outcome to send, or it was sent already.")
    else:
        messages.success(request, "The home has been sent the outcome.")
    return redirect("lado:outcome", reference)


def _found(incident: Incident) -> LadoOutcome | None:
    return LadoOutcome.objects.filter(incident=incident).first()


def _incident(request: SignedInRequest, reference: str) -> Incident:
    now = clock.now()
    found = Incident.objects.visible_to(request.user.pk, now).filter(stream=Stream.LADO, reference=reference)
    incident = found.select_related("home").first()
    if incident is None or not may_decide_outcome(request.user.pk, incident, now):
        raise Http404
    saw_record(request, incident)
    return incident

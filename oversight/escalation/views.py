"""Alerts as pages: the list, one alert with its ladder, the answer to it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import clock
from homes.access import Capacity, NotAllowedError
from homes.access import pictures as pictures_at
from homes.crossing import CrossedError
from homes.interface.crossed import STATUS, crossed
from homes.interface.requests import SignedInRequest
from homes.looking.models import Look
from homes.looking.seen import saw
from homes.roles import Picture
from oversight.dashboards import wording
from oversight.escalation import actions, queries
from oversight.escalation.answering import standing
from oversight.escalation.deciding.queries import next_steps, timeline
from oversight.escalation.forms import AcknowledgeForm
from oversight.escalation.mails import mails_of
from oversight.escalation.models import Alert, Branch
from oversight.escalation.why import false_alarm, four_answers, why

A_PAGE = 30


@require_GET
def alerts(request: SignedInRequest) -> HttpResponse:
    """Every alert of the reader's pictures, those that wait for their answer first; ?home= keeps to one home."""
    now = clock.now()
    found = queries.alerts_for(request.user.pk, now)
    if urn := request.GET.get("home", ""):
        found = found.filter(home__urn=urn)
    pages = Paginator(found, A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "rows": queries.rows_of(list(page), now),
        "page": page,
        "pages": pages.get_elided_page_range(page.number),
        "count": pages.count,
        "home": urn,
    }
    return render(request, "oversight/escalation/alerts.html", context)


@require_GET
def alert(request: SignedInRequest, reference: str) -> HttpResponse:
    """One alert. That somebody opened it is itself a recorded fact, the first time; nothing else changes."""
    now = clock.now()
    found, capacities = _found(request, reference)
    actions.mark_seen(alert=found, by=request.user.pk, now=now)
    return _page(request, found, capacities, None)


@require_POST
def acknowledge(request: SignedInRequest, reference: str) -> HttpResponse:
    """The reader answers for their organisation."""
    found, capacities = _found(request, reference)
    waiting = queries.to_acknowledge(found, capacities)
    answered = queries.to_decide(found, capacities)
    if not waiting and not answered:
        messages.info(request, "There is nothing left here for you to answer.")
        return redirect("alert", reference=reference)
    branches = {str(branch.pk): branch for branch in (*waiting, *answered)}
    overtaken = queries.answerable(found, capacities, Branch.State.OVERTAKEN)
    if waiting and request.POST.get("branch", "") in {str(branch.pk) for branch in overtaken}:
        return _higher(request, found, capacities)
    form = AcknowledgeForm(request.POST, branches=list(branches.values()))
    if not form.is_valid():
        return _page(request, found, capacities, AcknowledgeForm(request.POST, branches=waiting or answered))
    chosen = branches[form.cleaned_data["branch"]]
    try:
        actions.acknowledge(
            alert=found, branch=chosen, note=form.cleaned_data["note"], by=request.user.pk, now=clock.now()
        )
    except actions.AlreadyAnsweredError:
        return _higher(request, found, capacities)
    except CrossedError as problem:
        return _page(request, found, capacities, form, crossed(form, problem))
    messages.success(
        request, f"You have acknowledged this alert for {chosen.organisation.name}. It stays open."
    )
    return redirect("alert", reference=reference)


def _higher(request: SignedInRequest, found: Alert, capacities: list[Capacity]) -> HttpResponse:
    """The form again for what waits now; what was written stays."""
    messages.info(request, "The alert has reached a higher level meanwhile. Please read and answer it again.")
    waiting = queries.to_acknowledge(found, capacities)
    form = AcknowledgeForm(branches=waiting, initial={"note": request.POST.get("note", "")})
    return _page(request, found, capacities, form, {})


@require_http_methods(["GET", "POST"])
def not_me(request: SignedInRequest, reference: str) -> HttpResponse:
    """The reader is not the right person: the next desk of their organisation is told at once."""
    found, capacities = _found(request, reference)
    branches = queries.answerable(found, capacities)
    if request.method == "POST":
        for branch in branches:
            actions.hand_on(alert=found, branch=branch, by=request.user.pk, now=clock.now())
        if branches:
            messages.success(request, "Thank you. The next desk of your organisation is being told now.")
        else:
            messages.info(request, "Nothing here waits for you any more. It says below who answered.")
        return redirect("alert", reference=reference)
    return render(request, "oversight/escalation/not_me.html", {"alert": found, "branches": branches})


def _found(request: SignedInRequest, reference: str) -> tuple[Alert, list[Capacity]]:
    now = clock.now()
    try:
        found = queries.alert_or_refuse(reference, request.user.pk, now)
        return found, standing(found, request.user.pk, now)
    except NotAllowedError:
        raise Http404 from None


def _page(
    request: SignedInRequest,
    found: Alert,
    capacities: list[Capacity],
    form: AcknowledgeForm | None,
    meanwhile: dict[str, Any] | None = None,
) -> HttpResponse:
    """meanwhile: given where something changed first, with what to show of it."""
    now = clock.now()
    pictures = frozenset(capacity.picture for capacity in capacities)
    regulator = Picture.REGULATOR in pictures
    saw(request, what=Look.What.ALERT, subjects=[found.pk], home=found.home)
    records, held = queries.records_for(found, request.user.pk, pictures, now)
    branches = queries.to_acknowledge(found, capacities)
    ladders = queries.ladders_of(found, now)
    waiting = queries.next_deadline(found, now)
    context = {
        "alert": found,
        "opens_home": found.home is not None and bool(pictures_at(request.user.pk, found.home.pk, now)),
        "title": queries.title_of(found),
        "level": queries.level_of(found),
        "answers": four_answers(found, regulator=regulator),
        "sentence": queries.sentence_of(found, regulator=regulator),
        "false_alarm": false_alarm(found),
        "law": found.explanation.get("legal_basis", ""),
        "why": why(found, regulator=regulator, opens_all=queries.opens_all(found, records)),
        "records": records,
        "known": found.picture == "overseers",
        "held": wording.HELD_BY_REGULATOR if held else "",
        "waiting": waiting,
        "due": queries.moment_words(waiting.due_at, now) if waiting else "",
        "ladder": ladders[0] if ladders else None,
        "earlier": ladders[1:],
        "mails": mails_of(found),
        "moments": timeline(found, overseer=found.picture == "overseers"),
        "next": next_steps(found, capacities, request.user.pk, now),
        "form": form or (AcknowledgeForm(branches=branches) if branches else None),
    }
    status = 200 if form is None else STATUS if meanwhile is not None else 422
    return render(request, "oversight/escalation/alert.html", context | (meanwhile or {}), status=status)

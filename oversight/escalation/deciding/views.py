"""Deciding on an alert, its outcome, telling the provider, closing: one question page each."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from events import clock
from homes.access import Capacity, NotAllowedError
from homes.crossing import CrossedError
from homes.interface.crossed import STATUS, crossed, opened
from homes.interface.forms import HubForm
from homes.interface.requests import SignedInRequest
from incidents.record.replies.queries import repliable
from oversight.escalation import queries
from oversight.escalation.actions import AlreadyAnsweredError
from oversight.escalation.answering import standing
from oversight.escalation.deciding import actions
from oversight.escalation.deciding.forms import CloseForm, DecideForm, OutcomeForm, ReplyForm, TellingForm
from oversight.escalation.deciding.models import Closing
from oversight.escalation.models import Alert, Branch, Tier

NOT_TOLD = "Only people who answer for an organisation that was told can do that."
PAGE = "oversight/escalation/deciding.html"


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: SignedInRequest, reference: str) -> HttpResponse:
    """Record what the reader's organisation decided; a later decision supersedes."""
    alert, capacities = _found(request, reference)
    branches = queries.to_decide(alert, capacities)
    undecided = [branch for branch in branches if branch.state != Branch.State.DECIDED]
    if not branches:
        return _nothing(request, alert, "There is nothing here for you to decide.")
    sent = request.method == "POST"
    offered = branches if sent else undecided or branches
    form = DecideForm(request.POST if sent else None, branches=offered, today=_today())
    latest = actions.latest_decision((undecided or branches)[0])
    page = {
        "title": "Record your decision",
        "lede": "Acknowledged is not the same as acted on. What you decide stands beside your name and post.",
        "button": "Record the decision",
        "opened": actions.standing_of(latest).seal,
    }

    def run() -> str:
        branch = next(one for one in branches if str(one.pk) == form.cleaned_data["branch"])
        actions.decide(
            alert=alert,
            branch=branch,
            decision=form.decision(),
            opened=opened(request),
            by=request.user.pk,
            now=clock.now(),
        )
        return "Your decision is recorded. Say what came of it when it is known."

    return _answer(request, alert, form, page, run)


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: SignedInRequest, reference: str) -> HttpResponse:
    """Record what came of the action that the reader's organisation decided; of several, the first first."""
    alert, capacities = _found(request, reference)
    mine = {branch.pk for branch in queries.to_decide(alert, capacities)}
    decided = [one for one in actions.standing_decisions(alert, acts=True) if one.branch_id in mine]
    open_ones = [one for one in decided if not hasattr(one, "outcome")]
    decision = next(iter(open_ones or decided[-1:]), None)
    if decision is None:
        return _nothing(request, alert, "There is no action of yours here whose outcome could be recorded.")
    form = OutcomeForm(request.POST or None, today=_today())
    page = {
        "title": "Record what came of it",
        "lede": f"You decided: {decision.action}",
        "button": "Record the outcome",
    }

    def run() -> str:
        actions.record_outcome(decision=decision, outcome=form.outcome(), by=request.user.pk, now=clock.now())
        return "The outcome is recorded."

    return _answer(request, alert, form, page, run)


@require_http_methods(["GET", "HEAD", "POST"])
def provider_told(request: SignedInRequest, reference: str) -> HttpResponse:
    """Record when and how the provider is told. Only overseers read it."""
    alert, _ = _found(request, reference)
    if alert.picture != "overseers" or not _was_told(request, alert):
        return _nothing(request, alert, NOT_TOLD)
    form = TellingForm(request.POST or None, today=_today())
    page = {
        "title": "Telling the provider",
        "lede": "The hub does not tell the provider of this alert: a person does. Recording it here shares no record and"
        " sends nothing. Only those who oversee the home read it.",
        "button": "Record how the provider is told",
        "opened": actions.telling_seal(actions.latest_telling(alert)),
    }

    def run() -> str:
        actions.record_provider_told(
            alert=alert, telling=form.telling(), opened=opened(request), by=request.user.pk, now=clock.now()
        )
        return "It is recorded how the provider is told."

    return _answer(request, alert, form, page, run)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedInRequest, reference: str) -> HttpResponse:
    """Sign that an alert is closed; at the regulator's tier a second person confirms."""
    alert, _ = _found(request, reference)
    if not _was_told(request, alert):
        return _nothing(request, alert, NOT_TOLD)
    signed = list(
        Closing.objects.filter(alert=alert, tier=alert.tier)
        .select_related("by", "organisation")
        .order_by("at")
    )
    by_reader = any(one.by_id == request.user.pk for one in signed)
    if (missing := actions.not_ready_to_close(alert)) or (by_reader and request.method != "POST"):
        return _nothing(request, alert, missing or "You have signed. A second person must confirm.")
    form = CloseForm(request.POST or None)
    two = actions.SIGNATURES[Tier(alert.tier)] > 1
    lede = "It stays readable. If it reaches a higher level it opens again; a new episode opens an alert of its own."
    if signed:
        first = signed[0]
        lede = f"{first.by.name}, {first.post}, {first.organisation.name}, asks that it is closed: {first.reason}"
    elif two:
        lede = f"At this level a second person must confirm. {lede}"
    page = {
        "title": "Confirm that this alert is closed" if signed else "Close this alert",
        "lede": lede,
        "button": "Confirm and close" if signed else "Ask to close it" if two else "Close the alert",
    }

    def run() -> str:
        actions.close(alert=alert, reason=form.cleaned_data["reason"], by=request.user.pk, now=clock.now())
        closed = Alert.objects.filter(pk=alert.pk, state=Alert.State.CLOSED).exists()
        return "The alert is closed." if closed else "You have signed. A second person must confirm."

    return _answer(request, alert, form, page, run)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: SignedInRequest, reference: str) -> HttpResponse:
    """Release words to whoever made one of the records behind the alert, without a word of the alert."""
    alert, _ = _found(request, reference)
    if not _was_told(request, alert):
        return _nothing(request, alert, NOT_TOLD)
    records = repliable(alert.evidence, request.user.pk, clock.now())
    if not records:
        return _nothing(request, alert, "There is no record here to whose author you can write.")
    form = ReplyForm(request.POST or None, alert=alert, records=records)
    page = {
        "title": "Tell whoever reported what came of it",
        "lede": "They read your words, your name and your organisation on the page of their own record, once you release"
        " them. They do not learn that there was an alert. What is released cannot be taken back.",
        "button": "Release these words",
    }

    def run() -> str:
        actions.tell_reporter(
            alert=alert,
            reference=form.cleaned_data["record"],
            words=form.cleaned_data["words"],
            by=request.user.pk,
            now=clock.now(),
        )
        return "Your words are released to whoever made that record."

    return _answer(request, alert, form, page, run)


def _answer(
    request: SignedInRequest, alert: Alert, form: HubForm, page: dict[str, Any], run: Callable[[], str]
) -> HttpResponse:
    """The page, or what came of sending it: back to the alert, the form with its errors, or both texts."""
    context: dict[str, Any] = {"alert": alert, "heading": queries.title_of(alert), "form": form, **page}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, run())
                return redirect("alert", reference=alert.reference)
            except CrossedError as problem:
                context, status = context | crossed(form, problem), STATUS
            except (actions.NotReadyError, AlreadyAnsweredError) as problem:
                return _nothing(request, alert, str(problem))
            except NotAllowedError:
                raise Http404 from None
    return render(request, PAGE, context, status=status)


def _nothing(request: SignedInRequest, alert: Alert, words: str) -> HttpResponse:
    messages.info(request, words[:1].upper() + words[1:])
    return redirect("alert", reference=alert.reference)


def _was_told(request: SignedInRequest, alert: Alert) -> bool:
    """Whether the reader answers for an organisation that was told."""
    try:
        actions.told_capacity(alert, request.user.pk, clock.now())
    except NotAllowedError:
        return False
    return True


def _found(request: SignedInRequest, reference: str) -> tuple[Alert, list[Capacity]]:
    """The alert and how the reader stands to it."""
    now = clock.now()
    try:
        found = queries.alert_or_refuse(reference, request.user.pk, now)
        return found, standing(found, request.user.pk, now)
    except NotAllowedError:
        raise Http404 from None


def _today() -> Any:
    return clock.london_day(clock.now())

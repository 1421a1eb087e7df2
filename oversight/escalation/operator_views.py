"""The hub's own alarms and how it is keeping up, for its administrator."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from events import clock, health
from homes.access import NotAllowedError
from homes.interface.requests import SignedInRequest
from oversight.escalation import alarms
from oversight.escalation.models import OperatorAlarm

A_PAGE = 200
NEVER, NOTHING = "never", "nothing waits"


@require_GET
def operator_alarms(request: SignedInRequest) -> HttpResponse:
    """What the administrator must put right, and the age of what has waited longest at each part."""
    if not alarms.keeps_the_hub(request.user.pk, clock.now()):
        raise Http404
    found = OperatorAlarm.objects.select_related("cleared_by").order_by("-cleared_at", "-opened_at")
    context = {
        "open": _rows(found.filter(cleared_at__isnull=True)),
        "cleared": _rows(found.filter(cleared_at__isnull=False)),
        "waiting": _waiting(),
        "passed": _passed(),
    }
    return render(request, "oversight/escalation/alarms.html", context)


@require_POST
def clear(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Say that an alarm has been put right."""
    try:
        cleared = alarms.clear(alarm=key, by=request.user.pk, now=clock.now())
    except NotAllowedError:
        raise Http404 from None
    if cleared:
        messages.success(request, "It is noted that you put this right. It opens again if it was not.")
    else:
        messages.info(request, "Somebody had put this right already.")
    return redirect("operator-alarms")


def _rows(found: QuerySet[OperatorAlarm]) -> list[dict[str, Any]]:
    return [{"alarm": alarm, "meaning": alarms.KINDS.get(alarm.kind, alarm.kind)} for alarm in found[:A_PAGE]]


def _waiting() -> list[tuple[str, str]]:
    ages, arrears = health.ages(), health.arrears()
    return [
        ("Oldest event that nobody has handled", _age(ages.oldest_unhandled_event, NOTHING)),
        ("Oldest e-mail not yet sent", _age(ages.oldest_unsent_delivery, NOTHING)),
        ("Oldest step of a ladder without an answer", _age(arrears.oldest_unanswered_step, NOTHING)),
        ("Ladders that wait for an answer", str(arrears.unanswered)),
        ("Events set aside after repeated failures", str(ages.parked)),
        ("E-mails given up in seven days", str(arrears.dead)),
        ("E-mails that came back in seven days", str(arrears.bounced)),
    ]


def _passed() -> list[tuple[str, str]]:
    ages = health.ages()
    return [
        ("Begun by the clock and recorded", _ago(ages.beat_recorded)),
        ("Handled by the worker", _ago(ages.beat_handled)),
        ("Taken by the mail server", _ago(ages.beat_delivered)),
        ("Website answered", _ago(ages.beat_answered)),
        ("Outside monitor told", _ago(ages.beat_told)),
    ]


def _ago(seconds: float | None) -> str:
    return NEVER if seconds is None else f"{_age(seconds, '')} ago"


def _age(seconds: float | None, none: str) -> str:
    """An age in its largest fitting unit: 40 seconds, 12 minutes, 3 hours, 2 days."""
    if seconds is None:
        return none
    whole = max(int(seconds), 0)
    for size, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if whole >= size:
            count = whole // size
            return f"{count} {name}{'s' if count != 1 else ''}"
    return f"{whole} second{'s' if whole != 1 else ''}"

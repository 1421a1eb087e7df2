"""How soon the reader's organisation answered and acted; to a regulator, how soon each did."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from events import clock
from homes.interface.requests import SignedInRequest
from oversight.response import queries
from oversight.response.queries import Response, Spread


@require_GET
def response(request: SignedInRequest) -> HttpResponse:
    """Times to answer and to decide in the last year, by organisation and level, and what is overdue now."""
    now = clock.now()
    found = queries.responses(request.user.pk, now)
    context = {
        "rows": [_row(one) for one in found],
        "overdue": queries.overdue(request.user.pk, now),
        "whole": queries.whole_nation(request.user.pk, now),
    }
    return render(request, "oversight/response/response.html", context)


def _row(one: Response) -> dict[str, Any]:
    return {
        "organisation": one.organisation,
        "level": one.tier.label,
        "asked": one.asked,
        "unanswered": one.unanswered,
        "answered": one.answered.count,
        "answered_in": _times(one.answered, working=one.working),
        "acted": one.acted.count,
        "acted_in": _times(one.acted, working=one.working),
    }


def _times(spread: Spread, *, working: bool) -> str:
    if spread.median is None or spread.ninetieth is None:
        return "–"
    kind = " working" if working else ""
    return f"{in_words(spread.median)}; nine in ten within {in_words(spread.ninetieth)}{kind}"


def in_words(time: timedelta) -> str:
    """Hours and minutes, as 3 h 20 min; from two days of hours on, whole hours."""
    minutes = round(time.total_seconds() / 60)
    if minutes >= 48 * 60:
        return f"{round(minutes / 60)} h"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"

"""Where children live, by area: a page with its drawing and table, a file and a document, all of the same numbers."""

import csv
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events import clock
from events.clock import london_day
from homes.access import current_posts
from homes.interface.requests import SignedInRequest
from homes.interface.step_up import ask_again
from homes.looking.models import Look
from homes.looking.seen import saw
from oversight.dashboards.charts.shares import shares
from oversight.dashboards.csv_cells import safe_row
from oversight.dashboards.documents.views import answer_pdf
from oversight.dashboards.living import BREAKDOWNS, table_of
from oversight.dashboards.small_numbers import NOTE

ROLES = ("inspector", "cqc_inspector")


def _asked(request: SignedInRequest) -> dict[str, Any]:
    """The table that was asked for; 404 for everybody but the regulator's people, and for what is not counted."""
    now, by = clock.now(), request.GET.get("by", "miles")
    if by not in BREAKDOWNS or not any(post.role in ROLES for post in current_posts(request.user.pk, now)):
        raise Http404
    table = table_of(request.user.pk, by, now)
    return {"by": by, "title": BREAKDOWNS[by].title, "table": table, "note": NOTE, "now": now}


@require_safe
def children(request: SignedInRequest) -> HttpResponse:
    """The page."""
    asked = _asked(request)
    drawings = {"wide": 1000, "narrow": 358}
    drawn = {name: shares(asked["table"], width, name) for name, width in drawings.items() if asked["table"]}
    choices = [(key, one.title) for key, one in BREAKDOWNS.items()]
    return render(
        request, "oversight/dashboards/children.html", asked | {"drawings": drawn, "choices": choices}
    )


@require_safe
def children_csv(request: SignedInRequest) -> HttpResponse:
    """The same numbers as CSV."""
    asked = _asked(request)
    if asked_again := ask_again(request):
        return asked_again
    saw(request, what=Look.What.HOME)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"children-{asked['by']}-{london_day(asked['now'])}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    out = csv.writer(response)
    if asked["table"]:
        out.writerow(safe_row(["Area", *asked["table"].columns, "All"]))
        out.writerows(safe_row(line) for line in asked["table"].lines())
    out.writerow(safe_row([NOTE]))
    return response


@require_safe
def children_pdf(request: SignedInRequest) -> HttpResponse:
    """The same numbers on paper."""
    asked = _asked(request)
    drawing = shares(asked["table"], 702, key="paper") if asked["table"] else ""
    context = asked | {"drawing": drawing}
    return answer_pdf(request, "oversight/dashboards/documents/children.html", "children-by-area", context)

"""How much of people's records one person is shown at once. The numbers stand in the settings, with their reasons."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from events import clock
from events.identity import new_id
from hesley_hub.looking.routes import Kept
from homes.looking import actions, queries
from homes.looking.models import Look

TAKEN_AWAY = (Look.Method.EXPORT.value, Look.Method.PDF.value)
SHORT, LONG = 900, 3600


def too_much(rule: Kept, viewer: UUID) -> str:
    """What the person has been shown too much of, in words; empty while there is nothing."""
    if not rule.budgeted:
        return ""
    read = queries.reading_of(viewer)
    if rule.method in TAKEN_AWAY and read.files >= settings.HUB_FILES_A_DAY:
        return f"{settings.HUB_FILES_A_DAY} files taken away within a day"
    if read.pages >= settings.HUB_PAGES_AN_HOUR:
        return f"{settings.HUB_PAGES_AN_HOUR} pages of people’s records within an hour"
    if read.rows >= settings.HUB_ROWS_AN_HOUR:
        return f"{settings.HUB_ROWS_AN_HOUR} people and records named within an hour"
    return ""


def refusal(request: HttpRequest, rule: Kept, viewer: UUID) -> HttpResponse | None:
    """The answer instead of the page, with its row in the record of looking; None where the page may be shown."""
    measure = too_much(rule, viewer)
    if not measure:
        return None
    route = request.resolver_match.view_name if request.resolver_match else ""
    asked = actions.Asked(route, Look.Method.REFUSED.value, rule.what, rule.purpose, new_id())
    actions.refuse(asked=asked, measure=measure, by=viewer, now=clock.now())
    wait = LONG if "day" in measure else SHORT
    headers = {"Retry-After": str(wait)}
    if request.path.startswith("/api/"):
        said = f"You have read {measure}. Wait, or ask whoever keeps the hub: {settings.HUB_OPERATOR_MAIL}"
        return JsonResponse({"detail": said}, status=429, headers=headers)
    context = {"measure": measure, "operator": settings.HUB_OPERATOR_MAIL}
    answer = render(request, "homes/looking/too_much.html", context, status=429)
    answer.headers["Retry-After"] = headers["Retry-After"]
    return answer

"""Who has seen this child; what has this person seen; what an organisation's people have seen, on paper too."""

import csv
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from events import clock
from events.clock import LONDON, london_day
from homes.interface.requests import SignedInRequest
from homes.interface.step_up import step_up
from homes.looking import queries
from homes.looking.models import Look, LookQuerySet
from homes.looking.seen import saw
from homes.models import Child, Home, Person
from oversight.dashboards.csv_cells import safe_row

A_PAGE = 50
HEAD = ("When", "Who", "Post", "Organisation", "How", "What", "Child", "Home", "Purpose", "Request")


@require_GET
def child_looks(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Everybody who opened something about this child, as far as the reader answers for those who looked."""
    now, viewer = clock.now(), request.user.pk
    child = Child.objects.visible_to(viewer, now).filter(pk=key).first()
    if child is None or not queries.answers_for(child, viewer, now):
        raise Http404
    saw(request, what=Look.What.LOOKS, subjects=[child.pk])
    whole = child.pk in queries.responsible(viewer, now).children
    context = {"child": child, "whole": whole}
    return _page(request, queries.at_child(child, viewer, now), "homes/looking/child.html", context, now)


@require_GET
def person_looks(request: SignedInRequest, key: UUID) -> HttpResponse:
    """What one person has seen: for themselves, and for whoever leads them."""
    now, viewer = clock.now(), request.user.pk
    person = Person.objects.filter(pk=key).first()
    if person is None or not queries.answers_for_person(key, viewer, now):
        raise Http404
    saw(request, what=Look.What.LOOKS, subjects=[key])
    found = queries.of_person(key, viewer, now)
    return _page(request, found, "homes/looking/person.html", {"person": person, "own": key == viewer}, now)


@require_GET
def own_looks(request: SignedInRequest) -> HttpResponse:
    """What the people whom the reader answers for have seen, and the reader's own."""
    now, viewer = clock.now(), request.user.pk
    saw(request, what=Look.What.LOOKS)
    leads = queries.responsible(viewer, now)
    context = {"leads": bool(leads.organisations or leads.at_homes)}
    return _page(request, queries.of_organisation(viewer, now), "homes/looking/own.html", context, now)


@step_up
@require_GET
def own_looks_csv(request: SignedInRequest) -> HttpResponse:
    """The same, whole, as CSV whose cells no spreadsheet takes for formulas."""
    now, viewer = clock.now(), request.user.pk
    saw(request, what=Look.What.LOOKS)
    found = list(queries.of_organisation(viewer, now))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="looks-{london_day(now)}.csv"'
    out = csv.writer(answer)
    out.writerow(HEAD)
    for row in _rows(found, viewer, now):
        look = row["look"]
        when = look.at.astimezone(LONDON).isoformat(timespec="seconds")
        cells = [when, row["who"], look.post, look.organisation, row["how"], row["what"], row["children"]]
        out.writerow(safe_row([*cells, row["home"], look.purpose, look.request]))
    return answer


def _page(
    request: SignedInRequest, found: LookQuerySet, template: str, context: dict[str, Any], now: datetime
) -> HttpResponse:
    paginator = Paginator(found, A_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context |= {
        "rows": _rows(list(page.object_list), request.user.pk, now),
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "count": paginator.count,
    }
    return render(request, template, context)


def _rows(looks: list[Look], viewer: UUID, now: datetime) -> list[dict[str, Any]]:
    """Looks with names: of those who looked, of homes, and of children whom the reader may see by name."""
    people = dict(Person.objects.filter(pk__in={look.viewer for look in looks}).values_list("pk", "name"))
    homes = dict(
        Home.objects.filter(pk__in={look.home for look in looks if look.home}).values_list("pk", "name")
    )
    keys = {key for look in looks for key in look.subjects}
    named = Child.objects.visible_to(viewer, now).filter(pk__in=keys)
    children = dict(named.values_list("pk", "initials"))
    return [
        {
            "look": look,
            "who": people.get(look.viewer, "somebody"),
            "how": look.get_method_display(),
            "what": look.get_what_display(),
            "home": homes.get(look.home, "") if look.home else "",
            "children": ", ".join(children[key] for key in look.subjects if key in children),
        }
        for look in looks
    ]

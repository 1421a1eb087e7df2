"""Pages of a home, a provider, an authority, an area and the nation."""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events import clock
from events.clock import london_day
from homes.interface.requests import SignedInRequest
from homes.interface.step_up import ask_again
from homes.looking.models import Look
from homes.looking.seen import saw
from homes.models import Home, Organisation, Post
from homes.roles import Picture
from incidents.record import overview
from oversight.dashboards import lists, queries
from oversight.dashboards.chance import chance_over
from oversight.dashboards.charts.dots import homes_dots
from oversight.dashboards.charts.legend import sparkline_key
from oversight.dashboards.clocks import owed_clocks
from oversight.dashboards.csv_cells import safe_row
from oversight.dashboards.forms import ListFilter
from oversight.dashboards.home_page import home_page
from oversight.dashboards.voices import silence_of
from oversight.dashboards.wording import (
    HELD_BY_REGULATOR,
    STREAMS,
    level_of_alert,
    pattern_words,
)
from voice.heard import across

PER_PAGE = 25
FAR_MILES = 50
ALL_STREAMS = tuple(STREAMS)
KNOWN_TO_AUTHORITIES = tuple(stream for stream in STREAMS if stream != "whistleblowing")
ADULTS_SINCE = timedelta(days=1200)


@require_safe
def home(request: SignedInRequest, urn: str) -> HttpResponse:
    """One home, in the viewer's own picture."""
    now = clock.now()
    stand = queries.standpoint(request.user.pk, urn, now)
    if stand is None:
        raise Http404
    page = home_page(stand, request.user.pk, now)
    said = page.voice.views if page.voice else []
    saw(request, what=Look.What.HOME, subjects=[view.child_id for view in said], home=stand.home)
    return render(request, "oversight/dashboards/home.html", {"page": page, "home": stand.home})


def _posts(request: SignedInRequest, now: datetime, *roles: str) -> list[Post]:
    """The viewer's posts in these roles; 404 without one."""
    posts = [post for post in queries.posts_of(request.user.pk, now) if post.role in roles]
    if not posts:
        raise Http404
    return posts


def _rows(
    request: SignedInRequest,
    homes: Any,
    *,
    picture: str,
    now: datetime,
    streams: Sequence[str],
    regulator: bool = False,
    organisation: UUID | None = None,
    per_page: int = PER_PAGE,
) -> dict[str, Any]:
    """One page of a list of homes, with its rows."""
    paginator = Paginator(homes, per_page)
    page = paginator.get_page(request.GET.get("page"))
    rows = lists.rows_of(
        list(page.object_list),
        picture=picture,
        viewer=request.user.pk,
        now=now,
        streams=streams,
        whistleblowing=regulator,
        start_rank=page.start_index() or 1,
        organisation=organisation,
    )
    chance = chance_over(picture, request.user.pk, now)
    return {
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "rows": rows,
        "streams": [STREAMS[stream][0] for stream in streams],
        "key": sparkline_key(),
        "now": now,
        "false_alarm": chance.words,
        "a_year": chance.a_year,
    }


@require_safe
def own_provider(request: SignedInRequest) -> HttpResponse:
    """Every home of the responsible individual's own provider, in the provider's picture."""
    now = clock.now()
    post = _posts(request, now, "responsible_individual")[0]
    return _provider(request, post.organisation, now, (Picture.PROVIDER,), "provider")


@require_safe
def provider(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Every home of a provider, for the regulator."""
    now = clock.now()
    _posts(request, now, "inspector", "cqc_inspector")
    organisation = Organisation.objects.filter(pk=key, kind="provider").first()
    if organisation is None:
        raise Http404
    return _provider(request, organisation, now, (Picture.REGULATOR,), "overseers")


def _provider(
    request: SignedInRequest,
    organisation: Organisation,
    now: datetime,
    pictures: Sequence[Picture],
    picture: str,
) -> HttpResponse:
    regulator = picture == "overseers"
    homes = lists.ranked(request.user.pk, now, pictures=pictures, picture=picture)
    streams = ALL_STREAMS if regulator else KNOWN_TO_AUTHORITIES
    context = _rows(
        request,
        homes.filter(provider=organisation),
        picture=picture,
        now=now,
        streams=streams,
        regulator=regulator,
    )
    managers = queries.managers_of([row.home.pk for row in context["rows"]], now)
    for row in context["rows"]:
        row.manager = managers.get(row.home.pk, "no registered manager in post")
    together = queries.alerts_of([], [organisation.pk], picture=picture, open_only=True)
    context |= {
        "provider": organisation,
        "together": [
            {
                "level": level_of_alert(alert.kind, alert.tier),
                "words": pattern_words(alert.pattern),
                "href": f"/alerts/{alert.reference}/",
                "since": alert.raised_on,
            }
            for alert in together
        ],
        "clocks": owed_clocks(queries.owed_by([organisation.pk]), now),
        "own": not regulator,
    }
    return render(request, "oversight/dashboards/provider.html", context)


@require_safe
def authority(request: SignedInRequest) -> HttpResponse:
    """Where a placing authority's children live, what it owes an answer to, and what its children say."""
    now = clock.now()
    post = _posts(request, now, "placing_authority")[0]
    viewer = request.user.pk
    homes = lists.ranked(viewer, now, pictures=(Picture.AUTHORITY,), picture="overseers")
    context = _rows(
        request,
        homes.filter(placements__placing_authority=post.organisation).distinct(),
        picture="overseers",
        now=now,
        streams=(),
        organisation=post.organisation_id,
        per_page=50,
    )
    residents = [
        one
        for one in queries.residents_of(list(homes.values_list("pk", flat=True)), viewer, now)
        if one.authority_id == post.organisation_id
    ]
    children = [one.child_id for one in residents]
    settled = [one for one in residents if one.since <= now - timedelta(weeks=6)]
    for row in context["rows"]:
        here = [one for one in residents if one.home_id == row.home.pk]
        row.children = str(len(here))
        miles = [one.miles for one in here if one.miles is not None]
        row.away = f"{max(miles)} miles" if miles else ""
    heard = across.last_heard_of(children, viewer, now)
    saw(request, what=Look.What.CHILD, subjects=children)
    context |= {
        "authority": post.organisation,
        "clocks": owed_clocks(queries.owed_by([post.organisation_id]), now),
        "children": len(residents),
        "homes": len({one.home_id for one in residents}),
        "far": sum(one.miles is not None and one.miles > FAR_MILES for one in residents),
        "views": across.latest_of(children, viewer, now, 2),
        "silence": silence_of(settled, len(residents), heard, now, ""),
        "held": HELD_BY_REGULATOR,
    }
    return render(request, "oversight/dashboards/authority.html", context)


@require_safe
def area(request: SignedInRequest) -> HttpResponse:
    """Every home of an area: for its host authority, its LADO and its integrated care board, each in its own picture."""
    now = clock.now()
    post = _posts(request, now, "host_authority", "lado", "icb_lead")[0]
    own = {"host_authority": Picture.AUTHORITY, "lado": Picture.LADO, "icb_lead": Picture.ICB}[post.role]
    homes = lists.ranked(request.user.pk, now, pictures=(own,), picture="overseers")
    homes = (
        homes.filter(icb_id=post.organisation_id)
        if own is Picture.ICB
        else homes.filter(host_authority_id=post.organisation_id)
    )
    form = ListFilter(request.GET)
    del form.fields["area"]
    streams = {
        Picture.AUTHORITY: KNOWN_TO_AUTHORITIES,
        Picture.LADO: (),
        Picture.ICB: ("reg40", "lado", "complaint", "hospital"),
    }[own]
    context = _rows(
        request,
        lists.chosen(homes, form.choice(), "overseers", london_day(now)),
        picture="overseers",
        now=now,
        streams=streams,
        organisation=post.organisation_id,
    )
    adults = (
        overview.adults_seen(now - ADULTS_SINCE, viewer=request.user.pk, now=now)
        if own is Picture.LADO
        else []
    )
    saw(request, what=Look.What.ADULT, subjects=[one.adult_id for one in adults])
    context |= {
        "form": form,
        "area": post.organisation,
        "role": post.role,
        "clocks": owed_clocks(queries.owed_by([post.organisation_id]), now),
        "adults": adults,
        "shows_levels": own is not Picture.ICB,
    }
    return render(request, "oversight/dashboards/area.html", context)


def _national(request: SignedInRequest, now: datetime) -> tuple[ListFilter, Any]:
    _posts(request, now, "inspector", "cqc_inspector")
    homes = lists.ranked(request.user.pk, now, pictures=(Picture.REGULATOR,), picture="overseers")
    form = ListFilter(request.GET)
    return form, lists.chosen(homes, form.choice(), "overseers", london_day(now))


@require_safe
def nation(request: SignedInRequest) -> HttpResponse:
    """All homes for the regulator: ranked, filtered, searched, paged; and how many of them are ordinary."""
    now = clock.now()
    form, homes = _national(request, now)
    context = _rows(request, homes, picture="overseers", now=now, streams=ALL_STREAMS, regulator=True)
    everywhere = Home.objects.visible_to(request.user.pk, now, (Picture.REGULATOR,)).filter(
        closed_on__isnull=True
    )
    total = everywhere.count()
    looked_at = (
        lists.ranked(request.user.pk, now, pictures=(Picture.REGULATOR,), picture="overseers")
        .filter(level_rank__gte=2)
        .count()
    )
    ordinary = lists.ordinary_among(looked_at, total, context["a_year"])
    context |= {
        "form": form,
        "total": total,
        "looked_at": looked_at,
        "ordinary": ordinary,
        "dots": homes_dots(min(looked_at, 400), min(ordinary, 400)) if looked_at else "",
        "a_week": max(round(total * context["a_year"] / 52), 1),
        "query": request.GET.urlencode(),
    }
    return render(request, "oversight/dashboards/nation.html", context)


@require_safe
def nation_csv(request: SignedInRequest) -> HttpResponse:
    """The list as asked for, whole, as CSV whose cells no spreadsheet takes for formulas."""
    now = clock.now()
    _, homes = _national(request, now)
    if asked_again := ask_again(request):
        return asked_again
    saw(request, what=Look.What.HOME)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="homes-{london_day(now)}.csv"'
    out = csv.writer(response)
    out.writerow(["Rank", "URN", "Home", "Provider", "Area", "Level", "Pattern", "Places"])
    for rank, found in enumerate(homes.iterator(chunk_size=1000), start=1):
        area_name = found.host_authority.name if found.host_authority else ""
        level = lists.LEVELS[found.level_rank].capitalize()
        pattern = pattern_words(found.leading_pattern) if found.leading_pattern else ""
        row = [rank, found.urn, found.name, found.provider.name, area_name, level, pattern, found.places]
        out.writerow(safe_row(row))
    return response

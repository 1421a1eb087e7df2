"""Pages where a child is heard with a helper, and where what was done is kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events import clock
from homes.access import NotAllowedError, home_or_refuse, pictures
from homes.consents.queries import closed_cases
from homes.crossing import CrossedError
from homes.history.queries import timeline
from homes.interface.crossed import STATUS, crossed
from homes.interface.requests import SignedInRequest
from homes.looking.models import Look
from homes.looking.queries import answers_for
from homes.looking.seen import saw
from homes.models import Child, Home
from homes.roles import Picture
from voice.heard import actions, queries
from voice.heard.forms import ABOUT, FEELINGS, SYMBOLS, DoneForm, SayForm, ShareForm, TellForm, today_of
from voice.heard.models import View

HEARING = (Picture.PROVIDER, Picture.REGULATOR, Picture.AUTHORITY, Picture.VISITOR, Picture.CHILD)


@require_GET
def children(request: SignedInRequest, urn: str) -> HttpResponse:
    """The children of a home whom the reader may see: when each was last heard, and by whom."""
    now, viewer = clock.now(), request.user.pk
    home = _home(request, urn, now)
    living = queries.residents(home, viewer, now)
    heard = queries.last_heard(home, viewer, now)
    silent = {row.child.pk for row in queries.not_heard(home, viewer, now)}
    closed = closed_cases(home, viewer, now)
    rows = [
        {
            "child": child,
            "last": heard.get(child.pk, (None, False))[0],
            "by_staff": heard.get(child.pk, (None, False))[1],
            "silent": child.pk in silent,
            "closed": child.pk in closed,
        }
        for child in living
    ]
    saw(request, what=Look.What.CHILD, subjects=[child.pk for child in living], home=home)
    context = {"home": home, "rows": rows, "silence": _silence(len(silent), len(rows))}
    return render(
        request, "voice/children.html", context | {"views": queries.latest_views(home, viewer, now)}
    )


def _silence(silent: int, all_children: int) -> dict[str, str] | None:
    if not silent:
        return None
    children = "child" if all_children == 1 else "children"
    return {
        "heading": f"{silent} of {all_children} {children} not heard for six weeks",
        "text": "Not heard is not the same as content. Who will see them, and when?",
    }


@require_http_methods(["GET", "POST"])
def child_page(request: SignedInRequest, key: UUID) -> HttpResponse:
    """How is it here? Symbols to choose from, what happened last time, all that was said. A POST only shows choices."""
    now = clock.now()
    child = Child.objects.case_open_to(request.user.pk, now).filter(pk=key).first()
    if child is None:
        raise Http404
    return _how_is_it(request, child, now, closed=False)


@require_http_methods(["GET", "POST"])
def hear(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The same page for somebody who may hear the child but not read the child's case record: nothing said before."""
    now, viewer = clock.now(), request.user.pk
    child = _child(request, key, now)
    home = queries.home_now(child, viewer, now)
    if home is None or not queries.may_hear(home, viewer, now):
        raise Http404
    return _how_is_it(request, child, now, closed=not _opens(child, viewer, now))


def _how_is_it(request: SignedInRequest, child: Child, now: datetime, *, closed: bool) -> HttpResponse:
    viewer = request.user.pk
    home = queries.home_now(child, viewer, now)
    saw(request, what=Look.What.CHILD, subjects=[child.pk], home=home)
    chosen = [name for name in request.POST.getlist("symbols") if name in SYMBOLS]
    context = {
        "child": child,
        "home": home,
        "closed": closed,
        "may_say": home is not None and queries.may_hear(home, viewer, now),
        "may_ask_who_looked": answers_for(child, viewer, now),
        "feelings": _tiles(FEELINGS, chosen),
        "about": _tiles(ABOUT, chosen),
        "words": request.POST.get("words", ""),
        "truth": queries.TRUTH,
        "last_time": None if closed else _last_time(child, viewer, now),
        "said": [] if closed else queries.said_as(queries.views_of(child, viewer, now)),
    }
    return render(request, "voice/child.html", context)


def _tiles(names: tuple[str, ...], chosen: list[str]) -> list[dict[str, Any]]:
    return [{"name": name, "chosen": name in chosen} for name in names]


def _last_time(child: Child, viewer: UUID, now: datetime) -> dict[str, Any] | None:
    view = queries.last_answered(child, viewer, now)
    if view is None:
        return None
    done = max(view.done.all(), key=lambda one: one.done_at)
    return {"view": view, "done": done, "outcome": queries.outcome(done)}


@require_http_methods(["GET", "POST"])
def say(request: SignedInRequest, key: UUID) -> HttpResponse:
    """What the child is saying, who will see it, and what the helper adds; saved when the helper says so."""
    now, viewer = clock.now(), request.user.pk
    child = _child(request, key, now)
    home = queries.home_now(child, viewer, now)
    if home is None or not queries.may_hear(home, viewer, now):
        raise Http404
    saw(request, what=Look.What.CHILD, subjects=[child.pk], home=home)
    held = pictures(viewer, home.pk, now)
    options: dict[str, Any] = {"today": today_of(now), "works_here": Picture.PROVIDER in held}
    if request.POST.get("step") == "say":
        form = SayForm(request.POST, **options)
        answer = _record(form, child, home, request, now)
        if answer:
            return answer
    else:
        form = SayForm(initial=_begun(request, child, viewer, now), **options)
    symbols = [name for name in request.POST.getlist("symbols") if name in SYMBOLS]
    unsafe = bool(request.POST.get("feels_unsafe"))
    context = {
        "child": child,
        "home": home,
        "back": "child" if _opens(child, viewer, now) else "child-hear",
        "form": form,
        "symbols": (["unsafe"] if unsafe and "unsafe" not in symbols else []) + symbols,
        "unsafe": unsafe,
        "numbers": queries.numbers_to_ring(home),
        "awake": queries.awake_at_night(home),
        "who_will_see": queries.who_will_see(held),
        "truth": queries.TRUTH,
    }
    return render(request, "voice/say.html", context)


def _begun(request: SignedInRequest, child: Child, viewer: UUID, now: datetime) -> dict[str, Any]:
    """What the form begins with: the tiles chosen, or the view that did not change anything."""
    words = request.POST.get("words", "")
    again = request.GET.get("again", "")
    earlier = next((v for v in queries.views_of(child, viewer, now) if str(v.pk) == again), None)
    if earlier is not None:
        words = "It did not change." + (f" I said: {earlier.words}" if earlier.words else "")
    return {
        "words": words,
        "symbols": request.POST.getlist("symbols"),
        "feels_unsafe": request.POST.get("feels_unsafe", ""),
        "said_on": today_of(now),
        "heard_by": request.user.person.name,
    }


def _record(
    form: SayForm, child: Child, home: Home, request: SignedInRequest, now: datetime
) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        new = form.new_view(child, home, request.user.person.name, now)
    except ValidationError as problem:
        form.add_error("said_at", problem)
        return None
    try:
        view = actions.record_view(new=new, by=request.user.pk, now=now)
    except NotAllowedError as refused:
        raise Http404 from refused
    messages.success(request, "Recorded in the child’s own words.")
    return redirect("view", key=view.pk)


@require_GET
def view_page(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One view: the exact words, apart from them what somebody thinks it means, and what was done."""
    now = clock.now()
    return _show(request, _view(request, key, now), now)


def _show(request: SignedInRequest, view: View, now: datetime, **forms: Any) -> HttpResponse:
    viewer = request.user.pk
    context = {
        "view": view,
        "opens_child": _opens(view.child, viewer, now),
        "said": queries.said_as([view])[0],
        "answers": sorted(view.done.select_related("done_by"), key=lambda done: done.done_at),
        "history": timeline(
            [view.pk, *view.done.values_list("pk", flat=True)],
            provider=queries.acts_for_provider(viewer, view.home_id),
            titles={"voice_view": "view", "voice_done": "what was done"},
        ),
        "may_answer": queries.may_answer(view, viewer, now),
        "may_share": not view.provider_sees and queries.may_share(view, viewer, now),
        "from_outside": not queries.acts_for_provider(viewer, view.home_id),
        "numbers": queries.numbers_to_ring(view.home) if view.feels_unsafe else [],
        "truth": queries.TRUTH,
        "form": DoneForm(),
        "done_form": DoneForm(),
        "tell_form": TellForm(today=today_of(now)),
        "share_form": ShareForm(),
    }
    status = STATUS if "crossed" in forms else 200
    return render(request, "voice/view.html", context | forms, status=status)


@require_POST
def view_done(request: SignedInRequest, key: UUID) -> HttpResponse:
    now = clock.now()
    view = _view(request, key, now)
    form = DoneForm(request.POST)
    if not form.is_valid():
        return _show(request, view, now, done_form=form, form=form)
    answers = form.cleaned_data
    told = answers["told"] == "yes"
    try:
        actions.record_done(
            view=view,
            what=answers["what"],
            it_changed=answers["it_changed"] == "yes",
            child_told_at=now if told else None,
            child_told_how=answers["how"] if told else "",
            client_id=form.sent_as(),
            by=request.user.pk,
            now=now,
        )
    except NotAllowedError as refused:
        raise Http404 from refused
    messages.success(request, "What was done is recorded.")
    return redirect("view", key=view.pk)


@require_POST
def view_told(request: SignedInRequest, key: UUID, done: UUID) -> HttpResponse:
    now = clock.now()
    view = _view(request, key, now)
    answered = view.done.filter(pk=done).first()
    if answered is None:
        raise Http404
    form = TellForm(request.POST, today=today_of(now))
    if not form.is_valid():
        return _show(request, view, now, tell_form=form, form=form)
    try:
        actions.tell_child(
            done=answered, at=form.told_at(now), how=form.cleaned_data["how"], by=request.user.pk, now=now
        )
    except NotAllowedError as refused:
        raise Http404 from refused
    except CrossedError as problem:
        return _show(request, view, now, tell_form=form, **crossed(form, problem))
    messages.success(request, "Recorded that the child was told.")
    return redirect("view", key=view.pk)


@require_POST
def view_share(request: SignedInRequest, key: UUID) -> HttpResponse:
    now = clock.now()
    view = _view(request, key, now)
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _show(request, view, now, share_form=form, form=form)
    try:
        actions.share_with_provider(view=view, why=form.cleaned_data["why"], by=request.user.pk, now=now)
    except NotAllowedError as refused:
        raise Http404 from refused
    except CrossedError as problem:
        return _show(request, view, now, share_form=form, **crossed(form, problem))
    messages.success(request, "The people of the home can read this view from now on.")
    return redirect("view", key=view.pk)


def _home(request: SignedInRequest, urn: str, now: datetime) -> Home:
    try:
        return home_or_refuse(request.user.pk, urn, now, HEARING)
    except NotAllowedError as refused:
        raise Http404 from refused


def _child(request: SignedInRequest, key: UUID, now: datetime) -> Child:
    child = Child.objects.visible_to(request.user.pk, now).filter(pk=key).first()
    if child is None:
        raise Http404
    return child


def _opens(child: Child, viewer: UUID, now: datetime) -> bool:
    """Whether the child's case record is open to the person."""
    return Child.objects.case_open_to(viewer, now).filter(pk=child.pk).exists()


def _view(request: SignedInRequest, key: UUID, now: datetime) -> View:
    views = View.objects.visible_to(request.user.pk, now).select_related(
        "child", "home__host_authority", "recorded_by"
    )
    view = views.filter(pk=key).first()
    if view is None:
        raise Http404
    saw(request, what=Look.What.VIEW, subjects=[view.pk, view.child_id], home=view.home)
    return view

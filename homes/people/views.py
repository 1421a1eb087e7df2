"""Pages for those who answer for people and posts, and for a home that must be opened now."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import clock
from events.clock import LONDON, london_day
from homes.access import NotAllowedError, current_posts
from homes.crossing import CrossedError
from homes.interface.crossed import STATUS, crossed, opened
from homes.interface.requests import SignedInRequest
from homes.interface.step_up import ask_again
from homes.models import DutyMailbox, Home, MailboxChange, Organisation, Post
from homes.people import actions, queries
from homes.people.actions import NotPossibleError
from homes.people.forms import BringInForm, GlassForm, MailboxForm
from homes.roles import BREAKS_GLASS

#: What is done to a post or its account, by the last part of the address.
CHANGES = ("end", "review", "invite", "close")


@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """Everybody for whose posts the viewer answers."""
    now, viewer = clock.now(), request.user.pk
    if not queries.answers(viewer, now):
        raise Http404
    context = {"posts": queries.posts_answered_for(viewer, now), "stale": len(queries.stale(viewer, now))}
    return render(request, "homes/people/people.html", context)


@require_safe
def stale(request: SignedInRequest) -> HttpResponse:
    """Rights that nobody uses or reviews."""
    now, viewer = clock.now(), request.user.pk
    mine = queries.answers(viewer, now)
    if not mine:
        raise Http404
    grants = queries.grants(now).filter(ends_at__gt=now) if mine.all else []
    return render(request, "homes/people/stale.html", {"found": queries.stale(viewer, now), "grants": grants})


@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: SignedInRequest) -> HttpResponse:
    """Put somebody in post; a link goes to whoever cannot sign in yet."""
    now, viewer = clock.now(), request.user.pk
    mine = queries.answers(viewer, now)
    if not mine:
        raise Http404
    if asked_again := ask_again(request):
        return asked_again
    typed = request.POST if request.method == "POST" else None
    form = BringInForm(typed, answers=mine, today=london_day(now))
    if form.is_valid():
        asked = form.cleaned_data
        try:
            actions.bring_in(
                name=asked["name"],
                email=asked["email"],
                role=asked["role"],
                organisation=asked["organisation"],
                home=asked["urn"],
                starts_at=now,
                ends_at=_end_of(asked["ends_on"]) if asked["ends_on"] else None,
                client_id=form.sent_as(),
                by=viewer,
                now=now,
            )
        except NotAllowedError:
            form.add_error("role", "This post is not yours to give")
        except NotPossibleError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "The post is given. Whoever cannot sign in yet gets a link by e-mail.")
            return redirect("people")
    return render(request, "homes/people/bring_in.html", {"form": form})


def _end_of(day: Any) -> datetime:
    """The midnight after a day in London."""
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=LONDON)


def _post(request: SignedInRequest, key: UUID, now: datetime, *, ended: bool = False) -> Post:
    post = queries.posts_answered_for(request.user.pk, now, ended=ended).filter(pk=key).first()
    if post is None or not queries.answers(request.user.pk, now):
        raise Http404
    return post


@require_safe
def post(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One post: end it, say that it is still needed, send a new link, or close the account."""
    return render(request, "homes/people/post.html", {"post": _post(request, key, clock.now())})


@require_POST
def change_post(request: SignedInRequest, key: UUID, what: str) -> HttpResponse:
    """Do one of the four."""
    now, by = clock.now(), request.user.pk
    found = _post(request, key, now, ended=True)
    if asked_again := ask_again(request):
        return asked_again
    if what not in CHANGES:
        raise Http404
    if what != "close" and found.ends_at is not None and found.ends_at <= now:
        messages.info(request, f"Nothing was changed: {found.user.person.name}’s post has ended meanwhile.")
        return redirect("people")
    try:
        match what:
            case "end":
                actions.end_post(post=found, at=now, by=by, now=now)
                said = "The post has ended, and its rights with it."
            case "review":
                actions.review_post(post=found, by=by, now=now)
                said = "Noted: the post is still needed."
            case "invite":
                actions.invite(user=found.user, by=by, now=now)
                said = "A new link is on its way."
            case _:
                actions.close_account(user=found.user, by=by, now=now)
                said = "The account is closed. It is signed out everywhere."
    except NotAllowedError as problem:
        raise Http404 from problem
    except NotPossibleError as problem:
        messages.info(request, str(problem))
        return redirect("people")
    messages.success(request, said)
    return redirect("people")


@require_safe
def own_organisation(request: SignedInRequest) -> HttpResponse:
    """The mailboxes of the viewer's organisation; of several, or for an administrator, a list to choose from."""
    now = clock.now()
    mine = queries.keeps_mailboxes_of(request.user.pk, now)
    if queries.answers(request.user.pk, now).all:
        mine = list(Organisation.objects.order_by("name"))
    if not mine:
        raise Http404
    if len(mine) == 1:
        return redirect("organisation", key=mine[0].pk)
    return render(request, "homes/people/organisations.html", {"organisations": mine})


@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One organisation's mailboxes; POST proposes a new address, which a second person confirms."""
    now, viewer = clock.now(), request.user.pk
    found = Organisation.objects.filter(pk=key).first()
    mine = found in queries.keeps_mailboxes_of(viewer, now) or queries.answers(viewer, now).all
    if found is None or not mine:
        raise Http404
    form = MailboxForm(request.POST) if request.method == "POST" else MailboxForm()
    meanwhile: dict[str, Any] = {}
    if form.is_valid():
        try:
            actions.propose_mailbox(
                organisation=found, **form.cleaned_data, opened=opened(request), by=viewer, now=now
            )
        except NotPossibleError as problem:
            form.add_error("desk", str(problem))
        except CrossedError as problem:
            meanwhile = crossed(form, problem)
        else:
            messages.success(request, "Proposed. The old address stays until a second person confirms.")
            return redirect("organisation", key=key)
    context = {
        "organisation": found,
        "boxes": DutyMailbox.objects.filter(organisation=found).order_by("desk", "hours"),
        "changes": queries.waiting_changes(found),
        "form": form,
        **meanwhile,
        "opened": queries.desks(found).seal,
    }
    status = STATUS if meanwhile else 200
    return render(request, "homes/people/organisation.html", context, status=status)


@require_POST
def decide_mailbox(request: SignedInRequest, key: UUID, what: str) -> HttpResponse:
    """Confirm or refuse what somebody else proposed."""
    change = MailboxChange.objects.filter(pk=key).first()
    if change is None or what not in ("confirm", "refuse"):
        raise Http404
    if asked_again := ask_again(request):
        return asked_again
    try:
        confirmed = what == "confirm"
        actions.decide_mailbox(change=change, confirmed=confirmed, by=request.user.pk, now=clock.now())
    except NotAllowedError:
        messages.error(request, "It takes a second person, and one of the two from the organisation itself.")
    except NotPossibleError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(
            request, "The new address holds." if what == "confirm" else "Refused. Nothing changed."
        )
    return redirect("organisation", key=change.organisation_id)


@require_http_methods(["GET", "HEAD", "POST"])
def break_glass(request: SignedInRequest, urn: str) -> HttpResponse:
    """Open a home to oneself for some hours, with a reason that others read."""
    now, viewer = clock.now(), request.user.pk
    posts = [post for post in current_posts(viewer, now) if post.role in BREAKS_GLASS]
    home = Home.objects.filter(urn=urn).first()
    if home is None or not posts:
        raise Http404
    if asked_again := ask_again(request):
        return asked_again
    form = GlassForm(request.POST) if request.method == "POST" else GlassForm()
    if form.is_valid():
        try:
            actions.break_glass(
                home=home,
                posts=posts,
                reason=form.cleaned_data["reason"],
                lasts=form.lasts,
                by=viewer,
                now=now,
            )
        except NotPossibleError as problem:
            form.add_error("reason", str(problem))
        else:
            return redirect(f"/homes/{home.urn}/")
    return render(request, "homes/people/break_glass.html", {"form": form, "home": home})


@require_safe
def broken_glass(request: SignedInRequest) -> HttpResponse:
    """Every emergency right, for administrators and the regulator."""
    now = clock.now()
    if not any(
        post.role in ("administrator", "inspector", "cqc_inspector")
        for post in current_posts(request.user.pk, now)
    ):
        raise Http404
    return render(
        request, "homes/people/broken_glass.html", {"grants": queries.grants(now)[:200], "now": now}
    )

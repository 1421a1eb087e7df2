"""Recording what a child said, what was done about it, that the child was told, and sharing it with the home."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from events import outbox
from events.clock import london_day
from events.identity import new_id
from homes import crossing
from homes.access import NotAllowedError, pictures, to_record
from homes.crossing import Standing
from homes.history.queries import who_said
from homes.models import Child, Home, Person
from homes.roles import Picture
from voice.heard import queries
from voice.heard.facts import ViewAnswered, ViewRecorded, ViewShared
from voice.heard.models import Done, Method, View

#: How a child may have said it, for forms of other apps: (key, words).
WAYS: list[tuple[str, str]] = [(method.value, str(method.label)) for method in Method]


@dataclass(frozen=True, kw_only=True)
class NewView:
    """What a child said, as somebody heard it.

    words are exact, never a paraphrase; symbols are names of drawings. An interpretation stands apart and names who
    made it. heard_from_outside left empty follows from whether the author works for the home's provider.
    """

    child: Child
    home: Home
    said_at: datetime
    method: str
    heard_by: str
    words: str = ""
    symbols: Sequence[str] = ()
    topic: str = ""
    feels_unsafe: bool = False
    heard_from_outside: bool | None = None
    interpretation: str = ""
    interpreted_by: str = ""
    client_id: UUID = field(default_factory=new_id)


@transaction.atomic
def record_view(*, new: NewView, by: UUID, now: datetime) -> View:
    """Save a child's view with its event. The same author sending the same client_id again gets the first view.

    A view recorded by the home's own people is in the home's picture; any other stays outside it until shared.
    Raises NotAllowedError where ``by`` may not hear this child at this home, ValueError for words that nobody can
    have said (none at all, in the future, in no known way).
    """
    _check_allowed(new, by, now)
    if new.said_at > now:
        raise ValueError("nobody can have said this in the future")
    if new.method not in Method.values:
        raise ValueError(f"no such way of communicating: {new.method}")
    if not new.words.strip() and not new.symbols:
        raise ValueError("a view needs words or symbols")
    by_provider = Picture.PROVIDER in pictures(by, new.home.pk, now)
    from_outside = not by_provider if new.heard_from_outside is None else new.heard_from_outside
    view = View(
        child=new.child,
        home=new.home,
        said_at=new.said_at,
        recorded_at=now,
        method=new.method,
        words=new.words,
        symbols=list(new.symbols),
        topic=new.topic,
        feels_unsafe=new.feels_unsafe,
        heard_by=new.heard_by,
        heard_from_outside=from_outside,
        interpretation=new.interpretation,
        interpreted_by=new.interpreted_by,
        recorded_by_id=by,
        client_id=new.client_id,
        by_provider=by_provider,
    )
    try:
        with transaction.atomic():
            view.save(force_insert=True)
    except IntegrityError as problem:
        if "view_sent_once" not in str(problem):
            raise
        return View.objects.get(recorded_by_id=by, client_id=new.client_id)
    outbox.record(
        ViewRecorded(home_id=new.home.pk, view_id=view.pk, feels_unsafe=new.feels_unsafe), by=by, now=now
    )
    return view


@transaction.atomic
def record_done(
    *,
    view: View,
    what: str,
    it_changed: bool,
    child_told_at: datetime | None = None,
    child_told_how: str = "",
    client_id: UUID | None = None,
    by: UUID,
    now: datetime,
) -> Done:
    """Record what was done about a view and whether it changed anything; with when and how the child was told, if so.

    The same client_id again gives the first answer.
    Raises NotAllowedError unless ``by`` reads the view and answers to children at its home (family does not).
    """
    _check_answers(view, by, now)
    _check_told(child_told_at, child_told_how, now)
    done = Done(
        id=client_id or new_id(),
        view=view,
        what=what,
        it_changed=it_changed,
        done_at=now,
        done_by_id=by,
        child_told_at=child_told_at,
        child_told_how=child_told_how,
    )
    try:
        with transaction.atomic():
            done.save(force_insert=True)
    except IntegrityError:
        return Done.objects.get(pk=done.pk, view=view, done_by_id=by)
    told = child_told_at is not None
    outbox.record(ViewAnswered(home_id=view.home_id, view_id=view.pk, child_told=told), by=by, now=now)
    return done


@transaction.atomic
def tell_child(*, done: Done, at: datetime, how: str, by: UUID, now: datetime) -> None:
    """Record when and how the child was told what was done.

    The first telling stands: raises CrossedError where it says something else.
    """
    _check_answers(done.view, by, now)
    _check_told(at, how, now)
    row = Done.objects.select_for_update().get(pk=done.pk)
    who = who_said(done.pk, "child_told_how")
    stands = Standing(_told(row.child_told_at, row.child_told_how), who, row.child_told_at)
    if not crossing.to_write_once(stands, _told(at, how)):
        return
    Done.objects.filter(pk=done.pk).update(child_told_at=at, child_told_how=how)
    outbox.record(
        ViewAnswered(home_id=done.view.home_id, view_id=done.view_id, child_told=True), by=by, now=now
    )


def _told(at: datetime | None, how: str) -> dict[str, object]:
    """A telling in the fields of its form."""
    return {"told_on": london_day(at) if at else None, "how": how}


@transaction.atomic
def share_with_provider(*, view: View, why: str, by: UUID, now: datetime) -> None:
    """Let the home's people read a view recorded from outside; sharing twice changes nothing.

    Raises NotAllowedError for the provider's people, who cannot share with themselves, and for those who only read;
    CrossedError where somebody shared it before, for another reason: the first reason stands.
    """
    if not queries.may_share(view, by, now):
        raise NotAllowedError("only somebody from outside, who answers to the child, shares with the home")
    row = View.objects.select_for_update().get(pk=view.pk)
    if row.by_provider:
        return
    who = row.shared_with_provider_by.name if row.shared_with_provider_by else ""
    stands = Standing({"why": row.shared_with_provider_why}, who, row.shared_with_provider_at)
    if not crossing.to_write_once(stands, {"why": why}):
        return
    View.objects.filter(pk=view.pk).update(
        shared_with_provider_at=now, shared_with_provider_by_id=by, shared_with_provider_why=why
    )
    outbox.record(ViewShared(home_id=view.home_id, view_id=view.pk), by=by, now=now)


def name_of(person: UUID) -> str:
    return Person.objects.values_list("name", flat=True).get(pk=person)


def _check_allowed(new: NewView, by: UUID, now: datetime) -> None:
    to_record(by, new.home.pk, "view", now)
    seen = Child.objects.visible_to(by, now).filter(pk=new.child.pk)
    if not seen.filter(placements__home=new.home, placements__starts_at__lte=now).exists():
        raise NotAllowedError("no such child here")


def _check_answers(view: View, by: UUID, now: datetime) -> None:
    if not queries.may_answer(view, by, now):
        raise NotAllowedError("may not answer this view")


def _check_told(at: datetime | None, how: str, now: datetime) -> None:
    if (at is None) != (not how.strip()):
        raise ValueError("say both when and how the child was told")
    if at is not None and at > now:
        raise ValueError("nobody can have been told in the future")

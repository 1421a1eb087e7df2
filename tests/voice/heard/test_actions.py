from dataclasses import replace
from datetime import timedelta

import pytest

from events.context import acting_as
from events.identity import new_id
from events.models import Event
from homes.access import NotAllowedError
from homes.crossing import CrossedError
from tests import cast
from tests.cast import Cast
from tests.conftest import owner
from voice.heard import actions
from voice.heard.actions import NewView
from voice.heard.models import Done, View

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    with owner():
        return cast.build()


def said(world: Cast, **changes: object) -> NewView:
    plain = NewView(
        child=world.rowan,
        home=world.elm,
        said_at=world.now - timedelta(hours=1),
        method="symbols",
        symbols=["night", "staff"],
        heard_by="Ola Quist",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def record(world: Cast, name: str, **changes: object) -> View:
    person = world.people[name].pk
    with acting_as(person, world.now):
        return actions.record_view(new=said(world, **changes), by=person, now=world.now)


MAY_HEAR_ROWAN = {"asha", "ben", "dan", "efe", "fran", "hal", "ola", "pat"}
READ_STAFFS = {"asha", "ben", "dan", "efe", "fran", "hal", "ola", "mo", "nia"}
READ_ADVOCATES = {"efe", "fran", "hal", "ola", "mo", "nia"}


def readers(world: Cast, view: View) -> set[str]:
    found = set()
    for name, person in world.people.items():
        with acting_as(person.pk, world.now):
            shown = View.objects.filter(pk=view.pk).exists()
            assert shown == View.objects.visible_to(person.pk, world.now).filter(pk=view.pk).exists(), name
            found |= {name} if shown else set()
    return found


def test_who_may_record_what_rowan_says(world: Cast) -> None:
    may = set()
    for name in world.people:
        try:
            view = record(world, name)
        except NotAllowedError:
            continue
        may.add(name)
        assert view.by_provider == (name in {"asha", "ben", "dan"}), name
        assert view.heard_from_outside != view.by_provider
    assert may == MAY_HEAR_ROWAN


def test_another_authoritys_child_and_a_child_of_another_home_are_refused(world: Cast) -> None:
    for name, child in (("fran", world.sky), ("ola", world.sky), ("asha", world.tam), ("efe", world.tam)):
        with pytest.raises(NotAllowedError):
            record(world, name, child=child)
    with pytest.raises(NotAllowedError):
        record(world, "fran", child=world.tam)  # her child, but not at Elm


def test_what_the_home_hears_is_the_homes_and_what_others_hear_is_not(world: Cast) -> None:
    assert readers(world, record(world, "ben")) == READ_STAFFS
    assert readers(world, record(world, "ola")) == READ_ADVOCATES
    assert readers(world, record(world, "pat")) == READ_ADVOCATES | {"pat"}


def test_nobody_looking_reads_nothing(world: Cast) -> None:
    record(world, "ben")
    with acting_as(None, world.now):
        assert not View.objects.exists()


def test_the_same_form_twice_is_one_view_and_one_event(world: Cast) -> None:
    key = new_id()
    first, second = record(world, "ola", client_id=key), record(world, "ola", client_id=key, words="other")
    assert (second.pk, second.words) == (first.pk, "")
    with owner():
        assert View.objects.count() == 1
        assert Event.objects.filter(kind="voice.view_recorded").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"said_at": cast.NOW + timedelta(minutes=1)}, "future"),
        ({"method": "telepathy"}, "telepathy"),
        ({"symbols": [], "words": " "}, "words or symbols"),
    ],
)
def test_words_nobody_can_have_said(world: Cast, changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        record(world, "ola", **changes)


def test_staff_may_say_that_somebody_from_outside_heard_it(world: Cast) -> None:
    assert record(world, "ben", heard_from_outside=True).heard_from_outside


def test_what_was_done_is_recorded_and_the_first_telling_stands(world: Cast) -> None:
    view = record(world, "ben")
    ben, now = world.ben.pk, world.now
    with acting_as(ben, now):
        done = actions.record_done(view=view, what="A sign is on the door", it_changed=True, by=ben, now=now)
        actions.tell_child(done=done, at=now - timedelta(minutes=5), how="with symbols", by=ben, now=now)
        actions.tell_child(done=done, at=now, how="with symbols", by=ben, now=now)
        with pytest.raises(CrossedError) as crossed:
            actions.tell_child(done=done, at=now, how="again", by=ben, now=now)
        assert (crossed.value.standing.who, crossed.value.final) == ("Ben Castle", True)
        kept = Done.objects.get()
    assert (kept.child_told_how, kept.child_told_at) == ("with symbols", now - timedelta(minutes=5))
    with owner():
        told = [e.payload["child_told"] for e in Event.objects.filter(kind="voice.view_answered")]
    assert sorted(told) == [False, True]


def test_who_may_answer_a_view(world: Cast) -> None:
    view = record(world, "pat")
    may = set()
    for name, person in world.people.items():
        try:
            with acting_as(person.pk, world.now):
                actions.record_done(view=view, what="Asked", it_changed=False, by=person.pk, now=world.now)
            may.add(name)
        except NotAllowedError:
            continue
    assert may == {"efe", "fran", "hal", "ola"}


def test_telling_needs_a_time_and_a_way(world: Cast) -> None:
    view = record(world, "ben")
    ben, now = world.ben.pk, world.now
    with acting_as(ben, now):
        for at, how in ((now, ""), (None, "aloud"), (now + timedelta(hours=1), "aloud")):
            with pytest.raises(ValueError, match="told"):
                actions.record_done(
                    view=view,
                    what="x",
                    it_changed=True,
                    child_told_at=at,
                    child_told_how=how,
                    by=ben,
                    now=now,
                )


def test_sharing_brings_a_view_into_the_homes_picture_once(world: Cast) -> None:
    view, now = record(world, "ola"), world.now
    for name in ("asha", "mo", "pat", "cerys"):
        person = world.people[name].pk
        with acting_as(person, now), pytest.raises(NotAllowedError):
            actions.share_with_provider(view=view, why="to act", by=person, now=now)
    with acting_as(world.hal.pk, now):
        actions.share_with_provider(view=view, why="Rowan agrees", by=world.hal.pk, now=now)
    with acting_as(world.ola.pk, now):
        actions.share_with_provider(view=view, why="Rowan agrees", by=world.ola.pk, now=now)
        with pytest.raises(CrossedError) as crossed:
            actions.share_with_provider(view=view, why="again", by=world.ola.pk, now=now)
    assert crossed.value.standing.who == "Hal Brandt"
    assert readers(world, view) == READ_STAFFS
    with owner():
        view.refresh_from_db()
        assert view.shared_with_provider_why == "Rowan agrees"
        assert Event.objects.filter(kind="voice.view_shared").count() == 1


def test_the_author_may_share_even_as_family(world: Cast) -> None:
    view = record(world, "pat")
    with acting_as(world.pat.pk, world.now):
        actions.share_with_provider(view=view, why="please act", by=world.pat.pk, now=world.now)
    assert "asha" in readers(world, view)

"""A child heard with a helper, over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from events import clock
from events.context import acting_as
from homes.models import DutyMailbox, HomeGrant, Placement
from tests import cast
from tests.cast import Cast
from tests.conftest import owner
from voice.heard import actions, queries
from voice.heard.actions import NewView
from voice.heard.models import Done, View

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    with owner():
        return cast.build(clock.now())


def signed_in(world: Cast, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def answers(client: Client, page: str, **changes: Any) -> dict[str, Any]:
    form = client.get(page).context["form"]
    return {
        "step": "say",
        "symbols": ["night", "staff"],
        "said_on_choice": "today",
        "method": "symbols",
        "heard_by": "Ola Quist",
        "client_id": str(form["client_id"].value()),
    } | changes


def recorded(world: Cast, name: str, **changes: Any) -> View:
    now = clock.now()
    new: dict[str, Any] = {
        "child": world.rowan,
        "home": world.elm,
        "said_at": now - timedelta(hours=1),
        "method": "speech",
        "words": "Knock first.",
        "heard_by": "Somebody",
    }
    person = world.people[name].pk
    with acting_as(person, now):
        return actions.record_view(new=NewView(**new | changes), by=person, now=now)


def test_an_advocate_helps_a_child_to_say_something(world: Cast) -> None:
    client = signed_in(world, "ola")
    child = f"/children/{world.rowan.pk}/"
    page = client.get(child).content.decode()
    assert page.index("I feel unsafe") < page.index("Choose one or more")
    assert "We tell people outside first." in page
    chosen = client.post(f"{child}say/", {"symbols": ["night", "staff", "nonsense"]}).content.decode()
    assert "night – staff" in chosen
    assert "People who work here will not see it unless somebody shares it" in chosen
    changed = client.post(child, {"symbols": ["night"]}).content.decode()
    assert changed.count("checked") == 1
    sent = answers(client, f"{child}say/", interpretation="Afraid of the night shift")
    first = client.post(f"{child}say/", sent)
    second = client.post(f"{child}say/", sent)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    shown = client.get(first["Location"]).content.decode()
    assert "What Ola Quist thinks it means" in shown
    with owner():
        view = View.objects.get()
    assert (view.symbols, view.topic, view.heard_from_outside) == (["night", "staff"], "night", True)
    assert not view.feels_unsafe


def test_unsafe_shows_adults_whom_to_ring_at_once(world: Cast) -> None:
    client = signed_in(world, "ola")
    page = client.post(f"/children/{world.rowan.pk}/say/", {"feels_unsafe": "yes"}).content.decode()
    assert page.index("01632 960114") < page.index("What you are saying</h1>")
    assert "ring now" in page
    with owner():
        DutyMailbox.objects.filter(desk="social_care").update(hours="working")
    page = client.post(f"/children/{world.rowan.pk}/say/", {"feels_unsafe": "yes"}).content.decode()
    assert "ring now" not in page
    assert "at night, call 999" in page
    sent = answers(client, f"/children/{world.rowan.pk}/say/", symbols=[], feels_unsafe="yes")
    shown = client.get(client.post(f"/children/{world.rowan.pk}/say/", sent)["Location"]).content.decode()
    assert "01632 960114" in shown
    with owner():
        assert View.objects.get().symbols == ["unsafe"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"symbols": []}, "Enter what was said, or go back and choose a symbol"),
        ({"said_on_choice": ""}, "Choose the day on which this was said"),
        ({"said_at": "25:99"}, "Enter a time like 21:40"),
        ({"method": ""}, "Choose how it was said"),
        ({"heard_by": ""}, "Enter who heard it"),
        ({"symbols": [], "words": "x" * 2001}, "at most 2000"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_saved(
    world: Cast, changes: dict[str, Any], message: str
) -> None:
    client = signed_in(world, "ola")
    page = f"/children/{world.rowan.pk}/say/"
    answer = client.post(page, answers(client, page, **changes))
    assert answer.status_code == 200
    assert message in answer.content.decode()
    with owner():
        assert not View.objects.exists()


def test_a_time_ahead_is_refused(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now().replace(hour=10, minute=0)
    monkeypatch.setattr(clock, "now", lambda: now)
    client = signed_in(world, "ola")
    page = f"/children/{world.rowan.pk}/say/"
    answer = client.post(page, answers(client, page, said_at="23:30"))
    assert "Enter a time that has passed" in answer.content.decode()


def test_a_child_of_two_homes_is_heard_where_the_reader_may_hear(world: Cast) -> None:
    now = clock.now()
    with owner():
        stay = {"placing_authority": world.organisations["northmoor"], "starts_at": now - timedelta(days=9)}
        Placement.objects.create(child=world.rowan, home=world.oak, **stay)
        HomeGrant(
            user=world.cerys,
            content_object=world.elm,
            permission=Permission.objects.filter(content_type__model="home").first(),
            picture="provider",
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=1),
            reason="cover",
            granted_by_id=world.quin.pk,
        ).save(force_insert=True)
    page = signed_in(world, "cerys").get(f"/children/{world.rowan.pk}/say/")
    assert page.status_code == 200
    assert page.context["home"] == world.oak


def test_staff_say_whether_the_helper_came_from_outside(world: Cast) -> None:
    client = signed_in(world, "ben")
    page = f"/children/{world.sky.pk}/say/"
    assert "People who work here will see this." in client.get(page).content.decode()
    answer = client.post(page, answers(client, page))
    assert "Say whether the person who heard it works for the home" in answer.content.decode()
    client.post(page, answers(client, page, from_outside="no"))
    with owner():
        assert View.objects.get().heard_from_outside


def statuses(clients: dict[str, Client], page: str) -> set[str]:
    found = set()
    for name, client in clients.items():
        answer = client.get(page)
        assert answer.status_code in {200, 404}, (name, answer.status_code)
        found |= {name} if answer.status_code == 200 else set()
    return found


def test_who_opens_which_page(world: Cast) -> None:
    clients = {name: signed_in(world, name) for name in world.people}
    readers = {"asha", "ben", "dan", "efe", "fran", "hal", "ola", "pat", "mo", "nia"}
    rowan, elm = f"/children/{world.rowan.pk}/", "/homes/DEMO001/children/"
    assert statuses(clients, rowan) == readers
    assert statuses(clients, f"{rowan}say/") == readers - {"mo", "nia"}
    assert statuses(clients, elm) == readers | {"gita", "jon"}
    outside, inside = recorded(world, "ola"), recorded(world, "ben")
    assert statuses(clients, f"/views/{outside.pk}/") == {"efe", "fran", "hal", "ola", "mo", "nia"}
    assert statuses(clients, f"/views/{inside.pk}/") == readers - {"pat"}


def test_an_inspector_reads_what_was_said_and_is_offered_nothing_to_record(world: Cast) -> None:
    view = recorded(world, "ola")
    page = signed_in(world, "mo").get(f"/children/{world.rowan.pk}/").content.decode()
    assert "Knock first." in page
    assert "I feel unsafe" not in page
    shown = signed_in(world, "mo").get(f"/views/{view.pk}/").content.decode()
    assert "Record what was done" not in shown
    assert "Share with the home" not in shown


def test_what_was_done_is_recorded_told_and_shared(world: Cast) -> None:
    view = recorded(world, "ola")
    page = f"/views/{view.pk}/"
    client = signed_in(world, "hal")
    assert "Share with the home" in client.get(page).content.decode()
    wrong = client.post(f"{page}done/", {"what": "A sign", "it_changed": "no", "told": "yes"})
    assert "Enter how the child was told" in wrong.content.decode()
    client.post(f"{page}done/", {"what": "A sign", "it_changed": "no", "told": "no"})
    shown = client.get(page).content.decode()
    assert "A sign" in shown
    assert "The child has not been told" in shown
    with owner():
        done = Done.objects.get()
    assert "Enter how" in client.post(f"{page}told/{done.pk}/", {}).content.decode()
    client.post(f"{page}told/{done.pk}/", {"told_on_choice": "today", "how": "with symbols"})
    assert client.post(f"{page}told/{view.pk}/", {}).status_code == 404
    assert "Enter why the home may read this" in client.post(f"{page}share/", {}).content.decode()
    client.post(f"{page}share/", {"why": "Rowan asked"})
    with owner():
        view.refresh_from_db()
        done.refresh_from_db()
    assert (view.provider_sees, done.child_told_how, done.it_changed) == (True, "with symbols", False)
    assert "It did not change." in signed_in(world, "asha").get(page).content.decode()
    again = signed_in(world, "asha").get(f"/children/{world.rowan.pk}/").content.decode()
    assert "Last time" in again
    begun = client.get(f"/children/{world.rowan.pk}/say/?again={view.pk}").content.decode()
    assert "It did not change. I said: Knock first." in begun


def test_those_who_may_not_answer_or_share_get_404(world: Cast) -> None:
    view = recorded(world, "ben")
    for name in ("mo", "nia"):
        client = signed_in(world, name)
        sent = {"what": "x", "it_changed": "yes", "told": "no"}
        assert client.post(f"/views/{view.pk}/done/", sent).status_code == 404
        assert client.post(f"/views/{view.pk}/share/", {"why": "x"}).status_code == 404
    with owner():
        done = Done.objects.create(
            view=view, what="x", it_changed=True, done_at=clock.now(), done_by_id=world.ben.pk
        )
    told = {"told_on_choice": "today", "how": "aloud"}
    assert signed_in(world, "mo").post(f"/views/{view.pk}/told/{done.pk}/", told).status_code == 404


def test_not_heard_is_counted_from_what_the_reader_may_know(world: Cast) -> None:
    now = clock.now()
    recorded(world, "ola")
    recorded(world, "ben", child=world.sky, said_at=now - timedelta(weeks=7))
    silent = {}
    for name in ("asha", "mo", "fran", "gita"):
        person = world.people[name].pk
        with acting_as(person, now):
            rows = queries.not_heard(world.elm, person, now)
            silent[name] = [
                (row.child.initials, row.last_heard_at is None, row.only_by_staff) for row in rows
            ]
    assert silent == {
        "asha": [("RH", True, False), ("SM", False, True)],
        "mo": [("SM", False, True)],
        "fran": [],
        "gita": [("SM", False, True)],
    }
    page = signed_in(world, "asha").get("/homes/DEMO001/children/").content.decode()
    assert "2 of 2 children not heard for six weeks" in page
    assert "by staff only" in page


def test_the_latest_views_put_unsafe_first_and_say_what_was_done(world: Cast) -> None:
    now = clock.now()
    recorded(world, "ben", words="", symbols=["unsafe"], feels_unsafe=True, said_at=now - timedelta(days=3))
    recorded(world, "ben", words="Later.", said_at=now - timedelta(days=1))
    with acting_as(world.mo.pk, now):
        found = queries.latest_views(world.elm, world.mo.pk, now, limit=2)
    assert [view.feels_unsafe for view in found] == [True, False]
    assert found[1].who.startswith("RH, speech, heard by Somebody. ")
    assert found[1].done == ""


def test_a_home_without_a_host_has_no_number_to_give(world: Cast) -> None:
    world.elm.host_authority = None
    assert queries.numbers_to_ring(world.elm) == []

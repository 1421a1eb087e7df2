"""The pages of those who answer for people; what ends refuses the next request, wherever it comes from."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from events import clock
from events.context import acting_as
from homes import tokens
from homes.models import DutyMailbox, HomeGrant, Invitation, MailboxChange, Placement, Post, User
from homes.people.actions import token_of
from incidents.hospital.actions import Attendance, record_attendance
from incidents.record.actions import ChildPart
from incidents.record.happening import Happening
from tests import cast
from tests.cast import Cast
from tests.conftest import owner
from tests.sealed import send

REASON = "A neighbour rang: a child is screaming"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world(db: None) -> Cast:
    with owner():
        return cast.build(clock.now())


def _in(name: str) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"login": name, "password": f"cast-{name}"}).status_code == 302
    return client


def _asked_again(answer: object) -> bool:
    return str(getattr(answer, "headers", {}).get("Location", "")).startswith("/account/again/")


def _stale(client: Client) -> None:
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()


@pytest.mark.parametrize("path", ["/hub/people/", "/hub/people/new/", "/hub/people/stale/"])
def test_the_people_pages_are_of_those_who_answer_for_people(world: Cast, path: str) -> None:
    for name in ("dan", "quin"):
        assert _in(name).get(path).status_code == 200, name
    for name in ("asha", "ben", "mo", "pat"):
        assert _in(name).get(path).status_code == 404, name


def test_a_responsible_individual_sees_own_people_only(world: Cast) -> None:
    page = _in("dan").get("/hub/people/").content.decode()
    assert "Asha Rahman" in page
    assert "Cerys Pugh" not in page
    assert "Mo Okafor" not in page
    everything = _in("quin").get("/hub/people/").content.decode()
    assert "Cerys Pugh" in everything
    assert "Mo Okafor" in everything


def _typed(world: Cast, **changes: str) -> dict[str, str]:
    return {
        "name": "Una Field",
        "email": "una@cast.example",
        "role": "staff",
        "organisation": str(world.organisations["alder"].pk),
        "urn": "demo001",
        "ends_on_day": "",
        "ends_on_month": "",
        "ends_on_year": "",
    } | changes


def test_somebody_is_brought_in_and_takes_the_invitation_up(world: Cast) -> None:
    client = _in("dan")
    assert client.post("/hub/people/new/", _typed(world)).headers["Location"] == "/hub/people/"
    with owner():
        link = f"/sign-in/invited/{token_of(Invitation.objects.get().pk)}/"
    guest = Client()
    assert "una@cast.example" in guest.get(link).content.decode()
    page = guest.post(link, {"password": "short", "again": "short"}).content.decode()
    assert "at least 12 characters" in page
    page = guest.post(link, {"password": "three plain words", "again": "three plain word"}).content.decode()
    assert "not the same" in page
    both = {"password": "three plain words", "again": "three plain words"}
    assert guest.post(link, both).headers["Location"] == "/sign-in/"
    assert guest.get(link).status_code == 404
    assert (
        guest.post("/sign-in/", {"login": "una@cast.example", "password": "three plain words"}).status_code
        == 302
    )
    assert guest.get("/homes/DEMO001/").status_code == 200
    assert guest.get("/homes/DEMO002/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"urn": ""}, "Enter the URN of the home"),
        ({"urn": "nowhere"}, "Enter the URN of a home that the hub knows"),
        ({"urn": "DEMO002"}, "This post is not yours to give"),
        ({"email": "dan@cast.example"}, "Somebody else gives you a post"),
        ({"ends_on_day": "1", "ends_on_month": "1", "ends_on_year": "2020"}, "today or later"),
        ({"role": "inspector"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_given_is_said_and_kept(world: Cast, changes: dict[str, str], said: str) -> None:
    page = _in("dan").post("/hub/people/new/", _typed(world, **changes))
    assert page.status_code == 200
    assert said in page.content.decode()
    assert "Una Field" in page.content.decode()


def test_a_post_with_a_last_day_ends_at_the_midnight_after_it(world: Cast) -> None:
    day = clock.london_day(clock.now()) + timedelta(days=10)
    typed = _typed(world, ends_on_day=str(day.day), ends_on_month=str(day.month), ends_on_year=str(day.year))
    assert _in("dan").post("/hub/people/new/", typed).status_code == 302
    with owner():
        ends = Post.objects.get(user__username="una@cast.example").ends_at
    assert ends is not None
    assert ends.astimezone(clock.LONDON).replace(tzinfo=None) == datetime.combine(
        day + timedelta(days=1), datetime.min.time()
    )


def _post_of(user: User) -> Post:
    with owner():
        return Post.objects.get(user=user)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("end", "has ended"),
        ("review", "still needed"),
        ("invite", "A new link"),
        ("close", "The account is closed"),
    ],
)
def test_what_is_done_to_a_post_is_done_by_who_answers_for_it(world: Cast, what: str, said: str) -> None:
    post = _post_of(world.ben)
    path = f"/hub/people/posts/{post.pk}/"
    for name in ("asha", "cerys", "ben"):
        other = _in(name)
        assert other.get(path).status_code == 404
        assert other.post(f"{path}{what}/").status_code == 404
    client = _in("dan")
    assert "Ben Castle" in client.get(path).content.decode()
    assert client.get(f"{path}{what}/").status_code == 405
    assert client.post(f"{path}{what}/").headers["Location"] == "/hub/people/"
    assert said in client.get("/hub/people/").content.decode()
    assert client.post(f"{path}sing/").status_code == 404
    if what in ("end", "close"):
        assert client.post(f"{path}review/").status_code == 302
        assert "has ended meanwhile" in client.get("/hub/people/").content.decode()


def test_stale_rights_are_listed_with_their_reason(world: Cast) -> None:
    with owner():
        User.objects.update(last_login=world.now)
        User.objects.filter(pk=world.asha.pk).update(last_login=world.now - timedelta(days=91))
        User.objects.filter(pk=world.ben.pk).update(last_login=None)
        Post.objects.update(reviewed_at=world.now, reviewed_by_id=world.quin.pk)
        Post.objects.filter(user=world.ben).update(reviewed_at=None, reviewed_by_id=None)
    page = _in("dan").get("/hub/people/stale/").content.decode()
    assert "Has not signed in for 90 days" in page
    assert "Has never signed in" in page
    assert page.count("nobody reviewed it for a year") == 1
    assert "Cerys" not in page


def test_a_duty_desk_changes_by_two_people_on_the_page(world: Cast) -> None:
    dan, asha = _in("dan"), _in("asha")
    assert dan.get("/hub/organisation/").status_code == 302
    there = dan.get("/hub/organisation/").headers["Location"]
    assert "duty@alder.example" in dan.get(there).content.decode()
    typed = {"desk": "duty", "hours": "always", "email": "new@alder.example", "phone": ""}
    assert send(dan, there, typed).headers["Location"] == there
    assert "waits already" in send(asha, there, typed).content.decode()
    with owner():
        change = MailboxChange.objects.get()
    decide = f"/hub/mailbox-changes/{change.pk}/"
    assert f"{decide}confirm/" not in dan.get(there).content.decode()
    assert dan.post(f"{decide}confirm/").status_code == 302
    assert "It takes a second person" in dan.get(there).content.decode()
    assert _in("cerys").post(f"{decide}confirm/").status_code == 404
    assert f"{decide}confirm/" in asha.get(there).content.decode()
    assert asha.post(f"{decide}sing/").status_code == 404
    asha.post(f"{decide}confirm/")
    assert "The new address holds" in asha.get(there).content.decode()
    with owner():
        assert (
            DutyMailbox.objects.get(organisation=change.organisation, desk="duty").email
            == "new@alder.example"
        )
    asha.post(f"{decide}refuse/")
    assert "Asha Rahman has confirmed this change already" in asha.get(there).content.decode()


def test_a_duty_desk_is_refused_or_taken_back(world: Cast) -> None:
    dan = _in("dan")
    there = f"/hub/organisation/{world.organisations['alder'].pk}/"
    send(dan, there, {"desk": "duty", "hours": "always", "email": "new@alder.example"})
    with owner():
        change = MailboxChange.objects.get()
    dan.post(f"/hub/mailbox-changes/{change.pk}/refuse/")
    assert "Nothing changed" in dan.get(there).content.decode()


def test_other_organisations_desks_do_not_exist(world: Cast) -> None:
    there = f"/hub/organisation/{world.organisations['alder'].pk}/"
    for name in ("cerys", "mo", "ben"):
        assert _in(name).get(there).status_code == 404, name
    assert _in("ben").get("/hub/organisation/").status_code == 404
    quin = _in("quin")
    assert "Alder Vale Care" in quin.get("/hub/organisation/").content.decode()
    assert quin.get(there).status_code == 200


def test_glass_is_broken_on_the_page_and_listed(world: Cast) -> None:
    gita = _in("gita")
    assert gita.get("/homes/DEMO002/").status_code == 404
    path = "/homes/DEMO002/break-glass/"
    assert "call 999 first" in gita.get(path).content.decode()
    assert "Say why" in gita.post(path, {"hours": "4"}).content.decode()
    assert gita.post(path, {"reason": REASON, "hours": "4"}).headers["Location"] == "/homes/DEMO002/"
    assert gita.get("/homes/DEMO002/").status_code == 200
    for name in ("mo", "nia", "quin"):
        assert REASON in _in(name).get("/hub/break-glass/").content.decode(), name
    assert REASON in _in("quin").get("/hub/people/stale/").content.decode()
    for name in ("gita", "cerys", "dan", "jon"):
        assert _in(name).get("/hub/break-glass/").status_code == 404, name
    for name in ("cerys", "mo", "quin", "pat"):
        assert _in(name).get(path).status_code == 404, name
    assert gita.get("/homes/NOWHERE/break-glass/").status_code == 404


def test_whoever_may_break_glass_finds_the_way_where_they_are_refused(world: Cast) -> None:
    link, listed = 'href="/homes/DEMO002/break-glass/"', 'href="/hub/break-glass/"'
    for path in ("/homes/DEMO002/", "/homes/DEMO002/children/", "/homes/DEMO002/visits/"):
        refused = _in("gita").get(path)
        assert refused.status_code == 404
        assert link in refused.content.decode(), path
        assert "Oak House" in refused.content.decode()
    for name in ("cerys", "asha", "efe", "ola", "quin"):  # their posts open no home in an emergency
        assert link not in _in(name).get("/homes/DEMO002/visits/new/").content.decode(), name
    for path in ("/homes/NOWHERE/", "/homes/DEMO001/briefing/", "/nowhere/"):  # no such home; theirs; no home
        assert "in an emergency" not in _in("gita").get(path).content.decode(), path
    for name in ("mo", "nia", "quin"):
        assert listed in _in(name).get("/").content.decode(), name
    for name in ("gita", "asha"):
        assert listed not in _in(name).get("/").content.decode(), name


def test_what_opens_or_changes_rights_asks_again_after_five_minutes(world: Cast) -> None:
    gita, dan = _in("gita"), _in("dan")
    path = "/homes/DEMO002/break-glass/"
    for client in (gita, dan):
        _stale(client)
    assert _asked_again(gita.get(path))
    assert _asked_again(gita.post(path, {"reason": REASON, "hours": "4"}))
    with owner():
        assert not HomeGrant.objects.exists()
    assert _asked_again(dan.get("/hub/people/new/"))
    answer = gita.post("/account/again/", {"password": "cast-gita", "next": path})
    assert answer.headers["Location"] == path
    assert gita.get(path).status_code == 200


def _ways(world: Cast, user: User) -> list[tuple[Client, str, dict[str, str]]]:
    """A page, the API by session and by token: the ways by which somebody reads a home."""
    with owner():
        secret = tokens.make(user=user, days=1, by="test", now=clock.now())
    client = _in(user.username)
    bearer = {"Authorization": f"Bearer {secret}"}
    return [
        (client, "/homes/DEMO001/", {}),
        (client, "/api/v1/homes/DEMO001/", {}),
        (Client(), "/api/v1/homes/DEMO001/", bearer),
    ]


def _opens(ways: list[tuple[Client, str, dict[str, str]]]) -> list[bool]:
    return [client.get(path, headers=headers).status_code == 200 for client, path, headers in ways]


def _sql(statement: str, *values: object) -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def test_an_ended_post_refuses_the_next_request(world: Cast) -> None:
    ways = _ways(world, world.ben)
    assert all(_opens(ways))
    _in("dan").post(f"/hub/people/posts/{_post_of(world.ben).pk}/end/")
    assert not any(_opens(ways))


def test_an_open_link_to_a_pdf_refuses_once_the_post_has_ended(world: Cast) -> None:
    happening = Happening(
        home=world.elm,
        occurred_at=world.now - timedelta(hours=2),
        known_at=world.now - timedelta(hours=1),
        narrative="[A] fell.",
        children=[ChildPart(child=world.rowan)],
    )
    with acting_as(world.ben.pk, world.now):
        told = Attendance(happening=happening, attendance="ed")
        reference = record_attendance(attendance=told, by=world.ben.pk, now=world.now).reference
    client = _in("ben")
    link = f"/incidents/{reference}/pdf"
    first = client.get(link)
    assert (first.status_code, first.headers["Content-Type"]) == (200, "application/pdf")
    _in("dan").post(f"/hub/people/posts/{_post_of(world.ben).pk}/end/")
    assert client.get(link).status_code == 404


def test_an_ended_placement_refuses_the_next_request(world: Cast) -> None:
    ways = _ways(world, world.fran)
    assert all(_opens(ways))
    with owner():
        Placement.objects.filter(home=world.elm, placing_authority=world.organisations["northmoor"]).update(
            ends_at=clock.now()
        )
    assert not any(_opens(ways))


def test_a_closed_account_refuses_the_next_request(world: Cast) -> None:
    ways = _ways(world, world.ben)
    assert all(_opens(ways))
    _in("dan").post(f"/hub/people/posts/{_post_of(world.ben).pk}/close/")
    assert not any(_opens(ways))


def test_an_expired_grant_refuses_the_next_request(world: Cast) -> None:
    with owner():
        Placement.objects.filter(home=world.elm, placing_authority=world.organisations["eastvale"]).delete()
    gita = _in("gita")
    gita.post("/homes/DEMO001/break-glass/", {"reason": REASON, "hours": "1"})
    ways = _ways(world, world.gita)
    assert all(_opens(ways))
    _sql(
        "update homes_homegrant set starts_at = starts_at - interval '1 hour', ends_at = ends_at - interval '1 hour'"
    )
    assert not any(_opens(ways))

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import resolve
from pytest_django import Settings

from events import world as worlds
from hesley_hub.demo.people import PEOPLE
from hesley_hub.interface.navigation import PLACES
from hesley_hub.start.page import PAGES
from homes.models import Post
from homes.roles import ROLES
from tests import cast
from tests.cast import Cast
from tests.conftest import owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Cast:
    with owner():
        return cast.build()


def test_every_role_has_its_page_and_its_places() -> None:
    assert set(PAGES) == set(PLACES) == set(ROLES)


def test_every_post_has_a_start_page(world: Cast, client: Client) -> None:
    for name, (full_name, role, _, _) in cast.PEOPLE.items():
        client.force_login(world.people[name])
        page = client.get("/").content.decode()
        assert full_name in page
        assert "Call 999 first" in page
        assert all(do.text in page for do in PAGES[role][2][:1]), name


def test_somebody_whose_post_has_ended_is_told_so(world: Cast, client: Client) -> None:
    with owner():
        Post.objects.filter(user=world.fran).update(ends_at=world.now - timedelta(days=30))
    client.force_login(world.fran)
    page = client.get("/").content.decode()
    assert "You hold no post today" in page
    assert "Northmoor" not in page


def test_a_manager_reaches_the_own_home_from_the_header(world: Cast, client: Client) -> None:
    client.force_login(world.asha)
    page = client.get("/").content.decode()
    nav = page[page.index("<nav") : page.index("</nav>")]
    assert re.findall(r'href="([^"]+)"', nav) == ["/", "/homes/DEMO001/", "/record/", "/alerts/"]
    assert "Oak House" not in page


def test_the_anonymous_are_sent_to_sign_in_and_back(world: Cast, client: Client) -> None:
    answer = client.get("/homes/DEMO001/")
    assert answer.headers["Location"] == "/sign-in/?next=/homes/DEMO001/"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "tel:999" in page
    assert "you will be taken to the page you asked for" in page
    typed = {"login": "asha", "password": "cast-asha", "next": "/homes/DEMO001/"}
    assert client.post("/sign-in/", typed).headers["Location"] == "/homes/DEMO001/"


def test_signing_in_and_out(world: Cast, client: Client) -> None:
    wrong = client.post("/sign-in/", {"login": "asha", "password": "something else"})
    assert wrong.status_code == 200
    assert "There is a problem" in wrong.content.decode()
    empty = client.post("/sign-in/", {"login": "", "password": ""}).content.decode()
    assert "Enter your user name or e-mail address" in empty
    assert "Enter your password" in empty
    assert client.post("/sign-in/", {"login": "asha", "password": "cast-asha"}).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


def test_the_people_to_try_exist_only_in_a_demo(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/demo/people/").status_code == 404
    assert "Try it as" not in client.get("/sign-in/").content.decode()
    monkeypatch.setattr(worlds, "kind", lambda: worlds.DEMO)
    page = client.get("/demo/people/").content.decode()
    for person in PEOPLE:
        assert person.name in page
        assert f'value="demo-{person.username}"' in page
    monkeypatch.setenv("HUB_DEMO_PASSWORD", "printed by the launcher")
    for address in ("/demo/people/", "/sign-in/"):
        page = client.get(address).content.decode()
        assert "demo-manager" not in page
        assert "printed by" not in page
        assert "Helen Marsh" in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [('{"done": 12, "total": 39}', "30 of 100"), ('{"done": 39, "total": 39}', ""), ("{", ""), (None, "")],
)
def test_the_banner_tells_how_much_of_the_past_is_loaded(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    tmp_path: Path,
    text: str | None,
    shown: str,
) -> None:
    monkeypatch.setattr(worlds, "kind", lambda: worlds.DEMO)
    settings.HUB_DIR = tmp_path
    if text is not None:
        (tmp_path / "history.json").write_text(text)
    page = client.get("/sign-in/").content.decode()
    assert ("still being loaded" in page) == bool(shown)
    assert shown in page


@pytest.mark.parametrize(
    "href", sorted({place.href for places in PLACES.values() for place in places} | {"/demo/mail/"})
)
def test_every_link_of_the_header_leads_somewhere(href: str) -> None:
    assert resolve(href).func is not None


@pytest.mark.parametrize("href", sorted({do.href for _, _, doing in PAGES.values() for do in doing}))
def test_everything_to_do_leads_somewhere(href: str) -> None:
    assert resolve(href).func is not None

"""Sessions end by themselves and with what they rest on; a live world asks for a second factor first."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from events import clock
from events import world as worlds
from events.context import acting_as
from hesley_hub.sign_in import factors
from homes import tokens
from homes.models import User
from homes.people import actions
from tests import cast
from tests.cast import Cast
from tests.conftest import owner
from tests.hesley_hub.sign_in.test_throttling import code_now, give_app


@pytest.fixture(autouse=True)
def _nothing_remembered(settings: Settings) -> Iterator[None]:
    settings.MFA_TOTP_TOLERANCE = 1
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world(db: None) -> Cast:
    with owner():
        return cast.build()


@pytest.fixture
def live(world: Cast) -> Cast:
    with owner(), connection.cursor() as cursor:
        cursor.execute("alter table events_world disable trigger all")
        cursor.execute("update events_world set kind = 'live'")
        cursor.execute("alter table events_world enable trigger all")
    worlds.forget()
    assert worlds.kind() == worlds.LIVE
    return world


def _in(name: str) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"login": name, "password": f"cast-{name}"})
    assert answer.status_code == 302
    return client


def _signed_in(client: Client, path: str = "/") -> bool:
    answer = client.get(path)
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/sign-in/")
    return answer.status_code == 200


def test_a_session_ends_after_half_an_hour_of_nothing(world: Cast) -> None:
    client = _in("asha")
    assert _signed_in(client)
    _move_back(client, "hub_seen", 29 * 60)
    assert _signed_in(client)
    _move_back(client, "hub_seen", 29 * 60)
    assert _signed_in(client), "the last page counted as use"
    _move_back(client, "hub_seen", 30 * 60)
    assert not _signed_in(client)
    assert not _signed_in(client)


def _move_back(client: Client, name: str, seconds: int) -> None:
    session = client.session
    session[name] -= seconds
    session.save()


def test_a_session_ends_after_twelve_hours_of_anything(world: Cast) -> None:
    client = _in("asha")
    assert _signed_in(client)
    _move_back(client, "hub_began", 12 * 3600 - 60)
    assert _signed_in(client)
    _move_back(client, "hub_began", 60)
    assert not _signed_in(client)
    assert client.get("/api/v1/homes/").status_code == 401


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(world: Cast) -> None:
    here, there = _in("asha"), _in("asha")
    answer = here.post(
        "/account/password/",
        {"oldpassword": "cast-asha", "password1": "three plain words", "password2": "three plain words"},
    )
    assert answer.status_code == 302
    assert _signed_in(here)
    assert not _signed_in(there)


def test_a_changed_factor_ends_the_other_sessions_and_keeps_this_one(world: Cast) -> None:
    here, there = _in("asha"), _in("asha")
    assert _signed_in(there)
    page = here.get("/account/app/")
    assert page.status_code == 200
    assert "<svg" in page.content.decode()
    secret = here.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    answer = here.post("/account/app/", {"code": _code(secret)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/codes/")
    assert _signed_in(here)
    assert not _signed_in(there)
    assert "<code>" in here.get("/account/codes/").content.decode()
    # Removing it does the same.
    answer = here.post("/account/app/remove/")
    assert answer.status_code == 302
    with owner():
        assert not Authenticator.objects.exists()
    assert _signed_in(here)


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(clock.unmoved().timestamp()) // 30))


def test_a_closed_account_is_signed_out_at_once_and_stays_out(world: Cast) -> None:
    client = _in("ben")
    assert _signed_in(client, "/homes/DEMO001/")
    with acting_as(world.dan.pk, world.now):
        actions.close_account(user=world.ben, by=world.dan.pk, now=world.now)
    assert not _signed_in(client, "/homes/DEMO001/")
    with owner():
        User.objects.filter(pk=world.ben.pk).update(is_active=True)
    assert not _signed_in(client)


def test_a_live_world_opens_nothing_before_a_second_factor(live: Cast) -> None:
    client = _in("asha")
    for path in ("/", "/homes/DEMO001/", "/record/", "/alerts/"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/"), path
    assert client.get("/api/v1/homes/").status_code == 403
    assert "Nothing else opens before it" in client.get("/account/").content.decode()
    client.get("/account/app/")
    answer = client.post("/account/app/", {"code": _code(client.session["mfa.totp.secret"])})
    assert answer.status_code == 302
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/homes/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(live: Cast) -> None:
    with owner():
        Authenticator.objects.create(user=live.asha, type="recovery_codes", data={"seed": "x"})
    assert _in("asha").get("/").headers["Location"] == "/account/"


def test_a_demonstration_asks_for_none(world: Cast) -> None:
    client = _in("asha")
    assert _signed_in(client)
    assert "You sign in with a password alone" in client.get("/account/").content.decode()


def test_the_password_alone_is_not_enough_where_there_is_a_factor(world: Cast) -> None:
    give_app(world, "asha")
    client = _in("asha")
    assert not _signed_in(client)
    assert client.get("/sign-in/code/").status_code == 200
    client.post("/sign-in/code/", {"code": code_now()})
    assert _signed_in(client)
    # Nor does the password prove it again.
    answer = client.get("/account/again/?next=/account/app/remove/")
    assert answer.headers["Location"].startswith("/account/again/code/")


def test_the_pages_of_the_account_open(world: Cast) -> None:
    client = _in("asha")
    paths = ["/account/", "/account/password/", "/account/app/", "/account/keys/", "/account/keys/add/"]
    for path in (*paths, "/account/again/"):
        assert client.get(path).status_code == 200, path
    give_app(world, "asha")
    client = _in("asha")
    client.post("/sign-in/code/", {"code": code_now()})
    for path in ("/account/again/code/", "/account/app/remove/", "/account/codes/new/"):
        assert client.get(path).status_code == 200, path


def test_the_print_of_factors_changes_with_each_of_them() -> None:
    assert factors.print_of([]) != factors.print_of([(1, "totp")]) != factors.print_of([(2, "totp")])
    assert factors.print_of([(1, "totp"), (2, "webauthn")]) == factors.print_of(
        [(2, "webauthn"), (1, "totp")]
    )


def test_a_token_of_the_api_opens_no_session(world: Cast) -> None:
    with owner():
        secret = tokens.make(user=world.asha, days=1, by="test", now=clock.now())
    client = Client()
    answer = client.get("/api/v1/homes/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    assert not answer.cookies

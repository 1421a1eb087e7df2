"""What a password must be, that nothing hinders a good one, and that nobody learns whether a name exists."""

import re
import time
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from events import world as worlds
from hesley_hub import start_live
from homes.models import ApiToken, User
from homes.tokens import user_of
from tests import cast
from tests.cast import NOW, Cast
from tests.conftest import owner

ROOT = Path(__file__).parents[3]


@pytest.fixture
def world(db: None) -> Cast:
    with owner():
        return cast.build()


@pytest.mark.parametrize("password", ["elevensigns", "q1w2e3r4t5y6", "qwerty123456", "1q2w3e4r5t6y", ""])
def test_short_and_common_ones_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(username="asha", email="asha@cast.example"))


def test_one_made_of_the_own_name_is_refused() -> None:
    with pytest.raises(ValidationError, match="similar"):
        validate_password("asha.rahman.1", User(username="asha.rahman", email="a@cast.example"))


@pytest.mark.parametrize(
    "password",
    ["twelve signs", "three plain words", "x y" * 40, "пароль из букв", "🐘🐘🐘 stampede", "-" * 12],
)
def test_length_is_enough_of_any_signs(password: str) -> None:
    validate_password(password, User(username="asha", email="asha@cast.example"))


def test_a_password_of_120_signs_with_blanks_signs_in(world: Cast) -> None:
    long = " Blank at both ends, and 🐘 " + "x" * 90 + " "
    with owner():
        world.asha.set_password(long)
        world.asha.save(update_fields=["password"])
    for password, status in ((long, 302), (long.strip(), 200), (long[:72], 200)):
        client = Client()
        assert client.post("/sign-in/", {"login": "asha", "password": password}).status_code == status


def test_fields_may_be_pasted_into_and_filled_by_a_keeper(world: Cast) -> None:
    client = Client()
    client.force_login(world.asha)
    for path in ("/sign-in/", "/account/password/"):
        page = (Client() if path == "/sign-in/" else client).get(path).content.decode()
        fields = re.findall(r'<input[^>]*type="password"[^>]*>', page)
        assert fields
        for field in fields:
            assert 'autocomplete="off"' not in field
            assert "onpaste" not in field
            assert 'maxlength="1' not in field
    assert "paste" not in (ROOT / "static" / "js" / "drafts.js").read_text()


def test_none_runs_out() -> None:
    assert "expir" not in str(settings.AUTH_PASSWORD_VALIDATORS).lower()
    assert not [field.name for field in User._meta.get_fields() if "password_" in field.name]


def test_as_much_work_for_an_unknown_name_as_for_a_known_one(
    world: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of an answer is that of the hashing, which is counted here; a clock would measure the machine."""
    hashed: list[str] = []
    real = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return str(real(self, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    counts, pages = {}, {}
    for name in ("asha", "nobody-of-that-name", "asha@cast.example", "nobody@cast.example"):
        hashed.clear()
        answer = Client().post("/sign-in/", {"login": name, "password": "wrong"}, REMOTE_ADDR="198.51.100.9")
        counts[name] = len(hashed)
        pages[name] = re.sub(r'value="[^"]*"', "", answer.content.decode())
    assert min(counts.values()) >= 1
    assert counts["asha"] == counts["nobody-of-that-name"]
    assert counts["asha@cast.example"] == counts["nobody@cast.example"]
    assert pages["asha"] == pages["nobody-of-that-name"]
    assert pages["asha@cast.example"] == pages["nobody@cast.example"]


def test_somebody_without_a_password_sets_one_where_others_change_theirs(world: Cast) -> None:
    with owner():
        world.asha.set_unusable_password()
        world.asha.save(update_fields=["password"])
    client = Client()
    client.force_login(world.asha)
    answer = client.get("/account/password/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/password/first/")
    # Who it is must have been proved a moment ago.
    asked = client.get("/account/password/first/")
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith("/account/again/")
    assert client.get(asked.headers["Location"]).status_code < 500
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "webauthn", "at": time.time()}]
    session["account_authentication_methods_user"] = str(world.asha.pk)
    session.save()
    assert client.get("/account/password/first/").status_code == 200
    typed = {"password1": "three plain words", "password2": "three plain words"}
    assert client.post("/account/password/first/", typed).status_code == 302
    assert client.get("/account/").status_code == 200, "this session goes on"
    assert Client().post("/sign-in/", {"login": "asha", "password": "three plain words"}).status_code == 302
    again = client.get("/account/password/first/")
    assert again.headers["Location"] == "/account/password/"


def test_a_live_world_begins_with_one_account_that_nobody_can_enter(db: None) -> None:
    with owner():
        worlds.forget()
        with connection.cursor() as cursor:
            cursor.execute("alter table events_world disable trigger all")
            cursor.execute("delete from events_world")
            cursor.execute("alter table events_world enable trigger all")
        worlds.forget()
        link = start_live.begin(name="First Person", now=NOW)
        assert link is not None
        assert [user.username for user in User.objects.all()] == ["admin"]
        assert not User.objects.get().has_usable_password()
        assert not Authenticator.objects.exists()
        assert not ApiToken.objects.exists()
        assert user_of("", now=NOW) is None
    for name in ("admin", "manager", "ofsted", "hub"):
        for password in ("", "admin", "password", f"demo-{name}", "changeme"):
            assert Client().post("/sign-in/", {"login": name, "password": password}).status_code in (200, 429)


def test_the_schema_and_the_health_pages_tell_strangers_nothing(world: Cast, settings: Settings) -> None:
    assert Client().get("/api/v1/schema/").status_code == 401
    assert Client().get("/health/live").json() == {"live": True}
    told = Client().get("/health/ready").json()
    assert set(told) == {
        "ready", "oldest_unhandled_event_seconds", "oldest_unsent_delivery_seconds", "parked_handlings",
        "seconds_since_heartbeat_passed",
    }  # fmt: skip
    numbers = [*told.pop("seconds_since_heartbeat_passed").values(), *told.values()]
    assert all(isinstance(value, bool | int | float | None) for value in numbers)
    assert set(Client().get("/health/live").headers) & {"Server", "X-Powered-By"} == set()

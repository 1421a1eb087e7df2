"""Guesses are slowed; nobody is shut out."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from events import clock
from hesley_hub.sign_in import throttling
from hesley_hub.sign_in.throttling import Measure, Tries
from tests import cast
from tests.cast import NOW, Cast
from tests.conftest import owner

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _nothing_remembered(settings: Settings) -> Iterator[None]:
    settings.MFA_TOTP_TOLERANCE = 1  # the half minute may turn between two lines of a test
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world(db: None) -> Cast:
    with owner():
        return cast.build()


def _sign_in(
    client: Client, name: str, password: str, address: str = "192.0.2.1", **more: str
) -> HttpResponse:
    return client.post("/sign-in/", {"login": name, "password": password, **more}, REMOTE_ADDR=address)


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, int(clock.unmoved().timestamp()) // 30))


def give_app(world: Cast, who: str) -> None:
    with owner():
        Authenticator.objects.create(
            user=world.people[who], type="totp", data={"secret": get_adapter().encrypt(SECRET)}
        )


def test_a_wait_doubles_up_to_its_longest() -> None:
    measure = Measure(free=3, first=5, longest=300)
    assert [measure.wait(failures) for failures in (0, 2, 3, 4, 5, 8, 9, 60)] == [
        0,
        0,
        5,
        10,
        20,
        160,
        300,
        300,
    ]


def test_at_most_nine_guesses_in_five_minutes_from_one_address() -> None:
    tries, at, guesses = Tries("somebody", "192.0.2.1"), NOW, 0
    while at < NOW + timedelta(minutes=5):
        if not throttling.seconds_to_wait(tries, now=at):
            throttling.count(tries, now=at)
            guesses += 1
        at += timedelta(seconds=1)
    assert 5 <= guesses <= 9


def test_an_address_that_tries_many_names_is_slowed() -> None:
    for number in range(20):
        throttling.count(Tries(f"name{number}", "192.0.2.1"), now=NOW)
    assert throttling.seconds_to_wait(Tries("another", "192.0.2.1"), now=NOW) == 5
    assert throttling.seconds_to_wait(Tries("another", "192.0.2.2"), now=NOW) == 0
    assert throttling.seconds_to_wait(Tries("another", "192.0.2.1"), now=NOW + timedelta(seconds=6)) == 0


def test_a_hot_account_slows_every_address_but_not_its_first_try() -> None:
    for number in range(20):
        throttling.count(Tries("victim", f"192.0.2.{number}"), now=NOW)
    fresh = Tries("victim", "198.51.100.7")
    assert throttling.seconds_to_wait(fresh, now=NOW) == 0
    throttling.count(fresh, now=NOW)
    assert throttling.seconds_to_wait(fresh, now=NOW) == 60
    known = Tries("victim", "192.0.2.1", known="own browser")
    assert throttling.seconds_to_wait(known, now=NOW) == 0


def test_success_forgets_the_account_here_and_takes_the_try_back() -> None:
    tries = Tries("somebody", "192.0.2.1")
    for _ in range(4):
        throttling.count(tries, now=NOW)
    throttling.succeeded(tries)
    assert throttling.seconds_to_wait(tries, now=NOW) == 0
    assert cache.get("sign-in:failed:address:192.0.2.1") == 3
    throttling.succeeded(Tries("nobody", "203.0.113.1"))


@pytest.mark.parametrize("name", ["asha", "nobody-of-that-name"])
def test_known_and_unknown_names_are_answered_alike(world: Cast, client: Client, name: str) -> None:
    answers = [_sign_in(client, name, "wrong") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 5
    assert "Too many tries. Wait" in answers[3].content.decode()
    assert "Code from your authenticator app" in answers[3].content.decode()
    assert "Code from your authenticator app" not in answers[0].content.decode()


def test_another_person_and_another_address_are_unaffected(world: Cast) -> None:
    attacker = Client()
    for _ in range(4):
        _sign_in(attacker, "asha", "wrong")
    assert _sign_in(Client(), "asha", "cast-asha").status_code == 429
    assert _sign_in(Client(), "ben", "cast-ben").status_code == 302
    assert _sign_in(Client(), "asha", "cast-asha", "198.51.100.7").status_code == 302


def test_the_name_and_the_address_of_an_account_are_one(world: Cast, client: Client) -> None:
    for name in ("asha", "ASHA@cast.example", "Asha"):
        _sign_in(client, name, "wrong")
    assert _sign_in(client, "asha@cast.example", "cast-asha").status_code == 429


def test_a_browser_that_was_signed_in_before_is_not_slowed_by_others(world: Cast) -> None:
    own = Client()
    assert _sign_in(own, "asha", "cast-asha").status_code == 302
    own.post("/sign-out/")
    for _ in range(5):
        _sign_in(Client(), "asha", "wrong")
    assert _sign_in(Client(), "asha", "cast-asha").status_code == 429
    assert _sign_in(own, "asha", "cast-asha").status_code == 302
    # The mark is of one person: it is no key to somebody else's account.
    own.post("/sign-out/")
    for _ in range(4):
        _sign_in(Client(), "ben", "wrong")
    assert _sign_in(own, "ben", "cast-ben").status_code == 429


def test_a_mark_that_was_changed_counts_for_nothing(world: Cast) -> None:
    own = Client()
    _sign_in(own, "asha", "cast-asha")
    own.post("/sign-out/")
    own.cookies["hub_known"] = own.cookies["hub_known"].value + "x"
    for _ in range(4):
        _sign_in(Client(), "asha", "wrong")
    assert _sign_in(own, "asha", "cast-asha").status_code == 429


def test_the_owner_with_a_second_factor_always_gets_in(world: Cast) -> None:
    give_app(world, "asha")
    for _ in range(5):
        _sign_in(Client(), "asha", "wrong")
    client = Client()
    assert _sign_in(client, "asha", "cast-asha").status_code == 429
    assert (
        _sign_in(client, "asha", "cast-asha", code="000000" if code_now() != "000000" else "1").status_code
        == 429
    )
    first = _sign_in(client, "asha", "cast-asha", code=code_now())
    assert (first.status_code, first.headers["Location"]) == (302, "/sign-in/code/")
    second = client.post("/sign-in/code/", {"code": code_now()})
    assert (second.status_code, second.headers["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_wrong_codes_are_slowed_where_they_come_from_only(world: Cast) -> None:
    give_app(world, "asha")
    guesser, right = Client(), Client()
    _sign_in(guesser, "asha", "cast-asha")
    wrong = "000000" if code_now() != "000000" else "111111"
    for _ in range(3):
        assert "Incorrect code" in guesser.post("/sign-in/code/", {"code": wrong}).content.decode()
    assert "Too many tries" in guesser.post("/sign-in/code/", {"code": code_now()}).content.decode()
    _sign_in(right, "asha", "cast-asha", "198.51.100.7")
    answer = right.post("/sign-in/code/", {"code": code_now()}, REMOTE_ADDR="198.51.100.7")
    assert answer.headers["Location"] == "/"


def test_a_code_works_once(world: Cast) -> None:
    give_app(world, "asha")
    code = code_now()
    for client, works in ((Client(), True), (Client(), False)):
        _sign_in(client, "asha", "cast-asha")
        assert (client.post("/sign-in/code/", {"code": code}).status_code == 302) is works


def test_secrets_lie_sealed_in_the_database(world: Cast) -> None:
    give_app(world, "asha")
    with owner():
        kept = Authenticator.objects.get().data["secret"]
    assert SECRET not in kept
    assert get_adapter().decrypt(kept) == SECRET


def test_times_are_whole_seconds_from_the_latest_failure() -> None:
    tries = Tries("somebody", "192.0.2.1")
    for _ in range(3):
        throttling.count(tries, now=NOW)
    assert [throttling.seconds_to_wait(tries, now=NOW + timedelta(seconds=s)) for s in (0, 4, 5, 6)] == [
        5,
        1,
        0,
        0,
    ]
    assert isinstance(NOW, datetime)

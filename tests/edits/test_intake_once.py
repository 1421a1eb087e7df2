"""The same submission fifty times at once, again after its answer was lost, and with other words: one record."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from events import clock
from homes import tokens
from incidents.models import Incident, Submission
from tests.cast import Cast
from tests.conftest import owner
from tests.hesley_hub.api.test_api import EXAMPLES
from tests.incidents.recording.driver import Walk
from tests.incidents.recording.test_walks import reg40
from tests.sealed import seal_on

pytestmark = pytest.mark.django_db(transaction=True)
TIMES, AT_ONCE = 50, 16
ADDRESS = "/api/v1/complaints/"


def at_once(send: Callable[[], Any]) -> list[Any]:
    """The answers to one submission sent fifty times, as many at a time as there are connections to spare."""
    start = threading.Barrier(AT_ONCE)

    def one(number: int) -> Any:
        try:
            if number < AT_ONCE:
                start.wait(30)
            return send()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as senders:
        return list(senders.map(one, range(TIMES)))


def caller(world: Cast) -> Callable[..., Any]:
    """Sends the complaint of the API's page with a key of its own, as Fran; with other words where asked."""
    with owner():
        secret = tokens.make(user=world.fran, days=30, by="tests", now=clock.now())
    key = str(uuid4())
    said: dict[str, Any] = json.loads(EXAMPLES["complaints"].replace("CHILD", str(world.rowan.pk)))

    def send(**other: Any) -> Any:
        headers = {"Idempotency-Key": key, "Authorization": f"Bearer {secret}"}
        return Client().post(ADDRESS, said | other, content_type="application/json", headers=headers)

    return send


def records() -> int:
    with owner():
        return Incident.objects.count()


def test_fifty_at_once_over_the_api_are_one_record(world: Cast) -> None:
    send = caller(world)
    answers = at_once(send)
    taken = [answer.json() for answer in answers if answer.status_code == 201]
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert len(taken) + len(waiting) == TIMES
    assert taken
    assert all(answer.headers["Retry-After"] == "1" for answer in waiting)
    assert send().json() == taken[0]
    assert {answer["reference"] for answer in taken} == {taken[0]["reference"]}
    assert records() == 1


def test_whoever_lost_the_answer_is_given_it_again_after_a_week_and_more(
    world: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = caller(world)
    first = send()
    for days in (1, 7, 20):
        later = world.now + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda later=later: later)
        again = send()
        assert (again.status_code, again.json()) == (201, first.json())
    other = send(narrative="Other words.")
    assert other.status_code == 422
    assert records() == 1


def test_the_application_cannot_forget_a_submission() -> None:
    with owner(), connection.cursor() as cursor:
        for role in ("hub_web", "hub_worker"):
            cursor.execute(
                "select has_table_privilege(%s, %s, 'delete'), has_table_privilege(%s, %s, 'update')",
                [role, Submission._meta.db_table] * 2,
            )
            assert cursor.fetchone() == (False, False), role


def test_a_form_sent_fifty_times_at_once_is_one_record(world: Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    walk.start()
    for step, typed in reg40(world).items():
        assert walk.say(step, typed).status_code == 302
    sent = {"opened": seal_on(walk.client.get(walk.at("check/")))}

    def send() -> Any:
        browser = Client()
        browser.cookies = walk.client.cookies
        return browser.post(walk.at("check/"), sent)

    answers = at_once(send)
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1
    assert records() == 1

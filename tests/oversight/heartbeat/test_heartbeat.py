"""A heartbeat passes every part, or the outside monitor hears nothing."""

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from events import clock, outbox, relay
from events.health import ages
from events.models import Event, Handling
from hesley_hub.launching.ports import free_port
from oversight import tasks
from oversight.escalation import alarms, delivering
from oversight.escalation.channels.email.sending import NotSentError, Outgoing
from oversight.escalation.models import Attempt, Delivery, OperatorAlarm
from oversight.heartbeat import actions
from oversight.heartbeat.asking import ask
from oversight.heartbeat.models import Heartbeat
from tests.cast import NOW
from tests.conftest import owner, worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_prompts() -> Iterator[None]:
    token = outbox.prompts.set(False)
    yield
    outbox.prompts.reset(token)


@pytest.fixture
def monitored(settings: Settings) -> None:
    settings.HUB_MONITOR_URL = "https://monitor.example/ping"
    settings.HUB_MONITOR_FAIL_URL = "https://monitor.example/fail"


class Asked:
    """Answers for the website and the monitor; remembers what was asked of whom."""

    def __init__(self, *silent: str) -> None:
        self.silent = silent
        self.calls: list[tuple[str, bytes | None]] = []
        self.headers: list[Mapping[str, str]] = []

    def __call__(self, address: str, headers: Mapping[str, str], body: bytes | None) -> bool:
        self.calls.append((address, body))
        self.headers.append(headers)
        return not any(word in address for word in self.silent)

    @property
    def pinged(self) -> bool:
        return any(address == "https://monitor.example/ping" for address, _ in self.calls)


def take(mail: Outgoing, now: object) -> None:
    """A mail server that takes everything."""


def refuse(mail: Outgoing, now: object) -> None:
    raise NotSentError("busy (450)")


def beat_time(*, seconds: float) -> datetime:
    """So long ago, by the machine's clock, which is the database's."""
    return clock.unmoved() - timedelta(seconds=seconds)


def begin() -> Heartbeat:
    beat = actions.begin(now=NOW)
    assert beat is not None
    return beat


def test_a_heartbeat_goes_the_whole_way_and_the_monitor_is_told_once(monitored: None) -> None:
    asked = Asked()
    with worker():
        beat = begin()
        assert not actions.carry_on(ask=asked)
        assert relay.drain(now=NOW) == 1
        assert not actions.carry_on(ask=asked)
        assert delivering.deliver_all(now=NOW, send=take) == 1
        assert actions.carry_on(ask=asked)
        assert not actions.carry_on(ask=asked)
    assert [address for address, _ in asked.calls] == [
        "http://127.0.0.1:8000/health/live",
        "https://monitor.example/ping",
    ]
    assert asked.headers[0] == {"Host": "127.0.0.1:8000", "X-Forwarded-Proto": "http"}
    with owner():
        beat.refresh_from_db()
        moments = [beat.began_at, beat.handled_at, beat.delivered_at, beat.answered_at, beat.told_at]
    assert None not in moments
    assert moments == sorted(moments, key=str)
    found = ages()
    assert found.oldest_unsent_delivery is None
    assert found.beat_told is not None
    assert 0 <= found.beat_told <= (found.beat_recorded or 0)


def test_no_link_may_be_missing(monitored: None) -> None:
    """The clock, the relay, the mail server, the website: without any one of them the monitor hears nothing."""
    without_web, all_there = Asked("health"), Asked()
    with worker():
        assert not actions.carry_on(ask=all_there)  # no clock
        begin()
        assert not actions.carry_on(ask=all_there)  # no relay
        relay.drain(now=NOW)
        delivering.deliver_all(now=NOW, send=refuse)
        assert not actions.carry_on(ask=all_there)  # no mail server
        with owner():
            Delivery.objects.update(state="owed")
        delivering.deliver_all(now=NOW, send=take)
        assert not actions.carry_on(ask=without_web)
    assert not all_there.calls
    assert not without_web.pinged
    with owner():
        assert Heartbeat.objects.get().answered_at is None


def test_a_failed_heartbeat_is_tried_once_and_alarms_nobody(monitored: None) -> None:
    with worker():
        begin()
        relay.drain(now=NOW)
        delivering.deliver_all(now=NOW, send=refuse)
        assert relay.drain(now=NOW) == 0
    with owner():
        assert Delivery.objects.get().state == "dead"
        assert Attempt.objects.get().result == "busy (450)"
        assert not OperatorAlarm.objects.exists()


def test_a_heartbeat_that_came_late_is_not_told(monitored: None, settings: Settings) -> None:
    asked = Asked()
    with worker():
        beat = begin()
        relay.drain(now=NOW)
        delivering.deliver_all(now=NOW, send=take)
        with owner():
            Heartbeat.objects.filter(pk=beat.pk).update(
                began_at=beat_time(seconds=settings.HUB_HEARTBEAT_LATE + 1)
            )
        assert not actions.carry_on(ask=asked)
    assert not asked.pinged


def test_a_monitor_that_does_not_answer_is_asked_again(monitored: None) -> None:
    with worker():
        begin()
        relay.drain(now=NOW)
        delivering.deliver_all(now=NOW, send=take)
        assert not actions.carry_on(ask=Asked("monitor"))
        assert actions.carry_on(ask=Asked())


def test_without_a_monitor_the_website_is_asked_once() -> None:
    asked = Asked()
    with worker():
        begin()
        relay.drain(now=NOW)
        delivering.deliver_all(now=NOW, send=take)
        assert not actions.carry_on(ask=asked)
        assert not actions.carry_on(ask=asked)
    assert len(asked.calls) == 1


def test_two_clocks_begin_one_heartbeat_and_an_event_handled_twice_owes_one_mail() -> None:
    with worker():
        beat = begin()
        assert actions.begin(now=NOW) is None
        assert actions.owe(heartbeat=beat.pk, now=NOW) is not None
        assert actions.owe(heartbeat=beat.pk, now=NOW) is None
    with owner():
        assert Delivery.objects.count() == 1


def test_a_heartbeat_is_a_question_unless_it_has_a_mailbox(settings: Settings) -> None:
    sent: list[Outgoing] = []
    with worker():
        begin()
        relay.drain(now=NOW)
        delivering.deliver_all(now=NOW, send=lambda mail, now: sent.append(mail))
        settings.HUB_HEARTBEAT_MAIL = "beats@hub.example"
        with owner():
            Heartbeat.objects.update(began_at=beat_time(seconds=120))
        begin()
        relay.drain(now=NOW)
        delivering.deliver_all(now=NOW, send=lambda mail, now: sent.append(mail))
    assert [(mail.address, mail.probe) for mail in sent] == [
        ("operator@hub.example", True),
        ("beats@hub.example", False),
    ]


def test_old_heartbeats_are_forgotten_whole_and_nothing_else_is() -> None:
    with worker():
        old = begin()
        relay.drain(now=NOW)
        delivering.deliver_all(now=NOW, send=take)
        alarms.raise_alarm(kind="no_mailbox", about="x", now=NOW)
        delivering.deliver_all(now=NOW, send=take)
        with owner(), connection.cursor() as cursor:
            cursor.execute("update oversight_heartbeat set began_at = began_at - interval '3 days'")
            cursor.execute("update events_event set recorded_at = recorded_at - interval '3 days'")
            cursor.execute("update oversight_delivery set owed_since = clock_timestamp() - interval '3 days'")
        begin()
        assert actions.forget() == 1
    with owner():
        assert list(Heartbeat.objects.filter(pk=old.pk)) == []
        assert Heartbeat.objects.count() == 1
        assert [delivery.purpose for delivery in Delivery.objects.all()] == ["mail"]
        assert Attempt.objects.count() == 1
        kinds = sorted(Event.objects.values_list("kind", flat=True))
        assert kinds == ["oversight.heartbeat_began", "oversight.operator_alarmed"]
        assert Handling.objects.count() == 1


def test_alarms_are_told_to_the_monitors_failure_address_once_by_kind_alone(
    monitored: None, settings: Settings
) -> None:
    silent, asked = Asked("fail"), Asked()
    with worker():
        assert actions.tell_of_alarms(ask=asked) == 0
        alarms.raise_alarm(kind="no_mailbox", about="Northmoor Council, duty desk", now=NOW)
        alarms.raise_alarm(kind="no_mailbox", about="Eastvale Council, duty desk", now=NOW)
        assert actions.tell_of_alarms(ask=silent) == 0
        assert actions.tell_of_alarms(ask=asked) == 2
        assert actions.tell_of_alarms(ask=asked) == 0
        settings.HUB_MONITOR_FAIL_URL = ""
        alarms.raise_alarm(kind="climb_failed", about="branch 1", now=NOW)
        assert actions.tell_of_alarms(ask=asked) == 0
    assert asked.calls == [("https://monitor.example/fail", b"no_mailbox")]


def test_the_tasks_of_a_minute(settings: Settings) -> None:
    settings.HUB_WEB_ADDRESS = f"http://127.0.0.1:{free_port()}"
    names = {entry["task"] for entry in settings.CELERY["beat_schedule"].values()}
    assert {tasks.heartbeat.name, tasks.pulse.name} <= names
    with worker():
        assert tasks.heartbeat()
        assert not tasks.heartbeat()
        relay.drain(now=NOW)
        delivering.deliver_all(now=NOW, send=take)
        assert not tasks.pulse()


def test_ready_says_when_each_part_was_last_passed(client: Client) -> None:
    with worker():
        begin()
    told = client.get("/health/ready").json()["seconds_since_heartbeat_passed"]
    assert told["clock"] >= 0
    assert [told[part] for part in ("relay", "mail", "web", "monitor")] == [None] * 4


class Page(BaseHTTPRequestHandler):
    """Answers by its path: /ok 204, /slow one byte at a time, anything else 500."""

    got: list[tuple[str, str, bytes]] = []
    done = threading.Event()

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        self.got.append((self.command, self.headers["Host"], body))
        if self.path.startswith("/slow"):
            for byte in b"HTTP/1.1 200 OK\r\n" * 50:
                try:
                    self.wfile.write(bytes([byte]))
                except OSError:
                    return
                if self.done.wait(0.05):
                    return
            return
        self.send_response(204 if self.path == "/ok?a=1" else 500)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Quiet."""


@pytest.fixture
def page() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Page.got.clear()
    Page.done.clear()
    running = threading.Thread(target=server.serve_forever, args=(0.02,))
    running.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Page.done.set()
    server.shutdown()
    server.server_close()
    running.join()


def test_asking_takes_success_for_an_answer_and_nothing_else(page: str, settings: Settings) -> None:
    assert ask(f"{page}/ok?a=1", {"Host": "hub.example"}, None)
    assert not ask(f"{page}/broken", {}, b"no_mailbox")
    assert Page.got[0] == ("GET", "hub.example", b"")
    assert Page.got[1][0] == "POST"
    assert Page.got[1][2] == b"no_mailbox"
    for nowhere in ("", "ftp://x.example/", "http:///x", f"http://127.0.0.1:{free_port()}/"):
        assert not ask(nowhere, {}, None)
    settings.HUB_MONITOR_TIMEOUT = 0.4
    assert not ask(f"{page}/slow", {}, None)  # each byte comes in time, the answer never does
    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        assert not ask(f"http://127.0.0.1:{silent.getsockname()[1]}/", {}, None)

"""Delivering side by side, on real connections: a slow recipient or server holds up nobody else."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from pytest_django import Settings

from hesley_hub.launching.ports import free_port
from oversight import tasks
from oversight.escalation import delivering
from oversight.escalation.channels.email.sending import NotSentError, Outgoing
from oversight.escalation.claiming import claim_one
from oversight.escalation.models import Attempt, Delivery
from oversight.escalation.slots import Slots
from tests import cast
from tests.cast import NOW
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import opened

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = "duty@northmoor.example"


@pytest.fixture
def slots() -> Iterator[Slots]:
    made = Slots(4)
    yield made
    made.finish()


class Tarpit:
    """Takes e-mails at once, but those to one address only when it is told to; it counts how many come at a time."""

    def __init__(self, slow: str = SLOW) -> None:
        self.slow, self.open = slow, threading.Event()
        self.got: list[str] = []
        self.at_once: dict[str, int] = {}
        self.most = 0
        self._lock = threading.Lock()

    def __call__(self, mail: Outgoing, now: datetime) -> None:
        with self._lock:
            self.at_once[mail.address] = self.at_once.get(mail.address, 0) + 1
            self.most = max(self.most, self.at_once[mail.address])
        if mail.address == self.slow and not self.open.wait(30):
            raise NotSentError("took too long")
        with self._lock:
            self.at_once[mail.address] -= 1
            self.got.append(mail.address)


def owe(address: str, number: int = 1) -> None:
    with owner():
        for count in range(number):
            Delivery.objects.create(
                address=address,
                subject="s",
                body="b",
                message_id=f"<{address}{count}@hub.example>",
                owed_since=NOW,
            )


def until(true: Callable[[], bool]) -> None:
    """Wait for another thread, at most ten seconds."""
    waited = threading.Event()
    for _ in range(500):
        if true():
            return
        waited.wait(0.02)
    pytest.fail("it did not come")


def states() -> dict[str, str]:
    with owner():
        return dict(Delivery.objects.values_list("address", "state"))


def test_one_slow_recipient_holds_up_nobody(slots: Slots) -> None:
    with owner():
        opened(cast.build())
    send = Tarpit()
    with worker():
        assert delivering.deliver_side_by_side(now=NOW, slots=slots, send=send) == 3
        until(lambda: len(send.got) == 2)
        until(lambda: list(states().values()).count("sent") == 2)
        assert states()[SLOW] == "owed"
        send.open.set()
        until(lambda: states()[SLOW] == "sent")


def test_an_address_has_one_mail_at_a_time_in_hand_and_the_rest_follow(slots: Slots) -> None:
    owe(SLOW, 3)
    owe("other@eastvale.example")
    send = Tarpit()
    with worker():
        assert delivering.deliver_side_by_side(now=NOW, slots=slots, send=send) == 2
        until(lambda: send.got == ["other@eastvale.example"])
        assert delivering.deliver_side_by_side(now=NOW, slots=slots, send=send) == 0
        send.open.set()

        def again() -> bool:
            delivering.deliver_side_by_side(now=NOW, slots=slots, send=send)
            return len(send.got) == 4

        until(again)
    assert send.most == 1


def test_a_domain_never_takes_all_slots(slots: Slots, settings: Settings) -> None:
    settings.HUB_DELIVERY_SLOTS = 4
    for name in ("a", "b", "c", "d"):
        owe(f"{name}@slow.example")
    owe("duty@quick.example")
    with worker():
        first = [claim_one(now=NOW) for _ in range(3)]
        assert [claim.mail.address.partition("@")[2] for claim in first if claim] == [
            "slow.example",
            "slow.example",
            "quick.example",
        ]
        assert claim_one(now=NOW) is None


def test_a_lock_on_the_address_elsewhere_passes_it_over() -> None:
    owe("a@x.example")
    owe("b@y.example")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("begin; select pg_advisory_xact_lock(hashtext('mail to ' || 'a@x.example'))")
        with worker():
            claim = claim_one(now=NOW)
    finally:
        other.close()
    assert claim is not None
    assert claim.mail.address == "b@y.example"


def test_when_every_slot_is_busy_the_task_ends_and_nothing_is_claimed() -> None:
    one = Slots(1)
    owe(SLOW)
    owe("next@eastvale.example")
    send = Tarpit()
    with worker():
        assert delivering.deliver_side_by_side(now=NOW, slots=one, send=send) == 1
        with owner():
            assert Attempt.objects.count() == 1
        send.open.set()
        one.finish()
        again = Slots(1)
        delivering.deliver_side_by_side(now=NOW, slots=again, send=send)
        again.finish()
    assert set(states().values()) == {"sent"}


def test_what_a_slot_fails_with_is_logged_and_the_slot_is_free_again(
    slots: Slots, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    for _ in range(5):
        assert slots.take(seconds=5)
        slots.give_to(broken)
    until(lambda: caplog.text.count("ZeroDivisionError") == 5)


def test_a_thread_whose_connection_was_cut_opens_another() -> None:
    one = Slots(1)
    seen: list[int] = []

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            seen.append(cursor.fetchone()[0])

    def run() -> None:
        before = len(seen)
        assert one.take(seconds=5)
        one.give_to(ask)
        until(lambda: len(seen) > before)

    run()
    with owner(), connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s)", [seen[0]])
    run()
    one.finish()
    assert seen[0] != seen[1]


def test_the_task_uses_the_slots_of_its_process() -> None:
    tasks.slots.cache_clear()
    owe("duty@quick.example")
    with worker():
        assert tasks.deliver() == 1  # refused: a scratch world sends nothing
        tasks.slots().finish()
        assert tasks.climb() == 0
    tasks.slots.cache_clear()
    with owner():
        assert Attempt.objects.get().result.startswith("a scratch world")
        assert Delivery.objects.get().state == "owed"


class Slow:
    """A real mail server that answers one recipient only when it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.taken: list[str] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == SLOW:
            await self.go.wait()
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken += envelope.rcpt_tos
        return "250 taken"


def test_a_recipient_whose_server_is_silent_is_cut_off_and_holds_up_none_of_thirty(
    slots: Slots, settings: Settings
) -> None:
    """Over real SMTP: thirty mailboxes are written to while one is not answered; that one meets the deadline."""
    handler, port = Slow(), free_port()
    settings.HUB_SMTP_URL = f"smtp://127.0.0.1:{port}"
    settings.HUB_SMTP_TIMEOUT, settings.HUB_SMTP_DEADLINE = 20, 5
    owe(SLOW)
    for number in range(30):
        owe(f"duty@council{number}.example")
    running = Controller(handler, hostname="127.0.0.1", port=port)
    running.start()
    try:
        with worker():
            began = time.monotonic()
            while len(handler.taken) < 30:
                delivering.deliver_side_by_side(now=NOW, slots=slots)
            took = time.monotonic() - began
            with owner():
                assert Attempt.objects.get(delivery__address=SLOW).result == ""  # still under way
            slots.finish()
    finally:
        running.loop.call_soon_threadsafe(handler.go.set)
        running.stop()
    assert took < 5
    with owner():
        assert Attempt.objects.get(delivery__address=SLOW).result.startswith("took too long")
        assert Delivery.objects.filter(state="sent").count() == 30

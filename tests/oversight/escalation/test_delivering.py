"""Delivery under faults: crashes, refusals, leases, and a real mail server on this machine."""

import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import connection, transaction
from pytest_django import Settings

from events import world as worlds
from events.identity import new_id
from hesley_hub.launching.ports import free_port
from homes.models import Placement
from oversight.escalation import delivering
from oversight.escalation.channels.email import sending
from oversight.escalation.channels.email.sending import NotSentError, Outgoing
from oversight.escalation.claiming import claim_one
from oversight.escalation.models import Attempt, Delivery, OperatorAlarm
from oversight.tasks import climb as climb_task
from oversight.tasks import deliver as deliver_task
from tests import cast
from tests.cast import NOW, Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import drain, opened
from tests.oversight.escalation.test_ladders import branch_of, steps_of


class Sink:
    """Takes e-mails in this process; refuses the addresses that it is told to."""

    def __init__(self, **refused: NotSentError) -> None:
        self.got: list[Outgoing] = []
        self.refused = {name.replace("_at_", "@") + ".example": problem for name, problem in refused.items()}

    def __call__(self, mail: Outgoing, now: object) -> None:
        if mail.address in self.refused:
            raise self.refused[mail.address]
        self.got.append(mail)


def deliver(sink: sending.Send) -> int:
    with worker():
        return delivering.deliver_all(now=NOW, send=sink)


def again_now() -> None:
    """As if the waits were over."""
    with owner(), connection.cursor() as cursor:
        cursor.execute("update oversight_delivery set not_before = clock_timestamp(), lease_until = null")


def states() -> dict[str, str]:
    with owner():
        return dict(Delivery.objects.values_list("address", "state"))


def test_each_owed_mail_is_sent_once(world: Cast) -> None:
    opened(world)
    sink = Sink()
    assert deliver(sink) == 3
    assert deliver(sink) == 0
    assert len({mail.message_id for mail in sink.got}) == 3
    with owner():
        delivery = Delivery.objects.first()
        assert delivery is not None
        assert (delivery.state, delivery.sent_at) == ("sent", NOW)
        attempt = Attempt.objects.get(delivery=delivery)
    assert (attempt.number, attempt.result, attempt.as_of) == (1, "sent", NOW)
    assert attempt.finished_at is not None


def test_a_crash_after_the_server_took_it_sends_again_with_the_same_message_id(world: Cast) -> None:
    opened(world)
    taken: list[Outgoing] = []

    def take_and_crash(mail: Outgoing, now: object) -> None:
        taken.append(mail)
        raise KeyboardInterrupt

    with worker(), pytest.raises(KeyboardInterrupt):
        delivering.deliver_one(now=NOW, send=take_and_crash)
    with owner():
        # The attempt is on record, without a result; nothing is lost and nothing is taken for sent.
        assert Attempt.objects.get().result == ""
        assert Delivery.objects.filter(state="owed").count() == 3
    sink = Sink()
    assert deliver(sink) == 2  # the third is leased
    again_now()
    assert deliver(sink) == 1
    assert sink.got[-1].message_id == taken[0].message_id
    with owner():
        assert list(
            Attempt.objects.filter(delivery__message_id=taken[0].message_id).values_list("number", "result")
        ) == [
            (1, ""),
            (2, "sent"),
        ]


def test_a_late_result_does_not_count_against_a_later_attempt(world: Cast) -> None:
    opened(world)
    with worker():
        first = claim_one(now=NOW)
    assert first is not None
    again_now()
    with owner():
        Delivery.objects.exclude(pk=first.delivery_id).update(state="dead")
    with worker():
        second = claim_one(now=NOW)
        assert second is not None
        assert (second.delivery_id, second.number) == (first.delivery_id, 2)
        delivering.not_sent(first, NotSentError("stale", permanent=True), now=NOW)
        delivering.sent(first, now=NOW)
    assert list(states().values()).count("owed") == 1
    with worker():
        delivering.sent(second, now=NOW)
        delivering.not_sent(second, NotSentError("afterthought"), now=NOW)
    assert list(states().values()).count("sent") == 1


def test_one_refusing_recipient_holds_up_nobody(world: Cast) -> None:
    opened(world)
    sink = Sink(duty_at_northmoor=NotSentError("busy (450)"))
    assert deliver(sink) == 3
    assert {mail.address for mail in sink.got} == {
        "duty@eastvale.example",
        "safeguarding@calderbrook.example",
    }
    assert states()["duty@northmoor.example"] == "owed"
    with owner():
        assert Attempt.objects.get(delivery__address="duty@northmoor.example").result == "busy (450)"


def test_a_recipient_refused_for_good_alarms_and_the_next_step_is_told(world: Cast) -> None:
    alert = opened(world)
    branch = branch_of(alert, "Northmoor Council")
    sink = Sink(duty_at_northmoor=NotSentError("recipient refused (550)", permanent=True))
    for _ in range(settings.HUB_DELIVERY_REFUSALS):
        deliver(sink)
        again_now()
    assert states()["duty@northmoor.example"] == "dead"
    drain(NOW)
    assert steps_of(branch) == ["duty", "senior"]
    with owner():
        alarm = OperatorAlarm.objects.get()
        assert alarm.kind == "delivery_given_up"
        assert alarm.about == f"Northmoor Council, duty desk, {alert.reference}"
    deliver(sink)
    assert {"senior@northmoor.example", "operator@hub.example"} <= {mail.address for mail in sink.got}


def test_a_server_that_takes_nothing_is_told_to_the_operator_while_it_goes_on_being_tried(
    world: Cast,
) -> None:
    opened(world)
    sink = Sink(duty_at_northmoor=NotSentError("SSLCertVerificationError"))
    for _ in range(delivering.STUCK_AFTER + 1):
        deliver(sink)
        again_now()
    assert states()["duty@northmoor.example"] == "owed"
    with owner():
        alarm = OperatorAlarm.objects.get()
    assert (alarm.kind, alarm.about) == ("mail_stuck", "SSLCertVerificationError")
    assert "operator@hub.example" in {mail.address for mail in sink.got}


def test_a_step_that_reached_somebody_does_not_climb_for_a_dead_address(world: Cast) -> None:
    alert = opened(world, picture="provider")
    branch = branch_of(alert, "Alder Vale Care")
    sink = Sink(asha_at_cast=NotSentError("recipient refused (550)", permanent=True))
    for _ in range(settings.HUB_DELIVERY_REFUSALS):
        deliver(sink)
        again_now()
    drain(NOW)
    assert steps_of(branch) == ["duty"]
    with owner():
        assert OperatorAlarm.objects.count() == 1


def test_the_operators_own_dead_mail_raises_no_endless_alarms(world: Cast) -> None:
    with owner():
        world.elm.host_authority = None
        world.elm.save()
        Placement.objects.update(ends_at=world.now - timedelta(days=1))
    opened(world)
    sink = Sink(operator_at_hub=NotSentError("recipient refused (550)", permanent=True))
    for _ in range(5):
        deliver(sink)
        again_now()
        drain(NOW)
    with owner():
        assert sorted(OperatorAlarm.objects.values_list("kind", flat=True)) == ["no_branch", "operator_mail"]
        assert Delivery.objects.count() == 1


def test_waits_grow_spread_and_end() -> None:
    waits = [delivering.wait_after(number, permanent=False) for number in range(1, 13)]
    assert waits[-1] is None
    known = [wait for wait in waits if wait is not None]
    for wait, wanted in zip(known, settings.HUB_DELIVERY_WAITS, strict=True):
        assert wanted * 0.8 <= wait <= wanted * 1.2
    assert sum(settings.HUB_DELIVERY_WAITS) > 4 * 3600
    assert delivering.wait_after(2, permanent=True) is not None
    assert delivering.wait_after(3, permanent=True) is None


@pytest.mark.django_db(transaction=True)
def test_delivering_inside_a_transaction_is_refused() -> None:
    with worker(), transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        delivering.deliver_one(now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_different_mails() -> None:
    """While one worker holds a delivery's row, another passes it over."""
    with owner():
        opened(cast.build())
    with owner(), transaction.atomic():
        first = Delivery.objects.select_for_update().order_by("not_before", "id").first()
        assert first is not None
        taken = _claimed_elsewhere()
    assert taken is not None
    assert taken != first.pk


def _claimed_elsewhere() -> object:
    """What another connection would claim now."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute(
                "select id from oversight_delivery where state = 'owed' order by not_before, id limit 1"
                " for update skip locked"
            )
            row = cursor.fetchone()
            cursor.execute("rollback")
        return row[0] if row else None
    finally:
        other.close()


class Server:
    """A real SMTP server on this machine that refuses some recipients."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.senders: list[str | None] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("busy"):
            return "450 busy"
        if address.startswith("gone"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if b"refuse this" in (envelope.content or b""):
            return "554 no"
        self.senders.append(envelope.mail_from)
        self.messages.append(envelope.content or b"")  # type: ignore[arg-type]
        return "250 taken"


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    handler = Server()
    port = free_port()
    running = Controller(handler, hostname="127.0.0.1", port=port)
    running.start()
    yield handler, port
    running.stop()


def mail(address: str = "duty@ofsted.example", body: str = "words\n") -> Outgoing:
    return Outgoing(address, "Urgent", body, "<1@hub.example>")


def test_by_smtp_hands_over_and_tells_what_was_refused(server: tuple[Server, int]) -> None:
    handler, port = server
    url = urlsplit(f"smtp://127.0.0.1:{port}")
    sending.by_smtp(mail(), NOW, url)
    message = message_from_bytes(handler.messages[0], policy=policy.default)
    assert message["Message-ID"] == "<1@hub.example>"
    assert message["To"] == "duty@ofsted.example"
    for address, permanent in (("busy@x.example", False), ("gone@x.example", True)):
        with pytest.raises(NotSentError) as refused:
            sending.by_smtp(mail(address), NOW, url)
        assert refused.value.permanent is permanent
    with pytest.raises(NotSentError, match="554") as data_refused:
        sending.by_smtp(mail(body="refuse this\n"), NOW, url)
    assert not data_refused.value.permanent
    # Asked for what the server does not offer, it is not sent in the clear.
    for query in ("?starttls=1", ""):
        name = "name:word@" if not query else ""
        with pytest.raises(NotSentError):
            sending.by_smtp(mail(), NOW, urlsplit(f"smtp://{name}127.0.0.1:{port}{query}"))
    assert len(handler.messages) == 1


def test_each_mail_comes_back_under_its_own_key(server: tuple[Server, int], settings: Settings) -> None:
    handler, port = server
    url = urlsplit(f"smtp://127.0.0.1:{port}")
    key = new_id()
    keyed = Outgoing("duty@ofsted.example", "s", "b", f"<{key}@hub.example>")
    sending.by_smtp(keyed, NOW, url)
    settings.HUB_RETURN_PATH = "bounces@hub.example"
    sending.by_smtp(keyed, NOW, url)
    assert handler.senders == ["hub@hub.example", f"bounces+{key.hex}@hub.example"]


def test_a_probe_asks_and_hands_nothing_over(server: tuple[Server, int]) -> None:
    handler, port = server
    url = urlsplit(f"smtp://127.0.0.1:{port}")
    sending.by_smtp(replace(mail(), probe=True), NOW, url)
    with pytest.raises(NotSentError, match="450"):
        sending.by_smtp(replace(mail("busy@x.example"), probe=True), NOW, url)
    assert handler.messages == []


@pytest.mark.parametrize("says", [b"220 hello\r\n", b""])
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_says_a_byte_at_a_time_meets_the_deadline(
    settings: Settings, says: bytes, scheme: str
) -> None:
    """Each byte comes well within the timeout of one operation; the conversation is cut all the same."""
    settings.HUB_SMTP_TIMEOUT, settings.HUB_SMTP_DEADLINE = 5, 0.6
    done = threading.Event()

    def drip(listening: socket.socket) -> None:
        talk, _ = listening.accept()
        with talk:
            for byte in says + b"250-x" * 200:
                try:
                    talk.sendall(bytes([byte]))
                except OSError:
                    return
                if done.wait(0.1):
                    return

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        dripping = threading.Thread(target=drip, args=(listening,))
        dripping.start()
        began = time.monotonic()
        with pytest.raises(NotSentError) as cut:
            sending.by_smtp(mail(), NOW, urlsplit(f"{scheme}://127.0.0.1:{listening.getsockname()[1]}"))
        assert time.monotonic() - began < 4
        done.set()
        dripping.join()
    if scheme == "smtp":
        assert str(cut.value).startswith("took too long")


def test_once_taken_a_rude_farewell_is_no_failure() -> None:
    """The e-mail was taken: what the server does with QUIT must not lead to a second one."""

    def serve(listening: socket.socket) -> None:
        talk, _ = listening.accept()
        with talk, talk.makefile("rwb") as lines:
            lines.write(b"220 hello\r\n")
            lines.flush()
            in_data = False
            for line in lines:
                if line.upper().startswith(b"QUIT"):
                    return
                if in_data and line != b".\r\n":
                    continue
                in_data = line.upper().startswith(b"DATA")
                lines.write(b"354 go on\r\n" if in_data else b"250 ok\r\n")
                lines.flush()

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        serving = threading.Thread(target=serve, args=(listening,))
        serving.start()
        sending.by_smtp(mail(), NOW, urlsplit(f"smtp://127.0.0.1:{listening.getsockname()[1]}"))
        serving.join()


def test_no_server_no_mail() -> None:
    with pytest.raises(NotSentError):
        sending.by_smtp(mail(), NOW, urlsplit(f"smtp://127.0.0.1:{free_port()}"))
    with pytest.raises(NotSentError):
        sending.by_smtp(mail(), NOW, urlsplit(f"smtps://127.0.0.1:{free_port()}"))


def test_a_silent_server_is_given_up_in_time(settings: Settings) -> None:
    settings.HUB_SMTP_TIMEOUT = 0.2
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(NotSentError, match="Disconnected"):
            sending.by_smtp(mail(), NOW, urlsplit(f"smtp://127.0.0.1:{silent.getsockname()[1]}"))


def test_each_world_sends_where_it_may(
    server: tuple[Server, int], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, port = server
    here, elsewhere = f"smtp://127.0.0.1:{port}", "smtp://mail.hub.example:25"
    monkeypatch.setattr(worlds, "kind", lambda: worlds.SCRATCH)
    with pytest.raises(NotSentError, match="scratch"):
        sending.send(mail(), NOW)
    monkeypatch.setattr(worlds, "kind", lambda: worlds.DEMO)
    # In a demo even a configured server elsewhere is not connected to.
    opened_to: list[object] = []
    real = smtplib.SMTP.connect

    def connect(self: smtplib.SMTP, host: str = "localhost", at: int = 0, *more: object) -> tuple[int, bytes]:
        opened_to.append((host, at))
        return real(self, host, at)

    monkeypatch.setattr(smtplib.SMTP, "connect", connect)
    settings.HUB_SMTP_URL = elsewhere
    monkeypatch.setenv("HUB_SINK_PORT", str(port))
    sending.send(mail(), NOW)
    assert opened_to == [("127.0.0.1", port)]
    monkeypatch.delenv("HUB_SINK_PORT")
    assert sending.sink_port() == sending.DEFAULT_SINK_PORT
    settings.HUB_SMTP_URL = here
    assert sending.sink_port() == port
    monkeypatch.setattr(worlds, "kind", lambda: worlds.LIVE)
    sending.send(mail(), NOW)
    assert len(handler.messages) == 2
    settings.HUB_SMTP_URL = ""
    with pytest.raises(NotSentError, match="HUB_SMTP_URL"):
        sending.send(mail(), NOW)


def test_the_tasks_have_the_names_that_beat_knows(settings: Settings) -> None:
    names = {entry["task"] for entry in settings.CELERY["beat_schedule"].values()}
    assert {deliver_task.name, climb_task.name} <= names

"""E-mails that come back: which reports count, and what follows from one."""

import io
import mailbox
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from events.identity import new_id
from oversight.escalation import queries, returning
from oversight.escalation.channels.email.bounces import Bounce, read, return_path
from oversight.escalation.models import Alert, Delivery, OperatorAlarm
from tests.cast import NOW, Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import drain, opened
from tests.oversight.escalation.test_delivering import Sink, deliver
from tests.oversight.escalation.test_ladders import branch_of, steps_of

KEY = UUID("01937c1e-0000-7000-8000-00000000000a")
DIAGNOSTIC = "smtp; 550 5.1.1 <duty@northmoor.example>: no such mailbox"


def report(
    key: UUID = KEY,
    *,
    action: str = "failed",
    to: str = "",
    returned: str = "text/rfc822-headers",
    kind: str = "delivery-status",
) -> bytes:
    """A report as mail servers make it (RFC 3464): words for people, fields for machines, what came back."""
    status = (
        f"Reporting-MTA: dns; mail.northmoor.example\n\nFinal-Recipient: rfc822; duty@northmoor.example\n"
        f"Action: {action}\nStatus: 5.1.1\nDiagnostic-Code: {DIAGNOSTIC}\n"
    )
    original = f"Message-ID: <{key}@hub.example>\nSubject: Look: please acknowledge\n\n"
    lines = [
        "From: MAILER-DAEMON@mail.northmoor.example",
        f"To: {to or 'hub@hub.example'}",
        "Subject: Undelivered Mail Returned to Sender",
        f'Content-Type: multipart/report; report-type={kind}; boundary="B"',
        "MIME-Version: 1.0",
        "",
        "--B\nContent-Type: text/plain\n\nI could not deliver your message.\n",
        f"--B\nContent-Type: message/delivery-status\n\n{status}",
        *([f"--B\nContent-Type: {returned}\n\n{original}"] if returned else []),
        "--B--\n",
    ]
    return "\n".join(lines).encode()


def test_a_report_of_failure_names_its_delivery_by_what_it_returns() -> None:
    for returned in ("text/rfc822-headers", "message/rfc822"):
        found = read(report(returned=returned))
        assert found is not None
        assert found.delivery == KEY
        assert found.why == f"5.1.1 {DIAGNOSTIC}"


def test_the_address_that_it_came_back_to_counts_before_what_it_returns() -> None:
    other = new_id()
    to = return_path("bounces@hub.example", f"<{other}@hub.example>")
    assert to == f"bounces+{other.hex}@hub.example"
    for content in (report(to=to), report(to=to, returned="")):
        found = read(content)
        assert found is not None
        assert found.delivery == other
    assert return_path("bounces@hub.example", "<no key>") == "bounces@hub.example"


def test_what_is_no_failure_is_no_bounce() -> None:
    assert read(report(action="delayed")) is None
    assert read(report(action="delivered")) is None
    assert read(report(returned="")) is None  # it tells not which
    on_leave = EmailMessage()
    on_leave["To"] = f"bounces+{KEY.hex}@hub.example"
    on_leave["Auto-Submitted"] = "auto-replied"
    on_leave.set_content("I am on leave. Action: failed")
    assert read(on_leave.as_bytes()) is None
    assert read(b"") is None
    assert read(b"Content-Type: multipart/report\n\nnothing in it") is None
    assert read(b"\xff\x00" * 50) is None


def test_what_a_stranger_writes_is_kept_short_and_printable() -> None:
    content = report().replace(DIAGNOSTIC.encode(), b"smtp; \x07\x1b[31m" + b"x" * 5000)
    found = read(content)
    assert found is not None
    assert found.why.isprintable()
    assert len(found.why) <= 200


def sent_alert(world: Cast) -> tuple[Alert, Delivery]:
    alert = opened(world)
    deliver(Sink())
    with owner():
        return alert, Delivery.objects.get(organisation__name="Northmoor Council")


def test_a_bounce_is_shown_alarms_and_climbs_at_once(world: Cast) -> None:
    alert, delivery = sent_alert(world)
    with worker():
        assert returning.take_in([report(delivery.pk), b"not a report"], now=NOW) == 1
        assert returning.take_in([report(delivery.pk)], now=NOW) == 0  # twice is once
    with owner():
        delivery.refresh_from_db()
        assert (delivery.state, delivery.bounced_at, delivery.sent_at) == ("bounced", NOW, NOW)
        assert "no such mailbox" in delivery.bounce
        ladder = queries.ladders_of(alert, NOW)[0]
        told = {person.name: (person.told, person.told_words) for person in ladder.steps[0].people}
        assert told["Northmoor Council"] == (None, "Not reached")
        assert told["Eastvale Council"][0] == NOW
    drain(NOW)
    assert steps_of(branch_of(alert, "Northmoor Council")) == ["duty", "senior"]
    with owner():
        alarm = OperatorAlarm.objects.get()
        assert alarm.kind == "delivery_given_up"


def test_a_bounce_of_what_was_answered_or_has_climbed_changes_no_ladder(world: Cast) -> None:
    alert, delivery = sent_alert(world)
    branch = branch_of(alert, "Northmoor Council")
    with owner():
        type(branch).objects.filter(pk=branch.pk).update(state="overtaken")
    with worker():
        assert returning.bounced(bounce=Bounce(delivery.pk, "5.1.1"), now=NOW) == 1
    drain(NOW)
    assert steps_of(branch) == ["duty"]


def test_an_unknown_key_or_one_not_yet_sent_is_left_alone(world: Cast) -> None:
    opened(world)
    with owner():
        owed = Delivery.objects.all()[0]
    with worker():
        assert returning.take_in([report(), report(owed.pk)], now=NOW) == 0
    with owner():
        assert set(Delivery.objects.values_list("state", flat=True)) == {"owed"}


def test_the_command_reads_one_message_or_a_whole_maildir(
    world: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, delivery = sent_alert(world)
    with owner():
        other = Delivery.objects.exclude(pk=delivery.pk)[0]

    class Piped:
        buffer = io.BytesIO(report(delivery.pk))

    monkeypatch.setattr("sys.stdin", Piped)
    box = mailbox.Maildir(tmp_path / "box")
    box.add(report(other.pk))
    box.add(b"Subject: hello\n\nnothing")
    with worker():
        call_command("bounces")
        call_command("bounces", str(tmp_path / "box"))
        call_command("bounces", str(tmp_path / "box"))
        with pytest.raises(CommandError, match="no Maildir"):
            call_command("bounces", str(tmp_path))
    assert capsys.readouterr().out.splitlines() == ["1 came back", "1 came back", "0 came back"]
    assert {message.get_subdir() for message in mailbox.Maildir(tmp_path / "box")} == {"cur"}
    with owner():
        assert Delivery.objects.filter(state="bounced").count() == 2

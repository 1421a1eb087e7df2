"""What an e-mail says and what it must not say."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pytest_django import Settings

from events import world as worlds
from incidents.record.models import Stream
from oversight.escalation.channels.email import wording
from oversight.escalation.channels.email.sending import Outgoing, as_message
from oversight.escalation.models import Delivery
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.escalation.conftest import death, drain, opened, record
from tests.oversight.escalation.test_ladders import climb


def mails() -> list[Delivery]:
    with owner():
        return list(Delivery.objects.select_related("alert").order_by("owed_since"))


def test_a_mail_says_level_reference_link_deadline_and_what_follows(world: Cast) -> None:
    alert = opened(world, tier="regulator")
    mail = next(mail for mail in mails() if mail.address == "duty@ofsted.example")
    assert (
        mail.subject == f"Urgent: please acknowledge by 14:00 today (Monday 23 November). {alert.reference}"
    )
    assert "PLEASE ACKNOWLEDGE BY 14:00 TODAY (MONDAY 23 NOVEMBER)" in mail.body
    assert "Level of concern: Urgent" in mail.body
    assert f"/alerts/{alert.reference}/\n" in mail.body
    assert f"/alerts/{alert.reference}/not-me/" in mail.body
    assert "If no one acknowledges by then, your regional director is told." in mail.body
    assert "I am not the right person" in mail.body
    assert "It is not a Regulation 40 notification." in mail.body
    assert mail.body.endswith("Hesley Hub. Simulated.\n")
    assert max(map(len, mail.body.splitlines())) > 80  # whole paragraphs, not wrapped


def test_no_mail_names_home_child_staff_reporter_or_pattern(world: Cast) -> None:
    incident = death(world)
    hint = record(world, world.mo, Stream.WHISTLEBLOWING, source="whistleblower")
    drain(world.now)
    opened(world, tier="escalate", pattern="outside_voices", evidence=[hint.reference])
    climb(world.now + timedelta(days=30))
    text = "\n".join(mail.subject + "\n" + mail.body for mail in mails()).lower()
    assert text
    unsaid = [
        "elm",
        "demo001",
        "alder",
        "calderbrook",
        "northmoor",
        "rowan",
        "hill",
        "sky",
        "marsh",
        "wes",
        "carter",
    ]
    unsaid += [
        "asha",
        "rahman",
        "okafor",
        "death",
        "died",
        "whistle",
        "outside voices",
        "outside_voices",
        "rule",
    ]
    unsaid += [incident.reference.lower(), hint.reference.lower(), str(world.elm.pk), str(world.rowan.pk)]
    for word in unsaid:
        assert not re.search(rf"\b{re.escape(word)}\b", text), word


def test_a_later_step_says_which_was_not_answered(world: Cast) -> None:
    opened(world)
    climb(world.now + timedelta(days=30))
    later = [mail for mail in mails() if "senior@" in mail.address]
    assert later
    for mail in later:
        assert "You are asked because step 1 was not answered." in mail.body
        assert "your director of children's services is told" in mail.body


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (datetime(2026, 11, 23, 17, tzinfo=UTC), "17:00 today (Monday 23 November)"),
        (datetime(2026, 11, 24, 2, 12, tzinfo=UTC), "02:12 tomorrow (Tuesday 24 November)"),
        (datetime(2026, 11, 30, 17, tzinfo=UTC), "17:00 on Monday 30 November"),
    ],
)
def test_deadlines_are_londons_with_their_day(due: datetime, words: str) -> None:
    assert wording.deadline(due, datetime(2026, 11, 23, 10, tzinfo=UTC)) == words


def test_a_summer_deadline_is_on_the_wall_clock() -> None:
    now = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert wording.deadline(now + timedelta(hours=1), now) == "00:30 tomorrow (Thursday 2 July)"


@pytest.mark.django_db
def test_a_live_world_says_nothing_of_simulation(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wording.signature() == "Hesley Hub. Simulated."
    monkeypatch.setattr(worlds, "kind", lambda: worlds.LIVE)
    assert wording.signature() == "Hesley Hub."


def test_the_message_keeps_its_identity_and_its_long_lines(settings: Settings) -> None:
    settings.HUB_ADDRESS = "https://hub.example"
    key = UUID("0192f0a0-0000-7000-8000-000000000001")
    mail = Outgoing("duty@ofsted.example", "Urgent", "x" * 300 + "\n", wording.message_id(key))
    message = as_message(mail, datetime(2026, 11, 23, 10, tzinfo=UTC))
    assert message["Message-ID"] == f"<{key}@hub.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content() == "x" * 300 + "\n"


def test_a_header_cannot_be_smuggled_in_by_an_address() -> None:
    mail = Outgoing("a@b.example\nBcc: c@d.example", "s", "b", "<m@h>")
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        as_message(mail, datetime(2026, 11, 23, 10, tzinfo=UTC))

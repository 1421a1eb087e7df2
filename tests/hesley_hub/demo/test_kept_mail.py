"""What the demonstration shows of the simulated past's mail: e-mails about alerts as they left, and nothing of the hub."""

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from hesley_hub.demo import history
from hesley_hub.demo_mail import keeping
from oversight.escalation import alarms, owing
from oversight.heartbeat import actions as heartbeats
from tests import cast
from tests.cast import NOW
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import opened
from tests.oversight.escalation.test_delivering import Sink, deliver


@pytest.mark.django_db
def test_the_past_shows_mails_of_alerts_as_they_left(tmp_path: Path, settings: Settings) -> None:
    settings.HUB_DIR = tmp_path
    with owner():
        world = cast.build()
    with owing.together():
        alerts = [opened(world, kind=kind) for kind in ("change", "reconciliation")]
    with worker():
        alarms.raise_alarm(kind="no_mailbox", about="x", now=NOW)
        beat = heartbeats.begin(now=NOW)
        assert beat is not None
        heartbeats.owe(heartbeat=beat.pk, now=NOW)
    assert deliver(Sink()) == 5
    with owner():
        history._keep_mail(since=date(2026, 11, 1))
    shown = [mail for number in keeping.numbers() if (mail := keeping.read(number)) is not None]
    assert {mail.to for mail in shown} == {
        "duty@northmoor.example",
        "duty@eastvale.example",
        "safeguarding@calderbrook.example",
    }
    assert all(alert.reference in mail.body for mail in shown for alert in alerts)

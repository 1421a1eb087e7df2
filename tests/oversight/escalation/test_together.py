"""What one assessment owes to one mailbox leaves in one e-mail; each alert keeps its own step, link, clock and result."""

from datetime import timedelta
from typing import Any

import pytest

from homes.models import Placement
from oversight.escalation import delivering, owing
from oversight.escalation.channels.email.sending import NotSentError
from oversight.escalation.models import Alert, Attempt, Delivery, OperatorAlarm, Step
from oversight.risk import actions as risk
from tests.cast import NOW, Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import drain, opened
from tests.oversight.escalation.test_delivering import Sink, again_now, deliver
from tests.oversight.escalation.test_ladders import branch_of, steps_of

DESK = "duty@northmoor.example"


def two(world: Cast, tier: str = "look") -> tuple[Alert, Alert]:
    with owing.together():
        with owing.together():  # an assessment within an assessment is one
            first = opened(world, kind="change", tier=tier)
        return first, opened(world, kind="reconciliation", tier=tier)


def of(address: str) -> list[Delivery]:
    with owner():
        return list(Delivery.objects.filter(address=address).order_by("id"))


def test_one_mail_lists_both_and_each_alert_says_what_became_of_it(world: Cast) -> None:
    first, second = two(world)
    sink = Sink()
    assert deliver(sink) == 3
    mail = next(mail for mail in sink.got if mail.address == DESK)
    assert mail.subject.startswith("2 alerts. Look: please acknowledge by")
    for alert in (first, second):
        assert f"/alerts/{alert.reference}/" in mail.body
    carrier, carried = of(DESK)
    assert (carried.carried_by_id, mail.message_id) == (carrier.pk, carrier.message_id)
    for delivery, alert in ((carrier, first), (carried, second)):
        assert (delivery.alert_id, delivery.state, delivery.sent_at) == (alert.pk, "sent", NOW)
    with owner():
        assert Attempt.objects.filter(delivery__address=DESK, number=1, result="sent").count() == 2
        assert Step.objects.filter(deliveries__address=DESK).distinct().count() == 2


def test_what_is_owed_apart_leaves_apart(world: Cast) -> None:
    opened(world, kind="change")
    opened(world, kind="reconciliation")
    sink = Sink()
    assert deliver(sink) == 6
    assert not any(mail.subject.startswith("2 alerts") for mail in sink.got)


def test_a_mailbox_that_refuses_makes_both_ladders_climb(world: Cast) -> None:
    alerts = two(world)
    sink = Sink(duty_at_northmoor=NotSentError("recipient refused (550)", permanent=True))
    for _ in range(3):
        deliver(sink)
        again_now()
    assert {delivery.state for delivery in of(DESK)} == {"dead"}
    drain(NOW)
    for alert in alerts:
        assert steps_of(branch_of(alert, "Northmoor Council")) == ["duty", "senior"]
    with owner():
        assert OperatorAlarm.objects.filter(kind="delivery_given_up").count() == 2


@pytest.mark.parametrize("kept", [0, 1, None])
def test_what_may_not_be_told_any_more_falls_out_of_the_mail(world: Cast, kept: int | None) -> None:
    """Whether it would have carried the other, been carried, or both are withheld."""
    alerts = two(world)
    with owner():
        if kept is not None:  # what a single record set off is always mailed
            Alert.objects.filter(pk=alerts[kept].pk).update(set_off_by=alerts[kept].pk)
        Placement.objects.filter(child=world.rowan).update(ends_at=NOW + timedelta(seconds=1))
    sink = Sink()
    with worker():
        delivering.deliver_all(now=NOW + timedelta(minutes=1), send=sink)
    mails = [mail for mail in sink.got if mail.address == DESK]
    assert len(mails) == (0 if kept is None else 1)
    for mail in mails:
        assert [alert.reference in mail.body for alert in alerts] == [kept == 0, kept == 1]
    with owner():
        states = [Delivery.objects.get(address=DESK, alert=alert).state for alert in alerts]
        assert states == ["sent" if number == kept else "dead" for number in (0, 1)]
        withheld = Attempt.objects.filter(delivery__address=DESK, result__startswith="withheld")
        assert withheld.count() == (2 if kept is None else 1)


def test_an_email_is_filled_only_so_far(world: Cast) -> None:
    with owing.together(), owner():
        step_of = opened(world)
        step = Step.objects.filter(alert=step_of).first()
        assert step is not None
        for _ in range(owing.MOST + 1):
            owing.owe(step=step, address="full@x.example", subject="s", body="b", now=NOW)
    found = of("full@x.example")
    assert [delivery.carried_by_id is None for delivery in found].count(True) == 2


@pytest.mark.parametrize("assess", ["assess_home", "assess_provider", "run_day", "assess_today"])
def test_every_assessment_groups_what_it_opens(
    world: Cast, monkeypatch: pytest.MonkeyPatch, assess: str
) -> None:
    seen: list[object] = []

    class InsideError(Exception):
        pass

    def look(*_: object) -> None:
        seen.append(owing._together.get())
        raise InsideError

    monkeypatch.setattr(risk, "engine_world", look)
    arguments: dict[str, dict[str, Any]] = {
        "assess_home": {"home": world.elm.pk, "day": NOW.date()},
        "assess_provider": {"provider": world.elm.provider_id, "day": NOW.date()},
        "run_day": {"day": NOW.date()},
        "assess_today": {},
    }
    with worker(), pytest.raises(InsideError):
        getattr(risk, assess)(now=NOW, **arguments[assess])
    assert seen == [{}]
    assert owing._together.get() is None

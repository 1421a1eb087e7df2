"""The alert's page says what was sent, to whom, when, with what result; to each only of the alerts that they may read."""

from datetime import timedelta

from django.test import Client

from homes.models import User
from oversight.escalation import returning
from oversight.escalation.channels.email.bounces import Bounce
from oversight.escalation.channels.email.sending import NotSentError
from oversight.escalation.mails import mails_of
from oversight.escalation.models import Alert, Delivery
from tests.cast import NOW, Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import opened
from tests.oversight.escalation.test_delivering import Sink, again_now, deliver


def results(alert: Alert) -> dict[str, tuple[str, bool, int]]:
    with owner():
        return {mail.address: (mail.result, mail.failed, mail.tries) for mail in mails_of(alert)}


def page(user: User, alert: Alert) -> str:
    client = Client()
    client.force_login(user)
    return client.get(f"/alerts/{alert.reference}/").content.decode()


def test_each_mail_with_its_result(world: Cast) -> None:
    alert = opened(world)
    assert set(results(alert).values()) == {("To be sent", False, 0)}
    sink = Sink(
        duty_at_northmoor=NotSentError("recipient refused (550)", permanent=True),
        duty_at_eastvale=NotSentError("busy (450)"),
    )
    for _ in range(3):
        deliver(sink)
        again_now()
    assert results(alert) == {
        "duty@northmoor.example": ("Given up: recipient refused (550)", True, 3),
        "duty@eastvale.example": ("To be sent again: busy (450)", False, 3),
        "safeguarding@calderbrook.example": ("Taken by the mail server", False, 1),
    }
    with owner():
        key = Delivery.objects.get(address="safeguarding@calderbrook.example").pk
        Delivery.objects.filter(address="duty@northmoor.example").update(subject="<b>x</b>")
    with worker():
        returning.bounced(bounce=Bounce(key, "5.1.1 smtp; ring 0900 now"), now=NOW + timedelta(hours=1))
    assert results(alert)["safeguarding@calderbrook.example"] == ("Came back (5.1.1)", True, 1)
    shown = page(world.mo, alert)
    assert "Given up: recipient refused (550)" in shown
    assert "tried 3 times" in shown
    assert "0900" not in shown  # what a stranger wrote
    assert "<b>x" not in shown


def test_the_provider_reads_of_its_own_alerts_mails_only(world: Cast) -> None:
    opened(world)
    own = opened(world, picture="provider")
    deliver(Sink())
    shown = page(world.asha, own)
    assert "asha@cast.example" in shown
    assert "northmoor" not in shown

"""A heartbeat's way: recorded, handled, handed to the mail server, the website asked, the outside monitor told."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from events import outbox
from events.fields import ClockTimestamp
from oversight.escalation.channels.email.wording import message_id, signature
from oversight.escalation.models import Delivery, OperatorAlarm
from oversight.escalation.owing import prompt_delivery
from oversight.heartbeat.asking import Ask, ask
from oversight.heartbeat.facts import HeartbeatBegan
from oversight.heartbeat.models import Heartbeat

LIVE = "/health/live"


@transaction.atomic
def begin(*, now: datetime) -> Heartbeat | None:
    """Record a heartbeat and its event; None where one began a moment ago, as when two clocks tick."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select 1 from oversight_heartbeat"
            " where began_at > clock_timestamp() - make_interval(secs => %s))",
            [settings.HUB_HEARTBEAT_EVERY / 2],
        )
        if cursor.fetchone() == (True,):
            return None
    beat = Heartbeat()
    beat.save(force_insert=True)
    outbox.record(HeartbeatBegan(heartbeat_id=beat.pk), by=None, now=now)
    return beat


@transaction.atomic
def owe(*, heartbeat: UUID, now: datetime) -> Delivery | None:
    """Note that the event reached its handler, and owe the heartbeat's e-mail; None where that was done before."""
    waiting = Heartbeat.objects.filter(pk=heartbeat, handled_at__isnull=True)
    if not waiting.update(handled_at=ClockTimestamp()):
        return None
    delivery = Delivery.objects.create(
        id=heartbeat,
        purpose=Delivery.Purpose.HEARTBEAT,
        address=settings.HUB_HEARTBEAT_MAIL or settings.HUB_OPERATOR_MAIL,
        subject="Hesley Hub: heartbeat",
        body=f"The way of an alert is open, up to here.\n\n{signature()}\n",
        message_id=message_id(heartbeat),
        owed_since=now,
    )
    prompt_delivery()
    return delivery


def carry_on(*, ask: Ask = ask) -> bool:
    """Take the newest heartbeat that the mail server took to its end; whether every part answered.

    The monitor is told only of a heartbeat that came through, website included, within HUB_HEARTBEAT_LATE seconds of
    its beginning. Outside a transaction: nothing waits for somebody else's server.
    """
    beat = _arrived()
    if beat is None:
        return False
    _stamp(beat, "delivered_at")
    if not ask(settings.HUB_WEB_ADDRESS + LIVE, {"Host": _host(), "X-Forwarded-Proto": _scheme()}, None):
        return False
    _stamp(beat, "answered_at")
    if not settings.HUB_MONITOR_URL or not _in_time(beat):
        return False
    if not ask(settings.HUB_MONITOR_URL, {}, None):
        return False
    _stamp(beat, "told_at")
    return True


def tell_of_alarms(*, ask: Ask = ask) -> int:
    """Tell the outside monitor's failure address of alarms that it does not know of: their kinds, nothing else."""
    if not settings.HUB_MONITOR_FAIL_URL:
        return 0
    untold = OperatorAlarm.objects.filter(cleared_at__isnull=True, monitor_told_at__isnull=True)
    found = list(untold.order_by("opened_at").values_list("pk", "kind"))
    if not found:
        return 0
    words = "\n".join(sorted({kind for _, kind in found}))
    if not ask(settings.HUB_MONITOR_FAIL_URL, {"Content-Type": "text/plain"}, words.encode()):
        return 0
    return OperatorAlarm.objects.filter(pk__in=[key for key, _ in found]).update(
        monitor_told_at=ClockTimestamp()
    )


@transaction.atomic
def forget() -> int:
    """Remove heartbeats older than two days, with their events and e-mails; how many."""
    with connection.cursor() as cursor:
        cursor.execute("select oversight_forget_heartbeats()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _arrived() -> Heartbeat | None:
    """The newest heartbeat that was handed over, unless it has been taken to its end."""
    taken = Delivery.objects.filter(pk=OuterRef("pk"), state=Delivery.State.SENT)
    beat = Heartbeat.objects.filter(Exists(taken)).order_by("-began_at").first()
    if beat is None or beat.told_at is not None:
        return None
    if beat.answered_at is not None and not settings.HUB_MONITOR_URL:
        return None
    return beat


def _in_time(beat: Heartbeat) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select began_at > clock_timestamp() - make_interval(secs => %s) from oversight_heartbeat where id = %s",
            [settings.HUB_HEARTBEAT_LATE, beat.pk],
        )
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def _stamp(beat: Heartbeat, name: str) -> None:
    Heartbeat.objects.filter(Q(**{f"{name}__isnull": True}), pk=beat.pk).update(**{name: ClockTimestamp()})


def _host() -> str:
    return str(settings.HUB_ADDRESS).partition("://")[2].partition("/")[0]


def _scheme() -> str:
    return str(settings.HUB_ADDRESS).partition("://")[0]

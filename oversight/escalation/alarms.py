"""Alarms about the hub itself, for its operator; never about a child."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from events import outbox
from events.identity import new_id
from homes.access import NotAllowedError, current_posts
from oversight.escalation.channels.email.wording import alarm_words, message_id
from oversight.escalation.facts import OperatorAlarmCleared, OperatorAlarmed
from oversight.escalation.models import Delivery, OperatorAlarm
from oversight.escalation.owing import prompt_delivery

#: What each kind of alarm means and what its operator can do.
KINDS = {
    "no_mailbox": "A desk that must be told has no mailbox; the next desk was told instead. Enter its address.",
    "no_desk_awake": "A desk that must be told day and night has no mailbox for this hour. Enter one.",
    "nobody_to_tell": "An alert is owed to an organisation that has no mailbox at all. Ring it, and enter one.",
    "no_branch": "An alert found no organisation to tell. Enter the home's authority and the regulator.",
    "delivery_given_up": "An e-mail could not be delivered; the next desk was told instead. Check the address.",
    "mail_stuck": "The mail server has not taken an e-mail three times in a row; the hub goes on trying. Check the server.",
    "other_mail": "An e-mail that was not about an alert could not be delivered. Check the address.",
    "operator_mail": "The operator's own e-mail could not be delivered. Check HUB_OPERATOR_MAIL.",
    "parked_handling": "The hub failed again and again to act on an event and set it aside. Read the worker's log.",
    "look_not_kept": "A page was shown whose look could not be recorded. Read the web log; check the database.",
    "bulk_reading": "Somebody asked for more people's records than work needs at once, and was refused. Ring their organisation.",
    "climb_failed": "A ladder could not climb. Read the worker's log.",
}


@transaction.atomic
def raise_alarm(*, kind: str, about: str, now: datetime, mail: bool = True) -> OperatorAlarm | None:
    """Open an alarm and owe the operator an e-mail; None where the same alarm is open already."""
    if kind not in KINDS:
        raise KeyError(kind)
    about = about[:200]
    if OperatorAlarm.objects.filter(kind=kind, about=about, cleared_at__isnull=True).exists():
        return None
    try:
        with transaction.atomic():
            alarm = OperatorAlarm.objects.create(kind=kind, about=about, opened_at=now)
    except IntegrityError:
        return None  # another worker opened it in the same moment
    if mail:
        subject, body = alarm_words(KINDS[kind], about)
        key = new_id()
        Delivery.objects.create(
            id=key,
            address=settings.HUB_OPERATOR_MAIL,
            subject=subject,
            body=body,
            message_id=message_id(key),
            owed_since=now,
        )
        prompt_delivery()
    outbox.record(OperatorAlarmed(alarm_id=alarm.pk), by=None, now=now)
    return alarm


def keeps_the_hub(user: UUID, now: datetime) -> bool:
    """Whether somebody is an administrator of the hub today, to whom its alarms speak."""
    return any(post.role == "administrator" for post in current_posts(user, now))


@transaction.atomic
def clear(*, alarm: UUID, by: UUID, now: datetime) -> bool:
    """An administrator says that it has been put right; whether it was open until now. It opens again if it was not.

    Raises NotAllowedError for anybody else.
    """
    if not keeps_the_hub(by, now):
        raise NotAllowedError("alarms about the hub are its administrator's")
    cleared = OperatorAlarm.objects.filter(pk=alarm, cleared_at__isnull=True).update(
        cleared_at=now, cleared_by_id=by
    )
    if cleared:
        outbox.record(OperatorAlarmCleared(alarm_id=alarm), by=by, now=now)
    return bool(cleared)

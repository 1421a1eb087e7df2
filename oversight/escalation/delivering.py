"""Delivering what is owed: claim, note the attempt, hand over, note the result; each in a transaction of its own.

The attempt is on record before the mail server hears of it, so that a crash in between leads to a second e-mail with
the same Message-ID and never to none. A result counts only while its attempt is the latest.
"""

import logging
import random
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import connection, transaction

from events import fault_points, outbox
from oversight.escalation import alarms, states
from oversight.escalation.channels.email.sending import NotSentError, Send, send
from oversight.escalation.claiming import Claim, claim_one, finish, is_latest, without_withheld
from oversight.escalation.facts import DeliveryGivenUp
from oversight.escalation.models import Delivery
from oversight.escalation.slots import Slots

#: An e-mail that has failed this often, though its recipient was not refused, is told to the operator; it goes on being
#: tried.
STUCK_AFTER = 3
log = logging.getLogger(__name__)


def deliver_all(*, now: datetime, send: Send = send, limit: int = 1000) -> int:
    """Try every delivery that is owed and due, each once; how many were tried.

    Raises RuntimeError inside a transaction, whose end would undo what is on record of a sent e-mail.
    """
    done = 0
    while done < limit and deliver_one(now=now, send=send):
        done += 1
    return done


def deliver_one(*, now: datetime, send: Send = send) -> bool:
    """Claim one delivery and try it. False when none is due."""
    claim = claim_one(now=now)
    if claim is None:
        return False
    carry(claim, now, send)
    return True


def deliver_side_by_side(*, now: datetime, slots: Slots, send: Send = send, limit: int = 1000) -> int:
    """As deliver_all, but each e-mail leaves in a thread of its own, so that a slow server holds up its own only.

    Returns when nothing more is due, or every slot has been busy for a second; what is under way goes on.
    """
    done = 0
    while done < limit and slots.take(seconds=1):
        claim = None
        try:
            claim = claim_one(now=now)
        finally:
            if claim is None:
                slots.give_back()
        if claim is None:
            break
        slots.give_to(partial(carry, claim, now, send))
        done += 1
    return done


def carry(claim: Claim, now: datetime, send: Send) -> None:
    """Hand over what is in hand, unless nobody may be told of it any more, and note the result."""
    kept = without_withheld(claim, now=now)
    if kept is None:
        log.info("delivery %s withheld", claim.delivery_id)
        return
    fault_points.reached("delivery_after_attempt")
    try:
        send(kept.mail, now)
        fault_points.reached("delivery_after_accepted")
    except NotSentError as problem:
        not_sent(kept, problem, now=now)
    else:
        sent(kept, now=now)


@transaction.atomic(durable=True)
def sent(claim: Claim, *, now: datetime) -> None:
    """Note that the mail server took it."""
    finish(list(claim.attempts), "sent")
    if not is_latest(claim):
        return
    states.check(states.DELIVERY, Delivery.State.OWED, Delivery.State.SENT)
    Delivery.objects.filter(pk__in=claim.members, state=Delivery.State.OWED).update(
        state=Delivery.State.SENT, sent_at=now, lease_until=None
    )


@transaction.atomic(durable=True)
def not_sent(claim: Claim, problem: NotSentError, *, now: datetime) -> None:
    """Note a failed attempt: try again later, or give up where attempts have run out."""
    finish(list(claim.attempts), str(problem))
    if not is_latest(claim):
        return
    delivery = Delivery.objects.get(pk=claim.delivery_id)
    once = delivery.purpose == Delivery.Purpose.HEARTBEAT
    wait = None if once else wait_after(claim.number, permanent=problem.permanent)
    if wait is None:
        _give_up(claim, now)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "update oversight_delivery set lease_until = null, not_before = clock_timestamp()"
            " + make_interval(secs => %s) where id = %s and state = 'owed'",
            [wait, claim.delivery_id],
        )
    if claim.number == STUCK_AFTER and not problem.permanent:
        alarms.raise_alarm(kind="mail_stuck", about=str(problem), now=now)


def _give_up(claim: Claim, now: datetime) -> None:
    states.check(states.DELIVERY, Delivery.State.OWED, Delivery.State.DEAD)
    owed = Delivery.objects.filter(pk__in=claim.members, state=Delivery.State.OWED)
    for delivery in owed.select_related("alert"):
        Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.DEAD, lease_until=None)
        if delivery.purpose == Delivery.Purpose.MAIL:
            home = delivery.alert.home_id if delivery.alert else None
            outbox.record(DeliveryGivenUp(home_id=home, delivery_id=delivery.pk), by=None, now=now)


def wait_after(number: int, *, permanent: bool) -> float | None:
    """Seconds to wait after attempt ``number``, spread a little so that many do not come back at once; None: give up."""
    waits, jitter = settings.HUB_DELIVERY_WAITS, settings.HUB_DELIVERY_JITTER
    if number > len(waits) or (permanent and number >= settings.HUB_DELIVERY_REFUSALS):
        return None
    return float(waits[number - 1] * random.uniform(1 - jitter, 1 + jitter))  # noqa: S311 - spreads load, guards nothing

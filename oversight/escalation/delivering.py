"""Delivering what is owed: claim, note the attempt, hand over, note the result; each in a transaction of its own.

The attempt is on record before the mail server hears of it, so that a crash in between leads to a second e-mail with
the same Message-ID and never to none. A result counts only while its attempt is the latest.
"""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from events import fault_points, outbox
from oversight.escalation import states
from oversight.escalation.channels.email.sending import NotSentError, Outgoing, Send, send
from oversight.escalation.facts import DeliveryGivenUp
from oversight.escalation.models import Attempt, Delivery
from oversight.escalation.withholding import lost_reason

#: Seconds to wait after each failed attempt; when they run out the delivery is given up (about six hours).
WAITS: Sequence[float] = (5, 30, 120, 300, 600, 1200, 1800, 3600, 3600, 3600, 3600)
#: A recipient that the server refuses for good is asked this often.
REFUSALS = 3
JITTER = 0.2
WITHHELD = "withheld: the organisation has no child at the home any more"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A delivery in hand: number is the attempt that fences it."""

    delivery_id: UUID
    number: int
    mail: Outgoing


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
    if withheld(claim, now=now):
        return True
    fault_points.reached("delivery_after_attempt")
    try:
        send(claim.mail, now)
        fault_points.reached("delivery_after_accepted")
    except NotSentError as problem:
        not_sent(claim, problem, now=now)
    else:
        sent(claim, now=now)
    return True


@transaction.atomic(durable=True)
def claim_one(*, now: datetime) -> Claim | None:
    """Take the lease on one owed delivery and put the attempt on record."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from oversight_delivery where state = 'owed' and not_before <= clock_timestamp()"
            " and (lease_until is null or lease_until < clock_timestamp())"
            " order by not_before, id limit 1 for update skip locked"
        )
        row = cursor.fetchone()
        if row is None:
            return None
        cursor.execute(
            "update oversight_delivery set lease_until = clock_timestamp() + make_interval(secs => %s) where id = %s",
            [settings.HUB_DELIVERY_LEASE, row[0]],
        )
    delivery = Delivery.objects.get(pk=row[0])
    number = Attempt.objects.filter(delivery=delivery).count() + 1
    Attempt.objects.create(delivery=delivery, number=number, as_of=now)
    mail = Outgoing(delivery.address, delivery.subject, delivery.body, delivery.message_id)
    return Claim(delivery.pk, number, mail)


@transaction.atomic(durable=True)
def withheld(claim: Claim, *, now: datetime) -> bool:
    """Give the delivery up unsent where its organisation has lost its reason to be told; the attempt says so."""
    waiting = Delivery.objects.select_related("alert__home", "step", "organisation").get(pk=claim.delivery_id)
    if not lost_reason(waiting, now):
        return False
    _finish(claim, WITHHELD)
    if _is_latest(claim):
        states.check(states.DELIVERY, Delivery.State.OWED, Delivery.State.DEAD)
        Delivery.objects.filter(pk=claim.delivery_id, state=Delivery.State.OWED).update(
            state=Delivery.State.DEAD, lease_until=None
        )
        log.info("delivery %s %s", claim.delivery_id, WITHHELD)
    return True


@transaction.atomic(durable=True)
def sent(claim: Claim, *, now: datetime) -> None:
    """Note that the mail server took it."""
    _finish(claim, "sent")
    if not _is_latest(claim):
        return
    states.check(states.DELIVERY, Delivery.State.OWED, Delivery.State.SENT)
    Delivery.objects.filter(pk=claim.delivery_id, state=Delivery.State.OWED).update(
        state=Delivery.State.SENT, sent_at=now, lease_until=None
    )


@transaction.atomic(durable=True)
def not_sent(claim: Claim, problem: NotSentError, *, now: datetime) -> None:
    """Note a failed attempt: try again later, or give up where attempts have run out."""
    _finish(claim, str(problem))
    if not _is_latest(claim):
        return
    wait = wait_after(claim.number, permanent=problem.permanent)
    if wait is None:
        states.check(states.DELIVERY, Delivery.State.OWED, Delivery.State.DEAD)
        given_up = Delivery.objects.filter(pk=claim.delivery_id, state=Delivery.State.OWED).update(
            state=Delivery.State.DEAD, lease_until=None
        )
        if given_up:
            alert = Delivery.objects.select_related("alert").get(pk=claim.delivery_id).alert
            home = alert.home_id if alert else None
            outbox.record(DeliveryGivenUp(home_id=home, delivery_id=claim.delivery_id), by=None, now=now)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "update oversight_delivery set lease_until = null, not_before = clock_timestamp()"
            " + make_interval(secs => %s) where id = %s and state = 'owed'",
            [wait, claim.delivery_id],
        )


def wait_after(number: int, *, permanent: bool) -> float | None:
    """Seconds to wait after attempt ``number``, spread a little so that many do not come back at once; None: give up."""
    if number > len(WAITS) or (permanent and number >= REFUSALS):
        return None
    return WAITS[number - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load, guards nothing


def _finish(claim: Claim, result: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update oversight_attempt set finished_at = clock_timestamp(), result = %s"
            " where delivery_id = %s and number = %s",
            [result[:200], claim.delivery_id, claim.number],
        )


def _is_latest(claim: Claim) -> bool:
    """Whether no later attempt has taken the delivery over; holds it until the result is noted."""
    Delivery.objects.select_for_update().get(pk=claim.delivery_id)
    return not Attempt.objects.filter(delivery_id=claim.delivery_id, number__gt=claim.number).exists()

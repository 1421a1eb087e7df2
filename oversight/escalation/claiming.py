"""Taking an owed e-mail in hand: the lease and the attempt, on record before the mail server hears of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from oversight.escalation import states
from oversight.escalation.actions import lapse
from oversight.escalation.by_link import links
from oversight.escalation.channels.email.sending import Outgoing
from oversight.escalation.channels.email.wording import together
from oversight.escalation.models import Attempt, Delivery
from oversight.escalation.withholding import lost_reason, may_lapse

WITHHELD = "withheld: the organisation has no child at the home any more"

#: The next owed e-mail: those about alerts before any other, each home in turn. At most one is in hand for an address,
#: and for a domain at most half of one process's slots, so that a slow mailbox or server keeps nobody else waiting.
_NEXT = """
with in_hand as materialized (
  select lower(address) as address, split_part(lower(address), '@', 2) as domain from oversight_delivery
   where state = 'owed' and lease_until is not null and lease_until >= clock_timestamp())
select id, lower(address) from oversight_delivery
 where state = 'owed' and carried_by_id is null and not_before <= clock_timestamp()
   and (lease_until is null or lease_until < clock_timestamp())
   and lower(address) not in (select address from in_hand)
   and split_part(lower(address), '@', 2) not in
       (select domain from in_hand group by domain having count(*) >= %s)
   and lower(address) <> all (%s::text[])
 order by alert_id is null, turn_at, id limit 1 for update skip locked
"""
_LEASE = (
    "update oversight_delivery set lease_until = clock_timestamp() + make_interval(secs => %s) where id = %s"
)
_ALONE = """
select pg_try_advisory_xact_lock(hashtext('mail to ' || %s)) and not exists (
  select 1 from oversight_delivery where state = 'owed' and lease_until >= clock_timestamp() and lower(address) = %s)
"""


@dataclass(frozen=True)
class Claim:
    """A delivery in hand, with those that leave in the same e-mail; number is the attempt that fences it.

    attempts: the keys of the attempts on record, one for each delivery in ``members``, the claimed one first.
    may_lapse: one of them waits for somebody who may have lost the reason to be told.
    """

    delivery_id: UUID
    number: int
    mail: Outgoing
    members: tuple[UUID, ...]
    attempts: tuple[UUID, ...]
    may_lapse: bool


def claim_one(*, now: datetime) -> Claim | None:
    """Take the lease on one owed delivery and put the attempt on record; None where nothing is due."""
    busy: list[str] = []
    while True:
        found = _claim(busy, now)
        if not isinstance(found, str):
            return found
        busy.append(found)


@transaction.atomic(durable=True)
def _claim(busy: list[str], now: datetime) -> Claim | str | None:
    """The claim; the address that another worker took in the same moment; or None."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [max(1, settings.HUB_DELIVERY_SLOTS // 2), busy])
        row = cursor.fetchone()
        if row is None:
            return None
        key, address = row
        cursor.execute(_ALONE, [address, address])
        if cursor.fetchone() != (True,):
            return str(address)
        cursor.execute(_LEASE, [settings.HUB_DELIVERY_LEASE, key])
    members = _members(key)
    attempts = []
    for member in members:
        number = Attempt.objects.filter(delivery=member).count() + 1
        attempts.append(Attempt.objects.create(delivery=member, number=number, as_of=now))
    return Claim(
        delivery_id=key,
        number=attempts[0].number,
        mail=one_mail(members),
        members=tuple(member.pk for member in members),
        attempts=tuple(attempt.pk for attempt in attempts),
        may_lapse=any(may_lapse(member) for member in members),
    )


def _members(key: UUID) -> list[Delivery]:
    """The delivery, and after it those that leave in its e-mail."""
    carried = Q(carried_by=key, state=Delivery.State.OWED)
    found = Delivery.objects.filter(Q(pk=key) | carried).select_related("alert")
    return sorted(found, key=lambda one: (one.pk != key, one.pk))


def one_mail(members: list[Delivery]) -> Outgoing:
    """The e-mail in which these leave together, under the first one's Message-ID."""
    first = members[0]
    subject, body = together([(one.subject, links.put_in(one.body, one.pk)) for one in members])
    probe = first.purpose == Delivery.Purpose.HEARTBEAT and not settings.HUB_HEARTBEAT_MAIL
    return Outgoing(first.address, subject, body, first.message_id, probe=probe)


def without_withheld(claim: Claim, *, now: datetime) -> Claim | None:
    """The claim without what its organisation has lost the reason to be told of; None where nothing is left of it.

    What is withheld is given up unsent, and its attempt says so.
    """
    if not claim.may_lapse:
        return claim
    with transaction.atomic(durable=True):
        return _without_withheld(claim, now)


def _without_withheld(claim: Claim, now: datetime) -> Claim | None:
    waiting = Delivery.objects.select_related("alert__home", "step", "organisation").in_bulk(claim.members)
    lost = [key for key in claim.members if lost_reason(waiting[key], now)]
    if not lost:
        return claim
    if not is_latest(claim):
        return None
    states.check(states.DELIVERY, Delivery.State.OWED, Delivery.State.DEAD)
    kept = tuple(key for key in claim.members if key not in lost)
    finish([dict(zip(claim.members, claim.attempts, strict=True))[key] for key in lost], WITHHELD)
    Delivery.objects.filter(pk__in=lost, state=Delivery.State.OWED).update(
        state=Delivery.State.DEAD, lease_until=None, carried_by=None
    )
    for step in (waiting[key].step for key in lost):
        if step is not None:
            lapse(branch=step.branch_id, now=now)
    if not kept:
        return None
    if claim.delivery_id in lost:  # another carries the rest, at once, in an e-mail of its own
        Delivery.objects.filter(pk__in=kept).update(carried_by=kept[0])
        Delivery.objects.filter(pk=kept[0]).update(carried_by=None)
        return None
    members = _members(claim.delivery_id)
    attempts = dict(zip(claim.members, claim.attempts, strict=True))
    return replace(claim, mail=one_mail(members), members=kept, attempts=tuple(attempts[key] for key in kept))


def finish(attempts: list[UUID], result: str) -> None:
    """Note how attempts ended, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update oversight_attempt set finished_at = clock_timestamp(), result = %s where id = any(%s::uuid[])",
            [result[:200], attempts],
        )


def is_latest(claim: Claim) -> bool:
    """Whether no later attempt has taken the delivery over; holds it until the result is noted."""
    with connection.cursor() as cursor:
        cursor.execute("select from oversight_delivery where id = %s for update", [claim.delivery_id])
        cursor.execute(
            "select exists (select from oversight_attempt where delivery_id = %s and number > %s)",
            [claim.delivery_id, claim.number],
        )
        return bool(cursor.fetchone() == (False,))

"""An e-mail came back: its delivery is marked, and what follows is what follows a delivery that was given up."""

import mailbox
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from events import outbox
from oversight.escalation import states
from oversight.escalation.channels.email import bounces
from oversight.escalation.channels.email.bounces import Bounce
from oversight.escalation.facts import DeliveryGivenUp
from oversight.escalation.models import Delivery


@transaction.atomic
def bounced(*, bounce: Bounce, now: datetime) -> int:
    """Mark the delivery as come back, and those that left in its e-mail; how many. Twice is once.

    Whoever forges a bounce makes the next desk be told and the operator be alarmed: nothing is kept from anybody.
    """
    states.check(states.DELIVERY, Delivery.State.SENT, Delivery.State.BOUNCED)
    mine = Q(pk=bounce.delivery) | Q(carried_by=bounce.delivery)
    found = list(
        Delivery.objects.select_for_update(of=("self",)).select_related("alert").filter(mine, state="sent")
    )
    for delivery in found:
        Delivery.objects.filter(pk=delivery.pk).update(
            state=Delivery.State.BOUNCED, bounced_at=now, bounce=bounce.why
        )
        if delivery.purpose == Delivery.Purpose.MAIL:
            home = delivery.alert.home_id if delivery.alert else None
            outbox.record(DeliveryGivenUp(home_id=home, delivery_id=delivery.pk), by=None, now=now)
    return len(found)


def take_in(contents: Iterable[bytes], *, now: datetime) -> int:
    """Read messages and mark what came back; how many deliveries."""
    found = [bounces.read(content) for content in contents]
    return sum(bounced(bounce=one, now=now) for one in found if one is not None)


def empty_maildir(folder: Path, *, now: datetime) -> int:
    """Take in every new message of a Maildir and put it among those seen; how many deliveries came back."""
    box = mailbox.Maildir(folder, create=False)
    count = 0
    for key, message in box.items():
        if message.get_subdir() != "new":
            continue
        count += take_in([box.get_bytes(key)], now=now)
        message.set_subdir("cur")
        message.add_flag("S")
        box[key] = message
    return count

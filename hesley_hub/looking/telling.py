"""Sending the newest digest to where nobody who can change the database can change it."""

from datetime import date, datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction

from homes.looking.models import Seal
from oversight.escalation.channels.email.wording import message_id
from oversight.escalation.models import Delivery

#: Names the mail of a day, so that it is owed once however often it is asked for.
_DAYS = UUID("6f2f3a0e-5d0a-5f0b-9a51-0d3f4a5f7c11")


@transaction.atomic
def owe_latest_digest(*, today: date, now: datetime) -> Delivery | None:
    """Owe the day's e-mail with the newest digest; None without an address, without a seal, or if it is owed already."""
    address = settings.HUB_AUDIT_MAIL
    seal = Seal.objects.order_by("-number").first()
    key = uuid5(_DAYS, today.isoformat())
    if not address or seal is None or Delivery.objects.filter(pk=key).exists():
        return None
    latest = f"{seal.number}:{seal.digest}"
    return Delivery.objects.create(
        id=key,
        address=address,
        subject=f"Hesley Hub: digest of the record of looking, {today.isoformat()}",
        body=(
            f"Batch {seal.number}, sealed at {seal.taken_at:%Y-%m-%d %H:%M:%S} UTC:\n\n{latest}\n\n"
            "Keep this e-mail where nobody who runs the hub can change it. To check that nothing before it was"
            f" changed or cut off:\n\n./hub audit verify --latest {latest}\n"
        ),
        message_id=message_id(key),
        owed_since=now,
    )

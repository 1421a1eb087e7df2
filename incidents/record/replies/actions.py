"""Releasing words to whoever recorded something."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from events import outbox
from homes.access import Capacity, NotAllowedError
from homes.roles import ROLES
from incidents.record.facts import ReplyReleased
from incidents.record.models import Incident, Stream
from incidents.record.replies.models import Reply


@transaction.atomic
def release(*, reference: str, words: str, capacity: Capacity, by: UUID, now: datetime) -> Reply:
    """Let whoever recorded it read what came of it, in these words. The same words twice are one reply.

    capacity: for which organisation the writer speaks. Raises NotAllowedError where the writer may not open the record,
    recorded it, or where it is a disclosure, whose speaker is answered in no other way than the one they chose.
    """
    incident = Incident.objects.visible_to(by, now).filter(reference=reference).first()
    if incident is None or incident.stream == Stream.WHISTLEBLOWING or incident.recorded_by_id == by:
        raise NotAllowedError("not a record to reply to")
    if capacity.organisation_id is None:
        raise NotAllowedError("speaks for no organisation")
    first = Reply.objects.filter(incident=incident, by_id=by, words=words).first()
    if first is not None:
        return first
    reply = Reply(
        incident=incident,
        home_id=incident.home_id,
        organisation_id=capacity.organisation_id,
        by_id=by,
        post=ROLES[capacity.role].title,
        words=words,
        released_at=now,
    )
    reply.save(force_insert=True)
    outbox.record(ReplyReleased(home_id=incident.home_id, incident_id=incident.pk), by=by, now=now)
    return reply

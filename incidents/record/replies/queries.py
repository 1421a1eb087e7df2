"""Replies as their one reader sees them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from events.clock import london_day
from incidents.record.models import Incident, Stream
from incidents.record.replies.models import Reply


def replies_to(incident: Incident, user: UUID) -> list[Reply]:
    """What came of the record, for whoever recorded it and for those who wrote it, the first first. One query."""
    rows = (
        Reply.objects.filter(incident=incident).select_related("organisation", "by").order_by("released_at")
    )
    return [row for row in rows if user in (incident.recorded_by_id, row.by_id)]


def repliable(references: Sequence[str], user: UUID, now: datetime) -> list[tuple[str, str]]:
    """Reference and words of those of these records whose author the person may reply to, the latest first. One query."""
    records = Incident.objects.visible_to(user, now).filter(reference__in=references)
    others = records.exclude(stream=Stream.WHISTLEBLOWING).exclude(recorded_by_id=user)
    return [
        (
            record.reference,
            f"{record.get_stream_display()}, {london_day(record.occurred_at):%-d %b %Y}, {record.reference}",
        )
        for record in others.order_by("-occurred_at", "reference")
    ]

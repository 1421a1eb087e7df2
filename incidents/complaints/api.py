"""Complaints over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from incidents.complaints.actions import Complaint, record_complaint
from incidents.complaints.serializers import ComplaintSerializer
from incidents.record.api import StreamRecords, posted
from incidents.record.models import Incident, Stream
from incidents.record.serializers import happening_of


@posted(ComplaintSerializer)
class Complaints(StreamRecords):
    """Complaints. One addressed to the home is shared with it from the start."""

    stream = Stream.COMPLAINT
    asked = ComplaintSerializer

    def record(self, said: dict[str, Any], *, key: UUID, by: UUID, now: datetime) -> Incident:
        complaint = Complaint(
            happening=happening_of(said, user=by, key=key, now=now),
            complaint_type=said["complaint_type"],
            addressed_to_home=said["addressed_to_home"],
            wanted=said["wanted"],
            action_taken=said["action_taken"],
        )
        return record_complaint(complaint=complaint, by=by, now=now)

"""Notifications under regulation 40 over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from incidents.record.api import StreamRecords, posted
from incidents.record.models import Incident, Stream
from incidents.record.serializers import happening_of
from incidents.reg40.actions import Notification, record_notification
from incidents.reg40.serializers import NotificationSerializer


@posted(NotificationSerializer)
class Notifications(StreamRecords):
    """Reg 40 notifications. A POST here notifies nobody: the answer says who must be told, by when."""

    stream = Stream.REG40
    asked = NotificationSerializer

    def record(self, said: dict[str, Any], *, key: UUID, by: UUID, now: datetime) -> Incident:
        notification = Notification(
            happening=happening_of(said, user=by, key=key, now=now),
            event=said["event"],
            how_known=said["how_known"],
            action_taken=said["action_taken"],
            enquiry_outcome=said["enquiry_outcome"],
            concludes_reference=said["concludes_reference"],
            relevant_persons=said["relevant_persons"],
            relevant_reason=said["relevant_reason"],
        )
        return record_notification(notification=notification, by=by, now=now)

"""Hospital referrals over the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from incidents.hospital.actions import Attendance, record_attendance
from incidents.hospital.serializers import AttendanceSerializer
from incidents.record.api import StreamRecords, posted
from incidents.record.models import Incident, Stream
from incidents.record.serializers import happening_of


@posted(AttendanceSerializer)
class Attendances(StreamRecords):
    """Hospital referrals, by the home or by the hospital."""

    stream = Stream.HOSPITAL
    asked = AttendanceSerializer

    def record(self, said: dict[str, Any], *, key: UUID, by: UUID, now: datetime) -> Incident:
        attendance = Attendance(
            happening=happening_of(said, user=by, key=key, now=now, restraint=said["restraint_within_72h"]),
            attendance=said["attendance"],
            arrived_at=said["arrived_at"],
            explanation=said["explanation"],
            moves_alone=said["moves_alone"],
            restraint_within_72h=said["restraint_within_72h"],
            medicine_error=said["medicine_error"],
            delay_in_seeking_care=said["delay_in_seeking_care"],
            hospital_flagged=said["hospital_flagged"],
            follow_up=said["follow_up"],
        )
        return record_attendance(attendance=attendance, by=by, now=now)

"""Recording a complaint. Addressed to the home, it is shared with the home; its subject never reads it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from homes.models import Person
from incidents.complaints.models import ComplaintDetails
from incidents.record.actions import save_record
from incidents.record.happening import CannotRecordError, Happening
from incidents.record.models import Incident, Stream
from incidents.record.rights import author

ADDRESSED = "The complaint was addressed to the home"


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """One complaint. wanted: what would put it right, in the words of whoever complains."""

    happening: Happening
    complaint_type: str
    addressed_to_home: bool = False
    about_person: Person | None = None
    wanted: str = ""
    action_taken: str = ""


def record_complaint(*, complaint: Complaint, by: UUID, now: datetime) -> Incident:
    """Record it. Raises NotAllowedError, CannotRecordError or AlreadyRecordedError."""
    happened = complaint.happening
    who = author(by, happened.home, Stream.COMPLAINT, now)
    happened.check(now)
    if complaint.complaint_type not in ComplaintDetails.ComplaintType.values:
        raise CannotRecordError("complaint_type", "Choose who complains")
    return save_record(
        new=happened.as_record(
            Stream.COMPLAINT, who, shared_why=ADDRESSED if complaint.addressed_to_home else ""
        ),
        details=lambda incident: ComplaintDetails(
            incident=incident,
            complaint_type=complaint.complaint_type,
            addressed_to_home=complaint.addressed_to_home,
            about_person=complaint.about_person,
            wanted=complaint.wanted,
            action_taken=complaint.action_taken,
        ),
        by=by,
        now=now,
    )

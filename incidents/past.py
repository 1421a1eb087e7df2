"""Records of a history: each as it was made, by whoever made it, with the details that the history holds.

A replay or a demonstration knows less than a form asks. What it does not know is filled with the plainest choice, and
nobody's duties are counted: those clocks ran out long ago.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from incidents.complaints.models import ComplaintDetails
from incidents.hospital.models import HospitalDetails
from incidents.lado.models import HarmLimb, LadoDetails
from incidents.record.actions import NewRecord, save_record
from incidents.record.models import Incident, PartOfIncident, Stream
from incidents.reg40.models import Reg40Details, Reg40Event
from incidents.whistleblowing.models import WhistleblowingDetails

_COMPLAINT_BY_SOURCE = {
    "child": ComplaintDetails.ComplaintType.CHILD_HOME,
    "parent": ComplaintDetails.ComplaintType.PARENT,
    "placing_authority": ComplaintDetails.ComplaintType.PLACING_AUTHORITY,
}
Filling = Callable[[Incident, NewRecord], PartOfIncident]


def _reg40(incident: Incident, new: NewRecord) -> PartOfIncident:
    event = Reg40Event.SERIOUS
    if new.detail == "death":
        event = Reg40Event.DEATH
    elif new.adults:
        event = Reg40Event.ALLEGATION
    return Reg40Details(incident=incident, event=event)


def _lado(incident: Incident, new: NewRecord) -> PartOfIncident:
    return LadoDetails(incident=incident, limbs=[HarmLimb.HARMED.value], referred_at=new.known_at)


def _whistleblowing(incident: Incident, new: NewRecord) -> PartOfIncident:
    kinds = WhistleblowingDetails
    return WhistleblowingDetails(
        incident=incident,
        identity=kinds.Identity.ANONYMOUS,
        relation=kinds.Relation.OTHER,
        category=kinds.Category.CHILD_AT_RISK if new.children else kinds.Category.POOR_CARE,
    )


def _complaint(incident: Incident, new: NewRecord) -> PartOfIncident:
    kind = _COMPLAINT_BY_SOURCE.get(new.source, ComplaintDetails.ComplaintType.OTHER)
    return ComplaintDetails(incident=incident, complaint_type=kind, addressed_to_home=bool(new.shared_why))


def _hospital(incident: Incident, new: NewRecord) -> PartOfIncident:
    return HospitalDetails(incident=incident, attendance=HospitalDetails.Attendance.EMERGENCY)


_DETAILS: Mapping[str, Filling] = {
    Stream.REG40: _reg40,
    Stream.LADO: _lado,
    Stream.WHISTLEBLOWING: _whistleblowing,
    Stream.COMPLAINT: _complaint,
    Stream.HOSPITAL: _hospital,
}


def record_past(*, new: NewRecord, by: UUID, now: datetime) -> Incident:
    """Save one record of a history at its own moment ``now``, with its event.

    Whoever loads the history answers for who may record. Raises AlreadyRecordedError for a client_id sent before.
    """
    fill = _DETAILS[new.stream]
    return save_record(new=new, details=lambda incident: fill(incident, new), by=by, now=now)


def stream_named(name: str) -> Stream:
    """The stream with this key. ValueError for reg44, whose visits are no incidents, and for any other word."""
    stream = Stream(name)
    if stream is Stream.REG44:
        raise ValueError("a visit is no incident")
    return stream

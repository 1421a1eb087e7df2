"""Recording a hospital attendance or referral about a resident, by the home or by the hospital."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from incidents.hospital.models import HospitalDetails
from incidents.record.actions import DutyOwed, save_record
from incidents.record.duties import Circumstances, owed
from incidents.record.happening import CannotRecordError, Happening
from incidents.record.models import Incident, Stream
from incidents.record.rights import author


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """One attendance. moves_alone: whether the child can move about without help; None where it is not known."""

    happening: Happening
    attendance: str
    explanation: str = ""
    moves_alone: bool | None = None
    arrived_at: datetime | None = None
    restraint_within_72h: bool | None = None
    medicine_error: bool | None = None
    delay_in_seeking_care: bool | None = None
    hospital_flagged: bool | None = None
    follow_up: str = ""


def duties_of(attendance: Attendance, *, by_provider: bool) -> list[DutyOwed]:
    """Who must be told of it. An illness is not an injury: the rule on children who cannot move then rests."""
    happened = attendance.happening
    injury = attendance.explanation != HospitalDetails.Explanation.NOT_INJURY
    return owed(
        Circumstances(
            home=happened.home,
            stream=Stream.HOSPITAL,
            known_at=happened.known_at,
            by_provider=by_provider,
            children=[part.child for part in happened.children],
            harm=happened.harm,
            crime=happened.crime,
            moves_alone=attendance.moves_alone if injury else None,
        )
    )


def record_attendance(*, attendance: Attendance, by: UUID, now: datetime) -> Incident:
    """Record it with its duties. Raises NotAllowedError, CannotRecordError or AlreadyRecordedError."""
    happened = attendance.happening
    who = author(by, happened.home, Stream.HOSPITAL, now)
    happened.check(now)
    if attendance.attendance not in HospitalDetails.Attendance.values:
        raise CannotRecordError("attendance", "Choose where the child was seen")
    if attendance.explanation and attendance.explanation not in HospitalDetails.Explanation.values:
        raise CannotRecordError("explanation", "Choose whether the explanation fits")
    if not happened.children:
        raise CannotRecordError("children", "Choose the child who was seen")
    return save_record(
        new=happened.as_record(Stream.HOSPITAL, who),
        details=lambda incident: HospitalDetails(
            incident=incident,
            attendance=attendance.attendance,
            arrived_at=attendance.arrived_at,
            explanation=attendance.explanation,
            moves_alone=attendance.moves_alone,
            restraint_within_72h=attendance.restraint_within_72h,
            medicine_error=attendance.medicine_error,
            delay_in_seeking_care=attendance.delay_in_seeking_care,
            hospital_flagged=attendance.hospital_flagged,
            follow_up=attendance.follow_up,
        ),
        duties=duties_of(attendance, by_provider=who.by_provider),
        by=by,
        now=now,
    )

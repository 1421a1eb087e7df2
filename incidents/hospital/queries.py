"""What this stream adds to the page of a record."""

from incidents.hospital.models import HospitalDetails
from incidents.record.models import Incident

KNOWN = {True: "Yes", False: "No", None: ""}


def facts(incident: Incident) -> list[tuple[str, str]]:
    """(question, answer) of what was answered; empty where the reader may not open the details."""
    details = HospitalDetails.objects.filter(incident=incident).first()
    if details is None:
        return []
    return [
        ("Seen at", details.get_attendance_display()),
        ("Explanation", details.get_explanation_display().capitalize() if details.explanation else ""),
        ("Can the child move about alone?", KNOWN[details.moves_alone] or "Not known"),
        ("Restrained in the 72 hours before", KNOWN[details.restraint_within_72h]),
        ("Mistake with medicine", KNOWN[details.medicine_error]),
        ("Delay in seeking care", KNOWN[details.delay_in_seeking_care]),
        ("Safeguarding concern raised by the hospital", KNOWN[details.hospital_flagged]),
        ("What was done", details.follow_up),
    ]

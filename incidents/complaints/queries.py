"""What this stream adds to the page of a record."""

from incidents.complaints.models import ComplaintDetails
from incidents.record.models import Incident


def facts(incident: Incident) -> list[tuple[str, str]]:
    """(question, answer) of what was answered; empty where the reader may not open the details."""
    details = ComplaintDetails.objects.filter(incident=incident).first()
    if details is None:
        return []
    return [
        ("Who complains", details.get_complaint_type_display().capitalize()),
        ("Addressed to the home", "Yes" if details.addressed_to_home else "No"),
        ("What would put it right", details.wanted),
        ("What was done", details.action_taken),
    ]

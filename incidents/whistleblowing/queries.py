"""What this stream adds to the page of a record."""

from incidents.record.models import Incident
from incidents.whistleblowing.models import WhistleblowingDetails


def facts(incident: Incident) -> list[tuple[str, str]]:
    """(question, answer) of what was answered; empty where the reader may not open the details."""
    details = WhistleblowingDetails.objects.filter(incident=incident).first()
    if details is None:
        return []
    return [
        ("About", details.get_category_display().capitalize()),
        ("Who spoke", details.get_identity_display().capitalize()),
        ("Knows the home as", details.get_relation_display().capitalize()),
        ("About a manager", {True: "Yes", False: "No", None: "Not known"}[details.about_manager]),
        ("What was done", details.action_taken),
    ]

"""What this stream adds to the page of a record."""

from incidents.lado.models import HarmLimb, LadoDetails, LadoOutcome
from incidents.record.models import Incident


def facts(incident: Incident) -> list[tuple[str, str]]:
    """(question, answer) of what was answered; empty where the reader may not open the details."""
    details = LadoDetails.objects.filter(incident=incident).first()
    if details is None:
        return []
    found = LadoOutcome.objects.filter(incident=incident).first()
    return [
        ("The person", "; ".join(HarmLimb(limb).label for limb in details.limbs)),
        ("After a restraint", {True: "Yes", False: "No", None: "Not known"}[details.followed_restraint]),
        ("What was done", details.action_taken),
        ("The LADO’s reference", details.referred_reference),
        ("Outcome", found.get_outcome_display().capitalize() if found else "None yet"),
    ]

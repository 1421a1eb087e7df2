"""What this stream adds to the page of a record."""

from incidents.record.duties import RELEVANT
from incidents.record.models import Incident
from incidents.reg40.models import Reg40Details, Reg40Event


def facts(incident: Incident) -> list[tuple[str, str]]:
    """(question, answer) of what was answered; empty where the reader may not open the details."""
    details = Reg40Details.objects.filter(incident=incident).first()
    if details is None:
        return []
    return [
        ("Event", f"{Reg40Event(details.event).label} (reg {details.event})"),
        ("What was done", details.action_taken),
        ("Outcome of the enquiry", details.enquiry_outcome),
        ("Began with notification", details.concludes_reference),
        ("Relevant persons", ", ".join(RELEVANT.get(key, key) for key in details.relevant_persons)),
        ("Why these people", details.relevant_reason),
        ("Ofsted’s form", details.ofsted_form_reference or "Not yet recorded as sent"),
    ]

"""The text to paste into Ofsted's own form: initials and job titles, never a name."""

from events.clock import LONDON
from incidents.record.marks import rendered
from incidents.record.models import Incident
from incidents.reg40.models import Reg40Details, Reg40Event


def text_for_ofsted(incident: Incident) -> str:
    """What Ofsted's form asks for, in its order. Children stand by initials, workers by job title alone."""
    details = Reg40Details.objects.get(incident=incident)
    home, parts = incident.home, list(incident.involvements.select_related("child").order_by("mark"))
    initials = {part.mark: part.child.initials for part in parts}
    happened = incident.occurred_at.astimezone(LONDON)
    about = "about " if incident.occurred_about else ""
    lines = [
        f"URN: {home.urn}",
        f"Home: {home.name}, {home.town}" if home.town else f"Home: {home.name}",
        f"Type of incident: {Reg40Event(details.event).label} (regulation {details.event})",
        f"When: {happened.day} {happened:%B %Y}, {about}{happened:%H:%M}",
        f"Children involved, by initials: {', '.join(initials.values()) or 'none'}",
        "",
        "What happened:",
        rendered(incident.narrative, initials),
        "",
        "Actions taken and planned:",
        rendered(details.action_taken, initials),
        "",
        "Who else has been told or will be told:",
        *(
            f"- {duty.who}"
            for duty in incident.duties.exclude(code__endswith="_ofsted").order_by("due_at", "who")
        ),
    ]
    if details.event == Reg40Event.ENQUIRY_ENDS:
        lines += ["", f"Outcome of the enquiry: {rendered(details.enquiry_outcome, initials)}"]
        lines.append(f"Reference of the earlier notification: {details.concludes_reference}")
    return "\n".join([*lines, "", f"Our reference: {incident.reference}"])

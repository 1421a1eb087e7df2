"""The history of one record: its own row, its details, its duties, and the parts of people whom the reader may see."""

from datetime import datetime
from uuid import UUID

from homes.history.queries import Line, timeline
from incidents.record import pages
from incidents.record.models import AdultInvolvement, Incident, Involvement

TITLES = {
    "incidents_incident": "record",
    "incidents_involvement": "child’s part",
    "incidents_adultinvolvement": "adult of concern",
    "incidents_duty": "duty to tell",
    "incidents_ladooutcome": "outcome",
    **{
        f"incidents_{stream}details": "details"
        for stream in ("reg40", "lado", "whistleblowing", "complaint", "hospital")
    },
}


def history_of(incident: Incident, user: UUID, now: datetime) -> list[Line]:
    """What changed in the record, newest first; for the provider's people since they could read it."""
    may = pages.reader(user, incident.home_id, now)
    parts = list(Involvement.objects.filter(incident=incident))
    known = pages.initials(parts, user, now)
    rows = [incident.pk, *incident.duties.values_list("pk", flat=True)]
    rows += [part.pk for part in parts if part.mark in known]
    if may.names_adults:
        rows += AdultInvolvement.objects.filter(incident=incident).values_list("pk", flat=True)
    return timeline(rows, provider=may.by_provider, titles=TITLES)

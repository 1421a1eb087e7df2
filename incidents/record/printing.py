"""One record as a document: the same rights, rows and duties as its page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from homes.access import pictures
from homes.models import Home
from homes.roles import Picture
from incidents.record import pages
from incidents.record.models import Incident, Stream
from incidents.record.telling import items
from incidents.registry import FLOWS


@dataclass(frozen=True)
class PrintedRecord:
    """What a document of a record says to its reader. for_visitor: a copy that is not to be left at the home.

    held: the regulator alone holds it.
    """

    id: UUID
    reference: str
    home: Home
    title: str
    occurred_at: datetime
    withdrawn_why: str
    rows: list[pages.Row]
    duties: list[dict[str, Any]]
    sharing: str
    for_visitor: bool
    held: bool
    incident: Incident


def printed(reference: str, user: UUID, now: datetime) -> PrintedRecord | None:
    """The record with this reference as the person may read it; None where they may not."""
    found = Incident.objects.visible_to(user, now).filter(reference=reference)
    incident = found.select_related("home__provider", "recorded_by", "shared_with_provider_by").first()
    if incident is None or incident.stream not in FLOWS:
        return None
    held = pictures(user, incident.home_id, now)
    return PrintedRecord(
        id=incident.pk,
        reference=incident.reference,
        home=incident.home,
        title=incident.get_stream_display(),
        occurred_at=incident.occurred_at,
        withdrawn_why=incident.withdrawn_why if incident.status == Incident.Status.WITHDRAWN else "",
        rows=pages.rows(incident, FLOWS[incident.stream], user, now),
        duties=items(list(incident.duties.select_related("organisation", "told_by")), now),
        sharing=pages.sharing(incident, user, now),
        for_visitor=Picture.VISITOR in held,
        held=incident.stream == Stream.WHISTLEBLOWING,
        incident=incident,
    )

"""Says whom the page of a record shows."""

from collections.abc import Iterable

from django.http import HttpRequest
from rest_framework.request import Request

from homes.looking.models import Look
from homes.looking.seen import saw
from homes.models import Home
from incidents.record.models import Incident, Stream


def saw_record(request: HttpRequest | Request, incident: Incident) -> None:
    """One record, with the children whom it is about; a disclosure is the regulator's."""
    saw(
        request,
        what=Look.What.RECORD,
        subjects=[incident.pk, *incident.child_ids],
        home=incident.home,
        held=incident.stream == Stream.WHISTLEBLOWING,
    )


def saw_list(request: HttpRequest | Request, incidents: Iterable[Incident], home: Home | None = None) -> None:
    """Lines of records, which name no child."""
    shown = list(incidents)
    held = any(incident.stream == Stream.WHISTLEBLOWING for incident in shown)
    saw(request, what=Look.What.RECORD, subjects=[one.pk for one in shown], home=home, held=held)

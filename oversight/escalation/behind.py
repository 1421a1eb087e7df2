"""What lies behind an alert: its records described for the page, without a word of what they say.

The description is kept on the alert when it grows, by the worker, who reads all records. A reader who may not open a
record sees its month and stream; one of whistleblowing is shown to the regulator only.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from events.clock import london_day
from incidents.record import finding
from incidents.record.finding import FoundRecord
from oversight.visits.models import SignificantConcern, VisitReport


def records_behind(references: Sequence[str]) -> list[FoundRecord]:
    """The records of the five recorded streams among these references."""
    return finding.by_reference(references) if references else []


def describe(explanation: Mapping[str, Any], references: Sequence[str]) -> dict[str, Any]:
    """The explanation with its ``records``: reference, stream, day, source, and how the home knows of each.

    known is ``told`` (the home recorded it), ``shared`` (the home has it), or ``outside``.
    """
    return {
        **explanation,
        "records": sorted(_records(references), key=lambda row: (row["on"], row["reference"])),
    }


def _records(references: Sequence[str]) -> list[dict[str, str]]:
    if not references:
        return []
    rows = [
        {
            "reference": record.reference,
            "stream": record.stream,
            "on": london_day(record.occurred_at).isoformat(),
            "source": record.source,
            "known": "told" if record.by_provider else "shared" if record.provider_sees else "outside",
        }
        for record in records_behind(references)
    ]
    reports = VisitReport.objects.filter(reference__in=references).select_related("visit")
    rows += [
        {
            "reference": report.reference,
            "stream": "reg44",
            "on": report.visit.visited_on.isoformat(),
            "source": "visitor",
            "known": "shared",
        }
        for report in reports
    ]
    known = {row["reference"] for row in rows}
    concerns = SignificantConcern.objects.filter(reference__in=references)
    rows += [
        {
            "reference": concern.reference,
            "stream": "concern",
            "on": london_day(concern.raised_at).isoformat(),
            "source": "visitor",
            "known": "outside",
        }
        for concern in concerns
        if concern.reference not in known
    ]
    return rows

"""Reads for pages that show a home's months at a glance: no narrative, one query each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from incidents.record.models import AdultInvolvement, Incident


@dataclass(frozen=True, slots=True)
class Sighting:
    """One record as a mark: when it happened, how grave (1 to 5, or None), and whether the provider told it."""

    home_id: UUID
    stream: str
    occurred_at: datetime
    severity: int | None
    told: bool


def sightings(
    homes: Sequence[UUID], since: datetime, *, viewer: UUID, now: datetime, provider_only: bool
) -> list[Sighting]:
    """Records of the homes since a moment that the viewer may open, oldest first. One query.

    provider_only: those of the provider's picture only. Withdrawn records are left out.
    """
    rows = Incident.objects.visible_to(viewer, now).filter(
        home_id__in=homes, occurred_at__gte=since, status="recorded"
    )
    if provider_only:
        rows = rows.filter(provider_sees=True)
    fields = rows.order_by("occurred_at", "id").values_list(
        "home_id", "stream", "occurred_at", "severity", "by_provider"
    )
    return [Sighting(*row) for row in fields.iterator(chunk_size=5000)]


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """Somebody who has not been told yet, by when, and of which record."""

    home_name: str
    home_urn: str
    reference: str
    who: str
    legal_basis: str
    without_delay: bool
    due_at: datetime
    home_id: UUID


def open_duties(
    homes: Sequence[UUID], *, viewer: UUID, now: datetime, provider_only: bool, limit: int = 20
) -> list[OpenDuty]:
    """Duties not yet done at the homes, of records that the viewer may open, the most overdue first. One query."""
    readable = Incident.objects.visible_to(viewer, now).filter(home_id__in=homes, status="recorded")
    if provider_only:
        readable = readable.filter(provider_sees=True)
    rows = readable.filter(duties__told_at__isnull=True, duties__isnull=False)
    fields = rows.order_by("duties__due_at", "duties__who").values_list(
        "home__name",
        "home__urn",
        "reference",
        "duties__who",
        "duties__legal_basis",
        "duties__without_delay",
        "duties__due_at",
        "home_id",
    )
    return [OpenDuty(*row) for row in fields[:limit]]


@dataclass(frozen=True, slots=True)
class AdultSeen:
    """An adult of concern in records of several homes: a reason to look, never a finding."""

    adult_id: UUID
    name: str
    homes: tuple[str, ...]
    records: int
    last_on: datetime


def adults_seen(
    since: datetime, *, viewer: UUID, now: datetime, least: int = 2, limit: int = 20
) -> list[AdultSeen]:
    """Adults with at least ``least`` records that the viewer may open, most records first. One query."""
    readable = Incident.objects.visible_to(viewer, now).filter(status="recorded", occurred_at__gte=since)
    rows = AdultInvolvement.objects.filter(incident__in=readable).values_list(
        "adult_id", "adult__name", "home__name", "incident__occurred_at"
    )
    found: dict[UUID, list[tuple[str, str, datetime]]] = {}
    for adult, name, home, occurred in rows:
        found.setdefault(adult, []).append((name, home, occurred))
    seen = [
        AdultSeen(
            adult,
            records[0][0],
            tuple(sorted({home for _, home, _ in records})),
            len(records),
            max(occurred for _, _, occurred in records),
        )
        for adult, records in found.items()
        if len(records) >= least
    ]
    seen.sort(key=lambda one: (-len(one.homes), -one.records, one.name))
    return seen[:limit]

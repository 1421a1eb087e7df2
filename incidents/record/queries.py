"""Reads across records: a home's history as plain rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from homes.nobody import names_somebody
from incidents.record.models import AdultInvolvement, Incident, IncidentTheme

Value = TypeVar("Value")
#: The event of reg 40(1) as the notifications keep it; this package knows no stream by import.
DEATH = "40(1)"


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record of the five recorded streams, without a word of narrative; keys of people, moments in UTC.

    detail is ``death`` for a notification under reg 40(1), else empty. The provider's picture holds a row from
    recorded_at where by_provider, else from shared_at where that is set; whistleblowing never.
    """

    id: UUID
    reference: str
    home_id: UUID
    stream: str
    occurred_at: datetime
    recorded_at: datetime
    source: str
    children: tuple[UUID, ...]
    adults: tuple[UUID, ...]
    severity: int | None
    themes: tuple[str, ...]
    detail: str
    restraint: bool | None
    withdrawn_at: datetime | None
    cleared_at: datetime | None
    by_provider: bool
    shared_at: datetime | None


def history(homes: Sequence[UUID]) -> list[RecordRow]:
    """Every record of the homes, oldest recorded first: for the worker, who counts them. Three queries.

    Adults are left out whose name stands for nobody in particular: "agency" twice is not the same adult twice.
    """
    named = AdultInvolvement.objects.filter(names_somebody("adult_id"))
    return _rows(Incident.objects.all(), homes, named)


def history_for(viewer: UUID, homes: Sequence[UUID], now: datetime) -> list[RecordRow]:
    """The records of the homes that the viewer may open, oldest recorded first. Three queries."""
    return _rows(Incident.objects.visible_to(viewer, now), homes, AdultInvolvement.objects.all())


def _rows(
    records: QuerySet[Incident], homes: Sequence[UUID], named: QuerySet[AdultInvolvement]
) -> list[RecordRow]:
    rows = records.filter(home_id__in=homes).order_by("recorded_at", "reference")
    adults = _grouped(named.filter(home_id__in=homes).values_list("incident_id", "adult_id"))
    themes = _grouped(IncidentTheme.objects.filter(home_id__in=homes).values_list("incident_id", "theme"))
    return [
        RecordRow(
            id=key,
            reference=reference,
            home_id=home,
            stream=stream,
            occurred_at=occurred,
            recorded_at=recorded,
            source=source,
            children=tuple(sorted(children)),
            adults=tuple(sorted(adults[key])),
            severity=severity,
            themes=tuple(sorted(themes[key])),
            detail="death" if event == DEATH else "",
            restraint=restraint,
            withdrawn_at=withdrawn,
            cleared_at=cleared,
            by_provider=by_provider,
            shared_at=shared,
        )
        for (
            key,
            reference,
            home,
            stream,
            occurred,
            recorded,
            source,
            children,
            severity,
            event,
            restraint,
            withdrawn,
            cleared,
            by_provider,
            shared,
        ) in rows.values_list(
            "id",
            "reference",
            "home_id",
            "stream",
            "occurred_at",
            "recorded_at",
            "source",
            "child_ids",
            "severity",
            "reg40__event",
            "restraint",
            "withdrawn_at",
            "lado_outcome__cleared_at",
            "by_provider",
            "shared_with_provider_at",
        ).iterator(chunk_size=5000)
    ]


def _grouped(pairs: Iterable[tuple[UUID, Value]]) -> dict[UUID, list[Value]]:
    found: dict[UUID, list[Value]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found

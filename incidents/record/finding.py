"""Finding records by their references: for those who explain an alert, and for those who may open what is behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from incidents.record.models import Incident
from incidents.reg40.models import Reg40Event


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """One record, without a word of narrative. detail is ``death`` for a notification under reg 40(1), else empty."""

    id: UUID
    reference: str
    home_id: UUID
    stream: str
    occurred_at: datetime
    source: str
    children: tuple[UUID, ...]
    concerns_adult: bool
    by_provider: bool
    provider_sees: bool
    detail: str


def by_reference(references: Sequence[str]) -> list[FoundRecord]:
    """The records with these references that the database shows to whoever asks, oldest first. One query."""
    return _found(Incident.objects.filter(reference__in=references))


def by_id(key: UUID) -> FoundRecord | None:
    """The record with this key, if the database shows it."""
    return next(iter(_found(Incident.objects.filter(pk=key))), None)


def provider_knows(key: UUID) -> bool:
    """Whether the provider's people may read the record with this key."""
    return Incident.objects.filter(pk=key, provider_sees=True).exists()


def openable(references: Sequence[str], user: UUID, now: datetime) -> frozenset[str]:
    """Which of these records the person may open. One query."""
    records = Incident.objects.visible_to(user, now).filter(reference__in=references)
    return frozenset(records.values_list("reference", flat=True))


def _found(records: QuerySet[Incident]) -> list[FoundRecord]:
    rows = records.order_by("occurred_at", "reference").values_list(
        "id",
        "reference",
        "home_id",
        "stream",
        "occurred_at",
        "source",
        "child_ids",
        "concerns_adult",
        "by_provider",
        "provider_sees",
        "reg40__event",
    )
    return [
        FoundRecord(
            id=key,
            reference=reference,
            home_id=home,
            stream=stream,
            occurred_at=occurred,
            source=source,
            children=tuple(children),
            concerns_adult=adult,
            by_provider=own,
            provider_sees=sees,
            detail="death" if event == Reg40Event.DEATH else "",
        )
        for key, reference, home, stream, occurred, source, children, adult, own, sees, event in rows
    ]

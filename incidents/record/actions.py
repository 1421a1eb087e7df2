"""Saving a record with all that hangs on it, sharing it, withdrawing it, and recording who was told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from events import outbox
from events.clock import LONDON
from events.identity import new_id, new_reference
from homes import crossing
from homes.crossing import Standing
from homes.models import Adult, Child, Home, Organisation
from incidents.record import rights
from incidents.record.facts import DutyTold, IncidentRecorded, IncidentShared, IncidentWithdrawn
from incidents.record.models import (
    AdultInvolvement,
    Duty,
    Incident,
    IncidentTheme,
    Involvement,
    PartOfIncident,
    Stream,
)

REFERENCE_PREFIX = {
    Stream.REG40: "R40",
    Stream.LADO: "LAD",
    Stream.WHISTLEBLOWING: "WB",
    Stream.COMPLAINT: "CMP",
    Stream.HOSPITAL: "HOS",
}
MARKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class AlreadyRecordedError(Exception):
    """The same author sent the same form before; the first record stands."""


@dataclass(frozen=True, kw_only=True)
class ChildPart:
    """A child in a new record: the part played and this child's own account."""

    child: Child
    part_played: str = Involvement.PartPlayed.SUBJECT
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class DutyOwed:
    """Somebody who must be told of a new record, computed from the duty rules."""

    code: str
    version: int
    who: str
    organisation: Organisation | None
    legal_basis: str
    without_delay: bool
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class NewRecord:
    """What every stream records alike. by_provider: the author acts for the home's provider."""

    home: Home
    stream: Stream
    occurred_at: datetime
    known_at: datetime
    source: str
    by_provider: bool
    recorded_for: Organisation | None = None
    narrative: str = ""
    occurred_about: bool = False
    severity: int | None = None
    restraint: bool | None = None
    children: Sequence[ChildPart] = ()
    adults: Sequence[Adult] = ()
    themes: Sequence[str] = ()
    shared_why: str = ""
    detail: str = ""
    reference: str = ""
    client_id: UUID = field(default_factory=new_id)


@transaction.atomic
def save_record(
    *,
    new: NewRecord,
    details: Callable[[Incident], PartOfIncident],
    duties: Sequence[DutyOwed] = (),
    by: UUID,
    now: datetime,
) -> Incident:
    """Save a record, its stream's details, the children, adults, themes and duties, and its event, or nothing.

    The stream's own action checks first whether ``by`` may record. Raises AlreadyRecordedError when the same
    author sent the same client_id before.
    """
    incident = Incident(
        id=new_id(),
        reference=new.reference or new_reference(REFERENCE_PREFIX[new.stream]),
        home=new.home,
        stream=new.stream,
        occurred_at=new.occurred_at,
        occurred_about=new.occurred_about,
        known_at=new.known_at,
        recorded_at=now,
        source=new.source,
        severity=new.severity,
        restraint=new.restraint,
        narrative=new.narrative,
        recorded_by_id=by,
        recorded_for=new.recorded_for,
        client_id=new.client_id,
        child_ids=[part.child.pk for part in new.children],
        concerns_adult=new.stream == Stream.LADO or bool(new.adults),
        by_provider=new.by_provider,
        shared_with_provider_at=now if new.shared_why else None,
        shared_with_provider_by_id=by if new.shared_why else None,
        shared_with_provider_why=new.shared_why,
    )
    try:
        with transaction.atomic():
            incident.save(force_insert=True)
    except IntegrityError as problem:
        if "incident_sent_once" in str(problem):
            raise AlreadyRecordedError from problem
        raise
    _save_parts(incident, new, details, duties)
    outbox.record(
        IncidentRecorded(
            home_id=new.home.pk,
            incident_id=incident.pk,
            stream=new.stream,
            source=new.source,
            occurred_at=new.occurred_at,
            detail=new.detail,
        ),
        by=by,
        now=now,
    )
    return incident


def _save_parts(
    incident: Incident,
    new: NewRecord,
    details: Callable[[Incident], PartOfIncident],
    duties: Sequence[DutyOwed],
) -> None:
    home = new.home
    sees = new.stream != Stream.WHISTLEBLOWING and (new.by_provider or bool(new.shared_why))
    detail = details(incident)
    detail.home, detail.provider_sees = home, sees
    detail.save(force_insert=True)
    Involvement.objects.bulk_create(
        Involvement(
            incident=incident,
            home=home,
            provider_sees=sees,
            child=part.child,
            part_played=part.part_played,
            mark=MARKS[place],
            account=part.account,
        )
        for place, part in enumerate(new.children)
    )
    AdultInvolvement.objects.bulk_create(
        AdultInvolvement(incident=incident, home=home, provider_sees=sees, adult=adult)
        for adult in new.adults
    )
    IncidentTheme.objects.bulk_create(
        IncidentTheme(incident=incident, home=home, provider_sees=sees, theme=theme)
        for theme in sorted(set(new.themes))
    )
    Duty.objects.bulk_create(
        Duty(
            incident=incident,
            home=home,
            provider_sees=sees,
            code=owed.code,
            version=owed.version,
            who=owed.who,
            organisation=owed.organisation,
            legal_basis=owed.legal_basis,
            without_delay=owed.without_delay,
            due_at=owed.due_at,
        )
        for owed in duties
    )


@transaction.atomic
def share_with_provider(*, incident: Incident, why: str, by: UUID, now: datetime) -> None:
    """Share a record from outside with the provider. Whistleblowing never is; sharing twice changes nothing.

    Raises CrossedError where somebody shared it before, for another reason: the first reason stands.
    """
    if incident.by_provider:
        return
    rights.must(rights.decides_on_sharing(by, incident, now), "share this record with the provider")
    held = Incident.objects.select_for_update().get(pk=incident.pk)
    if not crossing.to_write_once(_sharing_of(held), {"why": why}):
        return
    Incident.objects.filter(pk=incident.pk).update(
        shared_with_provider_at=now, shared_with_provider_by_id=by, shared_with_provider_why=why
    )
    outbox.record(
        IncidentShared(home_id=incident.home_id, incident_id=incident.pk, stream=incident.stream),
        by=by,
        now=now,
    )


def _sharing_of(incident: Incident) -> Standing:
    who = incident.shared_with_provider_by
    return Standing(
        {"why": incident.shared_with_provider_why}, who.name if who else "", incident.shared_with_provider_at
    )


@transaction.atomic
def withdraw(*, incident: Incident, why: str, by: UUID, now: datetime) -> None:
    """Take a record out of the counts from ``now`` on; it stays readable."""
    changed = Incident.objects.filter(pk=incident.pk, status=Incident.Status.RECORDED).update(
        status=Incident.Status.WITHDRAWN, withdrawn_at=now, withdrawn_why=why
    )
    if changed:
        outbox.record(
            IncidentWithdrawn(home_id=incident.home_id, incident_id=incident.pk, stream=incident.stream),
            by=by,
            now=now,
        )


@transaction.atomic
def record_told(
    *, duty: Duty, at: datetime, reference: str = "", reason_late: str = "", by: UUID, now: datetime
) -> None:
    """Record when somebody was told. The first telling stands: raises CrossedError where it says something else."""
    if at > now:
        raise ValueError("nobody can have been told in the future")
    rights.must(rights.may_tell(by, duty.incident, now), "say who was told of this record")
    held = Duty.objects.select_for_update().get(pk=duty.pk)
    who = held.told_by.name if held.told_by else ""
    stands = Standing(_said(held.told_at, held.told_reference, held.reason_late), who, held.told_at)
    if not crossing.to_write_once(stands, _said(at, reference, reason_late)):
        return
    Duty.objects.filter(pk=duty.pk).update(
        told_at=at, told_by_id=by, told_reference=reference, reason_late=reason_late
    )
    if not Duty.objects.filter(incident_id=duty.incident_id, told_at__isnull=True).exists():
        Incident.objects.filter(pk=duty.incident_id).update(notified_at=now)
    outbox.record(
        DutyTold(home_id=duty.home_id, incident_id=duty.incident_id, code=duty.code), by=by, now=now
    )


def _said(at: datetime | None, reference: str, reason_late: str) -> dict[str, Any]:
    """A telling in the fields of its form."""
    local = at.astimezone(LONDON) if at else None
    return {
        "told_on": local.date() if local else None,
        "told_time": local.time().replace(second=0, microsecond=0) if local else None,
        "reference": reference,
        "reason_late": reason_late,
    }

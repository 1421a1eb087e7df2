"""Recording a notification under regulation 40, and that Ofsted's own form was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from incidents.record.actions import DutyOwed, record_told, save_record
from incidents.record.duties import Circumstances, owed
from incidents.record.happening import CannotRecordError, Happening
from incidents.record.models import Duty, Incident, Stream
from incidents.record.rights import author
from incidents.reg40.models import Reg40Details, Reg40Event


@dataclass(frozen=True, kw_only=True)
class Notification:
    """What happened, and which event of reg 40 it is.

    relevant_persons: keys of duties.RELEVANT, the registered person's recorded decision, with relevant_reason.
    An enquiry that ended carries its outcome and the reference of the notification that began it.
    """

    happening: Happening
    event: str
    how_known: str = ""
    action_taken: str = ""
    enquiry_outcome: str = ""
    concludes_reference: str = ""
    relevant_persons: Sequence[str] = ()
    relevant_reason: str = ""


def duties_of(notification: Notification, *, by_provider: bool) -> list[DutyOwed]:
    """Who must be told of it, before and after it is recorded."""
    happened = notification.happening
    return owed(
        Circumstances(
            home=happened.home,
            stream=Stream.REG40,
            event=notification.event,
            known_at=happened.known_at,
            by_provider=by_provider,
            children=[part.child for part in happened.children],
            harm=happened.harm,
            crime=happened.crime,
            relevant=notification.relevant_persons,
        )
    )


def record_notification(*, notification: Notification, by: UUID, now: datetime) -> Incident:
    """Record it with its duties. Raises NotAllowedError, CannotRecordError or AlreadyRecordedError."""
    happened = notification.happening
    who = author(by, happened.home, Stream.REG40, now)
    happened.check(now)
    _check(notification)
    return save_record(
        new=happened.as_record(
            Stream.REG40, who, detail="death" if notification.event == Reg40Event.DEATH else ""
        ),
        details=lambda incident: Reg40Details(
            incident=incident,
            event=notification.event,
            how_known=notification.how_known,
            action_taken=notification.action_taken,
            enquiry_outcome=notification.enquiry_outcome,
            concludes_reference=notification.concludes_reference,
            relevant_persons=list(notification.relevant_persons),
            relevant_reason=notification.relevant_reason,
        ),
        duties=duties_of(notification, by_provider=who.by_provider),
        by=by,
        now=now,
    )


def _check(notification: Notification) -> None:
    if notification.event not in Reg40Event.values:
        raise CannotRecordError("event", "Choose an event of regulation 40")
    if notification.event != Reg40Event.DBS_REFERRAL and not notification.happening.children:
        raise CannotRecordError("children", "Choose the child or children it happened to")
    if notification.event == Reg40Event.ENQUIRY_ENDS:
        if not notification.enquiry_outcome:
            raise CannotRecordError("enquiry_outcome", "Enter the outcome of the enquiry")
        if not notification.concludes_reference:
            raise CannotRecordError(
                "concludes_reference", "Enter the reference of the notification that began it"
            )


@transaction.atomic
def record_ofsted_form(
    *, duty: Duty, reference: str, at: datetime, reason_late: str = "", by: UUID, now: datetime
) -> None:
    """Keep the reference and time of Ofsted's own form: only that form notifies Ofsted."""
    if not reference:
        raise CannotRecordError("reference", "Enter the reference that Ofsted’s form gave you")
    record_told(duty=duty, at=at, reference=reference, reason_late=reason_late, by=by, now=now)
    Reg40Details.objects.filter(incident_id=duty.incident_id, ofsted_form_submitted_at__isnull=True).update(
        ofsted_form_submitted_at=at, ofsted_form_reference=reference[:40]
    )

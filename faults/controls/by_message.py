"""What two of the controls share: an event handed to its handlers by a message of the broker, and by nothing else."""

from typing import Any
from uuid import UUID

from celery import shared_task
from django.db import transaction

from events import clock, registry
from events.models import Event

TASK = "faults.controls.handle"


def message(event: Event, handler: str) -> dict[str, Any]:
    """What the broker carries."""
    return {"event": str(event.pk), "handler": handler}


@shared_task(name=TASK)
def handle(event: str, handler: str) -> None:
    """Deal with one event in one transaction, as the message says."""
    with transaction.atomic():
        found = Event.objects.get(pk=UUID(event))
        fact = registry.fact_type(found.kind).from_payload(found.payload, found.home_id)
        registry.handler_named(handler)(fact, now=max(clock.now(), found.as_of))

"""What two of the controls share: an event handed to its handlers by a message of the broker, and by nothing else."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from celery import current_app, shared_task
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from events import clock, outbox, registry
from events.models import Event

TASK = "faults.controls.handle"
HandOver = Callable[[Event, str], None]


def put_in(hand_over: HandOver) -> None:
    """Replace the outbox: save the event, and hand it over for each handler."""

    def record(fact: registry.Fact, *, by: UUID | None, now: datetime) -> Event:
        event = Event(
            kind=fact.kind,
            version=fact.version,
            home_id=fact.home_id,
            by_id=by,
            payload=fact.payload(),
            as_of=now,
        )
        event.save(force_insert=True)
        for name in registry.handlers_of(type(fact)):
            hand_over(event, name)
        return event

    outbox.record = record


def send(event: Event, handler: str, *, countdown: float = 0) -> None:
    """Hand it to the broker; where there is none, that was it."""
    told = {"event": str(event.pk), "handler": handler}
    try:
        current_app.send_task(TASK, kwargs=told, retry=False, countdown=countdown)
    except (OperationalError, RedisError, OSError):
        return


@shared_task(name=TASK)
def handle(event: str, handler: str) -> None:
    """Deal with one event in one transaction, as the message says."""
    with transaction.atomic():
        found = Event.objects.get(pk=UUID(event))
        fact = registry.fact_type(found.kind).from_payload(found.payload, found.home_id)
        registry.handler_named(handler)(fact, now=max(clock.now(), found.as_of))

"""Celery's part: look at the outbox when prompted, and every few seconds in any case."""

from celery import shared_task

from events import clock, relay


@shared_task(name="events.tasks.relay")
def relay_events() -> int:
    """Deal with what is due; the number dealt with."""
    return relay.drain(now=clock.now())

"""Celery's part: look at the outbox when prompted, and every few seconds in any case."""

from celery import shared_task
from django.conf import settings

from events import clock, prompting, relay

NAME = "events.tasks.relay"


@shared_task(name=NAME)
def relay_events() -> int:
    """Deal with what is due, in turns with e-mails and ladders; the number dealt with."""
    return prompting.in_turns(
        NAME, lambda most: relay.drain(now=clock.now(), limit=most), batch=settings.HUB_RELAY_BATCH
    )

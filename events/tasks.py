"""Celery's part: look at the outbox when prompted, and every few seconds in any case."""

from celery import shared_task
from django.conf import settings

from events import clock, prompting, relay

NAME = "events.tasks.relay"


@shared_task(name=NAME)
def relay_events() -> int:
    """Deal with what is due, a batch of it; the number dealt with. What is left waits in turn with e-mails and ladders."""
    prompting.taken(NAME)
    done = relay.drain(now=clock.now(), limit=settings.HUB_RELAY_BATCH)
    if done == settings.HUB_RELAY_BATCH:
        prompting.prompt(NAME)
    return done

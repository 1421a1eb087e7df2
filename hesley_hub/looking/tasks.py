"""Celery's part: once a day the newest digest leaves the hub."""

from celery import shared_task

from events import clock
from hesley_hub.looking import telling


@shared_task(name="hesley_hub.looking.tasks.tell_latest_digest")
def tell_latest_digest() -> bool:
    """Whether an e-mail was owed by this call."""
    now = clock.now()
    return telling.owe_latest_digest(today=clock.london_day(now), now=now) is not None

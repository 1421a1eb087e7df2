"""Celery's part in escalation: prompts and ticks. What is due stands in PostgreSQL."""

from celery import shared_task

from events import clock
from oversight.escalation import climbing, delivering


@shared_task(name="oversight.tasks.deliver")
def deliver() -> int:
    """Deliver what is owed; how many were tried."""
    return delivering.deliver_all(now=clock.now())


@shared_task(name="oversight.tasks.climb")
def climb() -> int:
    """Take overdue branches to their next step; how many climbed."""
    return climbing.climb(now=clock.now())

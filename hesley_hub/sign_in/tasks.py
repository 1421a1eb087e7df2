"""Celery's part in signing in: rows of sessions that have ended do not stay."""

from celery import shared_task

from events import clock
from hesley_hub.sign_in import actions


@shared_task(name="hesley_hub.sign_in.tasks.clear_ended_sessions")
def clear_ended_sessions() -> int:
    """How many rows went."""
    return actions.clear_ended_sessions(now=clock.unmoved())

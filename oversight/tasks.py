"""Celery's part in escalation: prompts and ticks. What is due stands in PostgreSQL."""

from functools import cache

from celery import shared_task
from django.conf import settings

from events import clock, prompting
from oversight.escalation import climbing, delivering
from oversight.escalation.owing import DELIVER
from oversight.escalation.slots import Slots
from oversight.heartbeat import actions as heartbeats


@shared_task(name=DELIVER)
def deliver() -> int:
    """Deliver what is owed, in turns with other tasks; how many were taken in hand."""
    return prompting.in_turns(DELIVER, _deliver, batch=settings.HUB_DELIVERY_BATCH)


def _deliver(most: int) -> int:
    return delivering.deliver_side_by_side(now=clock.now(), slots=slots(), limit=most)


@cache
def slots() -> Slots:
    """This process's slots, made when it first delivers: threads do not survive a fork."""
    return Slots(settings.HUB_DELIVERY_SLOTS)


@shared_task(name="oversight.tasks.climb")
def climb() -> int:
    """Take overdue branches to their next step; how many climbed."""
    return climbing.climb(now=clock.now())


@shared_task(name="oversight.tasks.heartbeat")
def heartbeat() -> bool:
    """Begin a heartbeat, and forget those of the day before yesterday; whether one began."""
    begun = heartbeats.begin(now=clock.now()) is not None
    heartbeats.forget()
    return begun


@shared_task(name="oversight.tasks.pulse")
def pulse() -> bool:
    """Take the newest heartbeat to its end and tell the outside monitor; whether everything answered."""
    heartbeats.tell_of_alarms()
    return heartbeats.carry_on()

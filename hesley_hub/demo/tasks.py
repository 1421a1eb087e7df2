"""The daily and the weekly tick wait while a demonstration's past is still being told: a day without its records would look quiet."""

from celery import shared_task

from events import clock, world
from hesley_hub.demo import progress
from oversight.response.actions import owe_digests
from oversight.risk.tasks import daily


@shared_task(name="hesley_hub.demo.tasks.daily")
def daily_once_told() -> int:
    """As oversight.risk.tasks.daily, unless a history is being loaded; the number of days assessed."""
    if world.kind() == world.DEMO and progress.behind():
        return 0
    return int(daily())


@shared_task(name="hesley_hub.demo.tasks.weekly")
def weekly_once_told() -> int:
    """Owe the week's digests that are due and not owed yet, unless a history is being loaded; how many."""
    if world.kind() == world.DEMO and progress.behind():
        return 0
    return owe_digests(now=clock.now())

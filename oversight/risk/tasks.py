"""The daily tick moves time: quiet days count too."""

from celery import shared_task

from events import clock
from oversight.risk import actions, past


@shared_task(name="oversight.risk.tasks.daily")
def daily() -> int:
    """Assess the end of every London day that has passed and was not assessed yet; how many that were."""
    now = clock.now()
    if past.loading():
        return 0
    return actions.catch_up(today=clock.london_day(now), now=now)

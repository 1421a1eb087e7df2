"""Beat's schedule, which goes on without a broker: what cannot be handed to a worker, the clock does itself.

What is due stands in PostgreSQL, and claims are row locks, so it does no harm if a worker does the same.
"""

import logging
from threading import Thread
from typing import Any

from celery import Task
from celery.beat import PersistentScheduler, ScheduleEntry
from celery.exceptions import OperationalError as CeleryOperationalError
from django.db import connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class Ticks(PersistentScheduler):
    """Prompts workers through the broker; where the broker does not answer, runs the task here and now.

    Each task in a thread of its own and never twice at once: a long one does not hold up the others.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self.here: dict[str, Thread] = {}
        super().__init__(*args, **options)

    @property
    def producer(self) -> None:  # type: ignore[override]
        """No connection of its own, for which it would wait until there is a broker: each prompt asks anew."""

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        task, options = str(entry.task), dict(entry.options or {})
        try:
            self.app.send_task(task, retry=False, **options)
        except (OperationalError, CeleryOperationalError, RedisError, OSError) as problem:
            if task in self.here and self.here[task].is_alive():
                return
            log.warning("no broker (%s): running %s here", type(problem).__name__, task)
            self.here[task] = Thread(target=_run, args=(self.app.tasks[task],), daemon=True)
            self.here[task].start()


def _run(task: Task[Any, Any]) -> None:
    try:
        task.apply()
    finally:
        connection.close()

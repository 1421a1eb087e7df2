"""The one base class of every task: what a task does is told in the log, never with a record's words."""

import logging
from typing import Any

from celery import Task

log = logging.getLogger(__name__)


class HubTask(Task):  # type: ignore[type-arg]
    """Tasks run as hub_worker, outside a transaction of their own: each action or claim opens its own."""

    abstract = True

    def on_failure(self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        log.error("task %s failed: %s", self.name, type(exc).__name__, exc_info=exc)

"""The doorbell: tells a worker to look now. It may be lost at any time; the sweep finds what it missed."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def prompt(task: str) -> None:
    """Ask a worker to run ``task`` soon. A broker that is down costs seconds, never the obligation."""
    try:
        current_app.send_task(task, ignore_result=True, retry=False)
    except (OperationalError, RedisError, OSError) as problem:
        log.warning("no prompt for %s (%s); the sweep will find it", task, type(problem).__name__)


def prompt_relay() -> None:
    prompt("events.tasks.relay")

"""The doorbell: tells a worker to look now. It may be lost at any time; the sweep finds what it missed.

One that rings already is enough: in a storm each task waits in the queue once, and no task behind hundreds of another's.
"""

import logging
from collections.abc import Callable

from celery import current_app
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

#: Seconds for which a prompt that nobody has taken counts as still waiting; after that it is thought lost.
STANDS_FOR = 3
log = logging.getLogger(__name__)


def prompt(task: str) -> bool:
    """Ask a worker to run ``task`` soon; False where none could be told a moment ago.

    A broker that is down costs seconds, never the obligation, and is not asked again for every record meanwhile.
    """
    if not cache.add(_mark(task), True, timeout=STANDS_FOR):
        return cache.get(_mark(task)) is not False
    try:
        current_app.send_task(task, ignore_result=True, retry=False)
    except (OperationalError, RedisError, OSError) as problem:
        log.warning("no prompt for %s (%s); the sweep will find it", task, type(problem).__name__)
        cache.set(_mark(task), False, timeout=STANDS_FOR)
        return False
    return True


def taken(task: str) -> None:
    """The task begins: whatever is recorded from now on may need a prompt of its own. Call it before looking."""
    cache.delete(_mark(task))


def in_turns(task: str, deal: Callable[[int], int], *, batch: int) -> int:
    """Deal with a batch and leave the rest to whichever worker is free next; where none can be told, go on here.

    deal: takes the number to deal with at most, returns how many there were. Returns the sum.
    """
    done = 0
    while True:
        taken(task)
        dealt = deal(batch)
        done += dealt
        if dealt < batch or prompt(task):
            return done


def prompt_relay() -> None:
    prompt("events.tasks.relay")


def _mark(task: str) -> str:
    return f"prompted:{task}"

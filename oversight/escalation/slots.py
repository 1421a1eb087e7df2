"""Slots for e-mails under way: threads of one process, each with a database connection of its own."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection

log = logging.getLogger(__name__)


class Slots:
    """``take`` a slot, then ``give_to`` a piece of work or ``give_back``. A slot is free again when its work has ended."""

    def __init__(self, size: int) -> None:
        self.finished = False
        self._size = size
        self._free = threading.BoundedSemaphore(size)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="mail")

    def take(self, *, seconds: float) -> bool:
        """Whether a slot could be had within so many seconds."""
        return self._free.acquire(timeout=seconds)

    def give_back(self) -> None:
        self._free.release()

    def give_to(self, work: Callable[[], object]) -> None:
        """Run work in the slot taken. What it fails with is logged; whatever it held is due again after its lease."""
        self._threads.submit(_with_fresh_connection, work).add_done_callback(self._ended)

    def finish(self) -> None:
        """Wait for what is under way, and close every thread's connection. Once."""
        if self.finished:
            return
        self.finished = True
        for _ in range(self._size):
            self._free.acquire()
        together = threading.Barrier(self._size)
        closed = [self._threads.submit(_close, together) for _ in range(self._size)]
        for one in closed:
            one.result()
        self._threads.shutdown()

    def _ended(self, done: Future[None]) -> None:
        self._free.release()
        problem = done.exception()
        if problem is not None:
            log.error("a delivery failed: %s", type(problem).__name__)


def _with_fresh_connection(work: Callable[[], object]) -> None:
    """A server that was restarted meanwhile costs a new connection, not an e-mail whose result is forgotten."""
    if connection.connection is not None and not connection.is_usable():
        connection.close()
    work()


def _close(together: threading.Barrier) -> None:
    together.wait()
    connection.close()

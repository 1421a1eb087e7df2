"""One PostgreSQL and one Valkey for the whole test session, started before Django reads its settings.

A plugin (``-p tests.servers``), because pytest-django asks for the database's address before any conftest runs.
Addresses in the environment win: that is how the workers of pytest-xdist share the servers of their parent.
"""

import atexit
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from hesley_hub.launching import services


def _start() -> None:
    if "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ:
        return
    stack = ExitStack()
    atexit.register(stack.close)
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="hub-tests-"))
    running = stack.enter_context(services(Path(folder), durable=False))
    os.environ.update(running.environment())


_start()

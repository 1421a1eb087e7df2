"""Places at which the fault suite may end a process. Nothing happens there in a hub: it needs a folder of orders, named by
the environment, and a database that is marked scratch."""

import os
import signal
from pathlib import Path

from events import world

ORDERS = os.environ.get("HUB_FAULT_POINTS", "")
SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


def reached(name: str) -> None:
    """Obey the order in the file ``name`` of the folder, once: whoever removes the file sends itself the signal."""
    if ORDERS and world.kind() == world.SCRATCH:
        _obey(Path(ORDERS) / name)


def _obey(order: Path) -> None:
    try:
        text = order.read_text()
        order.unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), SIGNALS[text])

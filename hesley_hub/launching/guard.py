"""Ends what the supervisor started when the supervisor is gone, however it went. Run by path: `python -I guard.py`.

Standard input says which process groups there are: `+GROUP SIGNAL PATIENCE` when one starts, `-GROUP` when it has
ended. When the other end closes, each group left is sent its signal, and killed if it is still there after its
patience (seconds). The kernel has by then told the direct children (PDEATHSIG); this is for their children, and for
those that do not listen.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

GIVE_UP_AFTER = 5.0
Groups = dict[int, tuple[int, float]]


def follow(lines: Iterable[str]) -> Groups:
    """The groups that are left when `lines` end: group -> (signal, patience)."""
    left: Groups = {}
    for line in lines:
        words = line[1:].split()
        if line.startswith("+"):
            left[int(words[0])] = (int(words[1]), float(words[2]))
        elif line.startswith("-"):
            left.pop(int(words[0]), None)
    return left


def send(group: int, number: int) -> bool:
    """Whether the group was there to be signalled."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def end(groups: Groups) -> None:
    """Signal each group, then kill each that outstays its patience."""
    left = {group: patience for group, (number, patience) in groups.items() if send(group, number)}
    began = time.monotonic()
    while left:
        for group, patience in list(left.items()):
            waited = time.monotonic() - began
            there = send(group, signal.SIGKILL if waited > patience else 0)
            # What is killed and still there is a zombie that nobody reaps: it holds nothing.
            if not there or waited > patience + GIVE_UP_AFTER:
                del left[group]
        time.sleep(0.05)


if __name__ == "__main__":
    for deaf in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(deaf, signal.SIG_IGN)
    end(follow(sys.stdin))

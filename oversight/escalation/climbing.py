"""The tick that takes overdue branches to their next step."""

import logging
from datetime import datetime

from django.db import DatabaseError

from oversight.escalation import actions, alarms

log = logging.getLogger(__name__)


def climb(*, now: datetime) -> int:
    """Climb every branch whose answer is overdue at ``now``, each in a transaction of its own; how many climbed."""
    climbed = 0
    for branch in actions.overdue(now):
        try:
            climbed += actions.climb_branch(branch=branch, now=now) is not None
        except (DatabaseError, LookupError, TypeError, ValueError) as problem:
            # One ladder that cannot climb must not keep the others down.
            log.error("branch %s could not climb: %s", branch, type(problem).__name__)
            alarms.raise_alarm(kind="climb_failed", about=f"branch {branch}", now=now)
    return climbed

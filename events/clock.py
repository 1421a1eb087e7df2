"""The hub's one reading of the wall clock. Only edges (views, tasks, commands) call it."""

import os
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from events import world

LONDON = ZoneInfo("Europe/London")
_SHIFT = re.compile(r"^([+-])(\d+)([dh])$")


def shift() -> timedelta:
    """How far ``HUB_NOW`` (such as ``+10d`` or ``-3h``) moves the clock; nothing in a live world."""
    text = os.environ.get("HUB_NOW", "")
    if not text or world.kind() == world.LIVE:
        return timedelta(0)
    found = _SHIFT.match(text)
    if not found:
        raise ValueError(f"HUB_NOW is {text!r}; write it like +10d or -3h")
    sign, amount, unit = found.groups()
    length = timedelta(days=int(amount)) if unit == "d" else timedelta(hours=int(amount))
    return length if sign == "+" else -length


def unmoved() -> datetime:
    """This moment by the machine's own clock, whatever ``HUB_NOW`` says: by it others date what they note."""
    return datetime.now(UTC)


def now() -> datetime:
    """This moment in UTC, moved by ``HUB_NOW`` outside a live world."""
    return unmoved() + shift()


def london_day(moment: datetime) -> date:
    """The day in Europe/London on which a moment falls."""
    return moment.astimezone(LONDON).date()

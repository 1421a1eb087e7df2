"""What only the hub's own code can do, run beside it as its worker: `python -m faults.acts open_look URN`."""

import sys
from datetime import datetime

import django

from faults.hub import Hub


def run(hub: Hub, *words: str) -> None:
    """Run it against a hub. Raises RuntimeError where it fails."""
    if hub.python("acts", "-m", "faults.acts", *words, login="worker").wait(timeout=60):
        raise RuntimeError((hub.folder / "log" / "acts.log").read_text()[-1000:])


def open_look(urn: str, now: datetime) -> None:
    """Open an alert at the lowest tier on the overseers' picture of a home."""
    from events.clock import london_day
    from homes.models import Home
    from oversight.escalation.actions import open_alert

    home = Home.objects.get(urn=urn)
    open_alert(
        picture="overseers",
        home=home,
        provider=home.provider,
        kind="rate",
        pattern="more_of_everything",
        tier="look",
        raised_on=london_day(now),
        now=now,
    )


if __name__ == "__main__":
    django.setup()
    from events import clock

    {"open_look": open_look}[sys.argv[1]](sys.argv[2], clock.now())

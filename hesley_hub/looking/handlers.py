"""What follows from a page that was shown without its look."""

from datetime import datetime

from homes.looking.facts import LookNotKept
from oversight.escalation.alarms import raise_alarm


def alarm_on_look_not_kept(fact: LookNotKept, *, now: datetime) -> None:
    raise_alarm(kind="look_not_kept", about=f"page {fact.route}, request {fact.request}", now=now)

"""What follows from a page that was shown without its look, and from one that was refused as too much."""

from datetime import datetime

from events.clock import london_day
from homes.looking.facts import LookNotKept, TooMuchRead
from homes.models import Person
from oversight.escalation.alarms import raise_alarm


def alarm_on_look_not_kept(fact: LookNotKept, *, now: datetime) -> None:
    raise_alarm(kind="look_not_kept", about=f"page {fact.route}, request {fact.request}", now=now)


def alarm_on_too_much_read(fact: TooMuchRead, *, now: datetime) -> None:
    """One alarm a day for each person and measure, however often they ask."""
    name = Person.objects.values_list("name", flat=True).get(pk=fact.viewer)
    raise_alarm(kind="bulk_reading", about=f"{name}: {fact.measure}, {london_day(now)}", now=now)

"""Which records `manager` would make to cross the regulator's bar from here, worked out by the engine itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from events import clock
from events.clock import london_day
from events.context import acting_as
from hesley_hub.demo.country import MANAGERS_HOME
from hesley_hub.demo.keys import key
from homes.models import Home
from oversight.escalation.models import Alert, Tier
from oversight.risk import engine
from oversight.risk.queries import EngineWorld, engine_world

MOST = 12
#: Kinds of record to try, in this order: stream, severity, source, and how a person would call it.
KINDS = (
    ("reg40", 2, "home", "Reg 40 notification"),
    ("lado", 3, "home", "LADO referral"),
)


@dataclass(frozen=True)
class Records:
    """So many records of one stream, as `manager` would make them today."""

    count: int
    stream: str
    severity: int
    source: str
    words: str

    def __str__(self) -> str:
        return f"{self.count} {self.words}{'s' if self.count > 1 else ''}"


@dataclass(frozen=True)
class Suggestion:
    """What crosses the bar today. records: any one of these ways does. already_open: it is crossed; start with --fresh.

    score and bar in nats; urn and home name the home of `manager`. A significant concern by `visitor` always crosses.
    """

    urn: str
    home: str
    score: float
    bar: float
    already_open: bool
    records: tuple[Records, ...]

    def __str__(self) -> str:
        if self.already_open:
            return f"The regulator has been alerted to {self.home} already. Start the hub with --fresh to try again."
        ways = " or ".join(str(way) for way in self.records)
        if not ways:
            return f"Sign in as visitor and raise a significant concern about {self.home}."
        return (
            f"Sign in as manager and record {ways}, for something that happened today at {self.home};"
            " or sign in as visitor and raise one significant concern. Then look at the mail."
        )


def suggestion(now: datetime | None = None) -> Suggestion | None:
    """What would cross the regulator's bar at `now`; None where the demonstration has no such home or no history yet.

    It looks through the eyes of `ofsted`, who sees everything about the home.
    """
    now = now or clock.now()
    with acting_as(key("person", "ofsted"), now):
        home = Home.objects.filter(urn=MANAGERS_HOME).first()
        if home is None:
            return None
        world = engine_world([home])
        open_now = Alert.objects.filter(
            home=home, picture="overseers", kind="change", tier=Tier.REGULATOR, ended_at__isnull=True
        ).exists()
    if not world.records:
        return None
    today = london_day(now)
    score = _score(world, today, [])
    return Suggestion(
        urn=home.urn,
        home=home.name,
        score=score,
        bar=engine.DEFAULT.regulator,
        already_open=open_now,
        records=() if open_now else tuple(_ways(world, today)),
    )


def _ways(world: EngineWorld, today: date) -> Iterator[Records]:
    for stream, severity, source, words in KINDS:
        for count in range(1, MOST + 1):
            made = [_record(world, today, stream, source, number) for number in range(count)]
            if _score(world, today, made) >= engine.DEFAULT.regulator:
                yield Records(count, stream, severity, source, words)
                break


def _score(world: EngineWorld, today: date, more: list[engine.Record]) -> float:
    """The score of the home on the overseers' picture with some records more. No band has homes enough for a fit."""
    urn = MANAGERS_HOME
    records = [*world.records.get(urn, ()), *more]
    return engine.assess(
        world.home(urn),
        records,
        world.placements.get(urn, ()),
        today,
        decisions=world.decisions.get(urn, ()),
        explained=False,
    ).score


def _record(world: EngineWorld, today: date, stream: str, source: str, number: int) -> engine.Record:
    blank = engine.Record(
        reference=f"next-{stream}-{number}",
        urn=MANAGERS_HOME,
        stream=stream,
        occurred_on=today,
        recorded_on=today,
        source=source,
    )
    there = [
        one.child
        for one in world.placements.get(MANAGERS_HOME, ())
        if one.starts_on <= today and (one.ends_on is None or one.ends_on > today)
    ]
    return replace(blank, child=there[number % len(there)]) if there else blank

"""Who is told of an alert, in which order and how long each has to answer: data, one ladder per tier and picture.

A ladder is copied onto the alert's Escalation when its tier is reached, so that later changes do not touch it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from events import deadlines
from oversight.escalation.models import Tier

VERSION = 1


class Audience(StrEnum):
    """Whose ladder it is. Each organisation of an audience has a branch of its own."""

    PROVIDER = "provider"
    PLACING = "placing"
    HOST = "host"
    LADO = "lado"
    ICB = "icb"
    REGULATOR = "regulator"


@dataclass(frozen=True)
class Clock:
    """How long an answer may take: elapsed hours, day and night, or working days that end at 17:00 in London."""

    hours: int = 0
    working_days: int = 0

    def due(self, since: datetime) -> datetime:
        if self.hours:
            return deadlines.after_hours(since, self.hours)
        return deadlines.after_working_days(since, self.working_days)

    @property
    def by_night(self) -> bool:
        """Whether it runs at night too, so that a desk must be staffed then."""
        return bool(self.hours)


@dataclass(frozen=True)
class Rung:
    """A desk of the organisation, and the posts whose holders at the home are written to beside it."""

    desk: str
    words: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ladder:
    """The rungs of one audience, and the posts that may answer. After the last rung comes the first again."""

    audience: Audience
    rungs: tuple[Rung, ...]
    answered_by: tuple[str, ...]


ANSWER_WITHIN = {
    Tier.LOOK: Clock(working_days=5),
    Tier.ESCALATE: Clock(working_days=2),
    Tier.REGULATOR: Clock(hours=4),
}

PROVIDER = Ladder(
    Audience.PROVIDER,
    (
        Rung("duty", "your registered manager", ("registered_manager",)),
        Rung("senior", "your responsible individual", ("responsible_individual",)),
        Rung("director", "your director"),
    ),
    ("registered_manager", "deputy_manager", "responsible_individual"),
)
PLACING = Ladder(
    Audience.PLACING,
    (
        Rung("duty", "your duty desk"),
        Rung("senior", "your head of service"),
        Rung("director", "your director of children's services"),
    ),
    ("placing_authority",),
)
HOST = Ladder(
    Audience.HOST,
    (
        Rung("safeguarding", "your safeguarding lead"),
        Rung("senior", "your head of service"),
        Rung("director", "your director of children's services"),
    ),
    ("host_authority",),
)
LADO = Ladder(
    Audience.LADO,
    (
        Rung("lado", "your LADO"),
        Rung("senior", "your head of service"),
        Rung("director", "your director of children's services"),
    ),
    ("lado",),
)
ICB = Ladder(
    Audience.ICB,
    (
        Rung("safeguarding", "your safeguarding lead"),
        Rung("senior", "your chief nurse"),
        Rung("director", "your director"),
    ),
    ("icb_lead",),
)
REGULATOR = Ladder(
    Audience.REGULATOR,
    (
        Rung("duty", "your duty desk"),
        Rung("senior", "your senior inspector"),
        Rung("director", "your regional director"),
    ),
    ("inspector",),
)

#: Picture and tier: whose ladders start. LADO's only where the evidence concerns an adult, the board's only where it
#: holds hospital records.
LADDERS: dict[tuple[str, Tier], tuple[Ladder, ...]] = {
    ("provider", Tier.LOOK): (PROVIDER,),
    ("provider", Tier.ESCALATE): (PROVIDER,),
    ("provider", Tier.REGULATOR): (PROVIDER,),
    ("overseers", Tier.LOOK): (HOST, PLACING),
    ("overseers", Tier.ESCALATE): (PLACING, HOST, LADO, ICB),
    ("overseers", Tier.REGULATOR): (REGULATOR, PLACING, HOST, LADO, ICB),
}

#: Headings of the steps, by desk, for the page that shows who has answered.
DESK_HEADINGS = {
    "duty": "People with a duty",
    "safeguarding": "People with a duty",
    "lado": "People with a duty",
    "senior": "Heads of service",
    "director": "Directors",
}

"""Who is told of an alert, in which order, how long each has to answer and to decide: data, by picture, tier and kind.

A ladder is copied onto the alert's Escalation when its tier is reached, so that later changes do not touch it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from events import deadlines
from oversight.escalation.models import Tier

VERSION = 2


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

    def __str__(self) -> str:
        if self.hours:
            return f"{self.hours} hours, day and night"
        return f"{self.working_days} working day{'' if self.working_days == 1 else 's'}"


@dataclass(frozen=True)
class Rung:
    """A desk, and the posts whose holders at the home are written to beside it.

    of: the audience whose desk it is, where that is not the ladder's own; answered_by: who may answer there.
    mailbox: the desk in whose mailbox it is told, where that bears another name.
    """

    desk: str
    words: str
    also: tuple[str, ...] = ()
    of: Audience | None = None
    mailbox: str = ""
    answered_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ladder:
    """The rungs of one audience, and the posts that may answer. After the last rung comes the first again."""

    audience: Audience
    rungs: tuple[Rung, ...]
    answered_by: tuple[str, ...]

    def only(self, *desks: str) -> "Ladder":
        return replace(self, rungs=tuple(rung for rung in self.rungs if rung.desk in desks))

    def then(self, rung: Rung) -> "Ladder":
        return replace(self, rungs=(*self.rungs, rung))


@dataclass(frozen=True)
class Policy:
    """Whose ladders start when an alert reaches a tier on a picture, and the two clocks.

    kinds: the kinds of alert that it is for; empty for every kind that has no policy of its own.
    decide_within runs from the answer: without a decision by then the branch climbs again.
    """

    picture: str
    tier: Tier
    ladders: tuple[Ladder, ...]
    answer_within: Clock
    decide_within: Clock
    kinds: tuple[str, ...] = ()


ANSWER_WITHIN = {
    Tier.LOOK: Clock(working_days=5),
    Tier.ESCALATE: Clock(working_days=2),
    Tier.REGULATOR: Clock(hours=4),
}
DECIDE_WITHIN = {
    Tier.LOOK: Clock(working_days=10),
    Tier.ESCALATE: Clock(working_days=5),
    Tier.REGULATOR: Clock(working_days=1),
}

PROVIDER = Ladder(
    Audience.PROVIDER,
    (
        Rung(
            "duty",
            "your registered manager and responsible individual",
            ("registered_manager", "responsible_individual"),
        ),
        Rung(
            "senior",
            "your responsible individual and deputy manager",
            ("responsible_individual", "deputy_manager"),
        ),
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
    (Rung("duty", "your duty desk"), Rung("director", "your regional director")),
    ("inspector",),
)
#: The last rung of whoever does not answer at escalate: a step of their ladder, no tier.
REGULATORS_DESK = Rung(
    "regulator",
    "the regulator's duty desk",
    of=Audience.REGULATOR,
    mailbox="duty",
    answered_by=REGULATOR.answered_by,
)

#: At each tier the LADO is told only where the evidence holds an allegation or names an adult, the board only where it
#: holds hospital records.
LOOKING = (HOST, PLACING)
ESCALATED = (
    PLACING.only("duty", "senior").then(REGULATORS_DESK),
    HOST.only("safeguarding", "senior").then(REGULATORS_DESK),
    LADO.only("lado", "senior").then(REGULATORS_DESK),
    ICB.only("safeguarding", "senior").then(REGULATORS_DESK),
)
URGENT = (
    REGULATOR,
    PLACING.only("duty", "director"),
    HOST.only("safeguarding", "director"),
    LADO.only("lado", "director"),
    ICB.only("safeguarding", "director"),
)


def _policy(picture: str, tier: Tier, *ladders: Ladder, kinds: tuple[str, ...] = ()) -> Policy:
    return Policy(picture, tier, ladders, ANSWER_WITHIN[tier], DECIDE_WITHIN[tier], kinds)


#: The provider's people answer for their own picture; who tells them of the overseers' is a person's decision.
POLICIES = (
    *(_policy("provider", tier, PROVIDER) for tier in Tier),
    _policy("overseers", Tier.LOOK, *LOOKING),
    _policy("overseers", Tier.LOOK, *LOOKING, kinds=("missing_report",)),
    _policy("overseers", Tier.ESCALATE, *ESCALATED),
    _policy("overseers", Tier.REGULATOR, *URGENT),
    _policy("overseers", Tier.REGULATOR, *URGENT, kinds=("rule",)),
)


def policy_for(picture: str, tier: str, kind: str) -> Policy:
    """The policy of a kind of alert that reaches a tier: its own, else the tier's."""
    found = [policy for policy in POLICIES if (policy.picture, policy.tier) == (picture, tier)]
    own = (policy for policy in found if kind in policy.kinds)
    return next(own, None) or next(policy for policy in found if not policy.kinds)


#: Headings of the steps, by desk, for the page that shows who has answered.
DESK_HEADINGS = {
    "duty": "People with a duty",
    "safeguarding": "People with a duty",
    "lado": "People with a duty",
    "senior": "Heads of service",
    "director": "Directors",
    "regulator": "The regulator’s duty desk",
}

"""The facts of a made world: plain data, with nothing of the product's but the kinds of organisation."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from homes.roles import Kind

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
#: The moments at which a world is looked at: its clock moves on.
MOMENTS = (NOW, NOW + timedelta(days=12))
#: Midnight after the day on which some homes close, between the moments.
CLOSES = datetime(2026, 11, 25, tzinfo=UTC)
#: A moment between them, at which some rights end.
BETWEEN = NOW + timedelta(days=6)
STREAMS = ("reg40", "lado", "whistleblowing", "complaint", "hospital")
#: Posts in one home.
AT_HOME = ("registered_manager", "deputy_manager", "staff", "records_holder")
GRANTED = ("provider", "regulator", "visitor", "authority")


@dataclass(frozen=True)
class Dated:
    """Half open; without an end it goes on."""

    starts: datetime
    ends: datetime | None

    def live(self, at: datetime) -> bool:
        return self.starts <= at and (self.ends is None or at < self.ends)


@dataclass(frozen=True)
class Right(Dated):
    """A post, a tie to a child, an appointment or a grant; only what its kind knows is filled."""

    who: str
    role: str
    org: str = ""
    home: str = ""
    child: str = ""
    picture: str = ""
    id: str = ""

    @property
    def key(self) -> str:
        """The child, the home or else the organisation that it is for."""
        return self.child or self.home or self.org


@dataclass(frozen=True)
class Stay(Dated):
    """A placement. consents: those given for the visitor to read the case record, by whose it is."""

    child: str
    home: str
    authority: str
    id: str = ""
    consents: tuple[tuple[str, Dated], ...] = ()

    def agreed(self, at: datetime) -> bool:
        """Whether both the child and the authority agree at the moment."""
        return {whose for whose, given in self.consents if given.live(at)} == {"child", "authority"}


@dataclass(frozen=True)
class Place:
    """A home; closed: from when it is. area: the organisations in whose area it lies."""

    key: str
    urn: str
    provider: str
    host: str
    icb: str
    closed: datetime | None = None
    area: tuple[str, ...] = ()

    def over(self, at: datetime) -> bool:
        return self.closed is not None and self.closed <= at


@dataclass(frozen=True)
class Thing:
    """Anything that may be opened; only what its kind knows is filled. token stands in its text.

    of: the homes and organisations it belongs to; about: people who are its subject; told: organisations it names; kept: placing authorities
    that keep it whether or not a child of theirs lives there.
    """

    kind: str
    key: str
    home: str = ""
    address: str = ""
    token: str = ""
    org: str = ""
    by: str = ""
    stream: str = ""
    children: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    adult: bool = False
    sees: bool = False
    own: bool = False
    picture: str = ""
    skips: bool = False
    filed: bool = False
    told: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    of: tuple[str, ...] = ()

    def named(self, deed: str) -> tuple[str, ...]:
        """The organisations that it names for this deed."""
        return self.kept if deed == "kept" else self.told

    @property
    def facts(self) -> set[str]:
        """What is so of the thing itself, in words of the model's."""
        so = {
            "shared": self.sees, "own": self.own, "adult": self.adult, "skips": self.skips, "filed": self.filed,
            "plain": self.stream != "whistleblowing", "referral": self.stream == "lado", "hospital": self.stream == "hospital",
            "overseers": self.picture == "overseers", "in-a-home": bool(self.home),
        }  # fmt: skip
        return {word for word, true in so.items() if true}


@dataclass
class World:
    """accounts: by person, from when to when it is open. others: things whose rows the walls are not held against.

    duties: records, at the addresses of their duties. accounts_told: what one child of a record said of it.
    """

    homes: list[Place] = field(default_factory=list)
    orgs: dict[str, Kind] = field(default_factory=dict)
    part_of: dict[str, str] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    accounts: dict[str, Dated] = field(default_factory=dict)
    children: list[Thing] = field(default_factory=list)
    adults: list[Thing] = field(default_factory=list)
    posts: list[Right] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    ties: list[Right] = field(default_factory=list)
    appointments: list[Right] = field(default_factory=list)
    grants: list[Right] = field(default_factory=list)
    boards: list[Right] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    others: list[Thing] = field(default_factory=list)
    duties: list[Thing] = field(default_factory=list)
    accounts_told: list[Thing] = field(default_factory=list)

    @property
    def rights(self) -> list[Right]:
        return [*self.posts, *self.ties, *self.appointments, *self.grants]

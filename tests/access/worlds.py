"""Made worlds: plain facts drawn at random, and the same facts in the database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from events.identity import new_id
from homes import models as homes
from homes.roles import ROLES, Kind
from incidents.complaints.models import ComplaintDetails
from incidents.hospital.models import HospitalDetails
from incidents.lado.models import LadoDetails
from incidents.record import models as records
from incidents.reg40.models import Reg40Details
from incidents.whistleblowing.models import WhistleblowingDetails
from oversight.escalation.models import Alert
from oversight.visits.models import SignificantConcern, Visit, VisitReport
from voice.heard.models import View

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
#: The moments at which a world is looked at: its clock moves on.
MOMENTS = (NOW, NOW + timedelta(days=12))
#: Midnight after the day on which some homes close, between the moments.
CLOSES = datetime(2026, 11, 25, tzinfo=UTC)
STREAMS = ("reg40", "lado", "whistleblowing", "complaint", "hospital")
GRANTED = ("provider", "regulator", "visitor", "authority")


@dataclass(frozen=True)
class Dated:
    """Half open; without an end it goes on."""

    starts: datetime
    ends: datetime | None


@dataclass(frozen=True)
class Post(Dated):
    who: str
    role: str
    org: str
    home: str


@dataclass(frozen=True)
class Stay(Dated):
    child: str
    home: str
    authority: str


@dataclass(frozen=True)
class Tie(Dated):
    who: str
    child: str
    role: str


@dataclass(frozen=True)
class Appointment(Dated):
    who: str
    home: str
    body: str


@dataclass(frozen=True)
class Grant(Dated):
    who: str
    home: str
    picture: str


@dataclass(frozen=True)
class Place:
    """A home; closed: from when it is."""

    key: str
    urn: str
    provider: str
    host: str
    icb: str
    closed: datetime | None = None


@dataclass(frozen=True)
class Thing:
    """Anything that may be opened; only what its kind knows is filled. token stands in its text."""

    kind: str
    key: str
    home: str
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
    told: tuple[str, ...] = ()


@dataclass
class World:
    homes: list[Place] = field(default_factory=list)
    orgs: dict[str, Kind] = field(default_factory=dict)
    part_of: dict[str, str] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    inactive: set[str] = field(default_factory=set)
    children: list[Thing] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)


def key() -> str:
    return str(new_id())


def token(kind: str) -> str:
    """A word that is nowhere else."""
    return f"zq{kind}{new_id().hex[-14:]}"


def dates(random: Random) -> tuple[datetime, datetime | None]:
    """Mostly in force; some over, some still to come, some ending between the two moments."""
    start = NOW - timedelta(days=random.choice((900, 300, 40)))
    kind = random.randrange(6)
    if kind == 0:
        return start, NOW - timedelta(days=3)
    if kind == 1:
        return start, NOW + timedelta(days=6)
    if kind == 2:
        return NOW + timedelta(days=random.choice((5, 30))), None
    if kind == 3:
        return start, NOW  # ends at the very moment: over
    return start, None


def drawn(random: Random, *, homes_count: int = 3) -> World:
    """A world of facts."""
    world = World()
    providers = _orgs(world, Kind.PROVIDER, random.choice((1, 2)))
    councils = _orgs(world, Kind.LOCAL_AUTHORITY, 2)
    boards = _orgs(world, Kind.ICB, 1)
    hospitals = _orgs(world, Kind.HOSPITAL, 1)
    world.part_of = dict.fromkeys(hospitals, boards[0])
    bodies = _orgs(world, Kind.VISITOR_BODY, 1)
    for kind in (Kind.REGULATOR, Kind.ADVOCACY, Kind.FAMILY, Kind.HUB):
        _orgs(world, kind, 1)
    for number in range(homes_count):
        world.homes.append(
            Place(
                key(),
                f"DEMO{number}{new_id().hex[-6:]}",
                random.choice(providers),
                random.choice(councils),
                boards[0],
                CLOSES if random.randrange(3) == 0 else None,
            )
        )
    for _ in range(4):
        child = key()
        world.children.append(Thing("child", child, world.homes[0].key, child, token("c"), children=(child,)))
        for home in random.sample(world.homes, random.choice((1, 1, 2))):
            world.stays.append(Stay(*dates(random), child, home.key, random.choice(councils)))
    _people(world, random, bodies[0])
    _things(world, random)
    return world


def _orgs(world: World, kind: Kind, count: int) -> list[str]:
    found = [key() for _ in range(count)]
    world.orgs |= dict.fromkeys(found, kind)
    return found


def _people(world: World, random: Random, body: str) -> None:
    for role in [*ROLES, "registered_manager", "placing_authority"]:
        who = key()
        world.people.append(who)
        if random.randrange(14) == 0:
            world.inactive.add(who)
        orgs = [org for org, kind in world.orgs.items() if kind is ROLES[role].organisation]
        home = random.choice(world.homes)
        at_home = role in ("registered_manager", "deputy_manager", "staff", "records_holder")
        org = home.provider if at_home else random.choice(orgs)
        world.posts.append(Post(*dates(random), who, role, org, home.key if at_home else ""))
        if role in ("social_worker", "advocate", "family"):
            world.ties.append(Tie(*dates(random), who, random.choice(world.children).key, role))
        if role == "visitor":
            world.appointments.append(Appointment(*dates(random), who, home.key, body))
        if random.randrange(8) == 0:
            starts, ends = dates(random)
            place = random.choice(world.homes).key
            world.grants.append(
                Grant(
                    starts, ends or max(starts, NOW) + timedelta(days=9), who, place, random.choice(GRANTED)
                )
            )


def _things(world: World, random: Random) -> None:
    def child(home: str) -> str:
        """Somebody who lives, lived or will live there."""
        return random.choice([stay.child for stay in world.stays if stay.home == home])

    lived_in = [home.key for home in world.homes if any(stay.home == home.key for stay in world.stays)]

    def somebody() -> str:
        """Anybody; hospital staff more often, who read only what they recorded."""
        staff = [post.who for post in world.posts if post.role == "hospital_staff"]
        return random.choice(staff if random.random() < 0.3 else world.people)

    def who_could_read(home: str) -> str:
        """Somebody who would read it, were it not about them."""
        near = {
            "registered_manager",
            "deputy_manager",
            "staff",
            "responsible_individual",
            "inspector",
            "visitor",
        }
        return random.choice([post.who for post in world.posts if post.home == home or post.role in near])

    for stream in (*STREAMS, *STREAMS):
        own = stream != "whistleblowing" and random.random() < 0.5
        shared = not own and stream != "whistleblowing" and random.random() < 0.3
        home = random.choice(lived_in)
        about = (who_could_read(home),) if stream in ("complaint", "lado") and random.random() < 0.7 else ()
        world.things.append(
            Thing(
                "record", key(), home, f"R{new_id().hex[-12:]}", token("r"),
                by=somebody(), stream=stream, children=(child(home),), about=about,
                adult=stream == "lado" or random.random() < 0.2, sees=own or shared, own=own,
            )
        )  # fmt: skip
    for _ in range(3):
        own, shared = random.random() < 0.4, random.random() < 0.3
        view, home = key(), random.choice(lived_in)
        world.things.append(
            Thing(
                "view", view, home, view, token("v"), by=somebody(), children=(child(home),),
                own=own, sees=own or shared,
            )
        )  # fmt: skip
    for home in world.homes:
        visit = key()
        world.things.append(Thing("visit", visit, home.key, visit, token("w"), by=somebody()))
    for _ in range(2):
        place = random.choice(world.homes)
        world.things.append(
            Thing("concern", key(), place.key, f"S{new_id().hex[-12:]}", token("s"), by=somebody())
        )
        for picture in ("provider", "overseers"):
            told = random.sample((place.host, place.icb), random.randrange(3))
            alone = random.random() < 0.3
            world.things.append(
                Thing(
                    "alert", key(), "" if alone else place.key, f"A{new_id().hex[-12:]}", token("a"), org=place.provider,
                    picture=picture, skips=random.random() < 0.5, told=tuple(told),
                )
            )  # fmt: skip


def build(world: World) -> dict[str, homes.User]:
    """The world in the database, as the owner; its users by key."""
    for org, kind in world.orgs.items():
        if org not in world.part_of:
            homes.Organisation.objects.create(id=org, name=f"{kind} {org[-6:]}", kind=kind)
    for org, whole in world.part_of.items():
        homes.Organisation.objects.create(
            id=org, name=f"hospital {org[-6:]}", kind="hospital", part_of_id=whole
        )
    users = _users(world)
    homes.Home.objects.bulk_create(
        homes.Home(
            id=home.key, urn=home.urn, name=f"House {home.urn}", provider_id=home.provider, places=4, town="Town",
            host_authority_id=home.host, icb_id=home.icb, closed_on=date(2026, 11, 24) if home.closed else None,
        )
        for home in world.homes
    )  # fmt: skip
    homes.Child.objects.bulk_create(
        homes.Child(id=child.key, name=f"Name {child.token}", initials=child.token[-6:])
        for child in world.children
    )
    _rights(world)
    makers: dict[str, Callable[[list[Thing]], None]] = {
        "record": _records, "view": _views, "visit": _visits, "concern": _concerns, "alert": _alerts,
    }  # fmt: skip
    for kind, make in makers.items():
        make([thing for thing in world.things if thing.kind == kind])
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    return users


def _users(world: World) -> dict[str, homes.User]:
    homes.Person.objects.bulk_create(homes.Person(id=who, name=f"Person {who[-6:]}") for who in world.people)
    users = [
        homes.User(
            id=who, person_id=who, username=f"u{who[-12:]}", password="md5$none$none", joined_at=NOW - timedelta(days=999),
            is_active=who not in world.inactive,
        )
        for who in world.people
    ]  # fmt: skip
    homes.User.objects.bulk_create(users)
    return {str(user.pk): user for user in users}


def _rights(world: World) -> None:
    def span(dated: Dated) -> dict[str, Any]:
        return {"starts_at": dated.starts, "ends_at": dated.ends}

    homes.Post.objects.bulk_create(
        homes.Post(user_id=p.who, role=p.role, organisation_id=p.org, home_id=p.home or None, **span(p))
        for p in world.posts
    )
    homes.Placement.objects.bulk_create(
        homes.Placement(child_id=s.child, home_id=s.home, placing_authority_id=s.authority, **span(s))
        for s in world.stays
    )
    homes.ChildRelation.objects.bulk_create(
        homes.ChildRelation(user_id=t.who, child_id=t.child, capacity=t.role, **span(t)) for t in world.ties
    )
    provider = {home.key: home.provider for home in world.homes}
    homes.Appointment.objects.bulk_create(
        homes.Appointment(
            user_id=a.who, home_id=a.home, appointed_by_id=provider[a.home], nominated_by_id=a.body, **span(a)
        )
        for a in world.appointments
    )
    with connection.cursor() as cursor:
        cursor.execute("select id from auth_permission order by id limit 1")
        permission = cursor.fetchone()[0]
    homes.HomeGrant.objects.bulk_create(
        homes.HomeGrant(
            user_id=g.who, content_object_id=g.home, picture=g.picture, reason="cover", permission_id=permission,
            granted_by_id=world.people[0], **span(g),
        )
        for g in world.grants
    )  # fmt: skip


_DETAILS: dict[str, Callable[[dict[str, Any], Thing], Any]] = {
    "reg40": lambda part, thing: Reg40Details(event="40(4)(e)", action_taken=thing.token, **part),
    "lado": lambda part, thing: LadoDetails(limbs=["harmed"], action_taken=thing.token, **part),
    "whistleblowing": lambda part, thing: WhistleblowingDetails(
        identity="anonymous", relation="staff", category="poor_care", action_taken=thing.token, **part
    ),
    "complaint": lambda part, thing: ComplaintDetails(
        complaint_type="parent",
        wanted=thing.token,
        about_person_id=thing.about[0] if thing.about else None,
        **part,
    ),
    "hospital": lambda part, thing: HospitalDetails(attendance="ed", follow_up=thing.token, **part),
}


def _records(things: list[Thing]) -> None:
    at = NOW - timedelta(days=9)
    for thing in things:
        shared = thing.sees and not thing.own
        records.Incident.objects.create(
            id=thing.key, reference=thing.address, home_id=thing.home, stream=thing.stream, occurred_at=at, known_at=at,
            recorded_at=at, source="home" if thing.own else "hospital", severity=3, narrative=f"It was {thing.token}.",
            recorded_by_id=thing.by, child_ids=[UUID(child) for child in thing.children], concerns_adult=thing.adult,
            by_provider=thing.own, shared_with_provider_at=at if shared else None,
            shared_with_provider_by_id=thing.by if shared else None,
            shared_with_provider_why=f"why {thing.token}" if shared else "",
        )  # fmt: skip
        part = {"incident_id": thing.key, "home_id": thing.home, "provider_sees": thing.sees}
        _DETAILS[thing.stream](part, thing).save(force_insert=True)
        records.Involvement.objects.create(child_id=thing.children[0], account=f"said {thing.token}", **part)
        if thing.stream == "lado":
            for who in thing.about:
                adult, _ = homes.Adult.objects.get_or_create(
                    person_id=who, defaults={"name": f"Adult {who[-6:]}"}
                )
                records.AdultInvolvement.objects.create(adult=adult, **part)
        records.IncidentTheme.objects.create(theme="restraint", **part)
        records.Duty.objects.create(
            code="test",
            who=f"told {thing.token}",
            legal_basis="Reg 40(4)",
            due_at=NOW + timedelta(days=1),
            **part,
        )


def _views(things: list[Thing]) -> None:
    at = NOW - timedelta(days=8)
    for thing in things:
        shared = thing.sees and not thing.own
        View.objects.create(
            id=thing.key, child_id=thing.children[0], home_id=thing.home, said_at=at, recorded_at=at, method="speech",
            words=f"I say {thing.token}", heard_by="a helper", recorded_by_id=thing.by, by_provider=thing.own,
            shared_with_provider_at=at if shared else None, shared_with_provider_by_id=thing.by if shared else None,
        )  # fmt: skip


def _visits(things: list[Thing]) -> None:
    for thing in things:
        visit = Visit.objects.create(
            id=thing.key,
            home_id=thing.home,
            visitor_id=thing.by,
            visited_on=date(2026, 11, 12),
            recorded_at=NOW,
        )
        VisitReport.objects.create(
            visit=visit, home_id=thing.home, reference=f"V{thing.key[-12:]}", filed_at=NOW - timedelta(days=2),
            filed_by_id=thing.by, safeguarded="yes", safeguarded_reasons=f"seen {thing.token}", well_being="yes",
            well_being_reasons=thing.token,
        )  # fmt: skip


def _concerns(things: list[Thing]) -> None:
    for thing in things:
        SignificantConcern.objects.create(
            id=thing.key, reference=thing.address, home_id=thing.home, raised_at=NOW - timedelta(days=3),
            raised_by_id=thing.by, what=f"locked {thing.token}",
        )  # fmt: skip


def _alerts(things: list[Thing]) -> None:
    for number, thing in enumerate(things):
        Alert.objects.create(
            id=thing.key, reference=thing.address, picture=thing.picture, scope="home" if thing.home else "provider",
            home_id=thing.home or None, provider_id=thing.org, kind=f"rule{number}", pattern=thing.token, tier="escalate",
            skips_provider=thing.skips, told_ids=[UUID(org) for org in thing.told], opened_at=NOW - timedelta(days=4),
            raised_on=date(2026, 11, 19), set_off_by=new_id(), explanation={"sentence": thing.token},
        )  # fmt: skip

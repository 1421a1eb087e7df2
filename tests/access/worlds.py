"""Made worlds: plain facts drawn at random (tests.access.facts); the same facts in the database: tests.access.building."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from events.identity import new_id
from homes.roles import ROLES, Kind
from tests.access.building import build as build
from tests.access.building import move_on as move_on
from tests.access.facts import (
    AT_HOME,
    BETWEEN,
    CLOSES,
    GRANTED,
    NOW,
    STREAMS,
    Dated,
    Place,
    Right,
    Stay,
    World,
)
from tests.access.facts import MOMENTS as MOMENTS
from tests.access.facts import Thing as Thing


def key() -> str:
    return str(new_id())


def token(kind: str) -> str:
    """A word that is nowhere else."""
    return f"zq{kind}{new_id().hex[-14:]}"


def dates(random: Random) -> tuple[datetime, datetime | None]:
    """Mostly in force; some over, some still to come, some ending between the two moments."""
    start = NOW - timedelta(days=random.choice((900, 300, 40)))
    kind = random.randrange(6)
    if kind == 1:
        return start, NOW - timedelta(days=3)
    if kind == 2:
        return start, BETWEEN
    if kind == 3:
        return NOW + timedelta(days=random.choice((5, 30))), None
    if kind == 4:
        return start, NOW  # ends at the very moment: over
    return start, None


def drawn(random: Random, *, homes_count: int | None = None) -> World:
    """A world of facts. random: any source of draws, Hypothesis's own included, which then shrinks the world."""
    world = World()
    providers = _orgs(world, Kind.PROVIDER, random.choice((1, 2)))
    councils = _orgs(world, Kind.LOCAL_AUTHORITY, 2)
    boards = _orgs(world, Kind.ICB, 1)
    hospitals = _orgs(world, Kind.HOSPITAL, 1)
    world.part_of = dict.fromkeys(hospitals, boards[0])
    bodies = _orgs(world, Kind.VISITOR_BODY, 1)
    for kind in (Kind.REGULATOR, Kind.ADVOCACY, Kind.FAMILY, Kind.HUB):
        _orgs(world, kind, 1)
    for number in range(homes_count or random.choice((1, 2, 3, 3, 3, 3))):
        host, closed = random.choice(councils), CLOSES if random.randrange(3) == 1 else None
        urn, area = f"DEMO{number}{new_id().hex[-6:]}", (host, *boards, *hospitals)
        world.homes.append(Place(key(), urn, random.choice(providers), host, boards[0], closed, area))
    _children(world, random, councils, boards[0])
    _people(world, random, bodies[0])
    _records(world, random)
    _others(world, random)
    _answers(world, random)
    return world


def _orgs(world: World, kind: Kind, count: int) -> list[str]:
    found = [key() for _ in range(count)]
    world.orgs |= dict.fromkeys(found, kind)
    return found


def _children(world: World, random: Random, councils: list[str], board: str) -> None:
    for _ in range(random.choice((3, 4, 4))):
        child = key()
        homes = random.sample(world.homes, random.choice((1, 1, 2)[: len(world.homes) + 1]))
        for home in homes:
            stay = Stay(*dates(random), child, home.key, random.choice(councils), key())
            world.stays.append(replace(stay, consents=_consents(random)))
        of = tuple(part for home in homes for part in (home.key, home.provider))
        world.children.append(Thing("child", child, "", child, token("c"), children=(child,), of=of))
        if random.randrange(2):
            world.boards.append(Right(*dates(random), "", "icb_lead", board, child=child))


def _consents(random: Random) -> tuple[tuple[str, Dated], ...]:
    """Both, one or none, mostly in force."""
    whose = random.choice((("child", "authority"), ("child", "authority"), ("authority",), ()))
    return tuple((one, Dated(*dates(random))) for one in whose)


def _people(world: World, random: Random, body: str) -> None:
    for role in [*ROLES, "registered_manager", "placing_authority"]:
        who = key()
        world.people.append(who)
        ends = random.choice((*[None] * 14, NOW - timedelta(days=1), BETWEEN))
        world.accounts[who] = Dated(NOW - timedelta(days=999), ends)
        orgs = [org for org, kind in world.orgs.items() if kind is ROLES[role].organisation]
        home = random.choice(world.homes)
        at_home = role in AT_HOME
        org = home.provider if at_home else random.choice(orgs)
        post = Right(*dates(random), who, role, org, home.key if at_home else "", id=key())
        world.posts.append(post)
        if role in ("social_worker", "advocate", "family"):
            child = random.choice(world.children).key
            world.ties.append(Right(*dates(random), who, role, child=child))
        if role == "visitor":
            world.appointments.append(Right(*dates(random), who, role, body, home.key))
        if random.randrange(8) == 1:
            starts, ended = dates(random)
            picture, place = random.choice(GRANTED), random.choice(world.homes).key
            ends = ended or max(starts, NOW) + timedelta(days=9)
            world.grants.append(Right(starts, ends, who, "grant", home=place, picture=picture))


def _somebody(world: World, random: Random, role: str = "hospital_staff") -> str:
    """Anybody; more often somebody in this post, who needs their own things to open any."""
    theirs = [post.who for post in world.posts if post.role == role]
    return random.choice(theirs if random.randrange(3) == 1 else world.people)


def _near(world: World, random: Random, home: str) -> str:
    """Somebody who would read what happens there, were it not about them."""
    near = {"responsible_individual", "inspector", "visitor"}
    return random.choice([post.who for post in world.posts if post.home == home or post.role in near])


def _some_children(world: World, random: Random, home: str, most: int) -> tuple[str, ...]:
    """Children who live, lived or will live there."""
    there = list(dict.fromkeys(stay.child for stay in world.stays if stay.home == home))
    return tuple(random.sample(there, min(random.randrange(1, most + 1), len(there))))


def _lived_in(world: World) -> list[str]:
    return [home.key for home in world.homes if any(stay.home == home.key for stay in world.stays)]


def _records(world: World, random: Random) -> None:
    world.adults += [
        Thing("adult", key(), place.key, token=token("p"), of=(place.key,)) for place in world.homes
    ]
    for stream in (*STREAMS, *STREAMS):
        own = stream != "whistleblowing" and random.randrange(2) == 1
        shared = not own and stream != "whistleblowing" and random.randrange(3) == 1
        home = random.choice(_lived_in(world))
        subject = stream in ("complaint", "lado") and random.randrange(3) > 0
        about = (_near(world, random, home),) if subject else ()
        record = Thing(
            "record", key(), home, f"R{new_id().hex[-12:]}", token("r"),
            by=_somebody(world, random), stream=stream, children=_some_children(world, random, home, 2), about=about,
            adult=stream == "lado" or random.randrange(5) == 1, sees=own or shared, own=own, of=(home,),
        )  # fmt: skip
        world.things.append(record)
        world.duties.append(replace(record, address=key(), token=""))
        world.accounts_told += [
            replace(record, kind="account", token=token("t"), children=(child,)) for child in record.children
        ]


def _others(world: World, random: Random) -> None:
    for _ in range(3):
        own, shared = random.randrange(5) > 2, random.randrange(3) == 1
        view, home = key(), random.choice(_lived_in(world))
        by, children = _somebody(world, random), _some_children(world, random, home, 1)
        world.things.append(
            Thing(
                "view", view, home, view, token("v"), by=by, children=children, own=own, sees=own or shared, of=(home,)
            )
        )  # fmt: skip
    for place in world.homes:
        for filed, where in ((True, world.things), (False, world.others)):
            visit, by, of = key(), _somebody(world, random, "visitor"), (place.key,)
            where.append(Thing("visit", visit, place.key, visit, token("w"), by=by, filed=filed, of=of))
    for _ in range(2):
        place = random.choice(world.homes)
        by, reference = _somebody(world, random), f"S{new_id().hex[-12:]}"
        world.things.append(Thing("concern", key(), place.key, reference, token("s"), by=by, of=(place.key,)))
        world.things += [_alert(world, random, place, picture) for picture in ("provider", "overseers")]


def _alert(world: World, random: Random, place: Place, picture: str) -> Thing:
    """About one home, or about all of its provider's."""
    told = tuple(random.sample((place.host, place.icb), random.randrange(3)))
    alone = random.randrange(3) == 1
    placing = [org for org, kind in world.orgs.items() if kind == "local_authority"]
    # Every third authority keeps it; not drawn, so that the rest of the world stays as it was.
    kept = tuple(placing[len(world.things) % 3 :: 3]) if picture == "overseers" else ()
    of = [home.key for home in world.homes if home.provider == place.provider] if alone else [place.key]
    return Thing(
        "alert", key(), "" if alone else place.key, f"A{new_id().hex[-12:]}", token("a"), org=place.provider,
        picture=picture, skips=random.randrange(2) == 1, told=told, kept=kept, of=tuple(of),
    )  # fmt: skip


def _answers(world: World, random: Random) -> None:
    """Half-typed records, links of two records, and what follows from posts."""
    for stream in STREAMS:
        home, draft = random.choice(world.homes).key, key()
        by = _near(world, random, home) if random.randrange(2) else random.choice(world.people)
        world.others.append(Thing("draft", draft, home, draft, token("d"), by=by, stream=stream, of=(home,)))
    for place in world.homes:
        pair = [one for one in world.things if one.kind == "record" and one.home == place.key][:2]
        if len(pair) == 2:
            link, about = key(), pair[0].about + pair[1].about
            told = tuple(one.key for one in pair)
            world.others.append(
                Thing("matter", link, place.key, link, about=about, told=told, of=(place.key,))
            )
    for post in world.posts:
        if post.ends is None:
            world.others.append(
                Thing(
                    "post",
                    post.id,
                    post.home,
                    post.id,
                    by=post.who,
                    stream=post.role,
                    of=(post.org, post.home),
                )
            )
    for who in world.people:
        of = tuple({part for post in world.posts if post.who == who for part in (post.org, post.home)})
        world.others.append(Thing("person", who, "", who, by=who, of=of))
    for org in world.orgs:
        world.others.append(Thing("organisation", org, "", org, told=(org,)))

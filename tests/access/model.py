"""Who may do what, in plain Python that knows nothing of the product's code. World: see tests.access.worlds."""

from datetime import datetime
from typing import Any

PROVIDERS = ("registered_manager", "deputy_manager", "staff", "responsible_individual")
OWN = {"inspector": "regulator", "cqc_inspector": "regulator"}
AREA = {"host_authority": "authority", "lado": "lado"}


def live(dated: Any, at: datetime) -> bool:
    return bool(dated.starts <= at and (dated.ends is None or at < dated.ends))


def capacities(world: Any, who: str, home: Any, at: datetime) -> set[tuple[str, str]]:
    """(picture, organisation) in which somebody stands to a home."""
    if who in world.inactive:
        return set()
    stays = [stay for stay in world.stays if stay.home == home.key and live(stay, at)]
    found = {
        ("visitor", a.body) for a in world.appointments if a.who == who and a.home == home.key and live(a, at)
    }
    found |= {(g.picture, "") for g in world.grants if g.who == who and g.home == home.key and live(g, at)}
    ties = [
        tie
        for tie in world.ties
        if tie.who == who and live(tie, at) and any(s.child == tie.child for s in stays)
    ]
    found |= {("authority" if tie.role == "social_worker" else "child", "") for tie in ties}
    for post in (post for post in world.posts if post.who == who and live(post, at)):
        role, org, here = post.role, post.org, post.home == home.key
        closed = home.closed is not None and home.closed <= at
        sends = any(stay.authority == org for stay in stays)
        leads = role == "responsible_individual" and not post.home and home.provider == org
        nominated = any(a.home == home.key and a.body == org for a in world.appointments)
        found |= {("provider", org)} if role in PROVIDERS and (here or leads) and not closed else set()
        found |= {("provider", org)} if role == "records_holder" and here and closed else set()
        found |= {(OWN[role], org)} if role in OWN else set()
        found |= {(AREA[role], org)} if role in AREA and home.host == org else set()
        found |= {("icb", org)} if role == "icb_lead" and home.icb == org else set()
        found |= {("author", org)} if role == "hospital_staff" and world.part_of[org] == home.icb else set()
        found |= {("authority", org)} if role == "placing_authority" and sends else set()
        found |= {("visits", org)} if role == "visitor_commissioner" and nominated else set()
    return found


def own_children(world: Any, who: str, at: datetime, *, family: bool = True) -> set[str]:
    ties = {t.child for t in world.ties if t.who == who and live(t, at) and (family or t.role != "family")}
    sends = {p.org for p in world.posts if p.who == who and p.role == "placing_authority" and live(p, at)}
    placed = {s.child for s in world.stays if s.authority in sends and live(s, at)}
    return set() if who in world.inactive else ties | placed


def may(world: Any, who: str, thing: Any, at: datetime) -> bool:
    """Whether somebody may open a thing: child, record, view, visit, report, concern or alert."""
    homes = [
        home
        for home in world.homes
        if home.key == thing.home or (not thing.home and home.provider == thing.org)
    ]
    held = {found for home in homes for found in capacities(world, who, home, at)}
    stands, mine = {picture for picture, _ in held}, own_children(world, who, at)
    match thing.kind:
        case "child":
            lived = [
                home
                for home in world.homes
                if any(s.child == thing.key and s.home == home.key for s in world.stays)
            ]
            near = {picture for home in lived for picture, _ in capacities(world, who, home, at)}
            return thing.key in mine or bool(near & {"provider", "regulator", "visitor"})
        case "record":
            theirs = ("lado" in stands and thing.adult) or (
                "authority" in stands and bool(mine & set(thing.children))
            )
            open_to = "visitor" in stands or theirs or (thing.by == who and bool(held))
            allowed = "regulator" in stands or (thing.stream != "whistleblowing" and open_to)
            return (allowed or (thing.sees and "provider" in stands)) and who not in thing.about
        case "view":
            own = thing.children[0] in own_children(world, who, at, family=False)
            return (
                own
                or thing.by == who
                or bool(stands & {"regulator", "visitor"})
                or (thing.sees and "provider" in stands)
            )
        case "visit":
            return bool(stands & {"provider", "regulator", "authority", "visitor", "visits"})
        case "concern":
            return bool(stands & {"regulator", "authority", "visitor"})
        case "alert" if thing.picture == "provider":
            return "provider" in stands and not thing.skips
        case _:
            told = {
                org
                for home in world.homes
                for picture, org in capacities(world, who, home, at)
                if picture in ("lado", "icb")
            }
            return bool(stands & {"regulator", "authority"}) or bool(told & set(thing.told))

"""Who may do what, in plain Python that knows nothing of the product's code. World: see tests.access.worlds.

Somebody stands to a thing in certain words (``words``); RULES says which of them open it, or let them act on it.
"""

from datetime import datetime
from typing import Any

#: Role -> the picture of a home that it gives; what must join the two; what its holder may do.
POSTS: dict[str, Any] = {
    "registered_manager": ("provider", "home", ("reg40", "lado", "hospital", "complaint", "view", "answer", "desk", "people")),
    "deputy_manager": ("provider", "home", ("reg40", "lado", "hospital", "complaint", "view", "answer", "desk")),
    "staff": ("provider", "home", ("reg40", "lado", "hospital", "complaint", "view", "answer")),
    "responsible_individual": ("provider", "group", ("reg40", "lado", "hospital", "complaint", "view", "answer", "desk", "people")),
    "records_holder": ("provider", "closed", ()),
    "inspector": ("regulator", "all", ("whistleblowing", "decide", "desk", "people", "names")),
    "cqc_inspector": ("regulator", "all", ("desk", "names")),
    "host_authority": ("authority", "area", ("whistleblowing", "lado", "desk", "glass", "people")),
    "placing_authority": ("authority", "sends", ("complaint", "whistleblowing", "view", "answer", "kept", "desk", "glass", "people")),
    "social_worker": ("authority", "child", ("complaint", "view", "answer", "glass")),
    "lado": ("lado", "area", ("lado", "whistleblowing", "told", "desk", "glass", "people")),
    "icb_lead": ("icb", "area", ("told", "desk", "glass", "people")),
    "hospital_staff": ("author", "area", ("hospital", "desk")),
    "visitor": ("visitor", "given", ("reg44", "view", "answer")),
    "visitor_commissioner": ("visits", "body", ("desk", "people")),
    "advocate": ("child", "child", ("view", "answer", "desk")),
    "family": ("child", "child", ("view",)),
    "administrator": ("", "nothing", ("people",)),
    "grant": ("", "given", ()),
}  # fmt: skip
#: Deed and thing -> the ways there, each of words that must all hold (``not-``: must not). Whoever may not open a thing
#: does nothing with it; a deed without a line of its own needs no more than that.
RULES = {
    "open child": "provider | regulator | visitor | mine | board:icb_lead",
    "open case": "provider | regulator | mine | agreed",
    "record child": "to:view",
    "look child": "as:placing_authority | as:social_worker | for:people",
    "open adult": "to:lado | to:names",
    "open record": "not-about regulator | not-about shared provider | not-about plain visitor"
    " | not-about plain adult lado | not-about plain mine authority | not-about plain recorded standing"
    " | not-about hospital icb board:icb_lead",
    "open account": "regulator | shared provider | lado | author | agreed | mine | board:icb_lead",
    "share record": "plain not-shared not-closed regulator:inspector | plain not-shared not-closed regulator:grant"
    " | plain not-shared not-closed authority"
    " | plain not-shared not-closed lado | plain not-shared not-closed author",
    "say record": "recorded | own provider",
    "decide record": "referral lado",
    "open view": "regulator | agreed | shared provider | recorded"
    " | as:placing_authority | as:social_worker | as:advocate",
    "answer view": "to:answer",
    "share view": "not-closed recorded | not-closed to:answer",
    "open visit": "provider | regulator | authority | visitor | visits",
    "write visit": "not-filed recorded to:reg44",
    "print visit": "filed provider | filed regulator | filed authority | filed visitor",
    "open concern": "regulator | authority | visitor",
    "open alert": "not-overseers not-skips provider"
    " | overseers regulator | overseers authority | overseers named:told | overseers named:kept",
    "decide matter": "not-about regulator to:decide",
    "open draft": "recorded",
    "write draft": "to:{}",
    "record stream": "to:{}",
    "open home": "standing",
    "open records": "provider | regulator | authority | lado | icb | visitor | author",
    "open children": "provider | regulator | authority | visitor | child",
    "open visits": "provider | regulator | authority | visitor | visits",
    "record visits": "to:reg44",
    "open matters": "regulator",
    "open timeline": "provider | regulator | authority | lado | icb | visitor",
    "open assessment": "provider | regulator",
    "open own": "",
    "open group": "post:responsible_individual",
    "open provider": "post:inspector | post:cqc_inspector",
    "open nation": "post:inspector | post:cqc_inspector",
    "open authority": "post:placing_authority",
    "open area": "post:host_authority | post:lado | post:icb_lead",
    "open hub": "post:administrator",
    "open people": "post:administrator | post:responsible_individual",
    "open post": "not-recorded post:administrator | not-recorded in-a-home post:responsible_individual for:people",
    "open person": "recorded | for:people",
    "open desks": "any:desk | post:administrator",
    "open organisation": "named:desk | post:administrator",
    "open glass": "post:administrator | post:inspector | post:cqc_inspector",
    "write emergency": "any:glass",
}
#: Words that a rule may ask for not to hold.
NOT = {"about", "shared", "closed", "filed", "overseers", "skips", "recorded"}
PICTURE, REACH, DEEDS = ({role: row[column] for role, row in POSTS.items()} for column in (0, 1, 2))


def held(world: Any, who: str, at: datetime) -> list[Any]:
    """The posts, ties, appointments and grants that somebody holds; a closed account holds none."""
    return [r for r in world.rights if r.who == who and r.live(at) and world.accounts[who].live(at)]


def capacities(world: Any, who: str, home: Any, at: datetime) -> set[tuple[str, Any]]:
    """(picture, by what right) in which somebody stands to a home."""
    here = [stay for stay in world.stays if stay.home == home.key and stay.live(at)]
    ways = {("given", home.key)} | {("area", org) for org in home.area}
    ways |= {("closed", home.key)} if home.over(at) else {("home", home.key), ("group", home.provider)}
    ways |= {("sends", stay.authority) for stay in here} | {("child", stay.child) for stay in here}
    ways |= {("body", one.org) for one in world.appointments if one.home == home.key}
    near = [r for r in held(world, who, at) if REACH[r.role] == "all" or (REACH[r.role], r.key) in ways]
    return {(right.picture or PICTURE[right.role], right) for right in near}


def own_children(world: Any, who: str, at: datetime) -> set[tuple[str, str]]:
    """(child, role) of children whom somebody is tied to, or whom their authority has placed."""
    rights, stays = held(world, who, at), [stay for stay in world.stays if stay.live(at)]
    sends = [(right.role, right.key) for right in rights if REACH[right.role] == "sends"]
    placed = {(stay.child, role) for stay in stays for role, org in sends if stay.authority == org}
    return placed | {(right.child, right.role) for right in rights if right.child}


def words(world: Any, who: str, thing: Any, at: datetime) -> set[str]:
    """How somebody stands to a thing, in the words of RULES; those of the thing itself are its facts."""
    stays = [stay for stay in world.stays if stay.child == thing.key]
    left = {stay.home for stay in stays} - {stay.home for stay in stays if stay.live(at)}
    agreed = {s.home for s in world.stays if s.child in thing.children and s.live(at) and s.agreed(at)}
    near = [home for home in world.homes if home.key in thing.of]
    stands = [(home, *pair) for home in near for pair in capacities(world, who, home, at)]
    posts = [(post, DEEDS[post.role]) for post in held(world, who, at) if post in world.posts]
    mine = {role for child, role in own_children(world, who, at) if child in thing.children}
    found = set(thing.facts) | {w for _, p, r in stands for w in (p, "standing", f"{p}:{r.role}")}
    found |= {f"to:{deed}" for home, _, r in stands for deed in DEEDS[r.role] if home.key not in left}
    found |= {f"any:{deed}" for _, deeds in posts for deed in deeds}
    found |= {f"for:{deed}" for post, deeds in posts for deed in deeds if post.key in thing.of}
    found |= {f"named:{deed}" for post, deeds in posts for deed in deeds if post.org in thing.named(deed)}
    found |= {"agreed" for home, picture, _ in stands if picture == "visitor" and home.key in agreed}
    boards = [board.org for board in world.boards if board.child in thing.children and board.live(at)]
    found |= {f"board:{post.role}" for post, _ in posts if post.org in boards}
    found |= {f"post:{post.role}" for post, _ in posts} | {f"as:{role}" for role in mine}
    found |= {word for word, whom in (("recorded", [thing.by]), ("about", thing.about)) if who in whom}
    return found | {"mine" for _ in mine} | {"closed" for home in near if home.over(at)}


def may(world: Any, who: str, thing: Any, at: datetime, deed: str = "open") -> bool:
    """Whether somebody may open a thing, or do something else with it."""
    found, opens = words(world, who, thing, at), f"open {thing.kind}"
    ways = RULES.get(f"{deed} {thing.kind}", RULES.get(opens, "")).format(thing.stream).split("|")
    lets = any(set(way.split()) <= found | {f"not-{word}" for word in NOT - found} for way in ways)
    return lets and (deed == "open" or opens not in RULES or may(world, who, thing, at))

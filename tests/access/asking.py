"""Every address of a made world with the thing it is about: what the model says of asking for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hesley_hub.access.routes import ROUTES, Action
from hesley_hub.access.routes import Thing as About
from tests.access import model
from tests.access.addresses import Address, Things, filled
from tests.access.building import done_of
from tests.access.facts import STREAMS, Thing, World

#: What an address's key may name, as the model calls it.
KINDS = {
    About.RECORD: "record",
    About.CHILD: "child",
    About.CASE: "case",
    About.VIEW: "view",
    About.VISIT: "visit",
    About.REPORT: "visit",
    About.CONCERN: "concern",
    About.ALERT: "alert",
}
#: As KINDS, for things that no table of pictures lists.
OTHERS = {
    About.DRAFT: "draft",
    About.MATTER: "matter",
    About.LOOKS_AT_CHILD: "child",
    About.LOOKS_OF_PERSON: "person",
    About.OWN_PAGES: "own",
    About.LOOKS: "own",
    About.HOMES_LIST: "hub",
    About.ALARMS: "hub",
    About.AUTHORITY: "authority",
    About.AREA: "area",
    About.NATION: "nation",
    About.PEOPLE: "people",
}
#: Pages of a home.
PAGES = {
    About.HOME: "home",
    About.RECORDS: "records",
    About.CHILDREN: "children",
    About.VISITS: "visits",
    About.MATTERS: "matters",
}
EVERY_PICTURE = {picture for picture in model.PICTURE.values() if picture}
#: In these pictures somebody may open a page of a home.
AT_HOME = {
    about: EVERY_PICTURE
    if model.RULES[f"open {kind}"] == "standing"
    else set(model.RULES[f"open {kind}"].split(" | "))
    for about, kind in PAGES.items()
}
#: Routes whose thing is not the one of their table.
ROUTE_KINDS = {
    "own-provider": "group",
    "provider": "provider",
    "people-post": "post",
    "people-post-change": "post",
    "own-organisation": "desks",
    "organisation": "organisation",
    "broken-glass": "glass",
    "break-glass": "emergency",
    "api-timeline": "timeline",
    "api-assessment": "assessment",
    "recording:start": "stream",
}
#: Routes whose deed is not that of their table: whoever may no longer record there does not read on either.
#: Whoever only opens a visit is sent from its check to its page.
ROUTE_DEEDS = {
    "child-looks": "look",
    "recording:step": "write",
    "recording:check": "write",
    "visit-check": "open",
}
#: Routes on which more than posts, relations and the thing decides, once the model lets somebody: here it says only who
#: never may. A branch must wait for the answer; who once worked for the provider shares nothing; a page of several
#: pictures shows the widest; two people confirm a mailbox.
NEEDS_MORE = {"api-acknowledge", "api-decide", "api-close", "view-share", "api-assessment", "mailbox-decide"}
#: Forms that are read before anybody asks who may send them.
FORMS: Mapping[str, dict[str, str]] = {
    "view-done": {"what": "The lamp was mended.", "it_changed": "yes", "told": "no"},
    "view-told": {"told_on_choice": "today", "how": "with a board"},
    "view-share": {"why": "They asked for it."},
    "child-consents": {"what": "board"},
    "break-glass": {"reason": "A child may be in danger tonight.", "hours": "1"},
}
_TOLD = {
    "occurred_at": "2026-11-20T10:00:00Z",
    "known_at": "2026-11-20T11:00:00Z",
    "narrative": "It happened.",
}
#: What the API takes, by route: the stream, and the body without its home.
BODIES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "api-reg40-notifications-list": (
        "reg40",
        _TOLD
        | {"severity": 3, "children": [], "harm": "no", "event": "40(4)(e)", "action_taken": "None.", "how_known": "staff"},
    ),
    "api-lado-referrals-list": (
        "lado",
        _TOLD | {"children": [], "harm": "harm", "limbs": ["harmed"], "adult_name": "Robin", "adult_title": "Worker"},
    ),
    "api-complaints-list": (
        "complaint",
        _TOLD | {"complaint_type": "placing_authority", "addressed_to_home": False, "wanted": "A plan."},
    ),
    "api-hospital-referrals-list": (
        "hospital",
        _TOLD | {"severity": 2, "children": [], "harm": "unknown", "attendance": "ed", "explanation": "fits"},
    ),
    "api-visits-list": ("reg44", {"visited_on": "2026-11-19", "announced": False, "report": None}),
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """An address asked for by one method. thing: None where the model has no word on it."""

    address: Address
    method: str
    thing: Thing | None
    deed: str
    form: dict[str, str] = field(default_factory=dict, hash=False)
    json: dict[str, Any] | None = field(default=None, hash=False)


def things_of(world: World) -> Things:
    """Keys for the addresses, from the facts alone."""
    keys: dict[About, list[str]] = {about: [home.urn for home in world.homes] for about in PAGES}
    keys[About.GLASS] = [home.urn for home in world.homes]
    for about in (About.CHILD, About.CASE, About.LOOKS_AT_CHILD):
        keys[about] = [child.address for child in world.children]
    everything = (*world.things, *world.others)
    for about, kind in (*KINDS.items(), *OTHERS.items()):
        if kind not in ("child", "case"):
            keys[about] = [thing.address for thing in everything if thing.kind == kind] or [""]
    keys[About.PROVIDER] = [org for org, kind in world.orgs.items() if kind == "provider"]
    keys[About.PEOPLE] = [thing.address for thing in world.others if thing.kind == "post"] or [""]
    keys[About.DESKS] = list(world.orgs)
    keys[About.DUTY] = [duty.address for duty in world.duties]
    keys[About.STREAM] = list(STREAMS)
    urn = {home.key: home.urn for home in world.homes}
    return Things(
        keys=keys,
        done={thing.address: [str(done_of(thing))] for thing in world.things if thing.kind == "view"},
        home_of={thing.address: urn[thing.home] for thing in world.others if thing.kind == "matter"},
    )


def questions(world: World, methods: tuple[str, ...]) -> dict[str, list[Question]]:
    """Everything that can be asked of the world, by method."""
    found: dict[str, list[Question]] = {method: [] for method in methods}
    named = {(thing.kind, thing.address): thing for thing in (*world.things, *world.others, *world.children)}
    named |= {("case", child.address): replace(child, kind="case") for child in world.children}
    named |= {("duty", duty.address): duty for duty in world.duties}
    for address in filled(things_of(world)):
        if address.route.startswith(("account_logout", "api-schema")):
            continue
        for method in methods:
            route = ROUTES[address.route]
            action = route.post if method == "post" else route.get
            deed = ROUTE_DEEDS.get(address.route) or str(action).split()[0]
            for asked in _about(world, Question(address, method, None, deed), named):
                found[method].append(replace(asked, form=FORMS.get(address.route, {})))
    return found


def _about(world: World, asked: Question, named: Mapping[tuple[str, str], Thing]) -> Iterator[Question]:
    """The question with its thing; one for each home where the address itself names none."""
    address, at = asked.address, asked.address.thing
    if address.route in NEEDS_MORE and address.route == "mailbox-decide":
        yield asked
    elif address.route in BODIES and asked.method == "post":
        stream, body = BODIES[address.route]
        for home in world.homes:
            thing = Thing("stream", "", home.key, stream=stream, of=(home.key,))
            yield replace(asked, thing=thing, json={"home": home.urn, **body})
    elif address.route == "recording:start":
        for home in world.homes:
            thing = Thing("stream", "", home.key, stream=address.about, of=(home.key,))
            path = replace(address, path=f"{address.path}?home={home.urn}")
            yield replace(asked, address=path, thing=thing, deed="record")
    elif at in PAGES:
        kind = ROUTE_KINDS.get(address.route, PAGES[at])
        home = next(home for home in world.homes if home.urn == address.about)
        yield replace(asked, thing=Thing(kind, "", home.key, of=(home.key,)))
    elif at is About.DUTY:
        yield replace(asked, thing=named["duty", address.about])
    elif address.route in ROUTE_KINDS or at in KINDS or at in OTHERS:
        kind = ROUTE_KINDS.get(address.route) or KINDS.get(at) or OTHERS[at]
        yield replace(asked, thing=named.get((kind, address.about), Thing(kind, "")))
    else:
        yield asked


def expected(world: World, who: str, asked: Question, at: datetime) -> bool | None:
    """Whether it must open; None where the model has no word on it."""
    thing, route = asked.thing, asked.address.route
    if not world.accounts[who].live(at):
        return False
    if thing is None:
        return None
    allowed = model.may(world, who, thing, at, asked.deed)
    if thing.kind == "view":  # its page names the child, too
        child = next(one for one in world.children if one.key == thing.children[0])
        allowed = allowed and model.may(world, who, child, at)
    if route.startswith("api-") and thing.kind == "record" and not _of_stream(route, thing):
        return False
    return None if allowed and route in NEEDS_MORE else allowed


def _of_stream(route: str, thing: Thing) -> bool:
    streams = {one.removesuffix("-list"): stream for one, (stream, _) in BODIES.items()}
    wanted = next((stream for start, stream in streams.items() if route.startswith(start)), None)
    return wanted is None or thing.stream == wanted


def denied(world: World, who: str, at: datetime) -> dict[str, str]:
    """Canary words that this person may not be served, by what they stand in."""
    found = {}
    closed = not world.accounts[who].live(at)
    drafts = [thing for thing in world.others if thing.kind == "draft"]
    for thing in (*world.things, *world.children, *world.adults, *drafts):
        deed = "print" if thing.kind == "visit" else "open"
        if closed or not model.may(world, who, thing, at, deed):
            found[thing.token] = f"{thing.kind} {thing.stream}{thing.picture}"
    for told in world.accounts_told:
        record = next(one for one in world.things if one.key == told.key)
        if closed or not (model.may(world, who, record, at) and model.may(world, who, told, at)):
            found[told.token] = f"account {told.stream}"
    return found


__all__ = ("AT_HOME", "KINDS", "NEEDS_MORE", "Action", "Question", "denied", "expected", "questions")

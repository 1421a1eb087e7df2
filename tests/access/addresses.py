"""Every address of the hub, as Django knows it, filled with the keys of things."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from hesley_hub.access.routes import ROUTES, Thing

#: Parameters that are not the key of a thing, and what they may be.
WORDS = {
    "key": ("who",),
    "part": ("children",),
    "stream": ("reg40",),
    "number": ("1",),
    "token": ("x",),
    "what": ("end",),
}
#: Where a word of WORDS is not one of this route's.
OF_ROUTE = {("visit-save-home-part", "part"): "details"}
#: What a thing's key is called in the addresses of its routes.
KEYS = ("urn", "reference", "key", "id", "pk", "duty_id", "draft_id", "done", "stream")


@dataclass(frozen=True)
class Address:
    """One route filled in; about is the key of its thing, empty where it has none."""

    route: str
    thing: Thing
    path: str
    about: str = ""


@dataclass
class Things:
    """Keys by thing. pairs: for routes with two keys, what goes with the first."""

    keys: dict[Thing, list[str]] = field(default_factory=dict)
    done: dict[str, list[str]] = field(default_factory=dict)
    home_of: dict[str, str] = field(default_factory=dict)


@cache
def patterns() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Route name -> its whole pattern and the names of its parameters."""
    return {name: (pattern, groups) for name, pattern, groups in _walk(get_resolver(), "", "")}


def _walk(resolver: URLResolver, before: str, space: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for entry in resolver.url_patterns:
        whole = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, whole, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", whole)
            plain = re.sub(r"<\w+:(\w+)>", r"<\1>", plain)
            plain = plain.replace("^", "").replace("$", "").replace("/?", "/")
            yield space + (entry.name or entry.lookup_str), plain, tuple(re.findall(r"<(\w+)>", plain))


def filled(things: Things) -> Iterator[Address]:
    """Every route for every thing that its key may name."""
    for name, (pattern, groups) in sorted(patterns().items()):
        thing = ROUTES[name].thing
        for values, about in _values(name, groups, thing, things):
            path = pattern
            for group, value in values.items():
                path = path.replace(f"<{group}>", value)
            yield Address(name, thing, f"/{path}", about)


def _values(
    name: str, groups: Sequence[str], thing: Thing, things: Things
) -> Iterator[tuple[dict[str, str], str]]:
    if not groups:
        yield {}, ""
        return
    for about in things.keys.get(thing, [""]):
        first, *rest = _ordered(groups, thing)
        values = {first: about or WORDS.get(first, ("x",))[0]}
        for other in rest:
            if other == "done":
                values[other] = (things.done.get(about) or ["01890000-0000-7000-8000-000000000000"])[0]
            elif other == "urn":
                values[other] = things.home_of.get(about, "x")
            else:
                values[other] = OF_ROUTE.get((name, other)) or WORDS[other][0]
        yield values, about


def _ordered(groups: Sequence[str], thing: Thing) -> list[str]:
    """The parameter that names the thing first."""
    mine = {
        Thing.MATTER: "key",
        Thing.DRAFT: "draft_id",
        Thing.VIEW: "key",
        Thing.VISIT: "key",
        Thing.VISITS: "urn",
    }
    first = mine.get(thing, groups[0])
    first = first if first in groups else groups[0]
    return [first, *(group for group in groups if group != first)]

"""What every page is given: which world this is, who is signed in, and where they can go."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from events import clock, world
from hesley_hub.interface.navigation import AT_A_HOME, PLACES, START
from homes.access import pictures
from homes.models import Home, Post
from homes.roles import BREAKS_GLASS
from oversight.dashboards.queries import posts_of
from oversight.escalation.models import OperatorAlarm

PROGRESS_FILE = "history.json"


@dataclass(frozen=True)
class NavItem:
    text: str
    href: str
    current: bool
    count: int


class Hub:
    """Read once for each request, and only as far as the page asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def world(self) -> str:
        return world.kind()

    @cached_property
    def posts(self) -> list[Post]:
        """The posts in force, newest first; each with `to_answer`, the alerts that wait for its organisation."""
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return []
        return posts_of(user.pk, clock.now())

    @property
    def to_answer(self) -> int:
        return max((int(getattr(post, "to_answer", 0)) for post in self.posts), default=0)

    @cached_property
    def alarms(self) -> int:
        """How many alarms about the hub itself wait for the reader; nought for whoever does not keep the hub."""
        if not any(post.role == "administrator" for post in self.posts):
            return 0
        return OperatorAlarm.objects.filter(cleared_at__isnull=True).count()

    @cached_property
    def person(self) -> dict[str, str] | None:
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        if self.posts:
            return {"name": self.posts[0].user.name, "organisation": self.posts[0].organisation.name}
        return {"name": user.get_full_name(), "organisation": ""}

    @cached_property
    def nav(self) -> list[NavItem]:
        found: dict[str, NavItem] = {}
        for post in self.posts:
            places = [(place.text, place.href, place.counts) for place in (START, *PLACES[post.role])]
            if post.role in AT_A_HOME and post.home is not None:
                places.insert(1, (post.home.name, f"/homes/{post.home.urn}/", False))
            for text, href, counts in places:
                found.setdefault(href, NavItem(text, href, self._here(href), self.to_answer if counts else 0))
        return list(found.values())

    @cached_property
    def emergency(self) -> Home | None:
        """The home that was asked for, where it is not the viewer's and a post of theirs may open it for some hours."""
        match = self._request.resolver_match
        urn = match.kwargs.get("urn") if match else None
        if urn is None or not any(post.role in BREAKS_GLASS for post in self.posts):
            return None
        home = Home.objects.filter(urn=urn).first()
        if home is None or pictures(self.posts[0].user_id, home.pk, clock.now()):
            return None
        return home

    def _here(self, href: str) -> bool:
        path = self._request.path
        return path == "/" if href == "/" else path.startswith(href)

    @cached_property
    def loading(self) -> int | None:
        """How much of the simulated history has been loaded, in whole per cent; None when all of it, or none is due."""
        if self.world != world.DEMO:
            return None
        try:
            told = json.loads((Path(settings.HUB_DIR) / PROGRESS_FILE).read_text(encoding="utf-8"))
            share = float(told["done"]) / max(float(told["total"]), 1)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return None if share >= 1 else int(100 * share)


def hub_of(request: HttpRequest) -> Hub:
    """The same object for the whole of a request."""
    found = getattr(request, "_hub", None)
    if not isinstance(found, Hub):
        found = Hub(request)
        request._hub = found  # type: ignore[attr-defined]
    return found


def hub(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {"hub": hub_of(request)}

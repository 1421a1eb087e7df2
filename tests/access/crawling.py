"""Following every link that somebody is shown, each page once, and what the record of looking keeps of it."""

import json
import re
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from hesley_hub.looking.routes import Kept, rule_of
from homes.looking.models import Look
from homes.models import User
from tests.conftest import owner

#: Addresses of the API, which no page leads to; the rest of it is reached from what these answer.
API = (
    *("homes", "alerts", "incidents", "reg40-notifications", "lado-referrals", "complaints"),
    *("hospital-referrals", "visits", "schema"),
)
LINK = re.compile(r'<(?:a|form)\b[^>]*?\b(?:href|action)="([^"]*)"[^>]*>')
METHOD_POST = re.compile(r'<form\b[^>]*\bmethod="post"', re.IGNORECASE)
#: Signing out ends the crawl; files are not the hub's pages.
LEFT_OUT = ("/sign-out/", "/static/")
#: Nothing leads there: asked for of every home that the API lists, of which not everybody may know so much.
ON_TRUST = ("/timeline/", "/assessment/")
#: What of one list is asked for beside it as it comes: further pages, each filter alone.
MOST_QUERIES = 6


@dataclass
class Crawl:
    """What was found. dead: (page, link, status); looked: views by route that should have left a row each."""

    visited: dict[str, int] = field(default_factory=dict)
    dead: list[tuple[str, str, int]] = field(default_factory=list)
    looked: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)

    @property
    def routes(self) -> set[str]:
        return {route_of(path) for path in self.visited}


def route_of(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def links(path: str, body: str, kind: str) -> Iterator[str]:
    """Every address that a page leads to by GET; of the API, what its rows name."""
    if kind == "text/html":
        for match in LINK.finditer(body):
            if METHOD_POST.match(match.group()):
                continue
            found = urlsplit(urljoin(path, unescape(match.group(1))))
            if found.scheme in ("", "http", "https") and found.netloc in ("", "testserver"):
                yield found.path + (f"?{found.query}" if found.query else "")
    elif kind == "application/json" and path.startswith("/api/"):
        yield from _api(path, json.loads(body))


def _api(path: str, answer: object) -> Iterator[str]:
    if not isinstance(answer, dict):
        return
    base = urlsplit(path).path
    if answer.get("next"):
        found = urlsplit(str(answer["next"]))
        yield f"{found.path}?{found.query}"
    for row in answer.get("results", ()):
        key = row.get("urn") if base == "/api/v1/homes/" else row.get("reference", row.get("id"))
        if key and base.count("/") == 4:
            yield f"{base}{key}/"
            if base == "/api/v1/homes/":
                yield f"{base}{key}/timeline/"
                yield f"{base}{key}/assessment/"


class Crawler:
    """Somebody who opens everything. most: how many pages of one route, None for all."""

    def __init__(self, user: User, password: str, most: int | None) -> None:
        self.client = Client(raise_request_exception=True)
        self.user = user
        self.most = most
        self.found = Crawl()
        self.queries: Counter[tuple[str, frozenset[str]]] = Counter()
        self.of_route: Counter[str] = Counter()
        answer = self.client.post("/sign-in/", {"login": user.username, "password": password})
        assert answer.status_code == 302, user.username

    def crawl(self) -> Crawl:
        with owner():
            before = self._rows()
        waiting: deque[tuple[str, str]] = deque([("", "/"), *(("", f"/api/v1/{name}/") for name in API)])
        known = {link for _, link in waiting}
        while waiting:
            source, link = waiting.popleft()
            for found in self._open(source, link):
                if found not in known and self._wanted(found):
                    known.add(found)
                    waiting.append((link, found))
        with owner():
            self.found.kept = self._rows() - before
        return self.found

    def _rows(self) -> Counter[str]:
        return Counter(Look.objects.filter(viewer=self.user.pk).values_list("route", flat=True))

    def _wanted(self, link: str) -> bool:
        parts = urlsplit(link)
        if not parts.path.startswith("/") or parts.path.startswith(LEFT_OUT):
            return False
        asked = frozenset(name for name, _ in parse_qsl(parts.query))
        self.queries[(parts.path, asked)] += 1
        if asked and self.queries[(parts.path, asked)] > MOST_QUERIES:
            return False
        route = route_of(link)
        self.of_route[route] += 1
        if self.most is not None and self.of_route[route] > self.most:
            self.found.passed_over[route] += 1
            return False
        return True

    def _open(self, source: str, link: str) -> list[str]:
        self._proved_again()
        with transaction.atomic():
            answer = self.client.get(link)
        status = answer.status_code
        self.found.visited[link] = status
        if status in (301, 302):
            return [urljoin(link, answer.headers["Location"])]
        if status != 200:
            if not (status == 404 and link.endswith(ON_TRUST)):
                self.found.dead.append((source, link, status))
            return []
        route = answer.resolver_match.view_name
        if isinstance(rule_of(route), Kept):
            self.found.looked[route] += 1
        kind = answer.headers["Content-Type"].partition(";")[0]
        body = b"".join(answer) if answer.streaming else answer.content
        return list(links(link, body.decode(), kind)) if kind in ("text/html", "application/json") else []

    def _proved_again(self) -> None:
        """As if the password had just been given: some pages ask again after five minutes."""
        session = self.client.session
        for record in session.get("account_authentication_methods", ()):
            record["at"] = time.time()
        session.save()

"""GET changes nothing, other methods are closed, every form has its token, and nobody is sent elsewhere."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from hesley_hub.access.routes import ROUTES, Action
from homes import tokens
from tests.access.addresses import Address
from tests.conftest import owner
from tests.hesley_hub.hardening.conftest import SignIn
from tests.hesley_hub.hardening.walking import addresses
from tests.hesley_hub.looking.conftest import Everything

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
#: Where asking leaves a trace on purpose: who looked, that an alert was first opened, and the session's own row.
TRACES = {"homes_look", "django_session", "oversight_seen", "events_event", "events_handling"}
HOSTILE = [
    "//evil.example", "///evil.example", "////evil.example/x", r"\\evil.example", r"/\evil.example", r"\/evil.example",
    "https:evil.example", "https://evil.example", "http:///evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>", "%2F%2Fevil.example", "/%09/evil.example", "/\t/evil.example",
    "https://testserver@evil.example/", "https://testserver.evil.example/", "//evil.example\\@testserver/", "ftp://evil.example",
    "\x00//evil.example", " //evil.example", "https://evil.example/?next=/", "//evil%E3%80%82example", "vbscript:x",
]  # fmt: skip


def fingerprints() -> dict[str, str]:
    """Of the contents of every table."""
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        names = sorted(str(name) for (name,) in cursor.fetchall())
        found = {}
        for name in names:
            cursor.execute(
                f"select coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') from {name} t"
            )
            found[name] = str(cursor.fetchone()[0])
    return found


def _gets(everything: Everything) -> Iterator[Address]:
    for address in addresses(everything):
        if address.route not in ("account_logout", "api-schema"):
            yield address


def test_asking_for_a_page_changes_nothing(everything: Everything, signed_in: SignIn) -> None:
    people = ("mo", "asha", "efe")
    clients = [signed_in(name) for name in people]
    before = fingerprints()
    opened = set()
    for address in _gets(everything):
        for client in clients if not address.route.endswith("-pdf") else clients[:1]:
            if client.get(address.path).status_code == 200:
                opened.add(address.route)
    after = fingerprints()
    changed = {name for name, found in after.items() if before[name] != found}
    assert changed <= TRACES, changed - TRACES
    assert "homes_look" in changed, "the walk opened nothing"
    assert len(opened) > 45


def test_signing_out_by_a_link_does_not(everything: Everything, signed_in: SignIn) -> None:
    client = signed_in("asha")
    assert client.get("/sign-out/").status_code in (200, 302)
    assert client.get("/alerts/").status_code == 200


def test_every_form_needs_its_token(everything: Everything) -> None:
    asked, clients = 0, []
    for name in ("asha", "mo", "quin"):
        clients.append(Client(enforce_csrf_checks=True))
        clients[-1].force_login(everything.world.people[name])
    before = fingerprints()
    for client in clients:
        for address in addresses(everything):
            if ROUTES[address.route].post is Action.NONE:
                continue
            with transaction.atomic():
                answer = client.post(address.path, {"anything": "x"})
                transaction.set_rollback(True)
            asked += 1
            assert answer.status_code in (403, 405), (address.path, answer.status_code)
    assert asked > 60
    assert {k for k, v in fingerprints().items() if before[k] != v} <= TRACES


def test_other_methods_are_closed_everywhere(everything: Everything, signed_in: SignIn) -> None:
    client = signed_in("mo")
    paths = (
        "/",
        "/alerts/",
        "/api/v1/homes/",
        "/health/live",
        "/static/hub/hub.css",
        "/sign-in/",
        "/no/such",
    )
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X"):
        for path in paths:
            answer = client.generic(method, path)
            assert answer.status_code == 405, (method, path)
            assert answer.headers["Allow"] == "GET, HEAD, POST"


def test_a_header_or_a_field_changes_no_method(everything: Everything, signed_in: SignIn) -> None:
    client = signed_in("asha")
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        answer = client.post("/alerts/", {"_method": "GET"}, headers={name: "GET"})
        assert answer.status_code == 405, name
        assert client.get("/api/v1/homes/", headers={name: "DELETE"}).status_code == 200


def test_signing_in_leads_nowhere_else(everything: Everything) -> None:
    for to in HOSTILE:
        cache.clear()
        answer = Client().post("/sign-in/", {"login": "asha", "password": "cast-asha", "next": to})
        if answer.status_code == 302:
            assert _inside(answer.headers["Location"]), (to, answer.headers["Location"])
        else:
            assert answer.status_code in (200, 400), to
        page = Client().get("/sign-in/", {"next": to})
        assert page.status_code in (200, 400), to
        assert "evil.example" not in _links(page.content.decode()), to


def test_proving_it_again_and_signing_out_lead_nowhere_else(
    everything: Everything, signed_in: SignIn
) -> None:
    for to in HOSTILE:
        for path in ("/account/again/", "/sign-out/"):
            answer = signed_in("asha").post(path, {"password": "cast-asha", "next": to})
            if answer.status_code == 302:
                assert _inside(answer.headers["Location"]), (path, to, answer.headers["Location"])


def _inside(location: str) -> bool:
    """As a browser reads it: backslashes are slashes, tabs and line ends are nothing, what begins is trimmed."""
    read = re.sub(r"[\t\r\n]", "", location).lstrip("".join(map(chr, range(33)))).replace("\\", "/")
    return not read.startswith("//") and not re.match(r"[a-z][a-z0-9+.-]*:", read, re.IGNORECASE)


def test_this_reading_tells_inside_from_outside() -> None:
    assert [to for to in HOSTILE if _inside(to)] == ["%2F%2Fevil.example", "/%09/evil.example"]
    assert _inside("/alerts/?next=https://evil.example")


def _links(page: str) -> str:
    return " ".join(part.split('"')[0] for part in page.split('href="')[1:] + page.split('action="')[1:])


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Host", "evil.example"), ("Host", "testserver@evil.example"), ("Host", "testserver:80:80"), ("Host", "evil.example/testserver"),
        ("Host", "testserver\\evil.example"), ("Host", "..testserver"), ("Host", ""),
    ],
)  # fmt: skip
def test_another_host_is_refused(client: Client, header: str, value: str) -> None:
    answer = client.get("/sign-in/", HTTP_HOST=value)
    assert answer.status_code == 400
    assert b"evil" not in answer.content


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"]
)
def test_a_forwarded_host_or_address_counts_for_nothing(client: Client, header: str) -> None:
    answer = client.get("/alerts/", headers={header: "evil.example/admin"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/?next=/alerts/"
    assert b"evil.example" not in client.get("/sign-in/", headers={header: "evil.example"}).content


def test_a_token_of_the_api_needs_no_form_token_and_a_session_does(everything: Everything) -> None:
    with owner():
        secret = tokens.make(user=everything.world.asha, days=1, by="tests", now=everything.world.now)
    by_token = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"})
    by_session = Client(enforce_csrf_checks=True)
    by_session.force_login(everything.world.asha)
    answers = [
        c.post("/api/v1/complaints/", {}, content_type="application/json") for c in (by_token, by_session)
    ]
    assert [answer.status_code for answer in answers] == [400, 403]
    assert configured.CSRF_COOKIE_HTTPONLY

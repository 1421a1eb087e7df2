"""What every answer carries, whatever it is an answer to."""

from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from hesley_hub.start import views as start
from tests.hesley_hub.hardening.conftest import SignIn
from tests.hesley_hub.hardening.walking import addresses
from tests.hesley_hub.looking.conftest import Everything

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'", "font-src": "'self'",
    "connect-src": "'self'", "object-src": "'none'", "form-action": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'",
}  # fmt: skip


def check(answer: Any, *, kept: bool = False) -> None:
    """kept: a file that everybody has, which a browser may keep."""
    headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(headers["Permissions-Policy"].split(", "))
    assert not [name for name in headers if name.lower().startswith("access-control-")]
    assert not {"Server", "X-Powered-By"} & set(headers)
    if not kept:
        assert headers["Cache-Control"] == "no-store"


def test_every_address_answers_with_them(everything: Everything, signed_in: SignIn) -> None:
    clients = [Client(), signed_in("mo"), signed_in("asha"), signed_in("quin")]
    statuses, kinds = set(), set()
    for address in addresses(everything):
        if address.route.endswith("-pdf") or address.route == "api-schema":
            continue
        for client in clients:
            with transaction.atomic():
                answer = client.get(address.path)
                transaction.set_rollback(True)
            check(answer)
            statuses.add(answer.status_code)
            kinds.add(answer.headers.get("Content-Type", "").partition(";")[0])
    assert {200, 302, 401, 404, 405} <= statuses
    assert not [status for status in statuses if status >= 500]
    assert {"text/html", "application/json", "text/csv"} <= kinds


def test_documents_and_the_schema_do(everything: Everything, signed_in: SignIn) -> None:
    client = signed_in("mo")
    paths = [a.path for a in addresses(everything) if a.route.endswith("-pdf")]
    assert len(paths) >= 3
    answers = [client.get(path) for path in (*paths, "/api/v1/schema/")]
    for answer in answers:
        assert answer.status_code == 200
        check(answer)
    assert {answer.headers["Content-Type"].partition(";")[0] for answer in answers[:-1]} == {
        "application/pdf"
    }


def test_files_of_the_pages_do(client: Client, settings: Settings) -> None:
    for name in ("hub/hub.css", "hub/svg/icon.svg", "hub/hub.js"):
        answer = client.get(f"/static/{name}")
        assert answer.status_code == 200, name
        check(answer, kept=True)
        assert b"".join(answer)
    check(client.get("/static/hub/none.css"), kept=True)


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Rowan Hill said so")

    monkeypatch.setattr(start, "start_page", broken)


@pytest.mark.usefixtures("breaking")
def test_errors_do(everything: Everything, signed_in: SignIn) -> None:
    client = signed_in("asha")
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(everything.world.asha)
    for status, answer in {
        400: client.get("/alerts/", HTTP_HOST="evil.example"),
        403: strict.post("/sign-out/"),
        404: client.get("/no/such/page"),
        405: client.put("/alerts/"),
        413: client.post("/sign-in/", {}, CONTENT_LENGTH="99999999999"),
        500: client.get("/"),
    }.items():
        assert answer.status_code == status
        check(answer)


def test_an_answer_without_a_database_does(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: object) -> None:
        raise OperationalError("connection to server at 10.0.0.5 failed: password wrong")

    monkeypatch.setattr("hesley_hub.middleware.set_context", away)
    client.raise_request_exception = False
    answer = client.get("/sign-in/")
    assert answer.status_code == 500
    assert b"10.0.0.5" not in answer.content
    check(answer)


def test_a_page_over_tls_asks_for_tls_for_a_year(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    answer = Client().get("/sign-in/", HTTP_X_FORWARDED_PROTO="https")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
    plain = Client().get("/sign-in/")
    assert (plain.status_code, plain.headers["Location"]) == (301, "https://testserver/sign-in/")
    check(plain)


def test_a_session_that_ends_leaves_nothing_in_the_browser(
    everything: Everything, signed_in: SignIn, settings: Settings
) -> None:
    client = signed_in("asha")
    assert "Clear-Site-Data" not in client.get("/alerts/").headers
    answer = client.post("/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] in (0, "")
    idle = signed_in("asha")
    idle.get("/alerts/")
    session = idle.session
    session["hub_seen"] -= 3600
    session.save()
    ended = idle.get("/alerts/")
    assert (ended.status_code, ended.headers["Clear-Site-Data"]) == (302, '"cache", "storage"')


def test_every_cookie_is_for_the_server_and_this_site_alone(
    everything: Everything, client: Client, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.get("/sign-in/")
    client.post("/sign-in/", {"login": "asha", "password": "cast-asha"})
    client.get("/record/")
    assert set(client.cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "hub_known"}
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["secure"], name
        assert cookie["samesite"] == "Lax", name
        assert not cookie["domain"], name

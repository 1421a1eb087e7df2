"""A passkey in a real browser: made once, then signed in with, without a password. The key is the browser's virtual one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from events import clock
from tests import cast
from tests.conftest import owner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def opened() -> Iterator[Page]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def test_a_passkey_is_made_and_signs_in_alone(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Threads of the server keep no connection, or the database could not be dropped. While the browser is open this
    # thread has another connection of its own, so the database is asked before and after only.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    cache.clear()
    with owner():
        cast.build(clock.now())
    with opened() as page:
        _make_and_use(page, live_server.url.replace("127.0.0.1", "localhost"))
    with owner():
        assert Authenticator.objects.filter(type="webauthn", last_used_at__isnull=False).count() == 1


def _make_and_use(page: Page, address: str) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}/sign-in/")
    page.fill("input[name=login]", "asha")
    page.fill("input[name=password]", "cast-asha")
    page.click("button:has-text('Sign in'):not(#passkey_login)")
    page.goto(f"{address}/account/keys/add/")
    page.fill("input[name=name]", "This laptop")
    page.check("input[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/account/codes/")
    page.click("button:has-text('Sign out')")
    page.wait_for_url("**/sign-in/")
    page.click("#passkey_login")
    page.wait_for_url(f"{address}/")
    page.wait_for_load_state("networkidle")
    assert "Asha Rahman" in page.content()
    assert not complaints

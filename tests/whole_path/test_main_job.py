"""The main job in a real browser: a manager records, mails go out, the regulator answers, the page shows by whom."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.running import Hub, started

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(420)]
CHROMIUM = Path("/usr/bin/chromium")
MAIL_WITHIN = 30.0  # seconds; `./hub bench` measures, this only fails where nothing comes
HISTORY_WITHIN = 390.0
SAFE = "No, nobody is in danger now"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with started(tmp_path_factory.mktemp("hub")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@dataclass
class Person:
    """Somebody signed in with a browser of their own."""

    hub: Hub
    page: Page

    def go(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.hub.address + path)
        return self.page

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()


def sign_in(hub: Hub, browser: Browser, name: str) -> Person:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(20_000)
    person = Person(hub, page)
    person.go("/sign-in/")
    page.get_by_label("User name or e-mail address").fill(name)
    page.get_by_label("Password").fill(f"demo-{name}")
    person.press("Sign in")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return person


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).check()


def record_a_death(manager: Person) -> str:
    """The reference of the record, made page by page as a person makes it."""
    page = manager.go("/record/reg40/")
    expect(page.get_by_role("heading", name="Is a child in danger now?")).to_be_visible()
    expect(page.get_by_role("link", name="999")).to_be_visible()
    choose(page, SAFE)
    manager.press("Continue")
    choose(page, "A child has died")
    choose(page, "No")
    manager.press("Continue")
    page.get_by_role("checkbox").first.check()
    manager.press("Continue")
    for yesterday in page.get_by_role("radio", name=re.compile("^Yesterday")).all():
        yesterday.check()
    for box in page.get_by_role("textbox", name=re.compile(" time\\?$")).all():
        box.fill("21:40")
    choose(page, "Staff saw or heard it")
    manager.press("Continue")
    page.get_by_label("What happened?").fill("[A] was found by the night staff.")
    page.get_by_label(re.compile("^What was done")).fill("An ambulance was called at once.")
    manager.press("Continue")
    expect(page.get_by_role("checkbox", name=re.compile("placing authority", re.IGNORECASE))).to_be_checked()
    manager.press("Continue")
    expect(page.get_by_role("heading", name="Check, then record")).to_be_visible()
    expect(page.get_by_role("heading", name="Who you must tell, by when")).to_be_visible()
    manager.press("Record this and start the clocks")
    page.wait_for_url("**/record/done/**")
    found = re.search(r"R40-\w{4}-\w{4}", page.content())
    assert found, page.content()
    return found[0]


def mails(hub: Hub) -> list[str]:
    """Every mail in the sink, as text."""
    return [file.read_text() for file in sorted((hub.folder / "demo" / "mail").glob("*")) if file.is_file()]


def until(what: str, found: Callable[[], bool], seconds: float = MAIL_WITHIN) -> None:
    """Wait until ``found()`` is true."""
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def test_two_deaths_are_two_alerts_each_mailed_and_answered_by_name(hub: Hub, browser: Browser) -> None:
    manager = sign_in(hub, browser, "manager")
    before = set(mails(hub))
    record_a_death(manager)
    until(
        "the regulator is written to",
        lambda: len([m for m in set(mails(hub)) - before if "ofsted" in m]) >= 1,
    )
    record_a_death(manager)
    until(
        "a second death is a second alert",
        lambda: len(references([m for m in set(mails(hub)) - before if "ofsted" in m.lower()])) >= 2,
    )
    new = [mail for mail in mails(hub) if mail not in before]
    for mail in new:
        for word in ("Brackenfield", "night staff", "Helen", "Marsh", "ambulance"):
            assert word not in mail
        assert "Simulated" in mail or "simulated" in mail
    regulator = [mail for mail in new if "ofsted" in mail.lower()]
    link = re.search(r"http://\S+/alerts/[A-Z0-9-]+/", regulator[0])
    assert link
    page = manager.go("/demo/mail/")
    assert page.get_by_text(re.compile("Urgent")).count() >= 2

    inspector = sign_in(hub, browser, "ofsted")
    page = inspector.go(link[0])
    expect(page.get_by_role("heading", level=1)).to_contain_text("A child has died")
    page.get_by_role("textbox").first.fill("We will visit tomorrow.")
    inspector.press("Acknowledge as Mo Okafor")
    expect(page.get_by_text("We will visit tomorrow.")).to_be_visible()
    body = page.locator("main").inner_text()
    assert "Mo Okafor" in body
    assert "have not answered" in body or "has not answered" in body, "other organisations' branches go on"

    stranger = sign_in(hub, browser, "manager2")
    answer = stranger.page.goto(link[0])
    assert answer is not None
    assert answer.status == 404


def references(some: list[str]) -> set[str]:
    return {found for mail in some for found in re.findall(r"/alerts/([A-Z0-9-]+)/", mail)}


def test_a_draft_is_kept_and_a_mistake_is_said_where_it_happened(hub: Hub, browser: Browser) -> None:
    manager = sign_in(hub, browser, "manager")
    page = manager.go("/record/reg40/")
    choose(page, SAFE)
    manager.press("Continue")
    manager.press("Continue")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert page.title().startswith("Error: ")
    page.get_by_role("link", name="Choose what happened").click()
    with page.expect_response(lambda answer: answer.url.endswith("/save") and answer.ok, timeout=15_000):
        page.get_by_role("radio", name=re.compile("^The police were involved")).check()
    expect(page.get_by_text(re.compile(r"Draft saved \d\d:\d\d")).first).to_be_visible()
    address = page.url
    page.goto(hub.address + "/")
    page.goto(address)
    expect(page.get_by_role("radio", name=re.compile("^The police were involved"))).to_be_checked()


def _loaded(hub: Hub) -> bool:
    file = hub.folder / "demo" / "history.json"
    if not file.exists():
        return False
    told = json.loads(file.read_text())
    return bool(told["done"] >= told["total"] > 1)


@pytest.mark.slow
def test_the_records_suggested_cross_the_regulators_bar(hub: Hub, browser: Browser) -> None:
    until("the history is loaded", lambda: _loaded(hub), HISTORY_WITHIN)
    manager = sign_in(hub, browser, "manager")
    page = manager.go("/demo/people/")
    assert page.get_by_text(re.compile("cross", re.IGNORECASE)).count()

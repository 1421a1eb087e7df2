"""Two people in two real browsers: both texts stand side by side, at a desk, on a telephone and without script."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from incidents.record.models import Stream
from tests.cast import Cast
from tests.hesley_hub.interface.test_browser import AXE
from tests.incidents.recording.driver import Walk
from tests.oversight.matters.test_matters import ago, only_link, proposed, recorded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = "/usr/bin/chromium"
Open = Callable[..., Page]


@pytest.fixture
def cookies(world: Cast) -> dict[str, str]:
    """A signed-in session for each who sits at a browser; made before the browser starts."""
    found = {}
    for name in ("mo", "vi", "asha"):
        client = Client()
        client.force_login(world.people[name])
        found[name] = client.cookies["sessionid"].value
    return found


@pytest.fixture
def paths(world: Cast) -> dict[str, str]:
    recorded(world, Stream.REG40, "home", ago(world, 30))
    recorded(world, Stream.LADO, "home", ago(world, 29))
    proposed(world)
    walk = Walk(world.asha, "reg40", "DEMO001")
    walk.start()
    return {"matter": f"/homes/DEMO001/matters/{only_link().pk}/", "draft": walk.at("when/")}


@pytest.fixture
def browsing(paths: dict[str, str], cookies: dict[str, str], live_server: LiveServer) -> Iterator[Open]:
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def opened(name: str, path: str, *, width: int = 1280, script: bool = True) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, java_script_enabled=script, bypass_csp=True
            )
            context.add_cookies([{"name": "sessionid", "value": cookies[name], "url": live_server.url}])
            page = context.new_page()
            page.goto(live_server.url + paths[path])
            return page

        yield opened
        browser.close()


def decide(page: Page, words: str, reason: str) -> None:
    page.get_by_role("radio", name=words).check()
    page.get_by_label("Why?").fill(reason)
    page.get_by_role("button", name="Record this decision").click()


def looks_right(page: Page, shot: Path) -> None:
    page.screenshot(path=shot, full_page=True)
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.evaluate(wide), "the page scrolls sideways"
    if AXE:
        page.add_script_tag(content=AXE(encoding="utf-8"))
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
        assert [one["id"] for one in found["violations"]] == []


@pytest.mark.parametrize(("width", "script"), [(1280, True), (390, True), (1280, False)])
def test_both_texts_stand_side_by_side(browsing: Open, tmp_path: Path, width: int, script: bool) -> None:
    first = browsing("mo", "matter")
    second = browsing("vi", "matter", width=width, script=script)
    decide(first, "Yes, the same", "Same child, same evening, same injury; the ward sister rang the home")
    expect(first.get_by_text("Your decision is recorded")).to_be_visible()
    decide(second, "No, two different things", "The hospital saw another child, a day later")
    told = second.get_by_role("alert")
    expect(told.get_by_role("heading")).to_have_text("Mo Okafor answered this while you were writing")
    expect(told.get_by_text("Same child, same evening, same injury")).to_be_visible()
    expect(told.get_by_text("The hospital saw another child")).to_be_visible()
    expect(second.get_by_label("Why?")).to_have_value("The hospital saw another child, a day later")
    if script:
        looks_right(second, tmp_path / f"crossed-{width}.png")
    second.get_by_role("button", name="Record this decision").click()
    expect(second.get_by_text("Not the same: The hospital saw another child")).to_be_visible()


def test_a_draft_open_twice_says_so_while_it_is_typed(browsing: Open, tmp_path: Path) -> None:
    desk, phone = browsing("asha", "draft"), browsing("asha", "draft", width=390)
    time = "At what time?"
    desk.get_by_label(time).first.fill("21:40")
    # The page says from the start when the draft was last kept: only the answer tells that this was kept, too.
    with desk.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        desk.get_by_label(time).first.blur()
    phone.get_by_label(time).first.fill("22:15")
    phone.get_by_label(time).first.blur()
    expect(phone.get_by_text("You changed this on another page. Nothing was overwritten")).to_be_visible()
    phone.get_by_role("button", name="Continue").click()
    told = phone.get_by_role("alert").filter(has_text="You changed this on another page")
    expect(told.get_by_text("21:40")).to_be_visible()
    expect(told.get_by_text("22:15")).to_be_visible()
    looks_right(phone, tmp_path / "draft-390.png")
    # The desk goes on, and what it keeps itself does not stop it.
    desk.get_by_label(time).first.fill("21:45")
    desk.get_by_role("button", name="Save and come back later").click()
    expect(desk.get_by_text("Your draft is saved")).to_be_visible()

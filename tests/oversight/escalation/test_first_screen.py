"""In a real browser the four answers stand on an alert's first screen, and on a phone within the first two."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from events import clock
from tests.cast import Cast
from tests.oversight.escalation.pages import get, told, with_marks

pytestmark = pytest.mark.browser

CSS = Path(__file__).resolve().parents[3] / "static" / "dist" / "hub" / "hub.css"
LAST = "document.querySelector('.hub-answers').getBoundingClientRect().bottom"
WIDE = "document.documentElement.scrollWidth"


def test_the_answers_stand_on_the_first_screen(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: world.now)
    alert = told(world)
    pages = [get(world.mo, f"/alerts/{alert.reference}/").content.decode()]
    with_marks(alert)
    pages += [get(user, f"/alerts/{alert.reference}/").content.decode() for user in (world.mo, world.fran)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for source in pages:
            styled = re.sub(r"<link[^>]*hub\.css[^>]*>", f"<style>{CSS.read_text()}</style>", source)
            assert styled != source
            for width, height, screens in ((1280, 900, 1), (390, 844, 2)):
                page = browser.new_page(viewport={"width": width, "height": height})
                page.set_content(styled)
                assert page.locator(".hub-answers dd").count() == 4
                assert page.evaluate(LAST) <= height * screens
                assert page.evaluate(WIDE) == width
                page.close()
        browser.close()

"""The look in a real browser: the policy, readers' checks, the keyboard, narrow screens, drafts."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, sync_playwright

from homes.interface.fields import DayChoiceField, DayField, TimeField
from homes.interface.forms import HubForm
from homes.interface.widgets import Checkboxes, Radios
from oversight.dashboards.charts.contributions import contributions, contributions_table
from oversight.dashboards.charts.legend import timeline_key
from oversight.dashboards.charts.timeline import timeline, timeline_table
from tests.hesley_hub.interface.test_components import CASES
from tests.hesley_hub.interface.test_pages import HUB
from tests.oversight.dashboards.charts.test_small_charts import WHY
from tests.oversight.dashboards.charts.test_timeline import sample

pytestmark = pytest.mark.browser

STATIC = Path(__file__).resolve().parents[3] / "static"
AXE = (
    (STATIC / "node_modules" / "axe-core" / "axe.min.js").read_text
    if (STATIC / "node_modules").exists()
    else None
)
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


class Find(Protocol):
    def __call__(self, path: str, *, held: bool = False) -> Page: ...


class Asked(HubForm):
    known_on = DayChoiceField(label="Date")
    at = TimeField(label="Time")
    how = forms.ChoiceField(
        label="How?",
        choices=[("a", "A child told someone"), ("out", "Someone outside")],
        widget=Radios(hints={"out": "A school"}, reveals={"out": "who"}),
    )
    who = forms.CharField(label="Who told you?", required=False)
    harms = forms.MultipleChoiceField(
        label="What was hurt?", choices=[("a", "Arm")], widget=Checkboxes, required=False
    )
    seen_on = DayField(label="Day of the visit", required=False)
    words = forms.CharField(label="Their words", widget=forms.Textarea, max_length=500, required=False)
    area = forms.ChoiceField(label="Area", choices=[("x", "X")], required=False)


def page_of(content: str, **context: Any) -> str:
    source = '{% extends "base.html" %}{% load interface %}{% block title %}Page{% endblock %}' + content
    return Template(source).render(Context({"hub": HUB, **context}))


def form_page() -> str:
    body = """{% block content %}<div class="hub-open">{% error_summary form %}<h1>When did the home come to know?</h1>
    <form method="post" action="/sent" novalidate data-draft-url="/draft"><input type="hidden" name="csrfmiddlewaretoken" value="tok">
    {{ form }}<p class="hub-draft" data-draft-status role="status"></p><button class="govuk-button" data-module="govuk-button">Continue</button></form></div>{% endblock %}
    {% block aside %}<aside class="hub-aside">{% include "components/danger.html" %}</aside>{% endblock %}"""
    return page_of(body, form=Asked({"at": "9 last nite"}, today=date(2026, 11, 23)))


def home_page() -> str:
    body = """{% block identity %}{% include "components/identity.html" %}{% endblock %}
    {% block subnav %}{% include "components/subnav.html" with items=items %}{% endblock %}
    {% block content %}{% include "components/voice.html" %}{% include "components/standing.html" %}
    <h2>Everything known</h2><div class="hub-chart hub-chart--wide">{% drawn wide %}</div><div class="hub-chart hub-chart--narrow">{% drawn narrow %}</div>
    {% include "components/key.html" with items=key %}{% include "components/data_table.html" with table=table %}
    <h2>Why</h2><div class="hub-chart hub-chart--wide">{% drawn why %}</div><div class="hub-chart hub-chart--narrow">{% drawn why_narrow %}</div>
    {% include "components/data_table.html" with table=why_table %}
    <h2>Clocks</h2>{% include "components/clocks.html" %}<h2>Records</h2>{% include "components/records.html" %}
    <h2>Who answered</h2>{% include "components/ladder.html" %}{% include "components/tell.html" %}
    <button type="button" class="hub-js-only" data-copy="words" id="copy">Copy</button><p id="words">Dear Ofsted</p>{% endblock %}"""
    data = sample()
    context: dict[str, Any] = {}
    for name in ("identity", "voice", "standing", "clocks", "records", "ladder", "tell"):
        context.update(CASES[name])
    context.update(
        items=CASES["subnav"]["items"], key=timeline_key(), table=timeline_table(data), wide=timeline(data), narrow=timeline(data, 358),
        why=contributions(WHY), why_narrow=contributions(WHY, 358, "whyn"), why_table=contributions_table(WHY),
    )  # fmt: skip
    return page_of(body, **context)


def child_page() -> str:
    body = """{% block body_class %}hub-child{% endblock %}{% block nav %}{% endblock %}{% block content %}<h1>How is it here?</h1>
    <form><button class="hub-unsafe">{% symbol "unsafe" %}<span><strong>I feel unsafe</strong>Someone will be told.</span></button>
    <fieldset class="hub-tiles"><legend>Choose one or more.</legend>{% for name in names %}{% include "components/symbol_tile.html" with name="f" value=name %}{% endfor %}</fieldset></form>
    {% endblock %}"""
    return page_of(body, names=["happy", "sad", "scared", "night"])


def visit_page() -> str:
    body = """{% block content %}<h1>Visit</h1>{% include "components/task_list.html" %}{% include "components/summary_list.html" %}
    {% include "components/filter.html" %}{% endblock %}
    {% block fixed %}{% include "components/raise.html" with href="/x" text="" %}{% endblock %}"""
    return page_of(body, **CASES["task_list"], **CASES["summary_list"], **CASES["filter"])


PAGES: dict[str, Callable[[], str]] = {
    "/form": form_page, "/home": home_page, "/child": child_page, "/visit": visit_page, "/lost": lambda: render_to_string("404.html", {"hub": HUB}),
}  # fmt: skip


class Kept(list[tuple[str, dict[str, list[str]], str]]):
    """What was posted: path, fields, token header."""


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[str, Kept]]:
    kept = Kept()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path.startswith("/static/"):
                file = STATIC / "dist" / path.removeprefix("/static/")
                self.answer(file.read_bytes(), TYPES[file.suffix])
            elif path in PAGES:
                self.answer(PAGES[path]().encode(), "text/html; charset=utf-8")
            else:
                self.answer(b"", "text/plain", 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            fields = parse_qs(body) if "urlencoded" in self.headers["Content-Type"] else {"raw": [body]}
            kept.append((self.path, fields, self.headers.get("X-CSRFToken", "")))
            self.answer(b"ok", "text/plain")

        def answer(self, body: bytes, kind: str, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", kept
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser, site: tuple[str, Kept]) -> Iterator[Find]:
    """Opens a page; at the end no error of script or policy may have been seen."""
    troubles: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))

    def open_(path: str, *, held: bool = False) -> Page:
        if held:
            page.clock.install()
        page.goto(site[0] + path)
        page.locator("html[data-hub=ready]").wait_for()
        return page

    yield open_
    context.close()
    assert troubles == []


@pytest.mark.parametrize("path", sorted(PAGES))
def test_every_page_meets_the_guidelines_and_none_scrolls_sideways(visit: Find, path: str) -> None:
    assert AXE is not None, "run npm ci in static/ first"
    page = visit(path)
    page.evaluate(AXE(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", tags)
        told = [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found["violations"]]
        assert told == [], json.dumps(told, indent=1)
        assert len(found["passes"]) > 15


def test_the_keyboard_reaches_the_main_content_and_focus_is_seen(visit: Find) -> None:
    page = visit("/home")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.keyboard.press("Tab")
    inside = page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert inside
    assert page.evaluate("getComputedStyle(document.activeElement).backgroundColor") == "rgb(255, 216, 74)"


def test_an_error_takes_the_focus_and_leads_to_its_field(visit: Find) -> None:
    page = visit("/form")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.get_by_role("link", name="Enter a time like 21:40").click()
    assert page.evaluate("document.activeElement.id") == "id_at"


def test_another_day_reveals_its_boxes(visit: Find) -> None:
    page = visit("/form")
    boxes = page.locator("#id_known_on_day")
    assert not boxes.is_visible()
    page.get_by_label("Another day").check()
    assert boxes.is_visible()
    page.get_by_label("Someone outside").check()
    assert page.get_by_label("Who told you?").is_visible()


def test_what_is_typed_is_kept_on_leaving_the_field(visit: Find, site: tuple[str, Kept]) -> None:
    page = visit("/form")
    site[1].clear()
    page.get_by_label("Their words").fill("He held. Too hard.")
    page.get_by_label("Time").focus()
    page.get_by_text("Draft saved").wait_for(timeout=3000)
    ((path, fields, token),) = site[1]
    assert (path, token) == ("/draft", "tok")
    assert fields["words"] == ["He held. Too hard."]
    assert fields["at"] == ["9 last nite"]
    assert "csrfmiddlewaretoken" not in fields


def test_what_is_typed_is_kept_after_five_seconds_and_only_when_changed(
    visit: Find, site: tuple[str, Kept]
) -> None:
    page = visit("/form", held=True)
    site[1].clear()
    page.get_by_label("Their words").press_sequentially("No")
    page.clock.run_for(5100)
    page.get_by_text("Draft saved").wait_for(timeout=3000)
    page.get_by_label("Time").focus()
    page.clock.run_for(20_000)
    assert len(site[1]) == 1


def test_a_draft_that_cannot_be_kept_is_said_and_tried_again(
    browser: Browser, site: tuple[str, Kept]
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(site[0] + "/form")
    page.route("**/draft", lambda route: route.abort())
    page.get_by_label("Their words").fill("Once")
    page.get_by_label("Time").focus()
    page.get_by_text("could not be saved just now").wait_for(timeout=3000)
    page.unroute("**/draft")
    page.clock.run_for(5100)
    page.get_by_text("Draft saved").wait_for(timeout=3000)
    context.close()


def test_without_script_everything_is_there(browser: Browser, site: tuple[str, Kept]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site[0] + "/form")
    assert page.locator("#id_known_on_day").is_visible()
    assert page.get_by_label("Who told you?").is_visible()
    page.goto(site[0] + "/home")
    assert not page.locator("#copy").is_visible()
    page.goto(site[0] + "/child")
    page.get_by_label("Scared").check()
    assert page.get_by_label("Scared").is_checked()
    context.close()


def test_a_text_is_copied_or_selected_and_said(visit: Find) -> None:
    page = visit("/home")
    page.locator("#copy").click()
    page.get_by_text("Copied.").or_(page.get_by_text("The text is selected.")).wait_for(timeout=2000)


def test_buttons_and_tiles_are_large_enough_to_hit(visit: Find) -> None:
    for path in ("/form", "/visit"):
        heights = visit(path).evaluate(
            "[...document.querySelectorAll('main .govuk-button')].map(e => e.offsetHeight)"
        )
        assert heights
        assert min(heights) >= 44
    tiles = visit("/child").evaluate("[...document.querySelectorAll('.hub-tile')].map(e => e.offsetHeight)")
    assert min(tiles) >= 140


def test_the_fixed_bar_hides_no_focus_on_a_phone(visit: Find) -> None:
    page = visit("/visit")
    page.set_viewport_size({"width": 390, "height": 500})
    links = page.locator("main a").count()
    bar = page.locator(".hub-raise")
    for _ in range(links + 12):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            """() => { const e = document.activeElement.getBoundingClientRect(), bar = document.querySelector('.hub-raise').getBoundingClientRect();
            return document.querySelector('main').contains(document.activeElement) && e.top >= bar.top }"""
        )
        assert not hidden
    assert bar.is_visible()

"""Every component renders what it is given, escaped, with nothing inline."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from homes.interface.forms import HubForm
from oversight.dashboards.charts.drawing import Table
from oversight.dashboards.charts.legend import sparkline_key, timeline_key

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
EVIL = "<img src=x>&\"'"
SAFE = "&lt;img src=x&gt;&amp;&quot;&#x27;"
DAY = date(2026, 11, 9)


class Filter(HubForm):
    q = forms.CharField(label=EVIL, required=False)


STANDING: dict[str, Any] = {"level": "escalate", "since": DAY, "sentence": EVIL, "note": EVIL, "facts": [{"label": EVIL, "value": EVIL, "late": True}]}  # fmt: skip
ITEM = {"text": EVIL, "href": "/x/", "current": True, "count": 2}
CASES: dict[str, dict[str, Any]] = {
    "back": {"href": "/x/", "text": EVIL},
    "breadcrumbs": {"items": [ITEM, {"text": EVIL}]},
    "chance": {"sentence": EVIL, "href": "/x/"},
    "clocks": {"clocks": [{"by": "5 days late", "late": True, "what": EVIL, "who": EVIL, "do": "Ask", "do_href": "/x/"}]},
    "crossed": {"opened": EVIL, "crossed": {"who": EVIL, "rows": [{"label": EVIL, "now": EVIL, "yours": EVIL}]}},
    "danger": {"numbers": [{"who": EVIL, "number": "01632 960 114", "when": "day and night"}]},
    "data_table": {"table": Table(EVIL, ("a",), ((EVIL, "1"),))},
    "error_summary": {"lines": [("id_a", EVIL), ("", EVIL)]},
    "exit": {},
    "facts": {"facts": [{"label": EVIL, "value": EVIL, "href": "/x/"}]},
    "filter": {"form": Filter()},
    "identity": {"home": {"name": EVIL}, "about": EVIL, "standing": STANDING, "facts": [{"label": "URN", "value": EVIL}]},
    "key": {"items": timeline_key() + sparkline_key()},
    "ladder": {"steps": [
        {"state": state, "heading": EVIL, "due": EVIL, "answered": EVIL, "people": [{"name": EVIL, "post": EVIL, "told": DAY}]}
        for state in ("answered", "part", "late", "waiting", "next")
    ]},
    "messages": {"messages": [SimpleNamespace(level_tag="success", __str__=str), EVIL]},
    "pagination": {"page": Paginator(range(90), 10).page(4), "pages": list(Paginator(range(90), 10).get_elided_page_range(4))},
    "raise": {"href": "/x/", "text": EVIL},
    "records": {"records": [{"when": "5 Nov", "stream": EVIL, "source": EVIL, "outside": True}, {"stream": "LADO", "href": "/x/"}]},
    "silence": {"silence": {"heading": EVIL, "text": EVIL, "href": "/x/", "link": "Who"}},
    "sofar": {"rows": [{"key": EVIL, "value": EVIL}], "saved": datetime(2026, 11, 9, 14, 2, tzinfo=UTC)},
    "standing": {"standing": STANDING},
    "subnav": {"items": [ITEM]},
    "summary_list": {"rows": [{"key": EVIL, "value": EVIL, "href": "/x/"}, {"key": "Empty", "value": ""}]},
    "symbol_tile": {"name": "f", "value": "night", "word": EVIL, "ticked": True},
    "task_list": {"sections": [{"heading": EVIL, "tasks": [
        {"text": EVIL, "href": "/x/", "hint": EVIL, "status": status} for status in ("done", "progress", "needs", "blocked", "")
    ]}]},
    "tell": {"duties": [{"by": "By 17:00", "left": "3 h left", "soon": True, "who": EVIL, "why": EVIL, "law": "Reg 40", "warning": EVIL, "text": EVIL, "told": EVIL, "actions": [ITEM]}]},
    "timeline": {"entries": [{"heading": EVIL, "by": EVIL, "text": EVIL}]},
    "voice": {"views": [{"words": EVIL, "who": EVIL, "done": EVIL}, {"symbols": ["night"], "who": EVIL, "href": "/x/"}], "silence": {"heading": EVIL, "text": EVIL}},
    "weeks": {"charts": [{"name": EVIL, "now": 3, "rule": "quiet", "note": EVIL, "svg": "<svg />", "table": Table(EVIL, (), ())}]},
}  # fmt: skip


def rendered(name: str) -> str:
    return render_to_string(f"components/{name}.html", CASES[name], RequestFactory().get("/?page=4&q=a"))


def test_no_component_is_left_out_of_these_tests() -> None:
    assert set(CASES) == {path.stem for path in (TEMPLATES / "components").glob("*.html")}


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_component_escapes_all_it_is_given(name: str) -> None:
    html = rendered(name)
    assert html.strip()
    assert EVIL not in html
    assert "<img" not in html
    assert str(CASES[name]).count(EVIL) == 0 or SAFE in html


@pytest.mark.parametrize("name", sorted(CASES))
def test_tags_of_a_component_balance_and_ids_are_unique(name: str) -> None:
    html = rendered(name)
    for tag in (
        "div",
        "ul",
        "ol",
        "li",
        "p",
        "dl",
        "section",
        "table",
        "tr",
        "td",
        "th",
        "a",
        "span",
        "svg",
        "label",
    ):
        assert len(re.findall(rf"<{tag}[\s>]", html)) == html.count(f"</{tag}>") + len(
            re.findall(rf"<{tag} />", html)
        )
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_template_holds_what_the_policy_refuses(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|javascript:|\son[a-z]+\s*=\s*[\"']", source)
    # A block of JSON is data, which the policy lets stand; what runs comes from a file.
    assert not re.search(r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))", source)
    assert not re.search(r"""(?:src|<link[^>]*href)=["']https?:""", source)


def test_pages_keep_the_query_and_mark_the_page_one_is_on() -> None:
    html = rendered("pagination")
    assert 'href="?page=3&amp;q=a" rel="prev"' in html
    assert 'href="?page=5&amp;q=a" rel="next"' in html
    assert html.count('aria-current="page"') == 1


def test_one_page_needs_no_pagination() -> None:
    assert render_to_string("components/pagination.html", {"page": Paginator([1], 10).page(1)}).strip() == ""


def test_the_ladder_tells_four_facts_apart() -> None:
    html = rendered("ladder")
    assert html.count("Not seen") == 5
    assert html.count("Not yet") == 5
    assert "9 Nov" in html
    assert len(set(re.findall(r'<svg class="hub-ladder__mark"[^>]*>(.*?)</svg>', html))) == 5


def test_a_child_who_got_no_answer_reads_as_nothing_yet() -> None:
    html = rendered("voice")
    assert "nothing yet" in html
    assert "hub-silence" in html


def test_tags_say_who_told() -> None:
    html = rendered("records")
    assert html.count("Only outside") == 1
    assert html.count("Home told us") == 1

"""The sources of the look: contrast, one palette, nothing from elsewhere."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from oversight.dashboards.charts import palette

STATIC = Path(__file__).resolve().parents[3] / "static"
SOURCES = [path for folder in ("scss", "js", "svg") for path in sorted((STATIC / folder).iterdir())]
TOKENS = dict(
    re.findall(r"^\$([a-z0-9-]+): (#[0-9a-f]{6});", (STATIC / "scss" / "_tokens.scss").read_text(), re.M)
)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"), ("ink", "linen"), ("ink-2", "paper"), ("ink-2", "linen"), ("link", "paper"), ("link", "linen"),
        ("visited", "paper"), ("visited", "linen"), ("plum", "paper"), ("plum", "linen"), ("plum", "plum-t"), ("ink", "focus"),
        ("error", "paper"), ("usual", "paper"), ("look", "look-t"), ("paper", "escalate"), ("paper", "urgent"), ("paper", "petrol"),
        ("urgent", "urgent-t"), ("urgent", "linen"), ("paper", "petrol-d"), ("petrol-d", "petrol-t"), ("ink-2", "petrol-t"),
        ("escalate", "paper"), ("petrol", "paper"), ("ink-2", "child-paper"), ("ink", "linen-2"),
    ],
)  # fmt: skip
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize(
    ("mark", "ground"), [("edge", "paper"), ("edge", "linen"), ("escalate", "petrol-t"), ("escalate", "linen"),
                         ("plum", "petrol-t"), ("urgent", "escalate-t"), ("look", "linen"), ("focus", "petrol-d")]
)  # fmt: skip
def test_marks_and_borders_can_be_seen(mark: str, ground: str) -> None:
    assert contrast(TOKENS[mark], TOKENS[ground]) >= 3


def test_charts_and_pages_use_one_palette() -> None:
    pairs = {
        "INK": "ink", "INK_2": "ink-2", "LINE": "line", "PAPER": "paper", "LINEN": "linen", "BAND": "petrol-t", "PETROL": "petrol",
        "PLUM": "plum", "USUAL": "usual", "LOOK": "look", "LOOK_TINT": "look-t", "ESCALATE": "escalate",
        "ESCALATE_TINT": "escalate-t", "URGENT": "urgent", "URGENT_TINT": "urgent-t",
    }  # fmt: skip
    assert {name: getattr(palette, name).lower() for name in pairs} == {
        name: TOKENS[token] for name, token in pairs.items()
    }


def test_no_source_names_a_colour_outside_the_tokens() -> None:
    for path in STATIC.glob("scss/*.scss"):
        if path.name != "_tokens.scss":
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b", path.read_text()), path.name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|//[a-z]+\.|@import url|data:image|<script|style=", text)


def test_levels_grow_heavier_in_grey_as_in_colour() -> None:
    order = [TOKENS["paper"], TOKENS["look-t"], TOKENS["escalate"], TOKENS["urgent"]]
    assert all(luminance(lighter) > luminance(darker) for lighter, darker in pairwise(order))


def test_packages_are_pinned_by_hash_and_without_addresses() -> None:
    lock = (STATIC / "package-lock.json").read_text()
    assert "resolved" not in lock
    assert "://" not in lock
    packages = {name: entry for name, entry in json.loads(lock)["packages"].items() if name}
    assert all(entry.get("integrity", "").startswith("sha512-") for entry in packages.values())
    wanted = json.loads((STATIC / "package.json").read_text())
    assert all(
        re.fullmatch(r"[\d.]+", version)
        for part in ("dependencies", "devDependencies")
        for version in wanted[part].values()
    )

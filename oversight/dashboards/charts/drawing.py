"""Small pieces of SVG: escaped text, shapes by attributes, and the root that every drawing shares."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape as escape_html

from oversight.dashboards.charts.palette import FACE, INK

KEY = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*")


#: Characters that no XML may hold, escaped or not.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape(content: str) -> str:
    """Text that is safe within an element or a quoted attribute."""
    return escape_html(ILLEGAL.sub("", content))


@dataclass(frozen=True)
class Table:
    """The figures of a drawing, to be shown beside it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def num(value: float) -> str:
    """A coordinate with at most one decimal, without a trailing nought."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def words(
    x: float,
    y: float,
    content: str,
    *,
    size: int = 14,
    weight: int = 400,
    colour: str = INK,
    anchor: str = "start",
) -> str:
    """One line of text; `content` is escaped."""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return (
        f'<text x="{num(x)}" y="{num(y)}" font-size="{size}" fill="{colour}"{bold}{place}>'
        f"{escape(content)}</text>"
    )


def runs(
    x: float, y: float, parts: Iterable[tuple[str, str, int]], *, size: int, anchor: str = "start"
) -> str:
    """One line in several colours and weights: `parts` are (words, colour, weight)."""
    inside = "".join(
        f'<tspan fill="{colour}" font-weight="{weight}">{escape(content)}</tspan>'
        for content, colour, weight in parts
    )
    return f'<text x="{num(x)}" y="{num(y)}" font-size="{size}" text-anchor="{anchor}">{inside}</text>'


def rect(x: float, y: float, width: float, height: float, fill: str, extra: str = "") -> str:
    return (
        f'<rect x="{num(x)}" y="{num(y)}" width="{num(max(width, 0))}" height="{num(max(height, 0))}" '
        f'fill="{fill}"{" " + extra if extra else ""}/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="M{num(x1)} {num(y1)}L{num(x2)} {num(y2)}" stroke="{colour}" '
        f'stroke-width="{num(width)}" fill="none"{dashed}/>'
    )


def width_of(content: str, size: int, weight: int = 400) -> float:
    """About how wide a line of text is, a little generous."""
    return len(content) * size * (0.58 if weight > 500 else 0.54)


def picture(key: str, width: float, height: float, title: str, desc: str, body: Iterable[str]) -> str:
    """The whole drawing. `key` names it within its page: no other drawing there may have it."""
    if not KEY.fullmatch(key):
        raise ValueError(f"the key of a drawing is letters, figures and hyphens, not {key!r}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{num(width)}" height="{num(height)}" '
        f'viewBox="0 0 {num(width)} {num(height)}" role="img" aria-labelledby="{key}-t {key}-d" '
        f'font-family="{FACE}"><title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(desc)}</desc>{"".join(body)}</svg>'
    )


def day_words(day: object) -> str:
    """9 Nov 2026."""
    return f"{day.day} {day:%b %Y}" if hasattr(day, "day") else ""

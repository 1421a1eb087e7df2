"""Thirteen months in the space of a word: the home's above the line, what only others told below."""

from dataclasses import dataclass
from typing import Literal

from oversight.dashboards.charts.drawing import escape, line, num
from oversight.dashboards.charts.marks import bars, diamond_path
from oversight.dashboards.charts.palette import ESCALATE, INK, PLUM, URGENT

Rule = Literal["beyond", "quiet", "missing", ""]

WIDTH, HEIGHT, BASE = 82, 42, 27
RULE_WORDS = {"beyond": "more than chance", "quiet": "quieter than usual", "missing": "a visit is missing"}


@dataclass(frozen=True)
class SparkData:
    """Counts of each month, oldest first, and the rule that holds now, if any."""

    above: tuple[int, ...]
    below: tuple[int, ...] = ()
    rule: Rule = ""
    visits: bool = False


def corner(rule: str, x: float, y: float) -> str:
    """The mark of a rule, centred on (x, y); empty where none holds."""
    if rule == "beyond":
        return f'<path d="{diamond_path(x, y, 5)}" fill="{ESCALATE}"/>'
    if rule == "quiet":
        return f'<path d="M{num(x - 5)} {num(y - 4)}h10l-5 8z" fill="{PLUM}"/>'
    if rule == "missing":
        return (
            f'<rect x="{num(x - 4.5)}" y="{num(y - 4.5)}" width="9" height="9" fill="none" stroke="{URGENT}" '
            'stroke-width="1.6" stroke-dasharray="2 1.6"/>'
        )
    return ""


def sparkline(data: SparkData, scale: int = 6) -> str:
    """SVG of 82 by 42 px. `scale` is the largest month of the whole list, so that all rows compare."""
    count = max(len(data.above), len(data.below), 1)
    step = (WIDTH - 2) / count
    unit = min(14 / max(scale, *data.above, *data.below, 1), 5)
    told, outside = sum(data.above), sum(data.below)
    noun = "visits" if data.visits else "told"
    said = f"{count} months: {told} {noun}" + (f", {outside} only outside" if outside else "")
    said += f"; {RULE_WORDS[data.rule]}" if data.rule else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="{escape(said)}"><title>{escape(said)}</title>'
        f"{line(0, BASE, WIDTH, BASE, INK, 1)}"
        f"{bars(data.above, 1, step, BASE, unit, True)}{bars(data.below, 1, step, BASE, unit, False)}"
        f"{corner(data.rule, WIDTH - 7, 6)}</svg>"
    )

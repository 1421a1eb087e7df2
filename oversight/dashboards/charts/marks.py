"""Marks on the line: severity by fill and form, the home's above, others' below, side-stepping one another."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from oversight.dashboards.charts.drawing import num
from oversight.dashboards.charts.palette import INK, PAPER, PLUM

NO_HARM, MINOR, MODERATE, SERIOUS, DEATH = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class Mark:
    """One record: its day, severity 1 (no harm) to 5 (death or life-changing), and whether only others told it."""

    on: date
    severity: int = MODERATE
    outside: bool = False


@cache
def _round(r: float) -> str:
    """The rest of a circle from its leftmost point, as four curves: the PDF engine draws small arcs as hexagons."""
    k = r * 0.5523
    turns = (
        (0, -k, r - k, -r, r, -r),
        (k, 0, r, r - k, r, r),
        (0, k, k - r, r, -r, r),
        (-k, 0, -r, k - r, -r, -r),
    )
    return "".join("c" + " ".join(f"{value:.2f}" for value in turn) for turn in turns) + "z"


def circle_path(x: float, y: float, r: float) -> str:
    return f"M{num(x - r)} {num(y)}{_round(round(r, 2))}"


def diamond_path(x: float, y: float, r: float) -> str:
    return f"M{num(x)} {num(y - r)}l{num(r)} {num(r)} {num(-r)} {num(r)} {num(-r)} {num(-r)}z"


def square_path(x: float, y: float, r: float) -> str:
    return f"M{num(x - r)} {num(y - r)}h{num(2 * r)}v{num(2 * r)}h{num(-2 * r)}z"


def mark_path(severity: int, x: float, y: float, r: float) -> str:
    """Outline of one mark whose ordinary radius is r."""
    if severity <= NO_HARM:
        return circle_path(x, y, r * 0.5)
    if severity in (MINOR, MODERATE):
        return circle_path(x, y, r * (0.85 if severity == MINOR else 1))
    if severity == SERIOUS:
        return diamond_path(x, y, r * 1.35)
    return square_path(x, y, r * 0.8) + square_path(x, y, r * 1.45)


def mark_style(severity: int, colour: str) -> str:
    if severity == MINOR:
        return f'fill="{PAPER}" stroke="{colour}" stroke-width="1.5"'
    if severity >= DEATH:
        return f'fill="{colour}" fill-rule="evenodd" stroke="{colour}" stroke-width="1"'
    return f'fill="{colour}"'


def rows_for(places: Sequence[float], gap: float, most: int) -> list[int]:
    """The row of each mark, 0 nearest the line, for places in ascending order; the last row may overlap."""
    ends = [float("-inf")] * most
    rows = []
    for x in places:
        free = next((row for row in range(most) if x - ends[row] >= gap), most - 1)
        ends[free] = x
        rows.append(free)
    return rows


def side(marks: Iterable[tuple[float, Mark]], base: float, r: float, most: int, up: bool) -> str:
    """Paths of the marks of one side of a line at y = base, one path for each severity."""
    ordered = sorted(marks, key=lambda pair: (pair[0], pair[1].severity))
    paths: dict[int, list[str]] = defaultdict(list)
    for (x, mark), row in zip(ordered, rows_for([x for x, _ in ordered], 2 * r + 1, most), strict=True):
        away = r * 1.75 + row * (2 * r + 2)
        severity = min(max(mark.severity, NO_HARM), DEATH)
        paths[severity].append(mark_path(severity, x, base - away if up else base + away, r))
    colour = INK if up else PLUM
    return "".join(
        f'<path d="{"".join(parts)}" {mark_style(severity, colour)}/>'
        for severity, parts in sorted(paths.items())
    )


def bars(counts: Sequence[int], left: float, step: float, base: float, unit: float, up: bool) -> str:
    """Bars of whole numbers, one each `step`, above or below the line; empty where all are nought."""
    wide = max(step * 0.72, 1)
    parts = [
        f"M{num(left + place * step)} {num(base)}v{num(-count * unit if up else count * unit)}h{num(wide)}V{num(base)}z"
        for place, count in enumerate(counts)
        if count
    ]
    return f'<path d="{"".join(parts)}" fill="{INK if up else PLUM}"/>' if parts else ""

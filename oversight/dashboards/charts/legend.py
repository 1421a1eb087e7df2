"""The key of a drawing: each mark with its words."""

from dataclasses import dataclass
from datetime import date

from oversight.dashboards.charts.drawing import line, num, rect
from oversight.dashboards.charts.marks import (
    DEATH,
    MINOR,
    MODERATE,
    NO_HARM,
    SERIOUS,
    Mark,
    mark_path,
    mark_style,
    side,
)
from oversight.dashboards.charts.palette import ESCALATE_TINT, INK, PLUM, URGENT
from oversight.dashboards.charts.sparkline import corner
from oversight.dashboards.charts.timeline_data import Visit
from oversight.dashboards.charts.timeline_marks import flag, visit_mark

ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class KeyItem:
    """`svg` is decoration beside `words`."""

    svg: str
    words: str


def _small(body: str, width: int = 18, height: int = 18) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{num(width)}" height="{num(height)}" '
        f'viewBox="0 0 {num(width)} {num(height)}" aria-hidden="true" focusable="false">{body}</svg>'
    )


def timeline_key() -> list[KeyItem]:
    """Marks of the timeline, in the order of reading."""
    severities = {NO_HARM: "no harm", MINOR: "minor", MODERATE: "moderate", SERIOUS: "serious"}
    severities[DEATH] = "death or life-changing"
    items = [
        KeyItem(_small(f'<path d="{mark_path(grade, 9, 9, 4.2)}" {mark_style(grade, INK)}/>'), name)
        for grade, name in severities.items()
    ]
    both = side([(8, Mark(ANY_DAY))], 9, 3, 1, True) + side(
        [(12, Mark(ANY_DAY, outside=True))], 9, 3, 1, False
    )
    items.append(
        KeyItem(
            _small(line(0, 9, 20, 9, INK, 1.5) + both, 20),
            "above the line the home told us, below only others did",
        )
    )
    visits = (
        (Visit(ANY_DAY), "visit"),
        (Visit(ANY_DAY, "concerns"), "visit with concerns"),
        (Visit(ANY_DAY, "missing"), "no visit"),
    )
    items += [KeyItem(_small(visit_mark(visit, 9, 9, 4.5)), name) for visit, name in visits]
    items.append(KeyItem(_small(rect(0, 2, 18, 14, ESCALATE_TINT)), "since when"))
    slashes = "".join(f"M{x} 13l8-8" for x in (1, 6, 11))
    hatched = rect(0.5, 5, 19, 8, "none", f'stroke="{URGENT}"')
    hatched += f'<path d="{slashes}" stroke="{URGENT}" stroke-width="1.3"/>'
    items.append(KeyItem(_small(hatched, 20), "no one answered"))
    items.append(KeyItem(_small(flag(3, 0)), "action"))
    return items


def sparkline_key() -> list[KeyItem]:
    """Marks of a list of sparklines."""
    return [
        KeyItem(
            _small(line(0, 9, 18, 9, INK, 1) + rect(4, 2, 4, 7, INK) + rect(10, 9, 4, 5, PLUM)),
            "13 months: above the line the home told us, below only others did",
        ),
        KeyItem(_small(corner("beyond", 9, 9)), "more than chance"),
        KeyItem(_small(corner("quiet", 9, 9)), "quieter than usual"),
        KeyItem(_small(corner("missing", 9, 9)), "visit missing"),
    ]

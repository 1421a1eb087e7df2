"""The shapes that stand for levels of concern, on a 16 by 16 grid, in one colour with one knock-out colour."""

from oversight.dashboards.charts.palette import LEVEL_WORD, PAPER

#: The engine's tiers and the ladder's words, as the five levels people see.
SAME_AS = {"regulator": "urgent", "none": "usual", "": "usual"}


def level_of(name: str) -> str:
    """One of usual, look, escalate, urgent, quiet. Raises KeyError for a name nobody knows."""
    level = SAME_AS.get(name, name)
    if level not in LEVEL_WORD:
        raise KeyError(f"no such level of concern: {name!r}")
    return level


def level_shape(level: str, colour: str = "currentColor", knock: str = PAPER) -> str:
    """SVG elements of the level's shape on a 16 by 16 grid."""
    ring = f'<circle cx="8" cy="8" r="6.4" fill="none" stroke="{colour}" stroke-width="1.8"/>'
    if level == "usual":
        return ring
    if level == "look":
        return ring + f'<path d="M8 1.6A6.4 6.4 0 0 0 8 14.4Z" fill="{colour}"/>'
    if level == "escalate":
        return f'<path d="M8 1.4L15.4 14.6H0.6Z" fill="{colour}"/>'
    if level == "urgent":
        octagon = f'<path d="M5 0.8H11L15.2 5V11L11 15.2H5L0.8 11V5Z" fill="{colour}"/>'
        mark = f'<path d="M8 3.8V8.8" stroke="{knock}" stroke-width="2.2"/><circle cx="8" cy="11.8" r="1.3" fill="{knock}"/>'
        return octagon + mark
    dashed = f'<circle cx="8" cy="8" r="6.4" fill="none" stroke="{colour}" stroke-width="1.8" stroke-dasharray="2.6 2.1"/>'
    return dashed + f'<path d="M5.4 8H10.6" stroke="{colour}" stroke-width="1.8"/>'

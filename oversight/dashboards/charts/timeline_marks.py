"""What the wide and the narrow timeline draw alike: visits, bands, hatches, pins and flags."""

from oversight.dashboards.charts.axis import Axis
from oversight.dashboards.charts.drawing import line, num, rect
from oversight.dashboards.charts.palette import INK, LEVEL_COLOUR, LEVEL_TINT, PAPER, PETROL, URGENT
from oversight.dashboards.charts.shapes import level_of, level_shape
from oversight.dashboards.charts.timeline_data import Lane, Pin, Visit


def visit_marks(lane: Lane, axis: Axis, base: float, r: float) -> str:
    """Open square: visit. Solid: with concerns. Dashed and crossed: none."""
    return "".join(
        visit_mark(visit, axis.x(visit.on), base, r) for visit in sorted(lane.visits, key=lambda v: v.on)
    )


def visit_mark(visit: Visit, x: float, y: float, r: float) -> str:
    square = f'<rect x="{num(x - r)}" y="{num(y - r)}" width="{num(2 * r)}" height="{num(2 * r)}" '
    if visit.kind == "concerns":
        return square + f'fill="{INK}" stroke="{INK}" stroke-width="1.5"/>'
    if visit.kind == "visit":
        return square + f'fill="{PAPER}" stroke="{INK}" stroke-width="1.5"/>'
    c = r * 0.45
    cross = f"M{num(x - c)} {num(y - c)}l{num(2 * c)} {num(2 * c)}m0 {num(-2 * c)}l{num(-2 * c)} {num(2 * c)}"
    return (
        square + f'fill="{PAPER}" stroke="{URGENT}" stroke-width="1.5" stroke-dasharray="2 1.5"/>'
        f'<path d="{cross}" stroke="{URGENT}" stroke-width="1.5"/>'
    )


def band(pin: Pin, axis: Axis, top: float, bottom: float) -> str:
    """The tint from the estimated start to the alert, with a dotted edge."""
    if pin.since is None or pin.since >= pin.on:
        return ""
    level = level_of(pin.level)
    left, right = axis.x(pin.since), axis.x(pin.on)
    edge = line(left, top, left, bottom, LEVEL_COLOUR[level], 1, "2 3")
    return rect(left, top, right - left, bottom - top, LEVEL_TINT[level]) + edge


def hatch_pattern(key: str) -> str:
    return (
        f'<defs><pattern id="{key}-h" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V5" stroke="{URGENT}" stroke-width="2"/></pattern></defs>'
    )


def hatch(pin: Pin, axis: Axis, top: float, height: float, key: str) -> str:
    """The time in which no one answered."""
    left, right = axis.x(pin.on), axis.x(pin.answered or axis.end)
    if right <= left:
        return ""
    return rect(
        left, top, max(right - left, 3), height, f"url(#{key}-h)", f'stroke="{URGENT}" stroke-width="1"'
    )


def pin_shape(pin: Pin, x: float, y: float, size: float) -> str:
    """The level's shape, centred on (x, y)."""
    level = level_of(pin.level)
    scale = num(size / 16) if size % 16 == 0 else f"{size / 16:.3f}"
    inside = level_shape(level, LEVEL_COLOUR[level])
    ground = f'<circle cx="8" cy="8" r="6.4" fill="{PAPER}"/>' if level in ("usual", "look", "quiet") else ""
    return f'<g transform="translate({num(x - size / 2)} {num(y - size / 2)}) scale({scale})">{ground}{inside}</g>'


def flag(x: float, y: float) -> str:
    """A flag whose staff stands at x, its foot 14 px under y."""
    return f'<path d="M{num(x)} {num(y)}V{num(y + 18)}M{num(x)} {num(y)}h11l-3.5 4.500 3.5 4.500h-11z" fill="{PETROL}" stroke="{PETROL}" stroke-width="1.5"/>'


def pin_line(pin: Pin, x: float, top: float, bottom: float) -> str:
    return line(x, top, x, bottom, LEVEL_COLOUR[level_of(pin.level)], 2)

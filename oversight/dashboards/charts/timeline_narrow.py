"""The timeline of a phone (358 px): months as bars above and below each line, alerts by number."""

from oversight.dashboards.charts.axis import Axis
from oversight.dashboards.charts.drawing import line, picture, rect, runs, words
from oversight.dashboards.charts.marks import bars
from oversight.dashboards.charts.palette import INK, INK_2, LINEN, PLUM, URGENT
from oversight.dashboards.charts.timeline_data import (
    Lane,
    TimelineData,
    described,
    lane_counts,
    month_starts,
    per_month,
)
from oversight.dashboards.charts.timeline_marks import (
    band,
    flag,
    hatch,
    hatch_pattern,
    pin_line,
    pin_shape,
    visit_marks,
)

WIDTH = 358
LEFT, RIGHT = 1, 352
NAME, UP, DOWN = 18, 18, 11  # heights of a lane's words, of the room above its line, and below
PITCH = NAME + UP + DOWN + 4


def _unit(data: TimelineData) -> float:
    """Px for one record: one scale for all lanes, so that they can be compared."""
    months = month_starts(data)
    up = max((count for lane in data.lanes for count in per_month(lane, months, False)), default=1)
    down = max((count for lane in data.lanes for count in per_month(lane, months, True)), default=1)
    return min((UP - 1) / max(up, 1), (DOWN - 1) / max(down, 1), 6)


def _lane_words(lane: Lane, top: float) -> str:
    told, outside, missing = lane_counts(lane)
    parts = [(lane.name, INK, 700), (f" {told}", INK_2, 400)]
    parts += [(", ", INK_2, 400), (outside, PLUM, 700)] if outside else []
    parts += [(", ", INK_2, 400), (missing, URGENT, 700)] if missing else []
    return runs(0, top + 13, parts, size=14)


def _lane_drawn(lane: Lane, base: float, axis: Axis, data: TimelineData, unit: float) -> str:
    thread = line(LEFT, base, RIGHT, base, INK, 1.2)
    months = month_starts(data)
    step = (RIGHT - LEFT) / len(months)
    if lane.is_visits:
        return thread + visit_marks(lane, axis, base, max(min(step * 0.34, 3), 1))
    return (
        thread
        + bars(per_month(lane, months, False), LEFT, step, base, unit, True)
        + bars(per_month(lane, months, True), LEFT, step, base, unit, False)
    )


def _pins(data: TimelineData, axis: Axis, top: float, bottom: float, key: str) -> str:
    parts = []
    last = float("-inf")
    for pin in sorted(data.pins, key=lambda pin: (pin.on, pin.number)):
        x = axis.x(pin.on)
        parts.append(pin_line(pin, x, 30, bottom))
        parts.append(hatch(pin, axis, top - 12, 9, key))
        if x - last >= 15:
            parts.append(pin_shape(pin, min(x, WIDTH - 9), 29, 16))
            parts.append(words(min(x, WIDTH - 9), 14, str(pin.number), size=13, weight=700, anchor="middle"))
            last = x
    return "".join(parts)


def drawn(data: TimelineData, key: str) -> str:
    """The whole drawing."""
    axis = Axis(data.start, data.end, LEFT, RIGHT)
    top = 54 if data.pins else 2
    bottom = top + len(data.lanes) * PITCH
    unit = _unit(data)
    body = [hatch_pattern(key)]
    if data.pins:
        body.append(words(0, 14, "Alerts", size=13, weight=700))
    grounds = [top + place * PITCH + NAME for place in range(len(data.lanes))]
    body += [rect(LEFT, ground, RIGHT - LEFT, UP + DOWN, LINEN) for ground in grounds]
    for pin in data.pins:
        body += [band(pin, axis, ground, ground + UP + DOWN) for ground in grounds]
    body.append(axis.drawn(bottom - 6, bottom - 2, 12, years_only=True))
    body.append(_pins(data, axis, top, bottom - 4, key))
    for lane, ground in zip(data.lanes, grounds, strict=True):
        body.append(rect(0, ground - NAME, WIDTH, NAME, "#FFFFFF"))
        body += [_lane_words(lane, ground - NAME), _lane_drawn(lane, ground + UP, axis, data, unit)]
    end = bottom + 22
    if data.actions:
        body.append(words(0, end + 12, "What was done", size=13, weight=700))
        body += [flag(min(axis.x(action.on), WIDTH - 12), end + 20) for action in data.actions]
        end += 42
    return picture(key, WIDTH, end, data.title, described(data), body)

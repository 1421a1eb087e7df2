"""The timeline of a desk (1192 px) and of an A4 page (702 px): marks on lanes, alerts named above."""

from dataclasses import dataclass

from oversight.dashboards.charts.axis import Axis
from oversight.dashboards.charts.drawing import line, picture, rect, runs, width_of, words
from oversight.dashboards.charts.marks import bars, side
from oversight.dashboards.charts.palette import INK, INK_2, LEVEL_WORD, LINEN, PLUM, URGENT
from oversight.dashboards.charts.shapes import level_of
from oversight.dashboards.charts.timeline_data import (
    MOST_MARKS,
    Lane,
    Pin,
    TimelineData,
    described,
    lane_counts,
    month_starts,
    per_month,
    unanswered_words,
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


@dataclass(frozen=True)
class Sheet:
    """Measures of one width, in px."""

    width: int
    left: int  # where the lanes begin
    right: int
    pitch: int  # from lane to lane
    lane: int  # height of a lane's ground
    base: int  # the line, from the top of its lane
    r: float  # radius of a mark
    name: int  # size of a lane's name
    small: int
    named: bool  # alerts and actions are named in the drawing


SHEETS = {
    1192: Sheet(1192, 172, 1176, 66, 58, 37, 4.2, 17, 13, True),
    702: Sheet(702, 138, 692, 46, 39, 26, 3.2, 14, 12, False),
}
PIN_ROW = 38
MOST_PIN_ROWS = 4
MOST_NAMED_ACTIONS = 10


@dataclass(frozen=True)
class PlacedPin:
    pin: Pin
    x: float
    row: int
    anchor: str  # "end": words left of the shape; "start": right of it


def _pin_words(pin: Pin, data: TimelineData) -> tuple[str, str, str]:
    level = LEVEL_WORD[level_of(pin.level)]
    waited = unanswered_words(pin, data.end)
    return (
        f"Alert {pin.number}: {pin.name}",
        f"{level}, {pin.on.day} {pin.on:%b %Y}.",
        f" {waited}" if waited else "",
    )


def placed(data: TimelineData, axis: Axis, sheet: Sheet) -> list[PlacedPin]:
    """Each alert on the lowest row where neither its shape nor its words touch another's."""
    taken: list[tuple[int, float, float]] = []
    result = []
    for pin in sorted(data.pins, key=lambda pin: (pin.on, pin.number)):
        x = axis.x(pin.on)
        first, second, third = _pin_words(pin, data)
        wide = max(width_of(first, 15, 700), width_of(second + third, 13)) if sheet.named else 18.0
        anchor = "end" if x - 14 - wide >= 0 else "start"
        low, high = (x - 16 - wide, x + 12) if anchor == "end" else (x - 12, x + 16 + wide)
        row = next(
            (r for r in range(60) if all(t != r or high < a or low > b for t, a, b in taken)),
            60,
        )
        taken.append((row, low, high))
        # Its line runs down through every lower row, so nothing later may stand there.
        taken += [(under, x - 3, x + 3) for under in range(row)]
        result.append(PlacedPin(pin, x, row, anchor))
    return result


def _pin_label(place: PlacedPin, y: float, data: TimelineData, sheet: Sheet) -> str:
    if not sheet.named:
        return words(place.x - 15, y + 5, str(place.pin.number), size=14, weight=700, anchor="end")
    first, second, third = _pin_words(place.pin, data)
    x = place.x - 18 if place.anchor == "end" else place.x + 18
    return words(x, y - 3, first, size=15, weight=700, anchor=place.anchor) + runs(
        x, y + 14, ((second, INK_2, 400), (third, URGENT, 700)), size=13, anchor=place.anchor
    )


def _lane(lane: Lane, top: float, axis: Axis, sheet: Sheet, data: TimelineData) -> str:
    base = top + sheet.base
    drawn = line(sheet.left, base, sheet.right, base, INK, 1.5)
    if lane.is_visits:
        return drawn + visit_marks(lane, axis, base, sheet.r)
    if len(lane.marks) > MOST_MARKS:
        return drawn + _lane_of_bars(lane, base, sheet, data)
    pairs = [(axis.x(mark.on), mark) for mark in lane.marks]
    above = [pair for pair in pairs if not pair[1].outside]
    below = [pair for pair in pairs if pair[1].outside]
    rows_up, rows_down = (3, 2) if sheet.pitch > 50 else (2, 1)
    return drawn + side(above, base, sheet.r, rows_up, True) + side(below, base, sheet.r, rows_down, False)


def _lane_of_bars(lane: Lane, base: float, sheet: Sheet, data: TimelineData) -> str:
    months = month_starts(data)
    told, outside = per_month(lane, months, False), per_month(lane, months, True)
    room_up, room_down = sheet.base - 2, sheet.lane - sheet.base - 1
    unit = min(room_up / max(*told, 1), room_down / max(*outside, 1), 6)
    step = (sheet.right - sheet.left) / len(months)
    return bars(told, sheet.left, step, base, unit, True) + bars(outside, sheet.left, step, base, unit, False)


def _lane_name(lane: Lane, top: float, sheet: Sheet) -> str:
    told, outside, missing = lane_counts(lane)
    if sheet.width < 1000:
        outside = outside.replace("only outside", "outside")
    parts = [(told, INK_2, 400)]
    parts += [(", ", INK_2, 400), (outside, PLUM, 700)] if outside else []
    parts += [(", ", INK_2, 400), (missing, URGENT, 700)] if missing else []
    middle = top + sheet.base
    return words(0, middle - 9, lane.name, size=sheet.name, weight=700) + runs(
        0, middle + 8, parts, size=sheet.small
    )


def _actions(data: TimelineData, axis: Axis, top: float, sheet: Sheet) -> tuple[str, float]:
    """Flags on the bottom row, their words where there is room; and how high it all is."""
    drawn = [words(0, top + 14, "What was done", size=sheet.name, weight=700)] if data.actions else []
    taken = [(0, -1.0, 110.0)]
    lowest = 0
    ordered = sorted(data.actions, key=lambda action: action.on)
    taken += [(0, axis.x(action.on) - 2, axis.x(action.on) + 13) for action in ordered]
    for action in ordered:
        x = axis.x(action.on)
        drawn.append(flag(x, top))
        if not sheet.named or len(ordered) > MOST_NAMED_ACTIONS:
            continue
        text = f"{action.on.day} {action.on:%b}: {action.words}"
        wide = width_of(text, 13)
        for row in range(12):
            spots = (("end", x - 6 - wide, x - 5), ("start", x + 15, x + 17 + wide))
            if row:
                spots = (("end", x + 12 - wide, x + 12), ("start", x, x + wide))
            free = next(
                (
                    spot
                    for spot in spots
                    if spot[1] >= 0
                    and spot[2] <= sheet.width
                    and all(t != row or spot[2] < a or spot[1] > b for t, a, b in taken)
                ),
                None,
            )
            if free:
                taken.append((row, free[1], free[2]))
                edge = free[2] if free[0] == "end" else free[1]
                drawn.append(words(edge, top + 13 + row * 19, text, size=13, anchor=free[0]))
                lowest = max(lowest, row)
                break
    return "".join(drawn), (24 + lowest * 19) if data.actions else 0


def drawn(data: TimelineData, sheet: Sheet, key: str) -> str:
    """The whole drawing at the measures of `sheet`."""
    axis = Axis(data.start, data.end, sheet.left, sheet.right)
    pins = placed(data, axis, sheet)
    rows = max((place.row for place in pins), default=-1) + 1
    row_high = PIN_ROW if sheet.named else 24
    top = (24 if sheet.named else 16) + rows * row_high if pins else 4
    bottom = top + len(data.lanes) * sheet.pitch - (sheet.pitch - sheet.lane)
    body = [hatch_pattern(key)]
    tops = [top + place * sheet.pitch for place in range(len(data.lanes))]
    body += [rect(sheet.left, lane_top, sheet.right - sheet.left, sheet.lane, LINEN) for lane_top in tops]
    body += [band(place.pin, axis, top, bottom) for place in pins]
    body.append(axis.drawn(top, bottom, 13 if sheet.named else 12))
    end = axis.x(data.end)
    body.append(line(end, top, end, bottom, INK_2, 1, "2 3"))
    for lane, lane_top in zip(data.lanes, tops, strict=True):
        body += [_lane(lane, lane_top, axis, sheet, data), _lane_name(lane, lane_top, sheet)]
    for place in pins:
        y = (18 if sheet.named else 12) + (rows - 1 - place.row) * row_high
        body.append(pin_line(place.pin, place.x, y, bottom + 4))
        body.append(hatch(place.pin, axis, top - 10, 9, key))
        body += [pin_shape(place.pin, place.x, y, 20), _pin_label(place, y, data, sheet)]
    flags, high = _actions(data, axis, bottom + 32, sheet)
    body.append(flags)
    return picture(key, sheet.width, bottom + 32 + high, data.title, described(data), body)

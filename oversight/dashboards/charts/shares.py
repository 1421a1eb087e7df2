"""Children of each area as one bar, in the parts that may be shown; what is kept back is hollow."""

from oversight.dashboards.charts.drawing import line, num, picture, rect, width_of, words
from oversight.dashboards.charts.palette import BAND, INK, INK_2, LINE, LOOK, PETROL, PLUM, USUAL
from oversight.dashboards.small_numbers import KEPT_BACK, Shown

BAR, NAMES, TOTALS, KEY_ROW = 16, 230, 60, 22
#: Below this width, in pixels, an area's name stands above its bar instead of beside it.
ROOM_BESIDE = 600
COLOURS = (PETROL, LOOK, PLUM, INK_2, USUAL)


def shares(table: Shown, width: int = 1000, key: str = "shares") -> str:
    """SVG: a bar for each row, as long as its total; every number in it stands in the table beside it."""
    left, above, row = (NAMES, 0, 34) if width >= ROOM_BESIDE else (0, 20, 50)
    longest = max((total for total in table.row_totals if total is not None), default=1)
    unit = (width - left - TOTALS) / max(longest, 1)
    body, head = _key(table, width)
    for place, (name, cells, total) in enumerate(zip(table.rows, table.cells, table.row_totals, strict=True)):
        start, x = head + place * row, float(left)
        top = start + above
        body.append(words(0, start + BAR - 2, name, colour=INK))
        for number, colour in zip(cells, COLOURS, strict=False):
            if number:
                body.append(rect(x, top, number * unit, BAR, colour))
                x += number * unit
        if total is None:
            body.append(words(x + 6, top + BAR - 2, KEPT_BACK, colour=INK_2))
            continue
        rest = total - sum(number or 0 for number in cells)
        if rest:
            hollow = f'stroke="{INK_2}" stroke-dasharray="3 2"'
            body.append(rect(x, top + 0.5, rest * unit, BAR - 1, BAND, hollow))
        body.append(words(left + total * unit + 6, top + BAR - 2, num(total), weight=600))
    height = head + len(table.rows) * row
    body.append(line(left, head - 6, left, height - 8, LINE))
    said = f"{len(table.rows)} areas. What is kept back is drawn hollow; the numbers stand in the table."
    return picture(key, width, height, "Children living in homes, by area", said, body)


def _key(table: Shown, width: int) -> tuple[list[str], int]:
    """What the colours mean, in as many lines as it takes; and where the bars begin."""
    x, top, body = 0.0, 2, []
    names = [*zip(table.columns, COLOURS, strict=False), (KEPT_BACK.capitalize(), BAND)]
    for name, colour in names:
        if x and x + 18 + width_of(name, 14) > width:
            x, top = 0.0, top + KEY_ROW
        edge = f'stroke="{INK_2}" stroke-dasharray="3 2"' if colour == BAND else ""
        body += [rect(x, top, 12, 12, colour, edge), words(x + 18, top + 11, name, colour=INK_2)]
        x += 34 + width_of(name, 14)
    return body, top + KEY_ROW + 6

"""One stream's 13-week totals against what is usual: two rules, and an honest answer where data are too few."""

from dataclasses import dataclass
from datetime import date

from oversight.dashboards.charts.axis import Axis
from oversight.dashboards.charts.drawing import Table, day_words, line, num, picture, rect, words
from oversight.dashboards.charts.marks import diamond_path
from oversight.dashboards.charts.palette import BAND, ESCALATE, INK, INK_2, PLUM
from oversight.dashboards.charts.timeline_data import Visit
from oversight.dashboards.charts.timeline_marks import visit_mark


@dataclass(frozen=True)
class Point:
    """The number of records in the 13 weeks that end on a day."""

    on: date
    total: int


@dataclass(frozen=True)
class ChartData:
    """Points in order of time. `usual` and `limit` are both None where data are too few to draw them.

    `limit` is the largest total that 997 of 1,000 ordinary stretches stay within; it must come from a time before the
    one under suspicion. `quiet_from` is the day from which a long run below average is counted, if there is one.
    """

    name: str
    points: tuple[Point, ...]
    usual: float | None = None
    limit: float | None = None
    quiet_from: date | None = None
    missing: tuple[date, ...] = ()

    @property
    def beyond(self) -> tuple[Point, ...]:
        """Points above the limit: the first rule."""
        return tuple(point for point in self.points if self.limit is not None and point.total > self.limit)

    @property
    def now(self) -> int:
        return self.points[-1].total if self.points else 0


def verdict(data: ChartData) -> tuple[str, str]:
    """(rule, words) for the line above the chart; rule is beyond, quiet, few or an empty text."""
    if data.limit is None or data.usual is None:
        return "few", "Too few records yet to say what is usual"
    beyond = data.beyond
    if beyond and beyond[-1].on == data.points[-1].on:
        first = _last_run(data)
        return "beyond", f"Beyond the limit since {first:%B %Y}"
    if data.quiet_from is not None:
        return "quiet", f"Quieter than usual since {data.quiet_from:%B %Y}"
    if beyond:
        return "", f"Nothing unusual now; beyond the limit until {beyond[-1].on:%B %Y}"
    return "", "Nothing unusual"


def _last_run(data: ChartData) -> date:
    """The first day of the stretch beyond the limit that lasts until now."""
    first = data.points[-1].on
    for point in reversed(data.points):
        if data.limit is None or point.total <= data.limit:
            break
        first = point.on
    return first


def _limits(data: ChartData, left: float, right: float, base: float, unit: float) -> list[str]:
    if data.limit is None or data.usual is None:
        return [
            words(
                (left + right) / 2,
                base / 2 + 8,
                "too few to draw limits",
                size=12,
                colour=INK_2,
                anchor="middle",
            )
        ]
    top, middle = base - data.limit * unit, base - data.usual * unit
    apart = max(middle + 4, top + 17)
    return [
        rect(left, top, right - left, base - top, BAND),
        line(left, top, right, top, INK_2, 1.4, "7 4"),
        line(left, middle, right, middle, INK_2, 1),
        words(right + 6, top + 4, f"limit {data.limit:.1f}", size=12, colour=INK_2),
        words(right + 6, apart, f"usual {data.usual:.1f}", size=12, colour=INK_2),
    ]


def _signals(data: ChartData, axis: Axis, base: float, unit: float) -> list[str]:
    marks = [
        f'<path d="{diamond_path(axis.x(point.on), base - point.total * unit, 6)}" fill="{ESCALATE}"/>'
        for point in data.beyond
    ]
    if data.quiet_from is not None:
        d, last = "", float("-inf")
        for point in data.points:
            x = axis.x(point.on)
            if point.on >= data.quiet_from and x - last >= 9:
                d += f"M{num(x - 4)} {num(base - point.total * unit - 4)}h8l-4 7z"
                last = x
        marks.append(f'<path d="{d}" fill="{PLUM}"/>')
    marks += [
        visit_mark(Visit(day, "missing"), min(axis.x(day), axis.right - 5), base - 12, 4.5)
        for day in data.missing
    ]
    return marks


def thirteen_week(data: ChartData, width: int = 376, key: str = "weeks") -> str:
    """SVG, 126 px high; the name and the verdict stand above it in the page."""
    left, right, base, top = 22.0, width - 66.0, 102.0, 12.0
    start = data.points[0].on if data.points else date(2000, 1, 1)
    end = data.points[-1].on if data.points else date(2000, 1, 2)
    axis = Axis(start, end, left, right)
    highest = max([point.total for point in data.points] + [int(data.limit or 0) + 1, 4])
    unit = (base - top) / highest
    body = _limits(data, left, right, base, unit)
    body += [words(left - 5, top + 4, str(highest), size=12, colour=INK_2, anchor="end")]
    body += [words(left - 5, base + 4, "0", size=12, colour=INK_2, anchor="end")]
    body.append(line(left, base, right, base, INK, 1.2))
    body.append(axis.drawn(base, base - 2, 12, years_only=True))
    if data.points:
        places = "L".join(f"{num(axis.x(p.on))} {num(base - p.total * unit)}" for p in data.points)
        body.append(
            f'<path d="M{places}" fill="none" stroke="{INK}" stroke-width="1.6" stroke-linejoin="round"/>'
        )
        last = data.points[-1]
        body.append(
            f'<circle cx="{num(axis.x(last.on))}" cy="{num(base - last.total * unit)}" r="3.2" fill="{INK}"/>'
        )
    body += _signals(data, axis, base, unit)
    return picture(key, width, 126, f"{data.name}: totals of 13 weeks", _described(data), body)


def _described(data: ChartData) -> str:
    parts = [f"Now {data.now}.", verdict(data)[1] + "."]
    if data.limit is not None and data.usual is not None:
        parts.append(f"Usual {data.usual:.1f}, limit {data.limit:.1f}.")
    parts += [f"No visit in {day:%B %Y}." for day in data.missing]
    return " ".join(parts)


def chart_table(data: ChartData) -> Table:
    """Each total, newest first, and whether it lies beyond the limit."""
    beyond = set(data.beyond)
    rows = tuple(
        (day_words(point.on), str(point.total), "beyond the limit" if point in beyond else "–")
        for point in reversed(data.points)
    )
    return Table(
        f"{data.name}: totals of the 13 weeks before each day", ("13 weeks to", "Records", "Rule"), rows
    )

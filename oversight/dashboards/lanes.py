"""From records to the six lanes: marks by day where the viewer may see records, by month where only counts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from events.clock import london_day
from events.deadlines import month_end
from incidents.record.overview import Sighting
from oversight.dashboards.charts.marks import Mark
from oversight.dashboards.charts.thirteen_week import ChartData, Point
from oversight.dashboards.charts.timeline_data import Action, Lane, Pin, TimelineData, Visit
from oversight.dashboards.queries import AlertRow, VisitRow
from oversight.dashboards.totals import months_before, thirteen_week_totals
from oversight.dashboards.wording import STREAMS, pattern_words

MONTHS = 39
#: A visit is late a week after its month has ended.
VISIT_GRACE = timedelta(days=7)
MOST_ACTIONS = 8
SHARED_MONTH = "Each mark stands in its month, not on its day."

Marks = Mapping[str, Sequence[Mark]]


def first_day(today: date) -> date:
    """The first day of the timeline that ends today."""
    return months_before(today, MONTHS - 1)


def marks_of_records(records: Iterable[Sighting]) -> Marks:
    """One mark for each record, by stream."""
    found: dict[str, list[Mark]] = {stream: [] for stream in STREAMS}
    for record in records:
        mark = Mark(london_day(record.occurred_at), record.severity or 3, not record.told)
        found[record.stream].append(mark)
    return found


def marks_of_months(months: Mapping[tuple[date, str], tuple[int, int]], today: date) -> Marks:
    """As many marks as a month counts, spread evenly over it: the reader sees months, never a record's day."""
    found: dict[str, list[Mark]] = {stream: [] for stream in STREAMS}
    for (month, stream), (told, outside) in sorted(months.items()):
        if stream not in found:
            continue
        last = min(month_end(month), today)
        for many, beyond in ((told, False), (outside, True)):
            step = (last - month).days / (many + 1)
            found[stream] += [
                Mark(month + timedelta(days=round(step * (n + 1))), 3, beyond) for n in range(many)
            ]
    return found


def visit_marks(visits: Sequence[VisitRow], watched_from: date, today: date) -> tuple[Visit, ...]:
    """Every visit, and the months whose visit has not come a week after their end."""
    marks = [
        Visit(
            visit.visited_on, "concerns" if {visit.opinion, visit.well_being} & {"no", "partly"} else "visit"
        )
        for visit in visits
    ]
    held = {(visit.visited_on.year, visit.visited_on.month) for visit in visits}
    month = watched_from if watched_from.day == 1 else months_before(watched_from, -1)
    while month_end(month) + VISIT_GRACE < today:
        if (month.year, month.month) not in held:
            marks.append(Visit(month_end(month), "missing"))
        month = months_before(month, -1)
    return tuple(sorted(marks, key=lambda visit: visit.on))


def pins_of(alerts: Sequence[AlertRow], start: date) -> tuple[Pin, ...]:
    """Alerts as numbered pins, oldest first; those older than the drawing are left out."""
    shown = [alert for alert in alerts if alert.raised_on >= start]
    return tuple(
        Pin(
            number,
            alert.level,
            pattern_words(alert.pattern),
            alert.raised_on,
            max(alert.began_on, start) if alert.began_on else None,
            london_day(alert.answered.at) if alert.answered and alert.answered.at else _ended(alert),
        )
        for number, alert in enumerate(shown, start=1)
    )


def _ended(alert: AlertRow) -> date | None:
    return london_day(alert.ended_at) if alert.ended_at else None


def actions_of(alerts: Sequence[AlertRow], start: date) -> tuple[Action, ...]:
    """The last few answers to alerts."""
    given = [
        Action(london_day(answer.at), f"{answer.organisation} acknowledged")
        for alert in alerts
        for answer in alert.answers
        if answer.at is not None and london_day(answer.at) >= start
    ]
    return tuple(sorted(set(given), key=lambda action: (action.on, action.words))[-MOST_ACTIONS:])


def timeline_of(
    title: str,
    marks: Marks,
    visits: tuple[Visit, ...],
    alerts: Sequence[AlertRow],
    today: date,
    *,
    hidden: frozenset[str] = frozenset(),
) -> TimelineData:
    """The 39 months that end today; streams in ``hidden`` have no lane at all."""
    start = first_day(today)
    lanes = tuple(
        Lane(name, visits=visits, is_visits=True)
        if stream == "reg44"
        else Lane(name, tuple(mark for mark in marks[stream] if mark.on >= start))
        for stream, (name, _) in STREAMS.items()
        if stream not in hidden
    )
    return TimelineData(title, start, today, lanes, pins_of(alerts, start), actions_of(alerts, start))


def charts_of(
    marks: Marks,
    visits: tuple[Visit, ...],
    began_on: date | None,
    watched_from: date,
    today: date,
    *,
    hidden: frozenset[str] = frozenset(),
) -> list[ChartData]:
    """A 13-week chart for each stream; for visits, those with concerns, and the months of the last year without one."""
    start = max(first_day(today), watched_from)
    found = []
    for stream, (name, _) in STREAMS.items():
        if stream in hidden:
            continue
        days = [mark.on for mark in marks[stream]]
        missing: tuple[date, ...] = ()
        if stream == "reg44":
            days = [visit.on for visit in visits if visit.kind == "concerns"]
            missing = tuple(
                visit.on
                for visit in visits
                if visit.kind == "missing" and visit.on > today - timedelta(days=365)
            )
        totals = thirteen_week_totals(days, start, today, began_on)
        points = tuple(Point(day, total) for day, total in totals.points)
        found.append(ChartData(name, points, totals.usual, totals.limit, totals.quiet_from, missing))
    return found

"""Everything known about a home: six lanes, each with its line, and the alerts and actions across them."""

from datetime import timedelta

from oversight.dashboards.charts import timeline_narrow, timeline_wide
from oversight.dashboards.charts.drawing import Table
from oversight.dashboards.charts.timeline_data import TimelineData, month_starts, per_month


def timeline_table(data: TimelineData) -> Table:
    """Month by month, newest first: what the home told and what only others told, lane by lane."""
    months = month_starts(data)
    told = [per_month(lane, months, False) for lane in data.lanes]
    outside = [per_month(lane, months, True) for lane in data.lanes]
    rows = []
    for place in reversed(range(len(months))):
        month = months[place]
        after = (month + timedelta(days=32)).replace(day=1)
        cells = [f"{month:%B %Y}"]
        for lane, inside, beyond in zip(data.lanes, told, outside, strict=True):
            if lane.is_visits:
                kinds = {"visit": "visit", "concerns": "visit with concerns", "missing": "no visit"}
                cells.append(
                    ", ".join(kinds[visit.kind] for visit in lane.visits if month <= visit.on < after) or "–"
                )
            else:
                found = [f"{inside[place]} told"] if inside[place] else []
                found += [f"{beyond[place]} only outside"] if beyond[place] else []
                cells.append(", ".join(found) or "–")
        rows.append(tuple(cells))
    return Table(f"{data.title}, month by month", ("Month", *(lane.name for lane in data.lanes)), tuple(rows))


def timeline(data: TimelineData, width: int = 1192, key: str = "timeline") -> str:
    """SVG of the timeline at 1192 (desk), 702 (A4) or 358 (phone) px. `key` must be its own on the page."""
    own = f"{key}-{width}"
    if width == 358:
        return timeline_narrow.drawn(data, own)
    if width in timeline_wide.SHEETS:
        return timeline_wide.drawn(data, timeline_wide.SHEETS[width], own)
    raise ValueError(f"a timeline is 1192, 702 or 358 px wide, not {width}")

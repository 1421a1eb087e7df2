"""What a visitor may ask about, from everything recorded since the last visit but whistleblowing.

Questions, not findings, and no alert's name: the visitor makes up their own mind. A record that the home has not seen
is turned into a question about the day, so that asking does not tell the home who told us.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from events.clock import london_day
from homes.consents.queries import closed_cases
from homes.models import Home
from incidents.record import queries as records
from oversight.matters.queries import SOURCE_WORDS, STREAM_WORDS, Notice, standing_of
from oversight.visits import queries
from voice.heard import queries as voice

#: How far back a visitor reads where no visit was recorded before.
AT_FIRST = timedelta(days=60)
MISSING = (Notice.DUTY_MISSED, Notice.OUTSIDE_ONLY)


@dataclass(frozen=True)
class Changed:
    """A record since the last visit; the attributes are those of ``components/records.html``."""

    when: str
    stream: str
    source: str
    outside: bool
    href: str = ""


@dataclass(frozen=True)
class Briefing:
    """What changed since a day and what to ask; outside counts the records that the home was not told of by the hub."""

    since: date
    questions: list[str]
    changed: list[Changed]

    @property
    def outside(self) -> int:
        return sum(1 for one in self.changed if one.outside)


def briefing(home: Home, viewer: UUID, now: datetime, before: date | None = None) -> Briefing:
    """The briefing for a visit on the day ``before`` (today, where none is given), for the home's visitor."""
    today = london_day(now)
    last = queries.previous_visit(home, before or today, viewer, now)
    since = last.visited_on if last else today - AT_FIRST
    rows = [
        row for row in records.history_for(viewer, [home.pk], now) if london_day(row.recorded_at) >= since
    ]
    return Briefing(
        since=since,
        questions=[
            *_about_outside(rows),
            *_about_notices(home, now, since),
            *_about_restraint(rows),
            *_about_children(home, viewer, now),
            *_about_recommendations(home, viewer, now, today),
        ],
        changed=[_changed(row) for row in reversed(rows)],
    )


def _outside(row: records.RecordRow) -> bool:
    return not row.by_provider and row.shared_at is None


def _changed(row: records.RecordRow) -> Changed:
    outside = _outside(row)
    return Changed(
        when=said_day(london_day(row.occurred_at)),
        stream=STREAM_WORDS[row.stream],
        source=f"Recorded by {SOURCE_WORDS[row.source]}",
        outside=outside,
        href="" if outside else f"/incidents/{row.reference}/",
    )


def said_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _about_outside(rows: list[records.RecordRow]) -> list[str]:
    days = sorted({london_day(row.occurred_at) for row in rows if _outside(row)})
    return [
        f"What happened here on {said_day(day)}? Who was told, and what was done? "
        "Somebody outside recorded it: ask about the day, do not say who told us."
        for day in days[-6:]
    ]


def _about_notices(home: Home, now: datetime, since: date) -> list[str]:
    count = sum(1 for row in standing_of(home, now) if row.state in MISSING and row.judge_on >= since)
    if not count:
        return []
    things = "One matter that reached us has" if count == 1 else f"{count} matters that reached us have"
    return [
        f"{things} no notice from the home. How does the home decide what it notifies? Not every one need be."
    ]


def _about_restraint(rows: list[records.RecordRow]) -> list[str]:
    count = sum(1 for row in rows if row.restraint)
    if not count:
        return []
    records_of = "One record tells" if count == 1 else f"{count} records tell"
    return [
        f"{records_of} of a restraint. Was the child spoken to within five days, and who checked (reg 35)?"
    ]


def _about_children(home: Home, viewer: UUID, now: datetime) -> list[str]:
    asked = []
    closed = closed_cases(home, viewer, now)
    if closed:
        case = (
            "One child’s case record is" if len(closed) == 1 else f"{len(closed)} children’s case records are"
        )
        asked.append(
            f"{case} closed to you: the child’s consent and the placing authority’s are not both recorded. "
            "Ask each child whether you may read it; hear each alone in any case."
        )
    for row in voice.not_heard(home, viewer, now):
        if row.last_heard_at is None:
            asked.append(
                f"{row.child.initials} has never been heard, as far as is recorded. See this child alone."
            )
        else:
            staff = ", by staff only" if row.only_by_staff else ""
            asked.append(
                f"{row.child.initials} was last heard on {said_day(london_day(row.last_heard_at))}{staff}. See this child alone."
            )
    return asked


def _about_recommendations(home: Home, viewer: UUID, now: datetime, today: date) -> list[str]:
    asked = []
    for one in queries.open_recommendations(home, viewer, now):
        if one.times > 1 or one.recommendation.consider_by < today:
            made = f"made {one.times} times" if one.times > 1 else "past its date"
            asked.append(
                f"“{one.recommendation.text}” ({made}). What has changed, and what can you see of it?"
            )
    return asked

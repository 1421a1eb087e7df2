"""Pours a history into the hub: each record, visit and report saved by its own action at its own moment.

What a history's keys stand for, who acts and what they write is the business of whoever pours.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from events import relay
from events.deadlines import end_of_day, start_of_day
from homes.models import Adult, Child, Home
from incidents import past
from incidents.record.actions import AlreadyRecordedError, ChildPart, NewRecord
from oversight.risk.engine import Record
from oversight.visits import actions as visits
from oversight.visits.models import Visit

if TYPE_CHECKING:
    from incidents.record.models import Incident

MORNING = timedelta(hours=8)  # when things happen where a history gives only the day
DESK_OPENS = timedelta(hours=9)  # from when they are recorded, a minute apart
MINUTES = 14 * 60


class Cast(Protocol):
    """What the keys of a history stand for in this database, who acts, and what they write."""

    def home(self, urn: str) -> Home: ...
    def child(self, key: str) -> Child: ...
    def adult(self, key: str) -> Adult: ...
    def save(self, record: Record, new: NewRecord, now: datetime) -> "Incident": ...
    def visitor(self, record: Record) -> UUID: ...
    def by_provider(self, record: Record) -> bool: ...
    def shared_why(self, record: Record) -> str: ...
    def narrative(self, record: Record) -> str: ...
    def client_id(self, record: Record) -> UUID: ...
    def report(self, record: Record, visit: Visit) -> visits.NewReport: ...


@dataclass
class Days:
    """What is recorded on each day: visits first, then records and reports in the order of the history."""

    visits: dict[date, list[Record]] = field(default_factory=lambda: defaultdict(list))
    records: dict[date, list[Record]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, records: Iterable[Record], first: date, last: date) -> "Days":
        """What falls on the days from `first` to `last`, by when it was recorded."""
        found = cls()
        for record in records:
            if record.stream == "reg44" and first <= record.occurred_on <= last:
                found.visits[record.occurred_on].append(record)
            if first <= record.recorded_on <= last:
                found.records[record.recorded_on].append(record)
        return found

    def count(self) -> int:
        """How many things there are to save."""
        return sum(map(len, self.visits.values())) + sum(map(len, self.records.values()))


@dataclass
class Pourer:
    """Saves a history day by day; remembers which visit a report belongs to, and what it saved last."""

    cast: Cast
    visits: dict[str, Visit] = field(default_factory=dict)
    _saved: list[tuple[Record, "Incident"]] = field(default_factory=list)

    def take_saved(self) -> list[tuple[Record, "Incident"]]:
        """The records saved since this was last asked."""
        saved, self._saved = self._saved, []
        return saved

    def pour(self, day: date, visited: Sequence[Record], records: Sequence[Record]) -> None:
        """Save what was recorded on one day, then let every handler deal with it."""
        opens = start_of_day(day) + DESK_OPENS
        step = timedelta(minutes=1) * min(1.0, MINUTES / max(len(visited) + len(records), 1))
        for number, record in enumerate((*visited, *records)):
            now = opens + number * step
            if number < len(visited):
                self._visit(record, now)
            elif record.stream == "reg44":
                self._report(record, now)
            else:
                self._record(record, now)
        # Handlers take the moment of the event where it is later than the one given.
        relay.drain_whole(now=opens, until=end_of_day(day))

    def _record(self, record: Record, now: datetime) -> None:
        happened = start_of_day(record.occurred_on) + MORNING
        new = NewRecord(
            home=self.cast.home(record.urn),
            stream=past.stream_named(record.stream),
            occurred_at=happened,
            known_at=happened,
            source=record.source,
            by_provider=self.cast.by_provider(record),
            narrative=self.cast.narrative(record),
            severity=record.severity,
            restraint=True if record.restraint else None,
            children=[ChildPart(child=self.cast.child(key)) for key in _keys(record.child)],
            adults=[self.cast.adult(key) for key in _keys(record.adult)],
            themes=record.themes,
            shared_why=self.cast.shared_why(record),
            detail="death" if record.stream == "reg40" and record.detail == "death" else "",
            reference=record.reference,
            client_id=self.cast.client_id(record),
        )
        try:
            incident = self.cast.save(record, new, now)
        except AlreadyRecordedError:
            return
        self._saved.append((record, incident))

    def _visit(self, record: Record, now: datetime) -> None:
        self.visits[record.reference] = visits.record_visit(
            new=visits.NewVisit(
                home=self.cast.home(record.urn),
                visited_on=record.occurred_on,
                client_id=self.cast.client_id(record),
            ),
            by=self.cast.visitor(record),
            now=now,
        )

    def _report(self, record: Record, now: datetime) -> None:
        visit = self.visits.pop(record.reference, None)
        if visit is None:
            visit = Visit.objects.get(client_id=self.cast.client_id(record))
        by = self.cast.visitor(record)
        if "concern" in record.details():
            concern = visits.NewConcern(
                home=visit.home,
                visit=visit,
                what="A significant concern, as the history has it.",
                reference=record.reference,
                client_id=self.cast.client_id(record),
            )
            visits.raise_significant_concern(new=concern, by=by, now=now)
        visits.file_report(new=self.cast.report(record, visit), by=by, now=now)


def _keys(text: str) -> list[str]:
    """The keys of people that a field holds, each once."""
    return list(dict.fromkeys(key for key in text.split(";") if key))

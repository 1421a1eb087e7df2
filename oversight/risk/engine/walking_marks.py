"""The marks of many homes walked day by day: the rows of `mark_evidence` for every home, without recomputing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from oversight.risk.engine.evidence import TABLE_FROM, Floats, Ints
from oversight.risk.engine.marks import RESTRAINT, HomeMarks
from oversight.risk.engine.parameters import MARKS, MarkSettings
from oversight.risk.engine.records import Decision, Home, Picture, Record, gone_from, known_from
from oversight.risk.engine.remembering import Memory
from oversight.risk.engine.restraint import restraint_evidence


@dataclass(slots=True)
class _News:
    """What becomes known about one home on one day."""

    added: list[Record] = field(default_factory=list)
    gone: list[Record] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


class WalkedMarks:
    """`rows` (days, marks, homes) from ordinal `origin`; after `advance` they hold what is known by the end of that day.

    `present` (days, homes) are the children there; `begins` counts each home's first day from `origin`.
    """

    def __init__(
        self,
        homes: Sequence[Home],
        origin: int,
        begins: Ints,
        present: Ints,
        settings: MarkSettings,
        beds_per_unit: int,
    ) -> None:
        days, size = present.shape
        self._homes, self._begins, self._present = homes, begins, present
        self._settings, self._beds = settings, beds_per_unit
        self._origin, self._days = origin, days
        self.rows: Floats = np.zeros((days, len(MARKS), size))
        self._news: dict[int, dict[int, _News]] = defaultdict(lambda: defaultdict(_News))
        self._each = [
            HomeMarks(
                self.rows[begins[index] :, :, index].T,
                origin + int(begins[index]),
                home.places,
                settings,
                home.changed_on,
            )
            for index, home in enumerate(homes)
        ]
        self._load_restraint()

    def _load_restraint(self) -> None:
        memory = Memory(self._settings)
        days, size, start = self._days, len(self._homes), self._origin - TABLE_FROM
        self._guard = memory.guard
        self._weights = memory.weights[start : start + days]
        self._guarded = memory.weights[start - memory.guard : start - memory.guard + days]
        self._hurt: Ints = np.zeros((days, size), dtype=np.int64)
        # Faded sums of all days before a day; the last row is for the day after the walk.
        self._hurt_before: Ints = np.zeros((days + 1, size), dtype=np.int64)
        self._lived_before: Ints = np.zeros((days + 1, size), dtype=np.int64)
        np.cumsum(self._present * self._weights[:, None], axis=0, out=self._lived_before[1:])
        self._starts: Ints = np.zeros((days, size), dtype=np.int32)
        self._muted = np.zeros((days, size), dtype=np.bool_)
        for index, home in enumerate(self._homes):
            if home.changed_on:
                epochs = Memory(self._settings, home.changed_on).epochs
                self._starts[:, index] = epochs.starts(self._origin, days)
                self._muted[:, index] = epochs.mutes(self._origin, days)

    def hear(
        self,
        records: Mapping[str, Sequence[Record]],
        decisions: Mapping[str, Sequence[Decision]],
        picture: Picture,
    ) -> None:
        """Lays by what a picture comes to know of each home (by URN), for the day on which it does."""
        for index, home in enumerate(self._homes):
            for record in records.get(home.urn, ()):
                known, gone = known_from(record, picture), gone_from(record, picture)
                if known is None or (gone is not None and gone <= known):
                    continue
                self._on(known.toordinal(), index).added.append(record)
                if gone is not None:
                    self._on(gone.toordinal(), index).gone.append(record)
            for decision in decisions.get(home.urn, ()):
                self._on(decision.known_on.toordinal(), index).decisions.append(decision)

    def _on(self, day: int, index: int) -> _News:
        return self._news[max(day - self._origin, 0)][index]

    def advance(self, today: int) -> tuple[Ints, Ints]:
        """Takes in what is known today; gives the cells (days, homes) before today whose evidence may be another now."""
        days: list[int] = []
        homes: list[int] = []
        for index, news in self._news.pop(today, {}).items():
            changed = [
                day - self._origin
                for day in self._each[index].update(news.added, news.gone, news.decisions)
                if day - self._origin < today
            ]
            again = self._hurt_again(index, news, today)
            self._judge_restraint(again, np.full(again.shape[0], index))
            days += [*changed, *again.tolist()]
            homes += [index] * (len(changed) + again.shape[0])
        self._hurt_before[today + 1] = self._hurt_before[today] + self._hurt[today] * self._weights[today]
        size = len(self._homes)
        self._judge_restraint(np.full(size, today), np.arange(size))
        return np.array(days, dtype=np.int64), np.array(homes, dtype=np.int64)

    def _hurt_again(self, index: int, news: _News, today: int) -> Ints:
        """Counts injuries that are known now; the days before today on which they are weighed anew."""
        weighed = [np.zeros(0, dtype=np.int64)]
        for delta, records in ((1, news.added), (-1, news.gone)):
            for record in records:
                day = record.occurred_on.toordinal() - self._origin
                if not record.restraint or not self._begins[index] <= day < self._days:
                    continue
                self._hurt[day, index] += delta
                if day < today:
                    self._hurt_before[day + 1 : today + 1, index] += delta * self._weights[day]
                    weighed += [np.array([day]), np.arange(day + self._guard, today)]
        return np.unique(np.concatenate(weighed))

    def _judge_restraint(self, days: Ints, homes: Ints) -> None:
        if not days.size:
            return
        starts = self._starts[days, homes]
        upto = np.maximum(days - self._guard + 1, starts)
        now = self._guarded[days]
        shown = (self._hurt_before[upto, homes] - self._hurt_before[starts, homes]) / now
        lived = (self._lived_before[upto, homes] - self._lived_before[starts, homes]) / now
        found = restraint_evidence(
            self._hurt[days, homes], self._present[days, homes], shown, lived, self._beds, self._settings
        )
        found[self._muted[days, homes]] = 0.0
        self.rows[days, RESTRAINT, homes] = found

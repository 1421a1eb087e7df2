"""Time walked day by day for many homes at once: the bits of `assess` for every home on every day, without recomputing.

What is known on a day is applied; where it changes the past, only the days that it touches are worked out again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from oversight.risk.engine.assessing import began_on, leading_pattern
from oversight.risk.engine.counting import ROWS, VISITS, Change, ChangeArray, change_table, present
from oversight.risk.engine.evidence import DT, Floats, Ints, arithmetic, step
from oversight.risk.engine.fits import Fits, band_of
from oversight.risk.engine.parameters import DEFAULT, Parameters
from oversight.risk.engine.records import STREAMS, Decision, Home, Picture, Placement, Record
from oversight.risk.engine.walking_marks import WalkedMarks


@dataclass(slots=True)
class _Levels:
    """Daily factors and levels of one kind of chart: (days, 7, charts) each."""

    factors: Floats
    levels: Floats
    begins: Ints

    @classmethod
    def empty(cls, days: int, patterns: int, begins: Ints) -> "_Levels":
        shape = (days, patterns, begins.shape[0])
        return cls(np.ones(shape), np.zeros(shape), begins)

    def rerun(self, charts: Ints, starts: Ints, today: int) -> None:
        """Levels of some charts again, each from its own day (one on which it had begun) up to yesterday."""
        order = np.argsort(starts, kind="stable")
        charts, starts = charts[order], starts[order]
        first = int(starts[0]) if starts.size else today
        if first >= today:
            return
        levels, factors = self.levels[first:today, :, charts], self.factors[first:today, :, charts]
        before = self.levels[first - 1][:, charts] if first else np.zeros(levels.shape[1:])
        started = np.searchsorted(starts, np.arange(first, today), side="right").tolist()
        for number, active in enumerate(started):
            levels[number, :, :active] = step(before[:, :active], factors[number, :, :active])
            before = levels[number]
        self.levels[first:today, :, charts] = levels

    def forward(self, today: int) -> None:
        """Levels of all charts for today."""
        before = self.levels[today - 1] if today else np.zeros(self.levels.shape[1:])
        self.levels[today] = step(before, self.factors[today], np.where(self.begins <= today, DT, 0.0))


class Walk:
    """Homes, and providers with two of them or more, walked from the earliest first day to `until`.

    All homes of a provider must be given together. `known` holds each home's changes (counting.changes) by URN. After
    `advance`, `scores` and `provider_scores` hold the day's scores in the order of `homes` and `providers`; a home
    that has not begun scores far below zero. Parameters that look at marks need the `records` and the people's
    `decisions` themselves, by URN, in the `picture` of which `known` are the changes; ValueError without records.
    """

    def __init__(
        self,
        homes: Sequence[Home],
        known: Mapping[str, Sequence[Change] | ChangeArray],
        placements: Mapping[str, Sequence[Placement]],
        until: date,
        fits: Fits | None = None,
        parameters: Parameters = DEFAULT,
        *,
        records: Mapping[str, Sequence[Record]] | None = None,
        decisions: Mapping[str, Sequence[Decision]] | None = None,
        picture: Picture = "overseers",
    ) -> None:
        if parameters.marks is not None and records is None:
            raise ValueError("marks are walked with the records that carry them: none were given")
        self.homes = sorted((home for home in homes if home.begins_on <= until), key=lambda home: home.urn)
        self.sums = arithmetic(parameters)
        begins = np.array([home.begins_on.toordinal() for home in self.homes], dtype=np.int64)
        self.origin = int(begins.min()) if begins.size else until.toordinal() + 1
        self.days = until.toordinal() - self.origin + 1
        self.today = -1
        self._begins = begins - self.origin
        self._load_changes(known)
        self._load_presence(placements)
        self._load_prior(fits or Fits(), until)
        self._homes = _Levels.empty(self.days, len(self.sums.weights), self._begins)
        self._load_providers()
        self._marks: WalkedMarks | None = None
        if parameters.marks is not None and records is not None:
            self._marks = WalkedMarks(
                self.homes,
                self.origin,
                self._begins,
                self._present,
                parameters.marks,
                parameters.beds_per_unit,
            )
            self._marks.hear(records, decisions or {}, picture)
        self.scores: Floats = np.empty(0)
        self.provider_scores: Floats = np.empty(0)

    @property
    def day(self) -> date:
        """The day that was walked last."""
        return date.fromordinal(self.origin + self.today)

    def _load_changes(self, known: Mapping[str, Sequence[Change] | ChangeArray]) -> None:
        table = change_table([known.get(home.urn, ()) for home in self.homes]).astype(np.int64)
        table[:, [0, 3]] -= self.origin
        inside = (
            (table[:, 3] >= self._begins[table[:, 1]]) & (table[:, 3] < self.days) & (table[:, 0] < self.days)
        )
        self._table = table[inside]
        self._done = 0

    def _load_presence(self, placements: Mapping[str, Sequence[Placement]]) -> None:
        size, guard = len(self.homes), self.sums.guard
        self._fading = self.sums.fading_from(self.origin - guard, self.days + guard)
        self._present: Ints = np.zeros((self.days, size), dtype=np.int64)
        for index, home in enumerate(self.homes):
            start = int(self._begins[index])
            self._present[start:, index] = present(
                home, placements.get(home.urn, ()), start + self.origin, self.days - start
            )
        self._lived: Ints = np.zeros((self.days + guard, size), dtype=np.int64)
        np.cumsum(self._present * self._fading[guard:, None], axis=0, out=self._lived[guard:])
        self._counts: npt.NDArray[np.int32] = np.zeros((self.days, ROWS, size), dtype=np.int32)
        # Faded sums of each row up to each day, shifted by the guard: row t is what day t may use.
        self._seen: Ints = np.zeros((self.days + guard, ROWS, size), dtype=np.int64)

    def _load_prior(self, fits: Fits, until: date) -> None:
        spans = fits.spans(date.fromordinal(self.origin), until) if self.days > 0 else []
        starts = np.array([start - self.origin for start, _ in spans], dtype=np.int64)
        self._span = np.searchsorted(starts, np.arange(self.days), side="right") - 1
        self._prior = np.empty((len(spans), 3, len(STREAMS), len(self.homes)))
        for number, (_, index) in enumerate(spans):
            for column, home in enumerate(self.homes):
                streams = fits.at(index, home.kind, band_of(home.places))
                self._prior[number, :, :, column] = [
                    [stream.shape for stream in streams],
                    [stream.rate for stream in streams],
                    [stream.dispersion for stream in streams],
                ]

    def _load_providers(self) -> None:
        members: dict[str, list[int]] = {}
        for index, home in enumerate(self.homes):
            members.setdefault(home.provider, []).append(index)
        grouped = sorted(
            ((name, theirs) for name, theirs in members.items() if len(theirs) > 1),
            key=lambda item: (-len(item[1]), item[0]),
        )
        self.providers = [name for name, _ in grouped]
        self.siblings = [theirs for _, theirs in grouped]
        self._provider_of: Ints = np.full(len(self.homes), -1, dtype=np.int64)
        for number, theirs in enumerate(self.siblings):
            self._provider_of[theirs] = number
        # Providers are in order of size, so the nth siblings belong to the first so many providers.
        most = len(self.siblings[0]) if self.siblings else 0
        self._nth = [
            np.array([theirs[nth] for theirs in self.siblings if len(theirs) > nth], dtype=np.int64)
            for nth in range(most)
        ]
        begins = np.array([int(self._begins[theirs].min()) for theirs in self.siblings], dtype=np.int64)
        self._joined = _Levels.empty(self.days, len(self.sums.weights), begins)

    def advance(self) -> date:
        """Walks one more day and gives it. IndexError after the last day."""
        if self.today + 1 >= self.days:
            raise IndexError("the walk is over")
        self.today += 1
        today, guard = self.today, self.sums.guard
        changed = self._apply()
        row = today + guard
        self._seen[row] = self._counts[today] * self._fading[row]
        if row:
            self._seen[row] += self._seen[row - 1]
        cells = self._touched(changed)
        if cells[0].size:
            self._homes.factors[cells[0], :, cells[1]] = self._factors(*cells).T
        self._homes.factors[today] = self._factors_today()
        self._homes.rerun(*_earliest(cells[1], cells[0]), today)
        self._homes.forward(today)
        self._advance_providers(cells)
        self.scores = self.sums.score(self._homes.levels[today])
        self.provider_scores = self.sums.score(self._joined.levels[today])
        return self.day

    def _apply(self) -> Ints:
        """Applies what became known today; gives the rows that change a day before today."""
        end = int(np.searchsorted(self._table[:, 0], self.today, side="right"))
        rows = self._table[self._done : end]
        self._done = end
        np.add.at(self._counts, (rows[:, 3], rows[:, 2], rows[:, 1]), rows[:, 4])
        past = rows[rows[:, 3] < self.today]
        guard = self.sums.guard
        for _, home, row, day, delta in past.tolist():
            weight = delta * int(self._fading[day + guard])
            self._seen[day + guard : self.today + guard, row, home] += weight
        return past

    def _touched(self, changed: Ints) -> tuple[Ints, Ints]:
        """The past cells (days, homes) whose evidence changes: the days themselves, and all beyond the guard."""
        size = max(len(self.homes), 1)
        cells = changed[:, 3] * size + changed[:, 1]
        late = changed[self.today - changed[:, 3] > self.sums.guard]
        if late.size:
            homes, days = _earliest(late[:, 1], late[:, 3])
            beyond = [
                np.arange(day + self.sums.guard, self.today) * size + home
                for home, day in zip(homes.tolist(), days.tolist(), strict=True)
            ]
            cells = np.concatenate([cells, *beyond])
        if self._marks is not None:
            days, homes = self._marks.advance(self.today)
            begun = days >= self._begins[homes]
            cells = np.concatenate([cells, days[begun] * size + homes[begun]])
        unique = np.unique(cells)
        return unique // size, unique % size

    def _factors(self, days: Ints, homes: Ints) -> Floats:
        """The factors (7, cells) of some cells, from what is known now."""
        counts = np.ascontiguousarray(self._counts[days, :, homes].T)
        prior = np.ascontiguousarray(self._prior[self._span[days], :, :, homes].transpose(1, 2, 0))
        seen = np.ascontiguousarray(self._seen[days, :, homes].T)
        beliefs = self.sums.beliefs(prior, seen, self._lived[days, homes], self._fading[days])
        marks = None if self._marks is None else self._marks.rows[days, :, homes].T
        return self._evidence(counts, self._present[days, homes], beliefs, marks)

    def _factors_today(self) -> Floats:
        """The factors (7, homes) of today."""
        today = self.today
        prior = self._prior[self._span[today]]
        beliefs = self.sums.beliefs(prior, self._seen[today], self._lived[today], self._fading[today])
        marks = None if self._marks is None else self._marks.rows[today]
        return self._evidence(self._counts[today], self._present[today], beliefs, marks)

    def _evidence(
        self,
        counts: npt.NDArray[np.int32],
        present_there: Ints,
        beliefs: tuple[Floats, Floats, Floats],
        marks: Floats | None,
    ) -> Floats:
        exposure = self.sums.exposure(counts[VISITS], present_there)
        return self.sums.factors(counts[: len(STREAMS)].astype(np.float64), exposure, *beliefs, marks)

    def _advance_providers(self, cells: tuple[Ints, Ints]) -> None:
        if not self.providers:
            return
        days, homes = cells
        owners = self._provider_of[homes]
        size = len(self.providers)
        unique = np.unique((days * size + owners)[owners >= 0])
        days, owners = unique // size, unique % size
        self._join(days, owners)
        everyone = np.arange(size)
        self._join(np.full(size, self.today), everyone)
        self._joined.rerun(*_earliest(owners, days), self.today)
        self._joined.forward(self.today)

    def _join(self, days: Ints, owners: Ints) -> None:
        """The product of the siblings' factors, in order of their URNs, for some cells."""
        if not days.size:
            return
        product = self._homes.factors[days, :, self._nth[0][owners]]
        for theirs in self._nth[1:]:
            has = owners < theirs.shape[0]
            product[has] *= self._homes.factors[days[has], :, theirs[owners[has]]]
        self._joined.factors[days, :, owners] = product

    def series(self, index: int, *, provider: bool = False) -> Floats:
        """The score of every day of a home (or provider) from its first day on, as seen from today."""
        charts = self._joined if provider else self._homes
        first = int(charts.begins[index])
        return self.sums.score(np.ascontiguousarray(charts.levels[first : self.today + 1, :, index].T))

    def leading(self, index: int, *, provider: bool = False) -> tuple[int, date]:
        """The leading pattern's index of a home (or provider) today, and its likeliest start."""
        charts = self._joined if provider else self._homes
        pattern = leading_pattern(charts.levels[self.today, :, index], self.sums)
        first = int(charts.begins[index])
        factors = charts.factors[first : self.today + 1, pattern, index]
        return pattern, began_on(factors, self.origin + first)


def _earliest(keys: Ints, days: Ints) -> tuple[Ints, Ints]:
    """Each key once, with its earliest day."""
    order = np.lexsort((days, keys))
    unique, first = np.unique(keys[order], return_index=True)
    return unique, days[order][first]

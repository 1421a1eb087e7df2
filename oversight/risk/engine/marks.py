"""What the marks on records say: evidence beside the counts, channel by channel and day by day.

A mark is what a record carries beside its stream: how severe, how late, repeated, the same adult. Each channel gives the
log ratio of the conditional chance of today's marks "if this mark has shifted" to that "as usual for this home", given
the past and today's counts; so it may be added to the evidence of the counts (chain rule), whatever depends on what. A
missing mark adds nothing.

What is usual for a home is the prior and what the home showed up to eight weeks ago, fading with a half-life of three
years. A change of manager or recording system moves a home's marks more than anything else that is no harm: for 26 weeks
after it marks are mute, and what is usual is learned anew. Priors and dispersions are assumptions of our simulator at
middle noise, not measurements: until they are fitted to the population at hand, marks explain and do not alarm.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial

import numpy as np

from oversight.risk.engine.adults import NamedLine
from oversight.risk.engine.evidence import Floats, Ints
from oversight.risk.engine.parameters import MARKS, MarkSettings
from oversight.risk.engine.reconciling import Matters
from oversight.risk.engine.records import Decision, Record
from oversight.risk.engine.remembering import Line, Memory, Numbers
from oversight.risk.engine.restraint import restraint_of_one

CENTRE = 3
#: What a line of severities sees of each level: one of five, out of one.
_LEVELS = {level: (*(float(level == one) for one in range(1, 6)), 1.0) for level in range(1, 6)}
RESTRAINT = MARKS.index("restraint")


class HomeMarks:
    """The marks of one home as they become known, all channels but restraint: `rows` (marks, days) is kept up to date.

    ``rows`` begins with ordinal ``begins``. Whatever came when, the rows hold the bits that all of it at once gives.
    """

    def __init__(
        self, rows: Floats, begins: int, places: int, settings: MarkSettings, changed_on: Sequence[date] = ()
    ) -> None:
        self.rows = rows
        self.begins = begins
        memory = Memory(settings, changed_on)
        self._epochs = memory.epochs
        self._unmatched = _share_line(
            memory, settings.unmatched_prior, settings.unmatched_odds, settings.unmatched_dispersion
        )
        self._repeated = _share_line(
            memory, settings.repeated_prior, settings.repeated_odds, settings.repeated_dispersion
        )
        self._late = Line(memory, partial(_late, settings=settings), 2)
        self._own = _severity_line(memory, settings, settings.softened_own, settings.own_dispersion)
        self._outside = _severity_line(
            memory, settings, settings.softened_outside, settings.outside_dispersion
        )
        self._adults = NamedLine(memory, places, settings)
        self._matters = Matters(self._unmatched)
        graded = (self._own, self._outside)
        self._channels: list[tuple[int, tuple[tuple[Line | NamedLine, int], ...]]] = [
            (MARKS.index("unmatched"), ((self._unmatched, 0),)),
            (MARKS.index("late"), ((self._late, 0),)),
            (MARKS.index("severity"), tuple((line, 0) for line in graded)),
            (MARKS.index("softened"), tuple((line, 1) for line in graded)),
            (MARKS.index("repeated"), ((self._repeated, 0),)),
            (MARKS.index("same_adult"), ((self._adults, 0),)),
        ]
        self._until = [begins] * len(MARKS)

    def update(
        self, added: Iterable[Record], gone: Iterable[Record], decisions: Iterable[Decision]
    ) -> list[int]:
        """Takes in what became known together; gives the ordinals of the days whose evidence is another now."""
        new, old = list(added), list(gone)
        for record in new:
            self._put(record)
        for record in old:
            self._take(record)
        self._matters.change(new, old, decisions)
        days: set[int] = set()
        for row, parts in self._channels:
            days.update(self._refill(row, parts))
        for _, parts in self._channels:
            for line, _ in parts:
                line.changed_from = None
        return sorted(days)

    def _put(self, record: Record) -> None:
        day, name = record.occurred_on.toordinal(), record.reference
        for line, seen in self._seen(record):
            line.put(day, name, seen)
        if record.adult:
            self._adults.put(day, name, record.adult)

    def _take(self, record: Record) -> None:
        day, name = record.occurred_on.toordinal(), record.reference
        for line, _ in self._seen(record):
            line.take(day, name)
        if record.adult:
            self._adults.take(day, name)

    def _seen(self, record: Record) -> list[tuple[Line, Numbers]]:
        """What the lines see of one record."""
        if record.stream == "reg44":
            asked = record.recommendations
            if not asked:
                return []
            return [(self._repeated, (float(min(record.repeated or 0, asked)), float(asked)))]
        own = record.source == "home"
        found: list[tuple[Line, Numbers]] = []
        if own and record.stream == "reg40":
            late = math.log1p((record.recorded_on - record.occurred_on).days)
            found.append((self._late, (late, 1.0)))
        if record.severity is not None:
            found.append((self._own if own else self._outside, _LEVELS[record.severity]))
        return found

    def _refill(self, row: int, parts: Sequence[tuple[Line | NamedLine, int]]) -> list[int]:
        """Writes one channel again from the first day that changed; gives the days that are another now."""
        changed = [line.changed_from for line, _ in parts if line.changed_from is not None]
        if not changed:
            return []
        first = max(min(changed), self.begins)
        told: list[tuple[int, float]] = []
        for line, which in parts:
            line.go_on()
            told.extend(line.since(first, which))
        last = max((day for day, _ in told), default=self.begins - 1)
        until = max(last + 1, self._until[row])
        self._until[row] = last + 1 if last >= first else min(first, self._until[row])
        piece = self.rows[row, first - self.begins : max(until, first) - self.begins]
        before = piece.copy()
        piece[:] = 0.0
        size, changes = piece.shape[0], self._epochs.changes
        for day, value in told:
            if day - first < size and not (changes and self._epochs.muted(day)):
                piece[day - first] += value
        return [first + int(index) for index in np.flatnonzero(before != piece)]


def mark_evidence(
    held: Iterable[Record],
    decisions: Iterable[Decision],
    begins: int,
    present: Ints,
    beds_per_unit: int,
    places: int,
    settings: MarkSettings,
    changed_on: Sequence[date] = (),
) -> Floats:
    """The log evidence (marks, days) of each channel in the order of MARKS, from ordinal ``begins``.

    ``held`` and ``decisions`` are what the picture knows on the last of these days; ``present`` children by day;
    ``changed_on`` the days of a new manager or recording system. The order in which records arrived makes no difference.
    """
    records = list(held)
    days = present.shape[0]
    evidence = np.zeros((len(MARKS), days))
    HomeMarks(evidence, begins, places, settings, changed_on).update(records, (), decisions)
    hurt: Ints = np.zeros(days, dtype=np.int64)
    for one in records:
        day = one.occurred_on.toordinal() - begins
        if one.restraint and 0 <= day < days:
            hurt[day] += 1
    memory = Memory(settings, changed_on)
    evidence[RESTRAINT] = restraint_of_one(hurt, begins, present, beds_per_unit, memory, settings)
    return evidence


def _share_line(memory: Memory, prior: tuple[float, float], odds: float, dispersion: float) -> Line:
    return Line(memory, partial(_share, prior=prior, odds=odds, dispersion=dispersion), 2)


def _share(
    seen: Numbers, usual: Sequence[float], *, prior: tuple[float, float], odds: float, dispersion: float
) -> Numbers:
    """A share that has risen by an odds ratio: Bernoulli evidence against the home's usual share."""
    (value, of), (hits, chances), (mean, weight) = seen, usual, prior
    share = (mean * weight + hits) / (weight + chances)
    raised = odds * share / (1 + (odds - 1) * share)
    ratio = value * math.log(raised / share)
    ratio += (of - value) * math.log((1 - raised) / (1 - share))
    return (ratio / dispersion,)


def _late(seen: Numbers, usual: Sequence[float], *, settings: MarkSettings) -> Numbers:
    """The home's own notices come later than they used to: a shift of the mean of ln(1 + days)."""
    spread, shift = settings.late_spread, settings.late_shift
    weight = (spread / settings.late_between) ** 2
    mean = (weight * settings.late_mean + usual[0]) / (weight + usual[1])
    away = (seen[0] - mean) / spread
    return ((shift * away - shift * shift / 2) / settings.late_dispersion,)


def _severity_line(memory: Memory, settings: MarkSettings, softened: float, dispersion: float) -> Line:
    tilts = tuple(
        (tilt, tuple(math.exp(tilt * (level - CENTRE)) for level in range(1, 6)))
        for tilt in (settings.severity_tilt, softened)
    )
    prior = tuple(settings.severity_weight * usual for usual in settings.severity_usual)
    judge = partial(_tilted, prior=prior, weight=settings.severity_weight, tilts=tilts, dispersion=dispersion)
    return Line(memory, judge, 6)


def _tilted(
    seen: Numbers,
    usual: Sequence[float],
    *,
    prior: Numbers,
    weight: float,
    tilts: Sequence[tuple[float, Numbers]],
    dispersion: float,
) -> Numbers:
    """Levels of severity tilted up or down: level k becomes exp(tilt (k - 3)) times as likely, and all add up to one."""
    chances = weight + usual[5]
    shares = [(believed + shown) / chances for believed, shown in zip(prior, usual, strict=False)]
    level = seen.index(1.0) + 1
    found = []
    for tilt, times in tilts:
        total = 0.0
        for share, one in zip(shares, times, strict=True):
            total += share * one
        found.append((tilt * (level - CENTRE) - math.log(total)) / dispersion)
    return tuple(found)

"""Why a score stands where it stands: stream by stream, adding up, with what speaks against it and what would clear it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from oversight.risk.engine.counting import CONCERNED
from oversight.risk.engine.evidence import Floats, arithmetic, step
from oversight.risk.engine.parameters import MARKS, Parameters, Pattern
from oversight.risk.engine.records import STREAMS, Picture, Record, gone_from, known_from

if TYPE_CHECKING:
    from oversight.risk.engine.assessing import History

LOOK_AHEAD_WEEKS = 104
VISITS_A_DAY = 12 / 365.25


@dataclass(frozen=True, slots=True)
class StreamPart:
    """One stream's share since the pattern began: seen against expected, and what it adds to the score.

    `shown` is the contribution to one decimal place, as a page shows it. `multiplier` is what the pattern expects.
    """

    stream: str
    seen: int
    expected: float
    multiplier: float
    contribution: float
    shown: float

    @property
    def against(self) -> bool:
        """Whether this stream speaks against the pattern."""
        return self.contribution < 0


@dataclass(frozen=True, slots=True)
class MarkPart:
    """What one channel of marks adds to the score since the pattern began."""

    mark: str
    contribution: float
    shown: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of one score.

    The contributions, those of `marks` too, and `remainder` (start date uncertain) add up to `score`; the shown ones to
    `shown`.
    At the usual rate of records from here on, the score falls below the look bar in `weeks_below_look` weeks and below
    half of it in `weeks_to_clear`; None where that takes more than two years. The episode ends `episode_end_weeks`
    after the latter.
    """

    pattern: str
    words: str
    since: date
    parts: tuple[StreamPart, ...]
    remainder: float
    remainder_shown: float
    score: float
    shown: float
    bars: tuple[tuple[str, float], ...]
    weeks_below_look: int | None
    weeks_to_clear: int | None
    episode_end_weeks: int
    marks: tuple[MarkPart, ...] = ()

    def speaks_against(self) -> tuple[str, ...]:
        """The streams with a negative contribution, strongest first."""
        against = [part for part in self.parts if part.against]
        return tuple(part.stream for part in sorted(against, key=lambda part: part.contribution))


@dataclass(frozen=True, slots=True)
class Told:
    """What an assessment is about: its scope, day and picture, and the histories that it rests on."""

    scope: str
    key: str
    picture: Picture
    as_of: date
    worked: Sequence["History"]
    raises_from: date

    @property
    def begins(self) -> int:
        """The first ordinal day of the earliest history."""
        return min(one.begins for one in self.worked)


def explain(
    told: Told, score: float, leading: int, began: date, levels: Floats, parameters: Parameters
) -> Explanation:
    """The explanation of a score, for the leading pattern since it began."""
    pattern = parameters.patterns[leading]
    seen, expected, contributions = _since(told, leading, began, parameters)
    shown = round(score, 1)
    parts = tuple(
        StreamPart(
            stream,
            int(seen[row]),
            float(expected[row]),
            pattern.multipliers[row],
            value,
            round(value, 1) + 0.0,
        )
        for row, (stream, value) in enumerate(zip(STREAMS, contributions, strict=True))
    )
    below_look, to_clear = weeks_until(told, levels, (parameters.look, parameters.look / 2), parameters)
    marks = _marks_since(told, pattern, began)
    told_of: tuple[StreamPart | MarkPart, ...] = (*parts, *marks)
    remainder_shown = round(shown - sum(part.shown for part in told_of), 1) + 0.0
    return Explanation(
        pattern=pattern.name,
        words=pattern.words,
        since=began,
        parts=parts,
        remainder=score - sum(part.contribution for part in told_of),
        remainder_shown=remainder_shown,
        score=score,
        shown=shown,
        bars=parameters.bars(),
        weeks_below_look=below_look,
        weeks_to_clear=to_clear,
        episode_end_weeks=parameters.episode_end_weeks,
        marks=marks,
    )


def _marks_since(told: Told, pattern: Pattern, began: date) -> tuple[MarkPart, ...]:
    found = []
    for mark in pattern.marks:
        value = 0.0
        for one in told.worked:
            if one.marks is not None:
                days = slice(max(began.toordinal() - one.begins, 0), None)
                value += float(one.marks[MARKS.index(mark), days].sum())
        found.append(MarkPart(mark, value, round(value, 1) + 0.0))
    return tuple(found)


def _since(
    told: Told, leading: int, began: date, parameters: Parameters
) -> tuple[Floats, Floats, list[float]]:
    sums = arithmetic(parameters)
    seen, expected = np.zeros(len(STREAMS)), np.zeros(len(STREAMS))
    contributions = np.zeros(len(STREAMS))
    for one in told.worked:
        days = slice(max(began.toordinal() - one.begins, 0), None)
        seen += one.counts[:, days].sum(axis=1)
        expected += (one.exposure[:, days] * one.shape[:, days] / one.rate[:, days]).sum(axis=1)
        parts = sums.parts(
            one.counts[:, days],
            one.exposure[:, days],
            one.shape[:, days],
            one.rate[:, days],
            one.dispersion[:, days],
        )
        contributions += parts[:, sums.which[leading]].sum(axis=1)
    return seen, expected, [float(value) for value in contributions]


def weeks_until(
    told: Told, levels: Floats, bars: Sequence[float], parameters: Parameters
) -> list[int | None]:
    """Weeks at each home's usual rates until the score is below each bar: 0 where it already is, None beyond two years."""
    sums = arithmetic(parameters)
    daily: Floats = np.ones(levels.shape)
    for one in told.worked:
        exposure = one.exposure[:, -1:].copy()
        exposure[-1] = VISITS_A_DAY
        usual = exposure * one.shape[:, -1:] / one.rate[:, -1:]
        factors = sums.factors(usual, exposure, one.shape[:, -1:], one.rate[:, -1:], one.dispersion[:, -1:])
        daily = daily * factors[:, 0]
    found: list[int | None] = [None] * len(bars)
    level = levels
    for week in range(LOOK_AHEAD_WEEKS + 1):
        score = float(sums.score(level[:, None])[0])
        for index, bar in enumerate(bars):
            if found[index] is None and score < bar:
                found[index] = week
        if None not in found:
            break
        for _ in range(7):
            level = step(level, daily)
    return found


def pattern_evidence(
    records: Iterable[Record], pattern: Pattern, began: date, as_of: date, picture: Picture
) -> tuple[str, ...]:
    """References of the records behind a pattern: its streams, since it began, as known; by day, then reference.

    A visit counts only where its opinion is no or partly.
    """
    streams = {
        stream for stream, multiplier in zip(STREAMS, pattern.multipliers, strict=True) if multiplier != 1.0
    }
    found = []
    for record in records:
        if record.stream not in streams or not began <= record.occurred_on <= as_of:
            continue
        known = known_from(record, picture)
        if known is None or known > as_of:
            continue
        gone = gone_from(record, picture)
        if gone is not None and gone <= as_of:
            continue
        if record.stream == "reg44" and not record.details() & CONCERNED:
            continue
        found.append(record)
    return tuple(
        record.reference for record in sorted(found, key=lambda one: (one.occurred_on, one.reference))
    )

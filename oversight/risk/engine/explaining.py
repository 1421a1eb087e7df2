"""Why a score stands where it stands: stream by stream, adding up, with what speaks against it and what would clear it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from oversight.risk.engine.counting import CONCERNED
from oversight.risk.engine.evidence import Floats, arithmetic, step
from oversight.risk.engine.marks_seen import Held, MarkSeen, marks_seen
from oversight.risk.engine.matching import known_decisions, known_records
from oversight.risk.engine.parameters import MARKS, Parameters, Pattern
from oversight.risk.engine.records import STREAMS, Decision, Picture, Record, gone_from, known_from

if TYPE_CHECKING:
    from oversight.risk.engine.assessing import History

LOOK_AHEAD_WEEKS = 104
VISITS_A_DAY = 12 / 365.25
#: With what probability the span given for the start holds it.
SURE = 0.8


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
    """What one channel of marks adds to the score since the pattern began: seen against expected as MarkSeen has it."""

    mark: str
    contribution: float
    shown: float
    seen: float
    of: int
    expected: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of one score.

    The contributions, those of `marks` too, and `remainder` (start date uncertain) add up to `score`; the shown ones to
    `shown`.
    At the usual rate of records from here on, the score falls below the look bar in `weeks_below_look` weeks and below
    half of it in `weeks_to_clear`; None where that takes more than two years. The episode ends `episode_end_weeks`
    after the latter. `began_between`: the shortest span of days that holds the start with probability SURE; None below
    the look bar.
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
    began_between: tuple[date, date] | None = None

    def speaks_against(self) -> tuple[str, ...]:
        """The streams with a negative contribution, strongest first."""
        against = [part for part in self.parts if part.against]
        return tuple(part.stream for part in sorted(against, key=lambda part: part.contribution))


@dataclass(frozen=True, slots=True)
class Told:
    """What an assessment is about: its scope, day and picture, the histories that it rests on, and by URN everything on
    record about their homes.
    """

    scope: str
    key: str
    picture: Picture
    as_of: date
    worked: Sequence["History"]
    raises_from: date
    records: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    decisions: Mapping[str, Sequence[Decision]] = field(default_factory=dict)

    @property
    def begins(self) -> int:
        """The first ordinal day of the earliest history."""
        return min(one.begins for one in self.worked)


def explain(
    told: Told,
    score: float,
    leading: int,
    began: date,
    levels: Floats,
    factors: Floats,
    seen_of_marks: Sequence[MarkSeen],
    parameters: Parameters,
) -> Explanation:
    """The explanation of a score, for the leading pattern since it began; ``factors`` are that pattern's, by day."""
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
    marks = _marks_since(told, seen_of_marks, began)
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
        began_between=_between(told, factors, began) if score >= parameters.look else None,
    )


def pattern_marks(told: Told, pattern: Pattern, began: date, parameters: Parameters) -> tuple[MarkSeen, ...]:
    """What the pattern's marks saw since it began; none where the parameters do not count marks."""
    if parameters.marks is None or not pattern.marks:
        return ()
    held = [
        Held(
            one.home,
            known_records(told.records.get(one.home.urn, ()), told.as_of, told.picture),
            known_decisions(told.decisions.get(one.home.urn, ()), told.as_of),
            one.exposure[0],
        )
        for one in told.worked
    ]
    found = {one.mark: one for one in marks_seen(held, began, told.as_of, parameters.marks)}
    return tuple(found[mark] for mark in pattern.marks)


def _between(told: Told, factors: Floats, began: date) -> tuple[date, date]:
    low, high = span_of(factors, began.toordinal() - told.begins)
    return date.fromordinal(told.begins + low), date.fromordinal(told.begins + high)


def span_of(factors: Floats, likeliest: int) -> tuple[int, int]:
    """First and last index of the span around the likeliest start that holds it with SURE: factors (days,).

    Given that the pattern began on some day of the history, each equally likely beforehand, as the score has it.
    """
    evidence = np.cumsum(np.log(factors[::-1]))[::-1]
    chances = np.exp(evidence - evidence.max())
    chances = chances / chances.sum()
    low = high = likeliest
    held = float(chances[likeliest])
    while held < SURE and (low > 0 or high < len(chances) - 1):
        before = float(chances[low - 1]) if low > 0 else -1.0
        after = float(chances[high + 1]) if high < len(chances) - 1 else -1.0
        if before >= after:
            low -= 1
            held += before
        else:
            high += 1
            held += after
    return low, high


def _marks_since(told: Told, seen: Sequence[MarkSeen], began: date) -> tuple[MarkPart, ...]:
    found = []
    for of_mark in seen:
        mark = of_mark.mark
        value = 0.0
        for one in told.worked:
            if one.marks is not None:
                days = slice(max(began.toordinal() - one.begins, 0), None)
                value += float(one.marks[MARKS.index(mark), days].sum())
        shown = round(value, 1) + 0.0
        found.append(MarkPart(mark, value, shown, of_mark.seen, of_mark.of, of_mark.expected))
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
    records: Iterable[Record],
    pattern: Pattern,
    began: date,
    as_of: date,
    picture: Picture,
    marks: Sequence[MarkSeen] = (),
) -> tuple[str, ...]:
    """References of the records behind a pattern, as known, by day, then reference: its streams' since it began, and
    those that its marks saw.

    In its streams a visit counts only where its opinion is no or partly.
    """
    marked = {reference for mark in marks for reference in mark.behind}
    streams = {
        stream for stream, multiplier in zip(STREAMS, pattern.multipliers, strict=True) if multiplier != 1.0
    }
    found = []
    for record in records:
        counts = record.stream in streams and began <= record.occurred_on <= as_of
        if record.stream == "reg44" and not record.details() & CONCERNED:
            counts = False
        if not counts and record.reference not in marked:
            continue
        known = known_from(record, picture)
        if known is None or known > as_of:
            continue
        gone = gone_from(record, picture)
        if gone is not None and gone <= as_of:
            continue
        found.append(record)
    return tuple(
        record.reference for record in sorted(found, key=lambda one: (one.occurred_on, one.reference))
    )

"""What the marks on records say: evidence beside the counts, channel by channel and day by day.

A mark is what a record carries beside its stream: how severe, how late, repeated, the same adult. Each channel gives the
log ratio of the conditional chance of today's marks "if this mark has shifted" to that "as usual for this home", given
the past and today's counts; so it may be added to the evidence of the counts (chain rule), whatever depends on what. A
missing mark adds nothing.

What is usual for a home is the prior and what the home showed up to eight weeks ago, fading with a half-life of three
years. Priors and dispersions are assumptions of our simulator at middle noise, not measurements: until they are fitted
to the population at hand, marks explain and do not alarm.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from oversight.risk.engine.evidence import DT, TABLE_FROM, Floats, Ints, fading_weights
from oversight.risk.engine.matching import NOTICE_AFTER, grouped, links
from oversight.risk.engine.parameters import MARKS, MarkSettings
from oversight.risk.engine.records import Decision, Record

WEEKS_PER_YEAR = 365.25 / 7
CENTRE = 3


class Seen(NamedTuple):
    """What one channel saw on one day: of ``of`` chances, the sum of what was seen. Days are ordinals."""

    day: int
    value: float
    of: float


def mark_evidence(
    held: Sequence[Record],
    decisions: Iterable[Decision],
    begins: int,
    present: Ints,
    beds_per_unit: int,
    places: int,
    settings: MarkSettings,
) -> Floats:
    """The log evidence (marks, days) of each channel in the order of MARKS, from ordinal ``begins``.

    ``held`` and ``decisions`` are what the picture knows on the last of these days; ``present`` children by day. The
    order in which records arrived makes no difference.
    """
    days = present.shape[0]
    ordered = sorted(held, key=lambda record: (record.occurred_on, record.reference))
    memory = _Memory(settings, begins)
    own = [one for one in ordered if one.source == "home" and one.stream != "reg44"]
    outside = [one for one in ordered if one.source != "home" and one.stream != "reg44"]
    channels = {
        "unmatched": _unmatched(ordered, decisions, begins + days - 1, memory, settings),
        "late": _late(own, memory, settings),
        "severity": [
            *_tilted(own, settings.severity_tilt, settings.own_dispersion, memory, settings),
            *_tilted(outside, settings.severity_tilt, settings.outside_dispersion, memory, settings),
        ],
        "softened": [
            *_tilted(own, settings.softened_own, settings.own_dispersion, memory, settings),
            *_tilted(outside, settings.softened_outside, settings.outside_dispersion, memory, settings),
        ],
        "repeated": _repeated(ordered, memory, settings),
        "same_adult": _same_adult(ordered, places, memory, settings),
    }
    evidence = np.zeros((len(MARKS), days))
    for name, found in channels.items():
        row = evidence[MARKS.index(name)]
        for day, value in found:
            if 0 <= day - begins < days:
                row[day - begins] += value
    evidence[MARKS.index("restraint")] = _restraint(ordered, begins, present, beds_per_unit, memory, settings)
    return evidence


class _Memory:
    """Faded sums of what a channel saw up to the guard before a day."""

    def __init__(self, settings: MarkSettings, begins: int) -> None:
        self._weights = fading_weights(settings.half_life_weeks)
        self.guard = settings.guard_weeks * 7
        self.begins = begins

    def weight(self, day: int) -> float:
        return float(self._weights[day - TABLE_FROM])

    def before(self, seen: Sequence[Seen]) -> list[tuple[float, float]]:
        """For each of these, in order of day, the faded sums (value, of) of those at least the guard before it."""
        sums: list[tuple[float, float]] = []
        value = of = 0.0
        first = 0
        for one in seen:
            while seen[first].day <= one.day - self.guard:
                weight = self.weight(seen[first].day)
                value += weight * seen[first].value
                of += weight * seen[first].of
                first += 1
            now = self.weight(one.day - self.guard)
            sums.append((value / now, of / now))
        return sums

    def by_day(self, counts: Ints, begins: int) -> Floats:
        """The same for every day: faded sums of counts (days,) up to the guard."""
        days = counts.shape[0]
        result = np.zeros(days)
        shown = days - self.guard
        if shown > 0:
            start = begins - TABLE_FROM
            weights = self._weights[start : start + shown]
            result[self.guard :] = np.cumsum(counts[:shown] * weights) / weights
        return result


def _share(
    seen: Sequence[Seen], prior: tuple[float, float], odds: float, dispersion: float, memory: _Memory
) -> list[tuple[int, float]]:
    """A share that has risen by an odds ratio: Bernoulli evidence against the home's usual share."""
    mean, weight = prior
    found = []
    for one, (hits, of) in zip(seen, memory.before(seen), strict=True):
        usual = (mean * weight + hits) / (weight + of)
        raised = odds * usual / (1 + (odds - 1) * usual)
        ratio = one.value * math.log(raised / usual)
        ratio += (one.of - one.value) * math.log((1 - raised) / (1 - usual))
        found.append((one.day, ratio / dispersion))
    return found


def _unmatched(
    ordered: Sequence[Record],
    decisions: Iterable[Decision],
    until: int,
    memory: _Memory,
    settings: MarkSettings,
) -> list[tuple[int, float]]:
    """Matters known from a LADO or hospital record without a record of the home's own within 14 days."""
    seen = []
    for members in grouped(ordered, links(ordered, decisions)):
        told = [one for one in members if one.stream in ("lado", "hospital")]
        if not told:
            continue
        judged_on = min(one.recorded_on for one in told) + NOTICE_AFTER
        if judged_on.toordinal() > until:
            continue
        noticed = any(one.source == "home" and one.recorded_on <= judged_on for one in members)
        seen.append(Seen(judged_on.toordinal(), float(not noticed), 1.0))
    seen.sort()
    return _share(
        seen, settings.unmatched_prior, settings.unmatched_odds, settings.unmatched_dispersion, memory
    )


def _repeated(ordered: Sequence[Record], memory: _Memory, settings: MarkSettings) -> list[tuple[int, float]]:
    """Recommendations of a visit that repeat one that was not met."""
    seen = [
        Seen(
            one.occurred_on.toordinal(),
            float(min(one.repeated or 0, one.recommendations)),
            one.recommendations,
        )
        for one in ordered
        if one.stream == "reg44" and one.recommendations
    ]
    return _share(seen, settings.repeated_prior, settings.repeated_odds, settings.repeated_dispersion, memory)


def _late(own: Sequence[Record], memory: _Memory, settings: MarkSettings) -> list[tuple[int, float]]:
    """The home's own notices come later than they used to: a shift of the mean of ln(1 + days)."""
    seen = [
        Seen(one.occurred_on.toordinal(), math.log1p((one.recorded_on - one.occurred_on).days), 1.0)
        for one in own
        if one.stream == "reg40"
    ]
    spread, shift = settings.late_spread, settings.late_shift
    weight = (spread / settings.late_between) ** 2
    found = []
    for one, (total, of) in zip(seen, memory.before(seen), strict=True):
        usual = (weight * settings.late_mean + total) / (weight + of)
        away = (one.value - usual) / spread
        found.append((one.day, (shift * away - shift * shift / 2) / settings.late_dispersion))
    return found


def _tilted(
    records: Sequence[Record], tilt: float, dispersion: float, memory: _Memory, settings: MarkSettings
) -> list[tuple[int, float]]:
    """Levels of severity tilted up or down: level k becomes exp(tilt (k - 3)) times as likely, and all add up to one."""
    graded = [one for one in records if one.severity is not None]
    levels = [
        memory.before(
            [Seen(one.occurred_on.toordinal(), float(one.severity == level), 1.0) for one in graded]
        )
        for level in range(1, 6)
    ]
    weight = settings.severity_weight
    found = []
    for index, one in enumerate(graded):
        total = 0.0
        for level, usual in enumerate(settings.severity_usual, start=1):
            shown, of = levels[level - 1][index]
            total += (weight * usual + shown) / (weight + of) * math.exp(tilt * (level - CENTRE))
        ratio = tilt * ((one.severity or CENTRE) - CENTRE) - math.log(total)
        found.append((one.occurred_on.toordinal(), ratio / dispersion))
    return found


def _restraint(
    ordered: Sequence[Record],
    begins: int,
    present: Ints,
    beds_per_unit: int,
    memory: _Memory,
    settings: MarkSettings,
) -> Floats:
    """Injuries after a restraint, as a stream of counts of its own: quiet days speak, too."""
    days = present.shape[0]
    counts: Ints = np.zeros(days, dtype=np.int64)
    for one in ordered:
        day = one.occurred_on.toordinal() - begins
        if one.restraint and 0 <= day < days:
            counts[day] += 1
    exposure = present / (7.0 * beds_per_unit)
    lived = memory.by_day(present, begins) / (7.0 * beds_per_unit)
    dispersion, times = settings.restraint_dispersion, settings.restraint_times
    shape = settings.restraint_shape + memory.by_day(counts, begins) / dispersion
    rate = settings.restraint_shape * WEEKS_PER_YEAR / settings.restraint_yearly + lived / dispersion
    quiet = np.log((rate + times * exposure) / (rate + exposure))
    result: Floats = (counts * math.log(times) - (shape + counts) * quiet) / dispersion
    return result


def _same_adult(
    ordered: Sequence[Record], places: int, memory: _Memory, settings: MarkSettings
) -> list[tuple[int, float]]:
    """One adult is named more often than the home's others: a mixture over its adults, each with a start unknown.

    The weights are each adult's own Shiryaev-Roberts sum up to the day before, so the mixture is a density given the
    past. How often each adult is usually named is learned without the newest weeks.
    """
    namings = _namings(ordered, settings.adult_apart_weeks * 7)
    times, shape = settings.adult_times, settings.adult_shape
    sums: dict[str, float] = {}
    unnamed = 0.0  # the sum of an adult who was never named
    found = []
    last = namings[0][0] if namings else 0
    for number, (day, adult) in enumerate(namings):
        roster = max(places * settings.adults_per_place, len(sums) + 1)
        usual = _named_before(namings[:number], day, memory)
        total = sum(usual.values())
        elapsed = max((day - last) * DT, DT)
        known = {name: sums.get(name, unnamed) + elapsed for name in {*sums, adult}}
        never = unnamed + elapsed
        weight = sum(known.values()) + never * (roster - len(known))
        chance = {name: (shape + usual.get(name, 0.0)) / (shape * roster + total) for name in known}
        rest = shape / (shape * roster + total)
        ratio = {name: _named(times, chance[name], hit=name == adult) for name in sorted(known)}
        missed = _named(times, rest, hit=False)
        mixed = sum(known[name] * ratio[name] for name in ratio) + never * (roster - len(known)) * missed
        found.append((day, math.log(mixed / weight)))
        sums = {name: min(known[name] * ratio[name], 1e290) for name in ratio}
        unnamed = never * missed
        last = day
    return found


def _named(times: float, chance: float, *, hit: bool) -> float:
    """How much likelier this naming is if one adult is named so many times as often as usual."""
    return (times if hit else 1.0) / (1 + (times - 1) * chance)


def _namings(ordered: Sequence[Record], apart: int) -> list[tuple[int, str]]:
    """Each time an adult was named, once for what lies within so many days."""
    latest: dict[str, int] = {}
    found = []
    for one in ordered:
        day = one.occurred_on.toordinal()
        for adult in sorted({key for key in one.adult.split(";") if key}):
            if adult not in latest or day - latest[adult] >= apart:
                found.append((day, adult))
                latest[adult] = day
    return found


def _named_before(namings: Sequence[tuple[int, str]], day: int, memory: _Memory) -> dict[str, float]:
    usual: dict[str, float] = {}
    now = memory.weight(day - memory.guard)
    for earlier, adult in namings:
        if earlier <= day - memory.guard:
            usual[adult] = usual.get(adult, 0.0) + memory.weight(earlier) / now
    return usual

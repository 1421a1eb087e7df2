"""What each channel of marks saw since a pattern began, against what is usual for these homes: numbers for people.

Nothing here moves a score. What is usual is the prior joined with what the home itself showed before the pattern began,
since its last known change of manager or recording system, fading with the half-life of the marks.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from oversight.risk.engine.counting import present
from oversight.risk.engine.evidence import Floats
from oversight.risk.engine.matching import NOTICE_AFTER, grouped, known_decisions, known_records, links
from oversight.risk.engine.parameters import MARKS, MarkSettings
from oversight.risk.engine.records import Decision, Home, Picture, Placement, Record
from oversight.risk.engine.remembering import Epochs

WEEKS_PER_YEAR = 365.25 / 7
SERIOUS = 4
SLIGHT = 2
#: By how much, as a share of what is usual, a figure has to differ before it points anywhere.
MARGIN = 0.1


@dataclass(frozen=True, slots=True)
class Held:
    """One home as its picture holds it at the end of a day: records, people's decisions, and exposure by day from its
    first (in weeks of a unit of beds, as the evidence has it).
    """

    home: Home
    records: Sequence[Record]
    decisions: Sequence[Decision]
    exposure: Floats


def held_of(
    home: Home,
    records: Iterable[Record],
    decisions: Iterable[Decision],
    placements: Iterable[Placement],
    as_of: date,
    picture: Picture,
    beds_per_unit: int,
) -> Held:
    """A home from everything on record about it."""
    begins = home.begins_on.toordinal()
    living = present(home, placements, begins, as_of.toordinal() - begins + 1)
    return Held(
        home,
        known_records(records, as_of, picture),
        known_decisions(decisions, as_of),
        living / (7.0 * beds_per_unit),
    )


@dataclass(frozen=True, slots=True)
class MarkSeen:
    """One channel since the pattern began: ``seen`` of ``of`` chances, where ``expected`` would be usual.

    unmatched: matters known from a LADO or hospital; late: days (typical, of so many notices); softened and severity:
    records at serious or above of the home's own, or of all, that say; ``others`` the same of everybody else's;
    repeated: recommendations; restraint: records of an injury, of all records; same_adult: namings of the adult named
    most, of all namings. ``behind``: references of the records that were seen. Never who.
    """

    mark: str
    seen: float
    of: int
    expected: float
    others: tuple[int, int] | None = None
    behind: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """1 where it points the way the channel looks for, -1 where the other way, 0 where neither or silent."""
        if not self.of:
            return 0
        if self.mark == "softened":
            return self._softened()
        if self.mark == "same_adult" and self.seen < 2:
            return 0
        away = self.seen - self.expected
        return 0 if abs(away) <= MARGIN * self.expected else 1 if away > 0 else -1

    def _softened(self) -> int:
        if self.seen > self.expected * (1 + MARGIN):
            return -1
        graver, of = self.others or (0, 0)
        fewer = self.seen < self.expected * (1 - MARGIN)
        return 1 if fewer and of and graver / of > self.expected / self.of else 0


class _Chance(NamedTuple):
    """On an ordinal day: of ``of`` chances ``value`` were seen, with the records that show it."""

    day: int
    value: float
    of: float
    behind: tuple[str, ...]


def marks_seen(
    held: Sequence[Held], began: date, as_of: date, settings: MarkSettings
) -> tuple[MarkSeen, ...]:
    """Every channel in the order of MARKS, over the homes together, from ``began`` to ``as_of``."""
    since = (began.toordinal(), as_of.toordinal())
    tilted = settings.severity_usual
    grave = (sum(tilted[SERIOUS - 1 :]), settings.severity_weight)
    found = {
        "unmatched": _share("unmatched", held, _matters, settings.unmatched_prior, since, settings),
        "late": _late(held, since, settings),
        "softened": _softened(held, grave, since, settings),
        "severity": _share("severity", held, _graded, grave, since, settings),
        "repeated": _share("repeated", held, _repeated, settings.repeated_prior, since, settings),
        "restraint": _restraint(held, since, settings),
        "same_adult": _same_adult(held, since, settings),
    }
    return tuple(found[mark] for mark in MARKS)


def _weight(day: int, began: int, settings: MarkSettings) -> float:
    return float(0.5 ** ((began - day) / (7 * settings.half_life_weeks)))


def _usual(
    held: Held, chances: Iterable[_Chance], prior: tuple[float, float], began: int, settings: MarkSettings
) -> float:
    """The usual mean, from the last change of manager or recording system before the pattern began."""
    first = Epochs(held.home.changed_on, settings).start(began)
    mean, weight = prior
    hits, of = mean * weight, weight
    for one in chances:
        if first <= one.day < began:
            hits += _weight(one.day, began, settings) * one.value
            of += _weight(one.day, began, settings) * one.of
    return hits / of


def _share(
    mark: str,
    held: Sequence[Held],
    chances: Callable[[Held], list[_Chance]],
    prior: tuple[float, float],
    since: tuple[int, int],
    settings: MarkSettings,
) -> MarkSeen:
    seen = of = expected = 0.0
    behind: list[str] = []
    for one in held:
        everything = chances(one)
        usual = _usual(one, everything, prior, since[0], settings)
        for chance in everything:
            if since[0] <= chance.day <= since[1]:
                seen += chance.value
                of += chance.of
                expected += usual * chance.of
                behind.extend(chance.behind)
    return MarkSeen(mark, seen, round(of), expected, behind=tuple(sorted(set(behind))))


def _matters(held: Held) -> list[_Chance]:
    """Matters known from a LADO or hospital record, on the day on which a notice of the home's own would be late."""
    found = []
    for members in grouped(held.records, links(held.records, held.decisions)):
        told = [one for one in members if one.stream in ("lado", "hospital")]
        if told:
            judged = min(one.recorded_on for one in told) + NOTICE_AFTER
            noticed = any(one.source == "home" and one.recorded_on <= judged for one in members)
            behind = () if noticed else tuple(one.reference for one in told)
            found.append(_Chance(judged.toordinal(), float(not noticed), 1.0, behind))
    return found


def _graded(held: Held) -> list[_Chance]:
    return _serious(one for one in held.records if one.stream != "reg44")


def _serious(records: Iterable[Record]) -> list[_Chance]:
    return [
        _Chance(
            one.occurred_on.toordinal(),
            float(one.severity >= SERIOUS),
            1.0,
            (one.reference,) if one.severity >= SERIOUS else (),
        )
        for one in records
        if one.severity is not None
    ]


def _repeated(held: Held) -> list[_Chance]:
    return [
        _Chance(
            one.occurred_on.toordinal(),
            float(min(one.repeated, one.recommendations)),
            float(one.recommendations),
            (one.reference,) if one.repeated else (),
        )
        for one in held.records
        if one.stream == "reg44" and one.recommendations and one.repeated is not None
    ]


def _late(held: Sequence[Held], since: tuple[int, int], settings: MarkSettings) -> MarkSeen:
    """Days between what happened and the home's own notice: the middle of their logarithms, as days."""
    prior = (settings.late_mean, (settings.late_spread / settings.late_between) ** 2)
    seen = expected = 0.0
    of = 0
    behind: list[str] = []
    for one in held:
        own = [each for each in one.records if each.source == "home" and each.stream == "reg40"]
        notices = [
            _Chance(
                each.occurred_on.toordinal(),
                math.log1p((each.recorded_on - each.occurred_on).days),
                1.0,
                (each.reference,),
            )
            for each in own
        ]
        usual = _usual(one, notices, prior, since[0], settings)
        for notice in notices:
            if since[0] <= notice.day <= since[1]:
                seen, expected, of = seen + notice.value, expected + usual, of + 1
                behind.extend(notice.behind if notice.value > usual else ())
    if not of:
        return MarkSeen("late", 0.0, 0, 0.0)
    days = math.expm1(seen / of), math.expm1(expected / of)
    return MarkSeen("late", days[0], of, days[1], behind=tuple(sorted(behind)))


def _softened(
    held: Sequence[Held], prior: tuple[float, float], since: tuple[int, int], settings: MarkSettings
) -> MarkSeen:
    def own(one: Held) -> list[_Chance]:
        return _serious(each for each in one.records if each.source == "home" and each.stream != "reg44")

    found = _share("softened", held, own, prior, since, settings)
    graded = [
        one
        for home in held
        for one in home.records
        if one.severity is not None
        and one.stream != "reg44"
        and since[0] <= one.occurred_on.toordinal() <= since[1]
    ]
    others = [one for one in graded if one.source != "home"]
    graver = [one for one in others if (one.severity or 0) >= SERIOUS]
    slight = [one for one in graded if one.source == "home" and (one.severity or 0) <= SLIGHT]
    behind = tuple(sorted(one.reference for one in (*graver, *slight)))
    return MarkSeen("softened", found.seen, found.of, found.expected, (len(graver), len(others)), behind)


def _restraint(held: Sequence[Held], since: tuple[int, int], settings: MarkSettings) -> MarkSeen:
    expected, records = 0.0, []
    for one in held:
        begins = one.home.begins_on.toordinal()
        first = max(Epochs(one.home.changed_on, settings).start(since[0]), begins)
        start = max(since[0] - begins, 0)
        fading = 0.5 ** (np.arange(start, 0, -1) / (7 * settings.half_life_weeks))
        lived = float((one.exposure[:start] * fading)[first - begins :].sum())
        stayed = float(one.exposure[start : since[1] - begins + 1].sum())
        hurt = sum(
            _weight(each.occurred_on.toordinal(), since[0], settings)
            for each in one.records
            if each.restraint and first <= each.occurred_on.toordinal() < since[0]
        )
        shape = settings.restraint_shape + hurt / settings.restraint_dispersion
        rate = (
            settings.restraint_shape * WEEKS_PER_YEAR / settings.restraint_yearly
            + lived / settings.restraint_dispersion
        )
        expected += stayed * shape / rate
        records += [
            each
            for each in one.records
            if each.stream != "reg44" and since[0] <= each.occurred_on.toordinal() <= since[1]
        ]
    behind = tuple(sorted(each.reference for each in records if each.restraint))
    return MarkSeen("restraint", float(len(behind)), len(records), expected, behind=behind)


def _same_adult(held: Sequence[Held], since: tuple[int, int], settings: MarkSettings) -> MarkSeen:
    """The adult named most since then, once for what lies within four weeks; who it is goes no further."""
    records = sorted(
        (one for home in held for one in home.records), key=lambda one: (one.occurred_on, one.reference)
    )
    latest: dict[str, int] = {}
    now: Counter[str] = Counter()
    before: dict[str, float] = {}
    for one in records:
        day = one.occurred_on.toordinal()
        for adult in sorted({key for key in one.adult.split(";") if key}):
            if adult in latest and day - latest[adult] < settings.adult_apart_weeks * 7:
                continue
            latest[adult] = day
            if day < since[0]:
                before[adult] = before.get(adult, 0.0) + _weight(day, since[0], settings)
            elif day <= since[1]:
                now[adult] += 1
    if not now:
        return MarkSeen("same_adult", 0.0, 0, 0.0)
    named = min(now, key=lambda adult: (-now[adult], adult))
    places = sum(home.home.places for home in held)
    roster = max(places * settings.adults_per_place, len(latest))
    share = (settings.adult_shape + before.get(named, 0.0)) / (
        settings.adult_shape * roster + sum(before.values())
    )
    behind = tuple(
        sorted(
            one.reference
            for one in records
            if named in one.adult.split(";") and since[0] <= one.occurred_on.toordinal() <= since[1]
        )
    )
    return MarkSeen("same_adult", float(now[named]), now.total(), now.total() * share, behind=behind)

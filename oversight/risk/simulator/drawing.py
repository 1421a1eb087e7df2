"""The marked events of one simulated home, as arrays: from them come both its records and the sums of its weeks.

Every mark is drawn from a generator of its own, seeded with the plan's seed, the home's index and the mark's number, so
that a noisier mark leaves all other draws as they were.
"""

from dataclasses import dataclass, replace

import numpy as np

from oversight.risk.engine.records import SOURCES
from oversight.risk.simulator.effects import TWO_CULPRITS, Effects, Marking, effects_of
from oversight.risk.simulator.mark_rates import SEVERITY_SHARES, THEMES, ThemeRates
from oversight.risk.simulator.paths import Drifts, Levels, drifts, levels, wandering
from oversight.risk.simulator.people import Household
from oversight.risk.simulator.plans import Plan
from oversight.risk.simulator.populations import Course, provider_chance
from oversight.risk.simulator.rates import STREAMS_RECORDED, Rates
from oversight.risk.simulator.residents import Targets, choose_children
from oversight.risk.simulator.staff import Culprits, Roster, name_adults, roster, settle
from oversight.risk.simulator.visiting import Seen, Visits, visits
from oversight.risk.simulator.weeks import HOSPITAL, LADO, Booleans, Floats, Ints

HOME = SOURCES.index("home")
NOBODY = -1
(_EFFECTS, _DRIFTS, _LEVELS, _DAYS, _NOTICES, _SOURCES, _STAYS, _CHILDREN, _ROSTER, _ADULTS) = range(1, 11)
(_SEVERITY, _DELAY, _THEMES, _VISITS, _INJURIES) = range(11, 16)


@dataclass(frozen=True, slots=True)
class Events:
    """Events in order of day, one place each; `day` counts from the plan's start.

    `source` is an index of SOURCES. `noticed` says whether the home gave notice (LADO and hospital; elsewhere True);
    `notified` whether by a Reg 40 notice, which is a record of its own with `notice_severity` and `notice_delay`.
    `adult` is a number of the roster or NOBODY, `keyed` whether the record carries the key. Delays are whole days.
    """

    stream: Ints
    day: Ints
    source: Ints
    noticed: Booleans
    notified: Booleans
    child: Ints
    adult: Ints
    keyed: Booleans
    severity: Ints
    delay: Ints
    notice_severity: Ints
    notice_delay: Ints
    theme: Ints

    @property
    def own(self) -> Booleans:
        """Whether the row itself is the home's."""
        result: Booleans = self.source == HOME
        return result


@dataclass(frozen=True, slots=True)
class Drawn:
    """One home with its marks."""

    course: Course
    household: Household
    effects: Effects
    events: Events
    children: tuple[str, ...]
    staff: Roster
    culprits: Ints
    visits: Visits
    injuries: Ints
    changes: Ints
    linkable: bool


class _Chance:
    def __init__(self, seed: int, index: int) -> None:
        self._of = (seed, index)

    def __call__(self, mark: int) -> np.random.Generator:
        return np.random.default_rng([*self._of, mark])


def draw_marks(course: Course, plan: Plan, marking: Marking, seed: int, index: int) -> Drawn:
    """The marks of one home of a plan."""
    chance, rates, done = _Chance(seed, index), marking.rates, course.done
    weeks = done.shape[0]
    effects = Effects()
    if course.scenario is not None:
        effects = effects_of(course.scenario.name, marking.level, chance(_EFFECTS))
    drift = _drifts(plan, marking, weeks, chance(_DRIFTS), provider_chance(plan, seed, index))
    level = levels(rates, drift, done, effects, chance(_LEVELS))
    stream, day = _days(course.counts, chance(_DAYS))
    household, (child, children) = _children(course, plan, marking, effects, day, chance)
    staff = roster(course.home.places, weeks * 7, rates.adults, chance(_ROSTER))
    culprits, adult, keyed = _adults(course, marking, effects, staff, stream, day, chance(_ADULTS))
    noticed, notified, source = _notices(course, plan.rates, marking, level, stream, day, chance)
    severity, notice_severity = _severities(level, day, source == HOME, chance(_SEVERITY))
    delay, notice_delay = _delays(plan.rates, marking, level, stream, day, source == HOME, chance(_DELAY))
    theme = _themes(rates.themes, effects.theme * done[day // 7], chance(_THEMES))
    events = Events(
        stream,
        day,
        source,
        noticed,
        notified,
        child,
        adult,
        keyed,
        severity,
        delay,
        notice_severity,
        notice_delay,
        theme,
    )
    seen = Seen(course.counts.sum(axis=0), float(course.usual.expected.sum() / weeks), done, effects)
    visited = visits(plan.starts_on, plan.rates, rates, seen, level.repeated, chance(_VISITS))
    return Drawn(
        course,
        household,
        effects,
        events,
        tuple(children),
        staff,
        culprits,
        visited,
        _injuries(course, marking, effects, chance(_INJURIES)),
        drift.changes,
        marking.notices_linkable,
    )


def _drifts(
    plan: Plan,
    marking: Marking,
    weeks: int,
    rng: np.random.Generator,
    provider: np.random.Generator | None,
) -> Drifts:
    memory = plan.rates.memory_weeks
    theirs = None if provider is None else wandering(weeks, memory, provider)
    return drifts(weeks, memory, marking.rates, rng, theirs, plan.sibling_drift)


def _days(counts: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Streams and days of the events counted by stream and week, in order of days."""
    streams, weeks = counts.shape
    number = counts.ravel()
    stream = np.repeat(np.repeat(np.arange(streams), weeks), number)
    day = np.repeat(np.tile(np.arange(weeks), streams), number) * 7
    day += rng.integers(7, size=day.shape[0])
    order = np.argsort(day, kind="stable")
    return stream[order], day[order]


def _children(
    course: Course, plan: Plan, marking: Marking, effects: Effects, day: Ints, chance: _Chance
) -> tuple[Household, tuple[Ints, list[str]]]:
    rates, done = marking.rates.children, course.done
    household, home = course.household, course.home
    if rates.stay_years != plan.rates.stay_years:
        stays = replace(plan.rates, stay_years=rates.stay_years)
        household = Household.of(home, plan.starts_on, done.shape[0], stays, chance(_STAYS))
    rng = chance(_CHILDREN)
    beds = rng.permutation(home.places)[:2]
    targets = Targets(beds, effects.children * done[day // 7]) if effects.children else None
    crises = course.usual.shocks * 7
    unsettled = plan.rates.shock_weeks * 7
    return household, choose_children(household, plan.starts_on, day, rates, crises, unsettled, targets, rng)


def _adults(
    course: Course,
    marking: Marking,
    effects: Effects,
    staff: Roster,
    stream: Ints,
    day: Ints,
    rng: np.random.Generator,
) -> tuple[Ints, Ints, Booleans]:
    """The culprits, and for each event the adult named and whether the key is recorded."""
    rates = marking.rates.adults
    culprits = np.empty(0, dtype=np.int64)
    number = 2 if rng.random() < 0.5 else 3
    if course.scenario is not None and effects.culprits:
        number = 2 if course.scenario.name in TWO_CULPRITS else number
        culprits = settle(staff, number, course.onset * 7, rng)
    share = np.array([rates.named.get(name, 0.0) for name in STREAMS_RECORDED])
    naming = np.flatnonzero(rng.random(stream.shape[0]) < share[stream])
    adult = np.full(stream.shape[0], NOBODY, dtype=np.int64)
    keyed = np.zeros(stream.shape[0], dtype=bool)
    about = Culprits(culprits, effects.culprits * course.done[day[naming] // 7])
    adult[naming], keyed[naming] = name_adults(staff, day[naming], rates, about, rng)
    return culprits, adult, keyed & marking.adult_keys


def _notices(
    course: Course,
    rates: Rates,
    marking: Marking,
    level: Levels,
    stream: Ints,
    day: Ints,
    chance: _Chance,
) -> tuple[Booleans, Booleans, Ints]:
    """Whether the home gave notice, whether by Reg 40, and where the row itself comes from."""
    given = marking.rates.notices
    draws = chance(_NOTICES).random((2, stream.shape[0]))
    outside = (stream == LADO) | (stream == HOSPITAL)
    noticed = ~outside | (draws[0] >= level.missing[day // 7])
    by_reg40 = np.where(stream == LADO, given.lado_by_reg40, given.hospital_by_reg40)
    fewer = np.minimum(course.times[0, day // 7], 1.0)  # fewer notices of all kinds, linked ones too
    notified = outside & noticed & (draws[1] < by_reg40 * fewer)
    source = _sources(rates, stream, chance(_SOURCES).random(stream.shape))
    source[outside & noticed & ~notified] = HOME
    source[stream == 0] = HOME
    return noticed, notified, source


def _sources(rates: Rates, stream: Ints, draw: Floats) -> Ints:
    """Where each row comes from, if not from the home."""
    result = np.empty(stream.shape[0], dtype=np.int64)
    for number, name in enumerate(STREAMS_RECORDED):
        shares = {source: share for source, share in rates.sources[name].items() if source != "home"}
        if not shares:
            continue
        rows = stream == number
        reach = np.cumsum(list(shares.values()))
        chosen = np.searchsorted(reach, draw[rows] * reach[-1], side="right")
        codes = np.array([SOURCES.index(source) for source in shares])
        result[rows] = codes[np.minimum(chosen, codes.shape[0] - 1)]
    return result


def _severities(level: Levels, day: Ints, own: Booleans, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """The severity of each row, and the one its Reg 40 notice would give the same event."""
    draw = rng.random(day.shape)
    outside = _severity(level.tilt_outside[day // 7], draw)
    ours = _severity(level.tilt_own[day // 7], draw)
    return np.where(own, ours, outside), ours


def _severity(tilt: Floats, draw: Floats) -> Ints:
    weight = np.array(SEVERITY_SHARES) * np.exp(tilt[:, None] * np.arange(-2, 3))
    reach = np.cumsum(weight, axis=1)
    chosen: Ints = 1 + (reach[:, :-1] < (draw * reach[:, -1])[:, None]).sum(axis=1)
    return chosen


def _delays(
    rates: Rates,
    marking: Marking,
    level: Levels,
    stream: Ints,
    day: Ints,
    own: Booleans,
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """Days until each row is recorded, and until its Reg 40 notice would be."""
    delay, within = marking.rates.delay, marking.rates.notices.within_days
    normal = rng.standard_normal((2, day.shape[0]))
    days = np.exp(level.delay[day // 7] + delay.within * normal)
    days = np.minimum(days, delay.most).astype(np.int64)
    lags = [rates.lags[name] for name in STREAMS_RECORDED]
    never = np.log([1 - 1 / (lag.mean + 1) for lag in lags])
    waited = np.log(1 - rng.random(day.shape[0])) / never[stream]
    least, most = np.array([lag.least for lag in lags]), np.array([lag.most for lag in lags])
    theirs = np.minimum(least[stream] + waited.astype(np.int64), most[stream])
    ours = np.where(stream == 0, days[0], np.minimum(days[0], within))
    return np.where(own, ours, theirs), np.minimum(days[1], within)


def _themes(rates: ThemeRates, moved: Floats, rng: np.random.Generator) -> Ints:
    """The theme of each event: the home's own mix, the last one again, or the one that going wrong brings."""
    number = len(THEMES)
    mix = np.cumsum(rng.dirichlet([rates.concentration / number] * number))
    target = int(rng.integers(number))
    draws = rng.random((3, moved.shape[0]))
    theme = np.minimum(np.searchsorted(mix, draws[0] * mix[-1], side="right"), number - 1)
    last = np.maximum.accumulate(np.where(draws[1] < rates.copied, 0, np.arange(moved.shape[0])))
    result: Ints = np.where(draws[2] < moved, target, theme[last])
    return result


def _injuries(course: Course, marking: Marking, effects: Effects, rng: np.random.Generator) -> Ints:
    """The days of injuries that followed a restraint."""
    rates = marking.rates.injuries
    level = rng.gamma(rates.between) / rates.between * course.home.places / 5 * rates.per_year * 7 / 365.25
    number = rng.poisson(level * (1 + (effects.injuries - 1) * course.done))
    day = np.repeat(np.arange(number.shape[0]), number) * 7
    return np.sort(day + rng.integers(7, size=day.shape[0]))

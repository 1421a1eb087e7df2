"""The same simulated homes as weekly sums, for benchmarks that walk thousands of homes at once.

From the same draws as the records of `simulate`, by the week in which things happened: what is recorded late is not
held back. Days and weeks count from the plan's start.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from oversight.risk.simulator.drawing import NOBODY, Drawn, draw_marks
from oversight.risk.simulator.mark_rates import THEMES
from oversight.risk.simulator.plans import Plan
from oversight.risk.simulator.populations import courses
from oversight.risk.simulator.rates import STREAMS_RECORDED
from oversight.risk.simulator.weeks import HOSPITAL, LADO, Booleans, Floats, Ints

Small = npt.NDArray[np.int16]
LEVELS = 5
#: Rows of `counts`.
COUNTED: tuple[str, ...] = (*STREAMS_RECORDED, "reg44", "restraint_injury")
_REG44, _INJURIES = len(STREAMS_RECORDED), len(STREAMS_RECORDED) + 1
#: Rows of `outside` and `unnoticed`.
OUTSIDE: tuple[str, ...] = ("lado", "hospital")


@dataclass(frozen=True, slots=True)
class Arrays:
    """A population by home and week; H homes, W weeks.

    The tables hold one row per event or stay, in order of home, then day: `named` (home, week, adult, row of COUNTED)
    for events whose record carries an adult's key, a linked Reg 40 notice not counted again; `stays` (home, adult, first
    day, day of leaving, whether of the agency); `children` (home, week, child, row of COUNTED). Adults and children are
    numbers within their home.
    """

    places: Ints  # (H,)
    provider: Ints  # (H,)
    scenario: npt.NDArray[np.str_]  # (H,), empty for an ordinary home
    onset: Ints  # (H,) week, -1 for an ordinary home
    counts: Small  # (H, 7, W) as COUNTED; reg40 with linked notices, reg44 with opinions of no or partly
    visits: Small  # (H, W)
    linked: Small  # (H, W) reg40 notices that tell of a LADO or hospital event
    outside: Small  # (H, 2, W) events of OUTSIDE of which a notice can be linked or is missing
    unnoticed: Small  # (H, 2, W) those without the home's notice after 14 days
    severity: Small  # (H, 2, 5, W) records by level, the home's own and others'
    delayed: Small  # (H, W) records of the home's own
    delay: Floats  # (H, W) sum over those of ln(days + 1/2)
    delay_squares: Floats  # (H, W)
    recommendations: Small  # (H, W)
    repeated: Small  # (H, W)
    themes: Small  # (H, 10, W) events, a linked notice not counted again
    staff: Ints  # (H,) adults who work there on any day
    changes: Small  # (H, W) changes of manager or recording system
    named: Ints  # (n, 4)
    stays: Ints  # (n, 5)
    children: Ints  # (n, 4)


def simulate_arrays(plan: Plan, seed: int, among: range | None = None) -> Arrays:
    """The population of a plan and a seed, or the homes with some indices. ValueError for a plan without marks.

    Homes are drawn each on its own, so several processes can share them out and join their parts.
    """
    marking = plan.marks
    if marking is None:
        raise ValueError("a plan without marks")
    among = range(plan.homes) if among is None else among
    made = _empty(len(among), plan.weeks)
    tables: tuple[list[Ints], list[Ints], list[Ints]] = ([], [], [])
    for place, (index, course) in enumerate(courses(plan, seed, among)):
        drawn = draw_marks(course, plan, marking, seed, index)
        made.places[place] = course.home.places
        made.staff[place] = drawn.staff.size
        made.provider[place] = index // plan.siblings
        made.scenario[place] = course.scenario.name if course.scenario else ""
        made.onset[place] = course.onset if course.scenario else -1
        _fill(made, place, drawn)
        for table, rows in zip(tables, _tables(index, drawn), strict=True):
            table.append(rows)
    named, stays, children = (np.concatenate(table) for table in tables)
    return replace(made, named=named, stays=stays, children=children)


def _empty(homes: int, weeks: int) -> Arrays:
    def small(*shape: int) -> Small:
        return np.zeros((homes, *shape, weeks), dtype=np.int16)

    def ints(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    return Arrays(
        places=ints(homes),
        provider=ints(homes),
        scenario=np.zeros(homes, dtype="<U2"),
        onset=ints(homes),
        counts=small(len(COUNTED)),
        visits=small(),
        linked=small(),
        outside=small(len(OUTSIDE)),
        unnoticed=small(len(OUTSIDE)),
        severity=small(2, LEVELS),
        delayed=small(),
        delay=np.zeros((homes, weeks)),
        delay_squares=np.zeros((homes, weeks)),
        recommendations=small(),
        repeated=small(),
        themes=small(len(THEMES)),
        staff=ints(homes),
        changes=small(),
        named=ints(0, 4),
        stays=ints(0, 5),
        children=ints(0, 4),
    )


def _fill(made: Arrays, place: int, drawn: Drawn) -> None:
    """The weekly sums of one home."""
    weeks = drawn.course.done.shape[0]
    events, seen = drawn.events, drawn.visits
    week, visited = events.day // 7, seen.day // 7
    made.linked[place] = _by_week(week[events.notified], weeks)
    made.counts[place, : len(STREAMS_RECORDED)] = drawn.course.counts
    made.counts[place, 0] += made.linked[place]
    made.counts[place, _REG44] = _by_week(visited[seen.opinion > 0], weeks)
    made.counts[place, _INJURIES] = _by_week(drawn.injuries // 7, weeks)
    made.visits[place] = _by_week(visited, weeks)
    made.recommendations[place] = _by_week(visited, weeks, [len(asked) for asked in seen.asked])
    made.repeated[place] = _by_week(visited, weeks, seen.repeated)
    made.changes[place] = _by_week(drawn.changes // 7, weeks)
    made.themes[place] = _by_row(events.theme, week, len(THEMES), weeks)
    if drawn.linkable:
        for row, stream in enumerate((LADO, HOSPITAL)):
            theirs = events.stream == stream
            made.outside[place, row] = _by_week(week[theirs], weeks)
            made.unnoticed[place, row] = _by_week(week[theirs & ~events.noticed], weeks)
    _fill_own(made, place, drawn, week, weeks)


def _fill_own(made: Arrays, place: int, drawn: Drawn, week: Ints, weeks: int) -> None:
    """Severity and delay, to which a linked Reg 40 notice adds a record of the home's own."""
    events = drawn.events
    own: Booleans = events.own
    linked = events.notified
    ours = np.concatenate([week[own], week[linked]])
    levels = np.concatenate([events.severity[own], events.notice_severity[linked]]) - 1
    made.severity[place, 0] = _by_row(levels, ours, LEVELS, weeks)
    made.severity[place, 1] = _by_row(events.severity[~own] - 1, week[~own], LEVELS, weeks)
    late = np.log(np.concatenate([events.delay[own], events.notice_delay[linked]]) + 0.5)
    made.delayed[place] = _by_week(ours, weeks)
    made.delay[place] = np.bincount(ours, weights=late, minlength=weeks)
    made.delay_squares[place] = np.bincount(ours, weights=late**2, minlength=weeks)


def _tables(index: int, drawn: Drawn) -> tuple[Ints, Ints, Ints]:
    events = drawn.events
    week = events.day // 7
    told = events.keyed & (events.adult != NOBODY)
    home = np.full(week.shape[0], index)
    first = drawn.staff.agency_from()
    worked = sorted(drawn.staff.worked(drawn.course.done.shape[0] * 7), key=lambda one: (one[1], one[0]))
    stays = [(index, number, start, end, int(number >= first)) for number, start, end in worked]
    return (
        np.stack([home[told], week[told], events.adult[told], events.stream[told]], axis=1),
        np.array(stays, dtype=np.int64).reshape(-1, 5),
        np.stack([home, week, events.child, events.stream], axis=1),
    )


def _by_week(week: Ints, weeks: int, weights: "list[int] | Ints | None" = None) -> npt.NDArray[np.int64]:
    counted = np.bincount(week, weights=weights, minlength=weeks)
    return counted.astype(np.int64)


def _by_row(row: Ints, week: Ints, rows: int, weeks: int) -> npt.NDArray[np.int64]:
    return np.bincount(row * weeks + week, minlength=rows * weeks).reshape(rows, weeks)

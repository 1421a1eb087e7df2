"""What a home going wrong does to the marks on its records, by scenario. All assumed.

An effect comes on over the scenario's ramp. Its level times every mark: `low` .4, `mid` 1, `high` 1.6, `none` 0, on the
scale on which it is stated (injuries on the log scale); `random` draws for each home and mark 0 with a chance of .4, else
between .3 and 1.6. The mid level is friendly to a detector whose marks were chosen by the same hand; `random` is the
fairer test.
"""

import math
from dataclasses import dataclass

import numpy as np

from oversight.risk.simulator.mark_rates import MID, MarkRates

LEVELS: dict[str, float] = {"none": 0.0, "low": 0.4, "mid": 1.0, "high": 1.6}
RANDOM = "random"
RANDOM_NOTHING = 0.4
RANDOM_RANGE = (0.3, 1.6)
MOST_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class Effects:
    """A scenario's effects once its ramp is over; the defaults are an ordinary home."""

    culprits: float = 0.0  # share of named events about two or three adults
    notice: float = 0.0  # log odds of no home notice
    delay: float = 0.0  # shift of the log delay of own records
    severity_own: float = 0.0  # tilts
    severity_outside: float = 0.0
    theme: float = 0.0  # share of matters moved to one theme
    recommendations: float = 0.0  # log odds of a repeated recommendation
    captured: float = 0.0  # share of the visitor's answer to events that is lost
    injuries: float = 1.0  # times
    children: float = 0.0  # share of events about two children
    visit_odds: float = 0.0  # log odds of concern at a visit; part of the counts, so no level touches it


SCENARIO_EFFECTS: dict[str, Effects] = {
    "A": Effects(0.15, 0.4, 0.25, 0.2, 0.2, 0.15, 0.7, 0.0, 2.0, 0.1),
    "B": Effects(0.0, 0.0, 0.1, 0.0, 0.0, 0.0, 0.25, 0.0, 2.0, 0.0),
    "C": Effects(0.0, 0.0, 0.2, 0.1, 0.1, 0.1, 0.4, 0.0, 1.5, 0.0),
    "D": Effects(0.45, 0.4, 0.0, 0.2, 0.3, 0.3, 0.25, 1.0, 2.5, 0.3),
    "E": Effects(0.2, 0.2, 0.1, 0.4, 0.4, 0.25, 0.25, 0.0, 3.0, 0.2),
    "F": Effects(0.3, 1.4, 0.6, -0.3, 0.2, 0.15, 0.7, 1.0, 1.0, 0.2),
    "G": Effects(0.2, 1.8, 0.7, -0.4, 0.2, 0.1, 0.9, 1.0, 0.5, 0.1),
    "H": Effects(0.6, 0.7, 0.1, 0.2, 0.3, 0.35, 0.0, 1.0, 3.0, 0.4, 1.0),
    "I": Effects(0.2, 2.1, 0.9, -0.5, 0.3, 0.15, 1.1, 1.0, 1.0, 0.3, 0.6),
}
TWO_CULPRITS: tuple[str, ...] = ("H",)  # the others have two or three
MARKS = 9  # adults, notice, delay, severity, theme, recommendations, visitor, injuries, children


@dataclass(frozen=True, slots=True)
class Marking:
    """Marks on the records of a plan: how noisy ordinary homes are, and how strongly going wrong shows.

    `level` is one of LEVELS or `random`. Without `adult_keys` no record carries one; without `notices_linkable` no
    notice can be linked to its event (no keys, another day), so that nothing can be said of missing notices. With
    `changes_known` the homes carry the days of their changes of manager or recording system.
    """

    rates: MarkRates = MID
    level: str = "mid"
    adult_keys: bool = True
    notices_linkable: bool = True
    changes_known: bool = False

    def __post_init__(self) -> None:
        """ValueError for an unknown level."""
        if self.level not in LEVELS and self.level != RANDOM:
            raise ValueError(f"level {self.level}: one of {', '.join(LEVELS)}, {RANDOM}")


def effects_of(scenario: str, level: str, rng: np.random.Generator) -> Effects:
    """The effects of a scenario in one home, at a level. KeyError for an unknown scenario."""
    times = np.full(MARKS, LEVELS.get(level, 0.0))
    if level == RANDOM:
        nothing = rng.random(MARKS) < RANDOM_NOTHING
        times = np.where(nothing, 0.0, rng.uniform(*RANDOM_RANGE, MARKS))
    adults, notice, delay, severity, theme, recommendations, visitor, injuries, children = times.tolist()
    full = SCENARIO_EFFECTS[scenario]
    return Effects(
        culprits=min(full.culprits * adults, MOST_SHARE),
        notice=full.notice * notice,
        delay=full.delay * delay,
        severity_own=full.severity_own * severity,
        severity_outside=full.severity_outside * severity,
        theme=min(full.theme * theme, MOST_SHARE),
        recommendations=full.recommendations * recommendations,
        captured=min(full.captured * visitor, 1.0),
        injuries=math.exp(math.log(full.injuries) * injuries),
        children=min(full.children * children, MOST_SHARE),
        visit_odds=full.visit_odds,
    )

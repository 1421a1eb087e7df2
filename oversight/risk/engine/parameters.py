"""The engine's settings as data: streams, patterns, bars and times, with a digest stored beside every alarm."""

import hashlib
import json
import math
from dataclasses import asdict, dataclass

from oversight.risk.engine.priors import SHIPPED_VERSION

ENGINE_VERSION = "1.0.0"

TIERS: tuple[str, ...] = ("look", "escalate", "regulator")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way of going wrong: how many times its usual rate each stream runs at.

    `multipliers` follow records.STREAMS. `weight` is its share in the mixture; weights add up to one.
    """

    name: str
    words: str
    weight: float
    multipliers: tuple[float, float, float, float, float, float]


# Patterns and weights fixed before any calibration (in the order reg40, lado, whistleblowing, complaint, hospital, reg44).
PATTERNS: tuple[Pattern, ...] = (
    Pattern("general_rise", "more of everything, by about half", 0.20, (1.5, 1.6, 2.0, 1.6, 1.5, 1.3)),
    Pattern("steep_rise", "much more of everything, two to five times", 0.20, (2.0, 3.0, 5.0, 3.5, 2.5, 2.0)),
    Pattern(
        "staff_conduct",
        "allegations about adults and whistleblowing rise",
        0.20,
        (1.0, 4.0, 6.0, 2.5, 1.0, 1.5),
    ),
    Pattern(
        "harm", "notifications and hospital referrals rise together", 0.12, (2.2, 1.5, 1.0, 1.0, 3.0, 1.5)
    ),
    Pattern("outside_voices", "whistleblowing and complaints rise", 0.12, (1.0, 1.0, 8.0, 5.0, 1.0, 1.0)),
    Pattern("reports_stop", "the home's own reports fall away", 0.06, (0.25, 0.4, 1.0, 1.0, 0.3, 1.0)),
    Pattern(
        "closed_culture",
        "the home's own reports fall away while voices from outside rise",
        0.10,
        (0.4, 2.0, 6.0, 3.0, 0.6, 1.0),
    ),
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything that decides a score beside records and fits. Times in weeks, bars on the log scale.

    The bars are nominal until calibrated: ln of the weeks an ordinary home takes to reach them.
    """

    patterns: tuple[Pattern, ...] = PATTERNS
    look: float = math.log(520.0)
    escalate: float = math.log(1560.0)
    regulator: float = math.log(5200.0)
    half_life_weeks: int = 260
    guard_weeks: int = 8
    first_weeks: int = 26
    episode_end_weeks: int = 13
    beds_per_unit: int = 5
    visit_grace_days: int = 7
    fit_homes: int = 30
    fit_years: int = 2
    shipped_priors: str = SHIPPED_VERSION

    def bars(self) -> tuple[tuple[str, float], ...]:
        """The three tiers with their bars, lowest first."""
        return (("look", self.look), ("escalate", self.escalate), ("regulator", self.regulator))

    def bar(self, tier: str) -> float:
        """The bar of one tier. KeyError for an unknown tier."""
        return dict(self.bars())[tier]

    def digest(self) -> str:
        """Sixteen hexadecimal digits that change with any setting or with the engine's version."""
        text = json.dumps([ENGINE_VERSION, asdict(self)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


DEFAULT = Parameters()

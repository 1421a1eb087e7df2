"""The engine's settings as data: streams, patterns, bars and times, with a digest stored beside every alarm."""

import hashlib
import json
import math
from dataclasses import asdict, dataclass, replace

from oversight.risk.engine.priors import SHIPPED_VERSION

ENGINE_VERSION = "1.1.0"

TIERS: tuple[str, ...] = ("look", "escalate", "regulator")
MARKS: tuple[str, ...] = (
    "unmatched",
    "late",
    "softened",
    "severity",
    "repeated",
    "restraint",
    "same_adult",
)

Multipliers = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way of going wrong: how many times its usual rate each stream runs at.

    `multipliers` follow records.STREAMS. `weight` is its share in the mixture; weights add up to one. `marks` are the
    channels of marks.MARKS whose evidence is added to that of the counts.
    """

    name: str
    words: str
    weight: float
    multipliers: Multipliers
    marks: tuple[str, ...] = ()


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
class MarkSettings:
    """How each channel judges. Half-lives and guards in weeks; dispersions divide the evidence (at least 1).

    unmatched and repeated: a Beta prior (mean, weight in events) of the usual share and the odds ratio looked for.
    late: ln(1 + days) of the home's own notices, Normal around a mean that homes differ in, and the shift looked for in
    standard deviations. severity: the usual shares of levels 1 to 5, their weight in records, and the tilts looked for.
    restraint: injuries a year at five beds, the Gamma shape by which homes differ, the multiplier. same_adult: adults
    for each place, the Gamma shape of how often each is named, the multiplier, and for how long a second naming of the
    same adult is the same incident. mute_weeks: for how long marks say nothing after a change of manager or recording
    system.
    """

    half_life_weeks: int = 156
    guard_weeks: int = 8
    unmatched_prior: tuple[float, float] = (0.15, 10.0)
    unmatched_odds: float = 4.0
    unmatched_dispersion: float = 1.1
    late_mean: float = math.log(3.0)
    late_spread: float = 1.0
    late_between: float = 0.4
    late_shift: float = 0.6
    late_dispersion: float = 1.8
    severity_usual: tuple[float, float, float, float, float] = (0.30, 0.34, 0.22, 0.10, 0.04)
    severity_weight: float = 30.0
    severity_tilt: float = 0.35
    softened_own: float = -0.4
    softened_outside: float = 0.2
    own_dispersion: float = 1.3
    outside_dispersion: float = 1.0
    repeated_prior: tuple[float, float] = (0.25, 8.0)
    repeated_odds: float = 2.5
    repeated_dispersion: float = 1.7
    restraint_yearly: float = 0.8
    restraint_shape: float = 1.0
    restraint_times: float = 2.5
    restraint_dispersion: float = 1.1
    adults_per_place: int = 3
    adult_shape: float = 1.5
    adult_times: float = 6.0
    adult_apart_weeks: int = 4
    mute_weeks: int = 26


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything that decides a score beside records and fits. Times in weeks, bars on the log scale.

    `busy_shape` is the Gamma shape by which homes of one kind and band differ in all recorded streams at once.

    The bars are nominal until calibrated: ln of the weeks an ordinary home takes to reach them. `marks` None: marks are
    not looked at.
    """

    patterns: tuple[Pattern, ...] = PATTERNS
    marks: MarkSettings | None = None
    look: float = math.log(520.0)
    escalate: float = math.log(1560.0)
    regulator: float = math.log(5200.0)
    half_life_weeks: int = 260
    guard_weeks: int = 4
    busy_shape: float = 4.0
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


COUNTED, JOINED, SINGLE = 0.30, 0.60, 0.10
_AS_USUAL: Multipliers = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
_MULTIPLIERS = {pattern.name: pattern.multipliers for pattern in PATTERNS}
_CONCEALED = ("unmatched", "late", "softened", "repeated")
_CONDUCT = ("same_adult", "severity", "restraint")
#: Counts and marks joined, with their shares of .58; marks that explain most stand alone besides.
_TOGETHER: tuple[tuple[str, str, float, Multipliers, tuple[str, ...]], ...] = (
    ("reports_stop_concealed", "the home's own reports fall away and what is known is concealed", 0.07,
     _MULTIPLIERS["reports_stop"], _CONCEALED),
    ("closed_culture_concealed", "voices from outside rise while the home conceals", 0.07,
     _MULTIPLIERS["closed_culture"], _CONCEALED),
    ("concealment", "what is known from outside is not told by the home, or late and softened", 0.08,
     _AS_USUAL, _CONCEALED),
    ("staff_conduct_marked", "allegations rise, and are about the same adult or graver", 0.06,
     _MULTIPLIERS["staff_conduct"], _CONDUCT),
    ("staff_conduct_mild", "allegations rise a little, and are about the same adult or graver", 0.06,
     (1.0, 2.0, 3.0, 1.5, 1.0, 1.0), _CONDUCT),
    ("conduct_marks", "the same adult is named, records are graver, restraints injure", 0.05, _AS_USUAL, _CONDUCT),
    ("general_rise_marked", "more of everything, graver, and recommendations repeated", 0.07,
     _MULTIPLIERS["general_rise"], ("severity", "repeated", "restraint")),
    ("steep_rise_marked", "much more of everything, graver, recommendations repeated, the same adult", 0.07,
     _MULTIPLIERS["steep_rise"], ("severity", "repeated", "restraint", "same_adult")),
    ("harm_marked", "notifications and hospital referrals rise together and are graver", 0.05,
     _MULTIPLIERS["harm"], ("severity", "restraint")),
)  # fmt: skip
_ALONE: tuple[tuple[str, str], ...] = (
    ("unmatched", "events known from outside have no notice of the home's own"),
    ("late", "the home's own notices come later than they used to"),
    ("severity", "records are graver than they used to be"),
    ("repeated", "visitors repeat recommendations that were not met"),
    ("restraint", "injuries after restraints rise"),
    ("same_adult", "one adult is named again and again"),
)
MARKED_PATTERNS: tuple[Pattern, ...] = (
    *(replace(pattern, weight=COUNTED * pattern.weight) for pattern in PATTERNS),
    *(
        Pattern(name, words, JOINED * weight / 0.58, multipliers, marks)
        for name, words, weight, multipliers, marks in _TOGETHER
    ),
    *(Pattern(name, words, SINGLE / len(_ALONE), _AS_USUAL, (name,)) for name, words in _ALONE),
)

DEFAULT = Parameters()
#: With marks, for a population on which they were calibrated.
MARKED = Parameters(patterns=MARKED_PATTERNS, marks=MarkSettings())

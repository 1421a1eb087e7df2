"""Every number behind the marks on simulated records, by name: ordinary homes at three levels of noise.

All are assumed, as no per-home series with marks is public; what differs between the levels is the noise that hides a
home going wrong. Each source of noise is a group of its own, so that one alone can be made noisier:
`replace(MID, recommendations=HIGH.recommendations)`. Shapes are of Gammas with mean one; drifts are standard deviations
of a path that lasts `Rates.memory_weeks`.
"""

from dataclasses import dataclass, field

SEVERITY_SHARES: tuple[float, ...] = (0.30, 0.34, 0.22, 0.10, 0.04)
THEMES: tuple[str, ...] = (
    "absence",
    "allegation",
    "bullying",
    "exploitation",
    "health",
    "medication",
    "police",
    "restraint",
    "self-harm",
    "staffing",
)


@dataclass(frozen=True, slots=True)
class AdultRates:
    """Who works in a home, who is named, and whether a key says who it was."""

    per_bed: int = 3
    turnover: float = 0.30  # of the permanent staff, a year
    agency_slots: int = 2
    agency_turnover: float = 4.0  # of each slot, a year
    agency_share: float = 0.15  # of events that name an adult
    propensity: float = 1.5  # shape of an adult's propensity to be named
    echo: float = 0.15  # share of named events about an adult named already within `echo_weeks`
    echo_weeks: int = 8
    key_of_staff: float = 0.9  # share of named events whose record carries the adult's key
    key_of_agency: float = 0.5
    # Share of records that name an adult; a linked Reg 40 notice names whom its event names.
    named: dict[str, float] = field(
        default_factory=lambda: {"lado": 1.0, "whistleblowing": 0.5, "complaint": 0.25, "reg40": 0.10}
    )


@dataclass(frozen=True, slots=True)
class NoticeRates:
    """Whether a home gives notice of a LADO or hospital event: any record of its own of that event in 14 days.

    Of the notices a share are Reg 40 notices, so that .30 and .20 of the events have one where q is .15, as in `Rates`;
    the others are the home's own referral, the event's row itself.
    """

    missing: float = 0.15  # mean of the Beta of q, the share without the home's notice
    concentration: float = 10.0
    drift: float = 0.3  # of the log odds
    lado_by_reg40: float = 0.35
    hospital_by_reg40: float = 0.24
    within_days: int = 14


@dataclass(frozen=True, slots=True)
class DelayRates:
    """Days from an event to the home's own record of it: lognormal, in whole days, at most `most`."""

    median: float = 2.0
    within: float = 1.0  # standard deviations of the log
    between: float = 0.4
    drift: float = 0.2
    most: int = 60


@dataclass(frozen=True, slots=True)
class SeverityRates:
    """Levels 1 to 5 with the shares of SEVERITY_SHARES, tilted by exp(t (level - 3)) with a home's t."""

    between: float = 0.2
    drift: float = 0.1


@dataclass(frozen=True, slots=True)
class ThemeRates:
    """One theme of THEMES for each matter: a home's own mix, and a share that repeat the last matter's theme."""

    concentration: float = 15.0  # of the Dirichlet
    copied: float = 0.3


@dataclass(frozen=True, slots=True)
class RecommendationRates:
    """What a Reg 44 visit recommends, and the share that repeat a recommendation still open."""

    a_visit: float = 3.0  # mean of a Poisson
    repeated: float = 0.25  # mean of the Beta of the share
    concentration: float = 8.0
    drift: float = 0.4  # of the log odds
    open_visits: int = (
        3  # a recommendation can be repeated while made or repeated at one of so many visits before
    )


@dataclass(frozen=True, slots=True)
class VisitorRates:
    """How a visitor's opinion answers to events: log odds of concern for each log ratio of events to the usual."""

    response: float = 0.8
    weeks: int = 13  # what the visitor looks back on


@dataclass(frozen=True, slots=True)
class InjuryRates:
    """Injuries that follow a restraint, a count of their own."""

    per_year: float = 0.8  # at five beds
    between: float = 1.0  # shape
    carried_within_days: int = 14  # the nearest own Reg 40 or hospital record within so many days carries it


@dataclass(frozen=True, slots=True)
class ChildRates:
    """Which child an event is about."""

    propensity: float = 0.8  # shape
    stay_years: float = 1.2
    crisis: float = 1.5  # weight added, where one is usual, while a placement unsettles the home


@dataclass(frozen=True, slots=True)
class ChangeRates:
    """A new manager or recording system: from then on a home's own marks lie elsewhere, until the next change.

    Normal shifts of these sizes times `size`: log odds of a missing notice, log delay, tilt of the home's own severity,
    log odds of a repeated recommendation.
    """

    per_year: float = 0.35
    size: float = 1.0
    notice: float = 0.5
    delay: float = 0.3
    severity: float = 0.12
    recommendations: float = 0.4


@dataclass(frozen=True, slots=True)
class MarkRates:
    """An ordinary home's marks. The defaults are the middle level of noise."""

    adults: AdultRates = field(default_factory=AdultRates)
    notices: NoticeRates = field(default_factory=NoticeRates)
    delay: DelayRates = field(default_factory=DelayRates)
    severity: SeverityRates = field(default_factory=SeverityRates)
    themes: ThemeRates = field(default_factory=ThemeRates)
    recommendations: RecommendationRates = field(default_factory=RecommendationRates)
    visitor: VisitorRates = field(default_factory=VisitorRates)
    injuries: InjuryRates = field(default_factory=InjuryRates)
    children: ChildRates = field(default_factory=ChildRates)
    changes: ChangeRates = field(default_factory=ChangeRates)


LOW = MarkRates(
    adults=AdultRates(
        per_bed=4,
        turnover=0.20,
        agency_share=0.05,
        propensity=3.0,
        echo=0.05,
        key_of_staff=1.0,
        key_of_agency=0.8,
    ),
    notices=NoticeRates(missing=0.10, concentration=20.0, drift=0.15),
    delay=DelayRates(within=0.8, between=0.25, drift=0.1),
    severity=SeverityRates(between=0.1, drift=0.05),
    themes=ThemeRates(concentration=40.0, copied=0.1),
    recommendations=RecommendationRates(repeated=0.20, concentration=15.0, drift=0.2),
    visitor=VisitorRates(response=1.5),
    injuries=InjuryRates(between=2.0),
    children=ChildRates(propensity=1.5, stay_years=1.5),
    changes=ChangeRates(per_year=0.2, size=0.5),
)
MID = MarkRates()
HIGH = MarkRates(
    adults=AdultRates(
        per_bed=2,
        turnover=0.50,
        agency_share=0.30,
        propensity=0.6,
        echo=0.30,
        key_of_staff=0.7,
        key_of_agency=0.25,
    ),
    notices=NoticeRates(missing=0.25, concentration=5.0, drift=0.5),
    delay=DelayRates(within=1.2, between=0.6, drift=0.4),
    severity=SeverityRates(between=0.4, drift=0.25),
    themes=ThemeRates(concentration=6.0, copied=0.5),
    recommendations=RecommendationRates(repeated=0.40, concentration=4.0, drift=0.7),
    visitor=VisitorRates(response=0.3),
    injuries=InjuryRates(between=0.5),
    children=ChildRates(propensity=0.5, stay_years=0.8),
    changes=ChangeRates(per_year=0.6, size=1.5),
)
NOISE: dict[str, MarkRates] = {"low": LOW, "mid": MID, "high": HIGH}

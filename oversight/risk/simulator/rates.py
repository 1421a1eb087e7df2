"""Every number the simulator rests on, by name, with where it comes from.

No per-home series of real homes is public, so most are assumptions, and every history made from them is simulated.
"""

from dataclasses import dataclass, field

STREAMS_RECORDED: tuple[str, ...] = ("reg40", "lado", "whistleblowing", "complaint", "hospital")


@dataclass(frozen=True, slots=True)
class StreamRate:
    """One recorded stream of an ordinary home.

    `per_year` at five occupied beds; `between` the shape of the Gamma by which homes differ in this stream alone;
    `spread` variance over mean of a week's count.
    """

    per_year: float
    between: float
    spread: float


@dataclass(frozen=True, slots=True)
class Lag:
    """Days from happening to recording: `least` plus a geometric number with this mean, at most `most`."""

    least: int
    mean: float
    most: int


@dataclass(frozen=True, slots=True)
class Rates:
    """An ordinary home. All are assumed unless the line says otherwise."""

    # Five beds; about 26 records a home-year with the twelve visits.
    streams: dict[str, StreamRate] = field(
        default_factory=lambda: {
            "reg40": StreamRate(10.0, 3.0, 1.6),
            "lado": StreamRate(1.5, 2.0, 1.3),
            "whistleblowing": StreamRate(0.1, 1.0, 1.2),
            "complaint": StreamRate(0.5, 1.5, 1.2),
            "hospital": StreamRate(2.0, 2.0, 1.4),
        }
    )
    shared_between: float = 4.0  # shape of the Gamma by which homes differ in all streams at once
    shared_drift: float = 0.20  # standard deviation of the log drift that all streams of a home share
    stream_drift: float = 0.15  # standard deviation of the log drift of each stream
    memory_weeks: float = 26.0  # how long a drift lasts
    shocks_per_year: float = 0.7  # placements that unsettle a home for a while
    shock_times: float = 1.8  # reg40 at once, times the usual
    shock_weeks: int = 6  # fading over
    lado_with_reg40: float = 0.30  # share of LADO events that also give a reg40 notice
    hospital_with_reg40: float = 0.20  # share of hospital events that also give one
    concern_share: float = 0.08  # visits with an opinion of no or partly
    concern_between: float = 4.0  # shape of the Gamma by which homes differ in it
    opinion_no_share: float = 0.04  # of those, an opinion of no rather than partly
    stay_years: float = 1.2  # mean stay of a child
    staff_per_bed: int = 3
    adult_named: dict[str, float] = field(
        default_factory=lambda: {"lado": 0.9, "whistleblowing": 0.5, "complaint": 0.25}
    )
    sources: dict[str, dict[str, float]] = field(
        default_factory=lambda: {
            "reg40": {"home": 1.0},
            "lado": {"home": 0.6, "lado": 0.3, "police": 0.1},
            "whistleblowing": {"whistleblower": 1.0},
            "complaint": {"child": 0.4, "parent": 0.3, "placing_authority": 0.3},
            "hospital": {"home": 0.4, "hospital": 0.6},
            "reg44": {"visitor": 1.0},
        }
    )
    lags: dict[str, Lag] = field(
        default_factory=lambda: {
            "reg40": Lag(0, 1.0, 14),
            "lado": Lag(0, 2.0, 30),
            "whistleblowing": Lag(0, 5.0, 60),
            "complaint": Lag(0, 3.0, 30),
            "hospital": Lag(1, 6.0, 40),
            "reg44": Lag(5, 5.0, 28),
        }
    )


@dataclass(frozen=True, slots=True)
class Scenario:
    """A way of going wrong: times the usual rate by stream, reached evenly over `ramp_weeks` (0: at once)."""

    name: str
    words: str
    times: tuple[float, float, float, float, float]
    ramp_weeks: int


# The multipliers come from the prototype of the engine; ramps of D to I are assumed.
SCENARIOS: dict[str, Scenario] = {
    one.name: one
    for one in (
        Scenario("A", "a slow drift in everything, harm to staff conduct", (1.8, 4.0, 6.0, 4.0, 2.5), 52),
        Scenario("B", "everything doubles at once", (2.0, 2.0, 2.0, 2.0, 2.0), 0),
        Scenario("C", "everything up by half", (1.5, 1.5, 1.5, 1.5, 1.5), 26),
        Scenario("D", "conduct of staff", (1.0, 4.0, 5.0, 1.5, 1.0), 26),
        Scenario("E", "harm to children", (2.0, 1.5, 1.0, 1.0, 3.0), 26),
        Scenario("F", "a closed culture", (0.3, 1.5, 6.0, 3.0, 0.3), 26),
        Scenario("G", "a home that falls silent", (0.2, 0.3, 1.0, 1.0, 0.3), 26),
        Scenario("H", "two adults who harm", (1.1, 2.5, 3.0, 1.5, 1.3), 26),
        Scenario("I", "a home that conceals", (0.4, 1.0, 1.5, 1.0, 1.0), 26),
    )
}
# Those told by counts alone, the default of a plan; H and I show mostly in marks.
COUNT_SCENARIOS: tuple[str, ...] = tuple(name for name in SCENARIOS if name not in ("H", "I"))
ONSET_AFTER_YEARS = 2.0  # a learning period before anything goes wrong
ONSET_MONTHS = (6, 36)  # after the learning period
SIBLING_DRIFT = 0.40  # assumed share of the drifts' variance that homes of one provider have in common

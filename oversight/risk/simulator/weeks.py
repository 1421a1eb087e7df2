"""The counts of a simulated home, week by week: its own level, its drift, its shocks, what going wrong does to it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oversight.risk.simulator.rates import STREAMS_RECORDED, Rates, Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
LADO, HOSPITAL = STREAMS_RECORDED.index("lado"), STREAMS_RECORDED.index("hospital")


@dataclass(frozen=True, slots=True)
class Usual:
    """What is expected of a home while nothing goes wrong: (5, weeks), and the weeks in which shocks begin."""

    expected: Floats
    shocks: Ints


@dataclass(frozen=True, slots=True)
class Shared:
    """What homes of one provider have in common: a share of the drifts' variance, and the common path (weeks, 6)."""

    share: float
    path: Floats


def weekly_rates(places: int, weeks: int, rates: Rates, rng: np.random.Generator) -> Floats:
    """Expected events of an ordinary home by stream and week, (5, weeks): its own level, its drift, its shocks."""
    return usual(places, weeks, rates, rng).expected


def usual(
    places: int, weeks: int, rates: Rates, rng: np.random.Generator, shared: Shared | None = None
) -> Usual:
    """The expected weeks of an ordinary home of so many places."""
    streams = [rates.streams[name] for name in STREAMS_RECORDED]
    level = np.array([stream.per_year for stream in streams]) * 7 / 365.25 * places / 5
    linked = rates.lado_with_reg40 * level[LADO] + rates.hospital_with_reg40 * level[HOSPITAL]
    level[0] = max(level[0] - linked, 0.0)
    common = rng.gamma(rates.shared_between) / rates.shared_between
    own = np.array([rng.gamma(stream.between) / stream.between for stream in streams])
    drift = _drift(weeks, rates, rng, shared)
    expected: Floats = (level * common * own)[:, None] * np.exp(drift)
    shock = np.ones(weeks)
    shocks = rng.integers(0, weeks, size=rng.poisson(rates.shocks_per_year * weeks * 7 / 365.25))
    for start in shocks:
        fading = 1 + (rates.shock_times - 1) * (1 - np.arange(rates.shock_weeks) / rates.shock_weeks)
        piece = slice(int(start), int(start) + rates.shock_weeks)
        shock[piece] *= fading[: shock[piece].shape[0]]
    expected[0] *= shock
    return Usual(expected, shocks)


def drift_path(weeks: int, rates: Rates, rng: np.random.Generator) -> Floats:
    """The log drift that all streams share, then each stream's own: (weeks, 6)."""
    keep = np.exp(-1 / rates.memory_weeks)
    noise = rng.standard_normal((weeks, len(STREAMS_RECORDED) + 1)) * _sizes(rates)
    path = np.empty_like(noise)
    path[0] = noise[0]
    for week in range(1, weeks):
        path[week] = keep * path[week - 1] + np.sqrt(1 - keep**2) * noise[week]
    return path


def _sizes(rates: Rates) -> Floats:
    return np.array([rates.shared_drift, *[rates.stream_drift] * len(STREAMS_RECORDED)])


def _drift(weeks: int, rates: Rates, rng: np.random.Generator, shared: Shared | None) -> Floats:
    """Log drift (streams, weeks), with mean one on the natural scale."""
    path = drift_path(weeks, rates, rng)
    if shared is not None:
        path = np.sqrt(shared.share) * shared.path + np.sqrt(1 - shared.share) * path
    path -= _sizes(rates) ** 2 / 2
    result: Floats = (path[:, :1] + path[:, 1:]).T
    return result


def ramp(weeks: int, scenario: Scenario | None, onset: int) -> Floats:
    """How far a scenario has come by week: 0 before its onset, 1 once its ramp is over."""
    if scenario is None:
        return np.zeros(weeks)
    week = np.arange(weeks)
    if not scenario.ramp_weeks:
        return (week >= onset).astype(np.float64)
    done: Floats = np.clip((week - onset + 1) / scenario.ramp_weeks, 0, 1)
    return done


def times_usual(done: Floats, scenario: Scenario | None) -> Floats:
    """How many times the usual rate each stream runs at, (5, weeks)."""
    result = np.ones((len(STREAMS_RECORDED), done.shape[0]))
    if scenario is not None:
        result += (np.array(scenario.times)[:, None] - 1) * done
    return result


def draw_counts(expected: Floats, rates: Rates, rng: np.random.Generator) -> Ints:
    """Negative-binomial weeks: variance over mean as each stream's `spread`."""
    extra = np.array([rates.streams[name].spread - 1 for name in STREAMS_RECORDED])[:, None]
    mixed = np.where(
        extra > 0, rng.gamma(np.maximum(expected / np.maximum(extra, 1e-9), 1e-12)) * extra, expected
    )
    return rng.poisson(mixed)

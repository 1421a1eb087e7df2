"""Every comparator as one number a home and week, with a bar to set: what is compared with the engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.detection.calibrating import Levels
from benchmarks.detection.comparators import cusums, ears, fixed_counts, xmr
from benchmarks.detection.comparators.farrington import flexible
from benchmarks.detection.engine import Weekly

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Method:
    """A published method in one setting, of a family of settings. joined: one number a home; by_stream: one a stream (the second argument is ordinary homes),
    joined by Bonferroni's even budget.

    own_beliefs: the engine's beliefs of what is usual go into it, which makes it stronger than as published.
    """

    family: str
    words: str
    joined: Callable[[Weekly], Floats] | None = None
    by_stream: Callable[[Weekly, Weekly], Floats] | None = None
    own_beliefs: bool = False

    def ready(self, ordinary: Weekly, from_week: int) -> Callable[[Weekly], Floats]:
        """The statistic (homes, weeks), with what it needs to know of ordinary homes."""
        if self.joined is not None:
            return self.joined
        if self.by_stream is None:
            raise ValueError(f"{self.words}: nothing to measure")
        by_stream = self.by_stream
        levels = Levels.of(by_stream(ordinary, ordinary), from_week=from_week)
        return lambda weekly: levels.joined(by_stream(weekly, ordinary))


def _ratios(weekly: Weekly) -> Floats:
    return cusums.evidence(
        weekly.counts, weekly.exposure, cusums.Baseline(weekly.shape, weekly.rate, weekly.dispersion)
    )


def _usual(weekly: Weekly) -> Floats:
    return np.asarray(weekly.counts.mean(axis=(0, 2)), dtype=np.float64)


def _largest(by_stream: Callable[[Weekly], Floats]) -> Callable[[Weekly], Floats]:
    """One bar for the statistics of all streams, instead of one for each."""
    return lambda told: np.asarray(by_stream(told).max(axis=1), dtype=np.float64)


def _by_stream(of: Callable[[Weekly], Floats]) -> Callable[[Weekly, Weekly], Floats]:
    return lambda told, _: of(told)


def _both(family: str, words: str, of: Callable[[Weekly], Floats]) -> dict[str, Method]:
    return {
        words: Method(family, f"{words}, a bar for each stream", by_stream=_by_stream(of)),
        f"{words}, one bar": Method(family, f"{words}, one bar for all streams", _largest(of)),
    }


METHODS: Mapping[str, Method] = {
    "fixed, all streams": Method(
        "fixed counts",
        "records of all streams in three months",
        lambda told: fixed_counts.altogether(told.counts),
    ),
    "fixed, a stream": Method(
        "fixed counts",
        "records of a stream in three months",
        by_stream=lambda told, ordinary: fixed_counts.by_stream(told.counts, _usual(ordinary)),
    ),
    **_both("NHS XmR", "XmR, 4 weeks", lambda told: xmr.by_stream(told.counts)),
    **_both("NHS XmR", "XmR, 13 weeks", lambda told: xmr.by_stream(told.counts, weeks=13)),
    **_both("EARS", "EARS C2, 4 weeks", lambda told: ears.by_stream(told.counts, "C2")),
    **_both("EARS", "EARS C2, 8 weeks", lambda told: ears.by_stream(told.counts, "C2", weeks=8)),
    **_both("EARS", "EARS C3, 8 weeks", lambda told: ears.by_stream(told.counts, "C3", weeks=8)),
    **_both(
        "Farrington flexible",
        "Farrington, 4 weeks",
        lambda told: flexible.by_stream(told.counts, exposure=told.exposure),
    ),
    **_both(
        "Farrington flexible",
        "Farrington, 13 weeks",
        lambda told: flexible.by_stream(told.counts, exposure=told.exposure, options=flexible.QUARTERLY),
    ),
    "CUSUM a stream": Method(
        "Poisson CUSUM, Bonferroni",
        "Poisson CUSUM a stream",
        by_stream=lambda told, _: cusums.by_stream(_ratios(told)),
        own_beliefs=True,
    ),
    "Mei": Method(
        "Mei's sum",
        "the sum of the streams' CUSUMs",
        lambda told: cusums.mei(_ratios(told)),
        own_beliefs=True,
    ),
    "one CUSUM": Method(
        "one combined CUSUM",
        "one CUSUM of all streams",
        lambda told: cusums.combined(_ratios(told)),
        own_beliefs=True,
    ),
}

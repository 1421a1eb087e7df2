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
    """A published method. joined: one number a home; by_stream: one a stream (the second argument is ordinary homes),
    joined by Bonferroni's even budget.

    own_beliefs: the engine's beliefs of what is usual go into it, which makes it stronger than as published.
    """

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


METHODS: Mapping[str, Method] = {
    "fixed": Method(
        "fixed: records of all streams in three months", lambda told: fixed_counts.altogether(told.counts)
    ),
    "fixed by stream": Method(
        "fixed: records of a stream in three months",
        by_stream=lambda told, ordinary: fixed_counts.by_stream(told.counts, _usual(ordinary)),
    ),
    "XmR": Method("NHS XmR, points outside the limits", by_stream=lambda told, _: xmr.by_stream(told.counts)),
    "EARS": Method("EARS C2 on four weeks", by_stream=lambda told, _: ears.by_stream(told.counts, "C2")),
    "Farrington": Method(
        "Farrington flexible on four weeks",
        by_stream=lambda told, _: flexible.by_stream(told.counts, exposure=told.exposure),
    ),
    "CUSUM": Method(
        "Poisson CUSUM a stream, Bonferroni",
        by_stream=lambda told, _: cusums.by_stream(_ratios(told)),
        own_beliefs=True,
    ),
    "Mei": Method(
        "Mei: sum of the streams' CUSUMs", lambda told: cusums.mei(_ratios(told)), own_beliefs=True
    ),
    "combined": Method(
        "one CUSUM of all streams", lambda told: cusums.combined(_ratios(told)), own_beliefs=True
    ),
}

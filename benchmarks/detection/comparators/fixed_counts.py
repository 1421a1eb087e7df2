"""So many records in three months: the rule of thumb, over all streams together or stream by stream.

It has no source: it is what a home or an authority does without a method. Neither a home's size nor its past counts.
"""

import numpy as np
import numpy.typing as npt

from benchmarks.detection.comparators.tails import quantile, surprise
from benchmarks.detection.comparators.timing import Floats, rolling

THREE_MONTHS = 13


def alarms(counts: npt.ArrayLike, least: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """As used: the weeks whose last 13 hold at least so many. (weeks,) with a number, or (streams, weeks) with one each."""
    return np.asarray(rolling(counts, THREE_MONTHS) >= np.asarray(least, dtype=np.float64)[..., None])


def altogether(counts: npt.ArrayLike) -> Floats:
    """Statistic: records of all streams in the last 13 weeks, (homes, streams, weeks) -> (homes, weeks)."""
    return rolling(np.asarray(counts).sum(axis=1), THREE_MONTHS)


def by_stream(counts: npt.ArrayLike, usual: npt.ArrayLike) -> Floats:
    """Statistic: minus ln of how often a usual home has so many in 13 weeks, (homes, streams, weeks).

    `usual` (streams,) is the records a week of all homes alike, so that one bar is one fixed count a stream.
    """
    expected = THREE_MONTHS * np.asarray(usual, dtype=np.float64)
    recent = rolling(counts, THREE_MONTHS)
    told = np.empty(recent.shape)
    for stream, mean in enumerate(expected):
        steps = surprise(np.arange(recent[:, stream].max() + 1), mean)
        told[:, stream] = steps[recent[:, stream].astype(np.int64)]
    return told


def least_counts(bar: float, usual: npt.ArrayLike) -> Floats:
    """The fixed count of each stream that a bar on `by_stream` stands for, (streams,)."""
    return quantile(1.0 - np.exp(-bar), THREE_MONTHS * np.asarray(usual, dtype=np.float64)) + 1.0

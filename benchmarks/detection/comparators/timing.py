"""Weeks put together into periods, and what is said of periods told by the week again."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def in_periods(counts: npt.ArrayLike, weeks: int) -> Floats:
    """Sums over successive periods of so many weeks: (..., weeks) -> (..., periods).

    Weeks left over at the end are left out. ValueError where `weeks` is below 1.
    """
    if weeks < 1:
        raise ValueError("a period has at least one week")
    values = np.asarray(counts, dtype=np.float64)
    whole = values.shape[-1] // weeks
    parted = values[..., : whole * weeks].reshape(*values.shape[:-1], whole, weeks)
    return np.asarray(parted.sum(axis=-1), dtype=np.float64)


def by_week(values: Floats, weeks: int, length: int) -> Floats:
    """Each period's value in its last week, minus infinity in the others: (..., periods) -> (..., length)."""
    told = np.full((*values.shape[:-1], length), -np.inf)
    told[..., weeks - 1 : values.shape[-1] * weeks : weeks] = values
    return told


def rolling(counts: npt.ArrayLike, weeks: int) -> Floats:
    """The sum of the last so many weeks, of fewer at the beginning: the same shape."""
    total = np.cumsum(np.asarray(counts, dtype=np.float64), axis=-1)
    total[..., weeks:] = total[..., weeks:] - total[..., :-weeks]
    return total

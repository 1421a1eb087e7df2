"""When homes going wrong are found, counted from the day on which it began."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
#: Weeks in 3, 6 and 12 months.
WITHIN: tuple[int, ...] = (13, 26, 52)
NEVER = 10**6
WEEKS_A_MONTH = 365.25 / 84


@dataclass(frozen=True)
class Found:
    """Weeks from onset to the first alarm of each home, NEVER where there is none; at_risk: not alarmed before it."""

    weeks: Ints
    at_risk: Flags

    @classmethod
    def of(cls, first: Ints, onset: Ints) -> "Found":
        """From each home's first week with an alarm (-1: none) and its week of onset."""
        alarmed = first >= 0
        return cls(np.where(alarmed, first - onset, NEVER), ~(alarmed & (first < onset)))

    def within(self, weeks: int) -> Flags:
        """Which homes were found by then, (homes,); those not at risk were not."""
        return self.at_risk & (self.weeks < weeks)

    def share(self, weeks: int) -> float:
        """The share of homes at risk that were found by then."""
        return float(self.within(weeks).sum() / max(int(self.at_risk.sum()), 1))

    def median_months(self) -> float:
        """Infinity where half of the homes were never found."""
        weeks = float(np.median(self.weeks[self.at_risk]))
        return weeks / WEEKS_A_MONTH if weeks < NEVER else float("inf")


def joined(parts: list[Found]) -> Found:
    """Of several seeds together."""
    return Found(
        np.concatenate([part.weeks for part in parts]), np.concatenate([part.at_risk for part in parts])
    )


def ahead(ours: Found, theirs: Found, weeks: int) -> tuple[float, float]:
    """How many points ahead, and half of the 95% interval, over homes at risk for both: the same homes, so paired."""
    both = ours.at_risk & theirs.at_risk
    apart = ours.within(weeks)[both].astype(np.float64) - theirs.within(weeks)[both]
    return 100 * float(apart.mean()), 196 * float(apart.std(ddof=1) / np.sqrt(len(apart)))

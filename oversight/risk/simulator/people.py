"""The simulated children and staff of a home: who lived there when, and who is named in a record."""

from bisect import bisect_right
from datetime import date, timedelta

import numpy as np

from oversight.risk.engine.records import Home, Placement
from oversight.risk.simulator.rates import Rates


class Household:
    """The beds of one home, each filled again on the day it falls empty."""

    @classmethod
    def of(
        cls, home: Home, starts_on: date, weeks: int, rates: Rates, rng: np.random.Generator
    ) -> "Household":
        """The household of so many weeks."""
        return cls(home, starts_on, starts_on + timedelta(weeks=weeks), rates, rng)

    def __init__(
        self, home: Home, starts_on: date, until: date, rates: Rates, rng: np.random.Generator
    ) -> None:
        self.placements: list[Placement] = []
        self._beds: list[tuple[list[date], list[str]]] = []
        self._staff = [f"{home.urn}-A{number:03d}" for number in range(home.places * rates.staff_per_bed)]
        number = 0
        for _ in range(home.places):
            starts, children = [], []
            day = starts_on
            while day < until:
                number += 1
                child = f"{home.urn}-C{number:03d}"
                left = day + timedelta(days=14 + int(rng.exponential(rates.stay_years * 365.25)))
                authority = f"Simulated authority {int(rng.integers(1, 40))}"
                ends_on = left if left < until else None
                miles = round(float(rng.gamma(1.5, 25.0)), 1)
                self.placements.append(Placement(child, home.urn, authority, day, ends_on, miles))
                starts.append(day)
                children.append(child)
                day = left
            self._beds.append((starts, children))

    @property
    def beds(self) -> list[tuple[list[date], list[str]]]:
        """For each bed the days on which a child came, and the children."""
        return self._beds

    def child(self, day: date, rng: np.random.Generator) -> str:
        """One of the children living there that day, by chance."""
        starts, children = self._beds[int(rng.integers(len(self._beds)))]
        return children[bisect_right(starts, day) - 1]

    def adult(self, rng: np.random.Generator) -> str:
        """One of the staff, by chance."""
        return self._staff[int(rng.integers(len(self._staff)))]

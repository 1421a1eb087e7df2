"""What to simulate, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from oversight.risk.engine.records import Home, Placement, Record
from oversight.risk.simulator.carried import Marks
from oversight.risk.simulator.effects import Marking
from oversight.risk.simulator.rates import COUNT_SCENARIOS, Rates


@dataclass(frozen=True, slots=True)
class Plan:
    """What to simulate. `siblings` homes share a provider.

    `places` None draws sizes and kinds as in the nation; of several sizes each home draws one, all alike likely.

    `failing` gives the share of homes that go wrong; `scenarios` names the ways, taken in turn. With
    `failing_siblings` `all` or `one` it is a share of providers instead: every home of such a provider goes wrong on the
    same day in the same way, or one of them does. `sibling_drift` is the share of the drifts' variance that homes of one
    provider have in common (SIBLING_DRIFT where siblings should share). `marks` puts marks on the records.
    """

    homes: int = 200
    years: float = 3.0
    starts_on: date = date(2022, 1, 1)
    places: int | tuple[int, ...] | None = 5
    siblings: int = 1
    failing: float = 0.0
    scenarios: tuple[str, ...] = COUNT_SCENARIOS
    onset_weeks: tuple[int, int] | None = None
    prefix: str = "DEMO"
    rates: Rates = field(default_factory=Rates)
    failing_siblings: Literal["any", "all", "one"] = "any"
    sibling_drift: float = 0.0
    marks: Marking | None = None

    @property
    def weeks(self) -> int:
        """Whole weeks of the plan."""
        return round(self.years * 365.25 / 7)

    @property
    def until(self) -> date:
        """The last day of the plan."""
        return self.starts_on + timedelta(days=self.weeks * 7 - 1)


@dataclass(frozen=True, slots=True)
class World:
    """Simulated homes with everything that was recorded; `failing` gives scenario and onset by URN.

    `marks`, by URN, holds what no record can carry; empty for a plan without marks.
    """

    homes: tuple[Home, ...]
    records: tuple[Record, ...]
    placements: tuple[Placement, ...]
    failing: Mapping[str, tuple[str, date]]
    until: date
    marks: Mapping[str, Marks] = field(default_factory=dict)

    def by_home(self) -> tuple[dict[str, list[Record]], dict[str, list[Placement]]]:
        """Records and placements by URN."""
        records: dict[str, list[Record]] = {home.urn: [] for home in self.homes}
        placements: dict[str, list[Placement]] = {home.urn: [] for home in self.homes}
        for record in self.records:
            records[record.urn].append(record)
        for placement in self.placements:
            placements[placement.urn].append(placement)
        return records, placements

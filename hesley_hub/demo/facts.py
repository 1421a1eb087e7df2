"""What the demonstration notes about itself."""

from dataclasses import dataclass
from datetime import date

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class HistoryLoaded(Fact):
    """The simulated history stands in the database up to the end of this day."""

    kind = "hub.history_loaded"
    until: date

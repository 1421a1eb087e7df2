"""What the rest of the hub is told about assessments."""

from dataclasses import dataclass
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class HomeAssessed(Fact):
    """A home's standing was computed anew: its provider's homes together have to be looked at as well.

    provider_too: on the provider's own picture too, because something changed that it knows of.
    """

    kind = "oversight.home_assessed"
    provider_id: UUID
    provider_too: bool = True


@dataclass(frozen=True, kw_only=True)
class CalibrationStored(Fact):
    """Bars were set for a population: which version, and who asked for it."""

    kind = "oversight.calibration_stored"
    version_stored: int
    made_by: str

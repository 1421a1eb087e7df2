"""What the rest of the hub is told about referrals."""

from dataclasses import dataclass
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class IncidentCleared(Fact):
    """A finding of false or malicious: the record leaves the counts of those outside. The home is not told yet."""

    kind = "incidents.incident_cleared"
    incident_id: UUID

"""What the rest of the hub is told about what people did with an alert."""

from dataclasses import dataclass
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class AlertDecided(Fact):
    kind = "oversight.alert_decided"
    alert_id: UUID
    branch_id: UUID
    acts: bool


@dataclass(frozen=True, kw_only=True)
class OutcomeMeasured(Fact):
    kind = "oversight.outcome_measured"
    alert_id: UUID
    decision_id: UUID
    result: str


@dataclass(frozen=True, kw_only=True)
class ProviderToldRecorded(Fact):
    """Somebody recorded how the provider is told of an alert that the hub does not tell it of."""

    kind = "oversight.provider_told_recorded"
    alert_id: UUID


@dataclass(frozen=True, kw_only=True)
class AlertClosed(Fact):
    kind = "oversight.alert_closed"
    alert_id: UUID

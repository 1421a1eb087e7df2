"""What the rest of the hub is told about alerts."""

from dataclasses import dataclass
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class AlertOpened(Fact):
    kind = "oversight.alert_opened"
    alert_id: UUID
    tier: str


@dataclass(frozen=True, kw_only=True)
class AlertStrengthened(Fact):
    kind = "oversight.alert_strengthened"
    alert_id: UUID
    tier: str


@dataclass(frozen=True, kw_only=True)
class AlertAcknowledged(Fact):
    kind = "oversight.alert_acknowledged"
    alert_id: UUID
    branch_id: UUID


@dataclass(frozen=True, kw_only=True)
class BranchClimbed(Fact):
    kind = "oversight.branch_climbed"
    alert_id: UUID
    branch_id: UUID
    step: int


@dataclass(frozen=True, kw_only=True)
class DeliveryGivenUp(Fact):
    kind = "oversight.delivery_given_up"
    delivery_id: UUID

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
class AlertEnded(Fact):
    """The episode behind an alert is over. Branches that nobody answered go on climbing all the same."""

    kind = "oversight.alert_ended"
    alert_id: UUID


@dataclass(frozen=True, kw_only=True)
class AlertSeen(Fact):
    """Somebody opened the alert's page for the first time."""

    kind = "oversight.alert_seen"
    alert_id: UUID


@dataclass(frozen=True, kw_only=True)
class AlertAcknowledged(Fact):
    kind = "oversight.alert_acknowledged"
    alert_id: UUID
    branch_id: UUID


@dataclass(frozen=True, kw_only=True)
class NotTheRightPerson(Fact):
    """Somebody who was told says that another must answer: the branch climbs at once from this step."""

    kind = "oversight.not_the_right_person"
    alert_id: UUID
    branch_id: UUID
    step: int


@dataclass(frozen=True, kw_only=True)
class BranchClimbed(Fact):
    kind = "oversight.branch_climbed"
    alert_id: UUID
    branch_id: UUID
    step: int


@dataclass(frozen=True, kw_only=True)
class BranchLapsed(Fact):
    """An authority's last child had left before anybody there was told: nobody there is told any more."""

    kind = "oversight.branch_lapsed"
    alert_id: UUID
    branch_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeliveryGivenUp(Fact):
    kind = "oversight.delivery_given_up"
    delivery_id: UUID


@dataclass(frozen=True, kw_only=True)
class OperatorAlarmed(Fact):
    """Something about the hub itself needs its operator."""

    kind = "oversight.operator_alarmed"
    alarm_id: UUID


@dataclass(frozen=True, kw_only=True)
class OperatorAlarmCleared(Fact):
    """An administrator says that it has been put right."""

    kind = "oversight.operator_alarm_cleared"
    alarm_id: UUID

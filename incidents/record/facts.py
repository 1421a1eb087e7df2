"""What the rest of the hub is told about records: keys and short words, never narrative."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class IncidentRecorded(Fact):
    """A record was saved. detail is what a rule may judge by, such as the event of reg 40."""

    kind = "incidents.incident_recorded"
    incident_id: UUID
    stream: str
    source: str
    occurred_at: datetime
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class IncidentShared(Fact):
    """A record from outside was shared with the provider: it enters the provider's picture from now."""

    kind = "incidents.incident_shared"
    incident_id: UUID
    stream: str


@dataclass(frozen=True, kw_only=True)
class IncidentWithdrawn(Fact):
    """A record leaves the counts from now on, in every picture that holds it."""

    kind = "incidents.incident_withdrawn"
    incident_id: UUID
    stream: str


@dataclass(frozen=True, kw_only=True)
class ReplyReleased(Fact):
    """Words about what came of a record were released to whoever recorded it."""

    kind = "incidents.reply_released"
    incident_id: UUID


@dataclass(frozen=True, kw_only=True)
class DutyTold(Fact):
    """Somebody who had to be told of a record was told."""

    kind = "incidents.duty_told"
    incident_id: UUID
    code: str

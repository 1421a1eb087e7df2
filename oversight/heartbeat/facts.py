"""The made-up fact that goes the way of every real one."""

from dataclasses import dataclass
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class HeartbeatBegan(Fact):
    """Nothing happened; and the hub would have told of it."""

    kind = "oversight.heartbeat_began"
    heartbeat_id: UUID

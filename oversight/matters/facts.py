"""What the rest of the hub is told about matters."""

from dataclasses import dataclass
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class MatterDecided(Fact):
    """A person decided whether two records are about the same matter."""

    kind = "oversight.matter_decided"
    link_id: UUID
    same: bool

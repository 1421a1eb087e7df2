"""What the rest of the hub is told about accounts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class TokenMade(Fact):
    """A key to the API was made: for whom, by whom, until when. The key itself is nowhere."""

    kind = "homes.token_made"
    user_id: UUID
    made_by: str
    ends_at: datetime

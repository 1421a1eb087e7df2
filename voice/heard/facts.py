"""What the rest of the hub is told about what children say: that something was said, never what."""

from dataclasses import dataclass
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class ViewRecorded(Fact):
    kind = "voice.view_recorded"
    view_id: UUID
    feels_unsafe: bool


@dataclass(frozen=True, kw_only=True)
class ViewAnswered(Fact):
    kind = "voice.view_answered"
    view_id: UUID
    child_told: bool


@dataclass(frozen=True, kw_only=True)
class ViewShared(Fact):
    """A view recorded by someone from outside was shared with the provider by a named person."""

    kind = "voice.view_shared"
    view_id: UUID

"""What happens to the record of looking itself."""

from dataclasses import dataclass
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class LookNotKept(Fact):
    """A page was shown whose look could not be written."""

    kind = "homes.look_not_kept"
    route: str
    request: UUID


@dataclass(frozen=True, kw_only=True)
class TooMuchRead(Fact):
    """Somebody asked for more people's records than anybody needs at once; the page was not shown."""

    kind = "homes.too_much_read"
    viewer: UUID
    measure: str

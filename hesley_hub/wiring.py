"""Which handlers listen to which facts: the only place that knows both ends."""

from collections.abc import Mapping, Sequence

from events.registry import Fact, Handler
from events.relay import HandlingParked

HANDLERS: Mapping[type[Fact], Sequence[Handler]] = {
    HandlingParked: [],
}

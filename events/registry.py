"""Which handlers listen to which facts. The assembly (hesley_hub.wiring) fills it once at start-up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar, Self
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of every event's payload: keys, dates, numbers and short words only.

    kind is the stored name, ``app.what_happened``; home_id says whose home, where there is one.
    """

    kind: ClassVar[str]
    version: ClassVar[int] = 1
    home_id: UUID | None = None

    def payload(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in asdict(self).items() if name != "home_id"}

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any], home_id: UUID | None) -> Self:
        known = {field.name: field.type for field in fields(cls)}
        values = {name: _typed(known[name], value) for name, value in payload.items() if name in known}
        return cls(home_id=home_id, **values)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    name = kind if isinstance(kind, str) else str(getattr(kind, "__name__", kind))
    if "UUID" in name:
        return UUID(value)
    if "datetime" in name:
        return datetime.fromisoformat(value)
    if "date" in name:
        return date.fromisoformat(value)
    return value


Handler = Callable[..., None]
_facts: dict[str, type[Fact]] = {}
_handlers: dict[str, list[str]] = {}
_by_name: dict[str, Handler] = {}


def name_of(handler: Handler) -> str:
    return f"{handler.__module__}.{handler.__name__}"


def wire(wiring: Mapping[type[Fact], Sequence[Handler]]) -> None:
    """Learn every fact and who listens to it. Replaces what was learnt before."""
    for known in (_facts, _handlers, _by_name):
        known.clear()
    for fact, handlers in wiring.items():
        _facts[fact.kind] = fact
        _handlers[fact.kind] = [name_of(handler) for handler in handlers]
        _by_name.update({name_of(handler): handler for handler in handlers})


def handlers_of(fact: type[Fact]) -> list[str]:
    """Names of the handlers of a fact; a fact that was never wired is a mistake and raises KeyError."""
    return _handlers[fact.kind]


def fact_type(kind: str) -> type[Fact]:
    return _facts[kind]


def handler_named(name: str) -> Handler:
    return _by_name[name]


def kinds() -> list[str]:
    return sorted(_facts)

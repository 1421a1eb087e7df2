"""Recording a fact: the event and one handling for each listener, in the transaction of the fact itself."""

from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from events import prompting, registry
from events.models import Event, Handling

#: Prompts are pointless where the caller drains the outbox itself, as a replay does.
prompts: ContextVar[bool] = ContextVar("prompts", default=True)


def record(fact: registry.Fact, *, by: UUID | None, now: datetime) -> Event:
    """Save the event of a fact with its handlings. Call it inside the transaction that saves the fact.

    Raises RuntimeError outside a transaction: a fact without its event would be a lost alert.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a fact and its event are saved in one transaction")
    event = Event(
        kind=fact.kind,
        version=fact.version,
        home_id=fact.home_id,
        by_id=by,
        payload=fact.payload(),
        as_of=now,
    )
    event.save(force_insert=True)
    Handling.objects.bulk_create(
        Handling(event=event, handler=name) for name in registry.handlers_of(type(fact))
    )
    if prompts.get():
        transaction.on_commit(prompting.prompt_relay)
    return event

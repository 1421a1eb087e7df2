"""Control: `on_commit` and `.delay`, and no row that says what is still to be done."""

from functools import partial

from django.db import transaction

from events.models import Event
from faults.controls import by_message


def put_in() -> None:
    """Put it in place of the outbox."""
    by_message.put_in(hand_over)


def hand_over(event: Event, handler: str) -> None:
    """When the event is committed, hand it to the broker."""
    transaction.on_commit(partial(by_message.send, event, handler))

"""Control: the broker as the only queue, with messages acknowledged when they are done (`acks_late`)."""

from events.models import Event
from faults.controls import by_message


def put_in() -> None:
    """Put it in place of the outbox."""
    by_message.put_in(hand_over)


def hand_over(event: Event, handler: str) -> None:
    """Hand it to the broker now, to be dealt with a second later, when it will have been committed."""
    by_message.send(event, handler, countdown=1)

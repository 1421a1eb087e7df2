"""Ages that tell whether the hub is keeping up, read through one function that shows nothing else."""

from dataclasses import dataclass, fields
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Ages:
    """Seconds; None where nothing waits, or where there was no heartbeat yet. parked is a number of handlings.

    beat_recorded, beat_handled, beat_delivered, beat_answered, beat_told: since a heartbeat last passed the clock, the
    relay, the mail server, the website and the outside monitor.
    """

    oldest_unhandled_event: float | None
    oldest_unsent_delivery: float | None
    parked: int
    beat_recorded: float | None
    beat_handled: float | None
    beat_delivered: float | None
    beat_answered: float | None
    beat_told: float | None


@dataclass(frozen=True)
class Arrears:
    """For the administrator. oldest_unanswered_step in seconds; how many ladders wait; e-mails dead and returned in seven days."""

    oldest_unanswered_step: float | None
    unanswered: int
    dead: int
    bounced: int


def ages() -> Ages:
    return Ages(*_row("events_ages", [field.name for field in fields(Ages)]))


def arrears() -> Arrears:
    """Nothing but noughts for whoever is no administrator of the hub."""
    return Arrears(*_row("oversight_arrears", [field.name for field in fields(Arrears)]))


def _row(function: str, columns: list[str]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(columns)} from {function}()")  # noqa: S608 - names of this module
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        raise RuntimeError(f"{function}() gives one row")
    return row

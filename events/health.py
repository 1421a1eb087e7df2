"""Ages that tell whether the hub is keeping up, read through one function that shows nothing else."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Ages:
    """Seconds; None where nothing waits. parked is a number of handlings."""

    oldest_unhandled_event: float | None
    oldest_unsent_delivery: float | None
    parked: int


def ages() -> Ages:
    with connection.cursor() as cursor:
        cursor.execute("select oldest_unhandled_event, oldest_unsent_delivery, parked from events_ages()")
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("events_ages() gives one row")
    return Ages(*row)

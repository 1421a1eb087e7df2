"""Carries each recorded fact to each of its handlers: at least once, in any order, one poison at a time.

The claim is a row lock that skips what others hold, and the handler's own writes commit with the stamp, so a
worker killed half-way leaves nothing but an open handling.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from events import fault_points, outbox, registry
from events.models import Event, Handling
from events.registry import Fact

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class HandlingParked(Fact):
    """A handler failed on an event until its attempts ran out: a person has to look."""

    kind = "events.handling_parked"
    handling_id: UUID
    handler: str
    event_kind: str


def drain(*, now: datetime, limit: int = 1000) -> int:
    """Deal with every handling that is due, at most ``limit``; the number dealt with."""
    done = 0
    while done < limit and run_one(now=now):
        done += 1
    return done


def drain_whole(*, now: datetime, until: datetime) -> int:
    """Deal with what was recorded before ``until``, inside the caller's transaction; the number dealt with.

    For loading a history, which is right as a whole or not at all: a handler that fails fails the caller. What real
    people record meanwhile is later than any history and is left to the worker, who is not kept waiting.
    """
    done = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "select h.id from events_handling h join events_event e on e.id = h.event_id"
                " where h.done_at is null and h.parked_at is null and h.not_before <= clock_timestamp()"
                " and e.as_of < %s for update of h skip locked",
                [until],
            )
            claimed = [row[0] for row in cursor.fetchall()]
        if not claimed:
            return done
        handlings = Handling.objects.filter(pk__in=claimed).select_related("event")
        for handling in handlings.order_by("not_before", "id"):
            _run(handling, handling.event, now)
        with connection.cursor() as cursor:
            cursor.execute(
                "update events_handling set done_at = clock_timestamp() where id = any(%s)", [claimed]
            )
        done += len(claimed)


def run_one(*, now: datetime) -> bool:
    """Claim one due handling and run it. False when nothing is due."""
    with transaction.atomic():
        handling = _claim()
        if handling is None:
            return False
        event = Event.objects.get(pk=handling.event_id)
        try:
            with transaction.atomic():
                _run(handling, event, now)
                fault_points.reached("relay_before_stamp")
        except Exception as problem:  # noqa: BLE001 - one poison must never stop the others
            log.warning("handler %s failed on %s: %s", handling.handler, event.pk, type(problem).__name__)
            _failed(handling, event, problem, now)
        else:
            _stamp(handling, "done_at = clock_timestamp()")
        return True


def _claim() -> Handling | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from events_handling where done_at is null and parked_at is null"
            " and not_before <= clock_timestamp() order by turn_at, id limit 1 for update skip locked"
        )
        row = cursor.fetchone()
    return Handling.objects.get(pk=row[0]) if row else None


def _run(handling: Handling, event: Event, now: datetime) -> None:
    fact = registry.fact_type(event.kind).from_payload(event.payload, event.home_id)
    registry.handler_named(handling.handler)(fact, now=max(now, event.as_of))


def _failed(handling: Handling, event: Event, problem: Exception, now: datetime) -> None:
    attempts = handling.attempts + 1
    # The text of an error may repeat a record's words; its type and place do not.
    error = type(problem).__name__[:300]
    if attempts >= settings.HUB_HANDLING_ATTEMPTS:
        _stamp(handling, "parked_at = clock_timestamp(), attempts = %s, last_error = %s", attempts, error)
        if event.kind != HandlingParked.kind:
            parked = HandlingParked(
                handling_id=handling.pk,
                handler=handling.handler,
                event_kind=event.kind,
                home_id=event.home_id,
            )
            outbox.record(parked, by=None, now=now)
        return
    seconds = min(settings.HUB_HANDLING_BACKOFF * 2**attempts, settings.HUB_HANDLING_LONGEST_WAIT)
    _stamp(
        handling,
        "not_before = clock_timestamp() + %s, attempts = %s, last_error = %s",
        timedelta(seconds=seconds),
        attempts,
        error,
    )


def _stamp(handling: Handling, assignments: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"update events_handling set {assignments} where id = %s", (*values, handling.pk))  # noqa: S608 - constants of this module

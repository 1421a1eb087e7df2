"""One POST, one record: the same key and body give the first answer again."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError

from incidents.record.models import Submission

HEADER = "Idempotency-Key"


class InProgress(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = "The same request is being dealt with. Ask again in a moment."
    #: Seconds, as the header Retry-After.
    wait = 1


class AnotherBody(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "This key was sent before with another body. Use a new key for a new record."


def key_of(headers: Mapping[str, str]) -> UUID:
    """The key that the caller chose. Raises ValidationError where it is missing or no UUID."""
    try:
        return UUID(headers.get(HEADER, ""))
    except ValueError:
        raise ValidationError(
            {HEADER: ["Send a UUID of your own in this header, a new one for each record."]}
        ) from None


def once(
    *, user: UUID, key: UUID, body: Any, now: datetime, run: Callable[[], dict[str, Any]]
) -> tuple[int, dict[str, Any]]:
    """Status and answer of a POST, running it only where this key was not answered before.

    Raises InProgress while another transaction deals with the same key, AnotherBody where the body differs.
    """
    if not _locked(f"{user}:{key}"):
        raise InProgress
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    first = Submission.objects.filter(user_id=user, key=key).first()
    if first is not None:
        if first.body_digest != digest:
            raise AnotherBody
        return first.status, dict(first.answer)
    answer = run()
    made = Submission(
        user_id=user, key=key, body_digest=digest, status=status.HTTP_201_CREATED, answer=answer, made_at=now
    )
    made.save(force_insert=True)
    return made.status, answer


def _locked(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 40))", [name])
        row = cursor.fetchone()
    return bool(row and row[0])

"""Keys to the API: shown once, kept as a hash, with an end."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import connection, transaction

from events import outbox
from homes.facts import TokenMade
from homes.models import ApiToken, User


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make(*, user: User, days: int, by: str, now: datetime) -> str:
    """A new token for ``user``, with its event; the only time its text is seen. made_by says who asked for it."""
    secret = "hub_" + secrets.token_urlsafe(32)
    ends_at = now + timedelta(days=days)
    ApiToken.objects.create(user=user, digest=digest_of(secret), made_by=by, made_at=now, ends_at=ends_at)
    outbox.record(TokenMade(user_id=user.pk, made_by=by, ends_at=ends_at), by=user.pk, now=now)
    return secret


def user_of(secret: str, *, now: datetime) -> User | None:
    """The person behind a token that is in force at ``now``; None otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("select homes_user_of_token(%s, %s)", [digest_of(secret), now])
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    return User.objects.filter(pk=row[0], is_active=True).first()

"""Second factors: who has one, what a session may rest on, and the seal over an authenticator's secret."""

import base64
import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

#: Kinds that count; recovery codes only stand in for one of these.
COUNTS = (Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value)
Held = Sequence[tuple[int, str]]


def held_by(user: UUID | None) -> Held:
    """(key, kind) of each factor of the person, recovery codes among them."""
    return list(Authenticator.objects.filter(user_id=user).order_by("pk").values_list("pk", "type"))


def held_with(user: Any) -> Held:
    """As ``held_by``, from what was read with the account of a session, where it was."""
    read = getattr(user, "factors", None)
    return held_by(user.pk) if read is None else [(one["pk"], one["type"]) for one in read]


def counts(held: Held) -> bool:
    return any(kind in COUNTS for _, kind in held)


def has_one(user: UUID) -> bool:
    return counts(held_by(user))


def print_of(held: Held) -> str:
    """Changes whenever a factor is added, removed or made anew."""
    return hashlib.sha256(repr(sorted(held)).encode()).hexdigest()[:16]


def _cipher() -> MultiFernet:
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = (hashlib.sha256(b"hesley_hub.sign_in.factors:" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def sealed(text: str) -> str:
    return _cipher().encrypt(text.encode()).decode()


def opened(text: str) -> str:
    return _cipher().decrypt(text.encode()).decode()

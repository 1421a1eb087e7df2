"""Keys made in Python, so that an insert needs no RETURNING and no right to read what it wrote."""

import secrets
from uuid import UUID

from uuid6 import uuid7 as _uuid7

# Letters and figures that cannot be mistaken for one another on the telephone.
_ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562): ordered by time, so that indexes stay compact."""
    return UUID(int=_uuid7().int)


def new_reference(prefix: str) -> str:
    """A reference to read aloud, like ``INC-7KQ4-M9TX``; random, so that it tells nothing of how many there are."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{prefix}-{letters[:4]}-{letters[4:]}"

"""Keys of what the demonstration invents: the same name gives the same key, so that seeding twice changes nothing."""

from uuid import UUID, uuid5

_NAMESPACE = UUID("6f1c6a52-8d0f-4c0e-9a51-0d5b7a8e4c11")


def key(kind: str, name: str) -> UUID:
    """The key of the thing of this kind with this name."""
    return uuid5(_NAMESPACE, f"{kind}:{name}")

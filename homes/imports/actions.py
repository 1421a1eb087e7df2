"""Saving a list of homes: all of it or nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from events import outbox
from homes.access import NotAllowedError, current_posts
from homes.imports.facts import HomesImported
from homes.imports.reading import HomeRead
from homes.models import Home, Organisation
from homes.roles import Kind

CHANGEABLE = ("name", "provider_id", "places", "kind", "town", "host_authority_id", "opened_on", "closed_on")
#: What the list leaves open does not wipe out what is known.
KEPT_WHEN_EMPTY = ("town", "host_authority_id", "opened_on", "closed_on")


@dataclass(frozen=True)
class Imported:
    """How many homes are new, how many differed, how many were as before."""

    added: int
    changed: int
    unchanged: int


@transaction.atomic
def import_homes(*, homes: Sequence[HomeRead], by: UUID | None, now: datetime) -> Imported:
    """Add and correct homes by URN, with their providers and host authorities, in one transaction with its event.

    A home that the list does not name stays as it is. by is None for a command run on the server; otherwise an
    administrator, or NotAllowedError.
    """
    if by is not None and not any(post.role == "administrator" for post in current_posts(by, now)):
        raise NotAllowedError("only an administrator brings in homes")
    providers = _organisations(Kind.PROVIDER, (home.provider for home in homes))
    authorities = _organisations(Kind.LOCAL_AUTHORITY, (home.local_authority for home in homes))
    known = {home.urn: home for home in Home.objects.filter(urn__in=[home.urn for home in homes])}
    new: list[Home] = []
    changed: list[Home] = []
    for read in homes:
        area = authorities.get(read.local_authority)
        wanted = {
            "name": read.name,
            "provider_id": providers[read.provider].pk,
            "places": read.places,
            "kind": read.kind,
            "town": read.town,
            "host_authority_id": area.pk if area else None,
            "opened_on": read.opened_on,
            "closed_on": read.closed_on,
        }
        home = known.get(read.urn)
        if home is None:
            new.append(Home(urn=read.urn, **wanted))
        elif _differs(home, wanted):
            changed.append(home)
    Home.objects.bulk_create(new)
    for home in changed:
        home.save(update_fields=[name.removesuffix("_id") for name in CHANGEABLE])
    done = Imported(len(new), len(changed), len(homes) - len(new) - len(changed))
    outbox.record(
        HomesImported(added=done.added, changed=done.changed, unchanged=done.unchanged), by=by, now=now
    )
    return done


def _differs(home: Home, wanted: dict[str, object]) -> bool:
    """Bring the home to what the list says; whether that changed anything."""
    differs = False
    for name in CHANGEABLE:
        value = wanted[name]
        if (name in KEPT_WHEN_EMPTY and not value) or getattr(home, name) == value:
            continue
        setattr(home, name, value)
        differs = True
    return differs


def _organisations(kind: Kind, names: Iterable[str]) -> dict[str, Organisation]:
    """The organisations of these names, by name; those not yet known are added."""
    wanted = sorted({name for name in names if name})
    found = {one.name: one for one in Organisation.objects.filter(kind=kind, name__in=wanted)}
    new = [Organisation(name=name, kind=kind) for name in wanted if name not in found]
    Organisation.objects.bulk_create(new)
    return found | {one.name: one for one in new}

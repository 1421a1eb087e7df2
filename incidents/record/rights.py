"""Who records, shares, withdraws and says that others were told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from homes.access import NotAllowedError, capacities, pictures, to_record
from homes.models import Home
from homes.roles import Picture, reads_only
from incidents.record.models import Incident, Source, Stream

#: Where a record comes from, by the post of its author.
SOURCE_OF_ROLE = {
    "lado": Source.LADO,
    "host_authority": Source.LADO,
    "hospital_staff": Source.HOSPITAL,
    "placing_authority": Source.PLACING_AUTHORITY,
    "social_worker": Source.PLACING_AUTHORITY,
    "inspector": Source.REGULATOR,
}
#: Whose judgement it is that the home may know what was said from outside.
SHARING = (Picture.REGULATOR, Picture.AUTHORITY, Picture.LADO, Picture.AUTHOR)
#: Posts that may read the name of an adult of concern on a record that they may open.
NAMES_ADULTS = frozenset(
    {
        "registered_manager",
        "deputy_manager",
        "responsible_individual",
        "lado",
        "host_authority",
        "inspector",
        "cqc_inspector",
    }
)


@dataclass(frozen=True)
class Author:
    """Somebody who may record in one stream at one home: for whom, and from which side."""

    user: UUID
    role: str
    source: str
    by_provider: bool
    organisation_id: UUID | None


def author(user: UUID, home: Home, stream: str, now: datetime) -> Author:
    """In what capacity the person records. Raises NotAllowedError where there is none."""
    capacity = to_record(user, home.pk, stream, now)
    by_provider = capacity.picture is Picture.PROVIDER
    source = Source.HOME if by_provider else SOURCE_OF_ROLE[capacity.role]
    if stream == Stream.WHISTLEBLOWING:
        source = Source.WHISTLEBLOWER
    return Author(user, capacity.role, source, by_provider, capacity.organisation_id)


def may_share(user: UUID, incident: Incident, now: datetime) -> bool:
    """An overseer or the author shares what the home did not record and does not know; never a disclosure."""
    return not incident.provider_sees and decides_on_sharing(user, incident, now)


def decides_on_sharing(user: UUID, incident: Incident, now: datetime) -> bool:
    """As ``may_share``, whether or not somebody shared it already."""
    if incident.stream == Stream.WHISTLEBLOWING or incident.by_provider or incident.home.has_closed(now):
        return False
    held = capacities(user, incident.home_id, now)
    judges = any(one.picture in SHARING and not reads_only(one.role) for one in held)
    return judges and _opens(user, incident, now)


def may_tell(user: UUID, incident: Incident, now: datetime) -> bool:
    """Those who recorded it, and for the provider's records all who record at the home, say who was told.

    Whoever has left the home says nothing more about what they recorded there.
    """
    stands = pictures(user, incident.home_id, now)
    if incident.recorded_by_id == user:
        return bool(stands)
    return incident.by_provider and Picture.PROVIDER in stands and _opens(user, incident, now)


def may_decide_outcome(user: UUID, incident: Incident, now: datetime) -> bool:
    """The LADO of the home's area decides what came of a referral."""
    if incident.stream != Stream.LADO:
        return False
    return Picture.LADO in pictures(user, incident.home_id, now) and _opens(user, incident, now)


def must(allowed: bool, what: str) -> None:
    """Refuse where not allowed."""
    if not allowed:
        raise NotAllowedError(f"may not {what}")


def _opens(user: UUID, incident: Incident, now: datetime) -> bool:
    return Incident.objects.visible_to(user, now).filter(pk=incident.pk).exists()

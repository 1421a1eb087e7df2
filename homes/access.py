"""Who may do what, asked of the access tables: the one place that turns capacities into rights."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from homes.models import AccessHome, Home, Post
from homes.roles import ROLES, Picture


class NotAllowedError(Exception):
    """The person may not do this, at this home, at this moment. Edges answer 404: the unseen does not exist."""


@dataclass(frozen=True)
class Capacity:
    """In what capacity somebody stands to a home: role key, picture, and the organisation they act for."""

    role: str
    picture: Picture
    organisation_id: UUID | None


def capacities(user: UUID, home: UUID, now: datetime) -> list[Capacity]:
    """All capacities of the person at the home at ``now``."""
    rows = AccessHome.objects.in_force(user, now).filter(home_id=home)
    found = rows.values_list("capacity", "picture", "organisation_id").distinct()
    return [Capacity(role, Picture(picture), organisation) for role, picture, organisation in found]


def to_record(user: UUID, home: UUID, what: str, now: datetime) -> Capacity:
    """The capacity in which the person may record ``what`` (a stream, ``view`` or ``reg44``) at the home.

    Raises NotAllowedError where there is none.
    """
    for capacity in capacities(user, home, now):
        role = ROLES.get(capacity.role)
        if role and what in role.records:
            return capacity
    raise NotAllowedError(f"may not record {what} here")


def recordable(user: UUID, now: datetime) -> dict[UUID, frozenset[str]]:
    """For each home that the person may record at: what they may record."""
    found: dict[UUID, frozenset[str]] = {}
    for home, capacity in (
        AccessHome.objects.in_force(user, now).values_list("home_id", "capacity").distinct()
    ):
        role = ROLES.get(capacity)
        if role and role.records:
            found[home] = found.get(home, frozenset()) | role.records
    return found


def pictures(user: UUID, home: UUID, now: datetime) -> frozenset[Picture]:
    """The pictures in which the person stands to the home; empty where they may not open it."""
    return frozenset(capacity.picture for capacity in capacities(user, home, now))


def home_or_refuse(user: UUID, urn: str, now: datetime, pictures: Sequence[Picture] | None = None) -> Home:
    """The home with this URN, if the person may open it (in one of ``pictures``); else NotAllowedError."""
    home = Home.objects.visible_to(user, now, pictures).select_related("provider").filter(urn=urn).first()
    if home is None:
        raise NotAllowedError("no such home")
    return home


def current_posts(user: UUID, now: datetime) -> list[Post]:
    """The posts that the person holds at ``now``, newest first."""
    posts = Post.objects.filter(user_id=user, starts_at__lte=now).select_related("organisation", "home")
    return [post for post in posts.order_by("-starts_at") if post.ends_at is None or post.ends_at > now]

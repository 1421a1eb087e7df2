"""Who has seen a child, what somebody has seen, what an organisation's people have seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from homes.access import current_posts
from homes.looking.models import Look, LookQuerySet
from homes.looking.responsible import FOR_CHILD, FOR_HOME, FOR_ORGANISATION, Responsible
from homes.models import AccessChild, Child, Placement, Post


def responsible(user: UUID, now: datetime) -> Responsible:
    """Whose looks the person may read at ``now``."""
    posts = current_posts(user, now)
    own = AccessChild.objects.in_force(user, now).filter(capacity__in=FOR_CHILD)
    at_home = [post for post in posts if post.role in FOR_HOME and post.home_id]
    return Responsible(
        organisations=tuple({post.organisation_id for post in posts if post.role in FOR_ORGANISATION}),
        at_homes=tuple({post.organisation_id for post in at_home}),
        homes=tuple({post.home_id for post in at_home if post.home_id}),
        children=tuple(own.values_list("child_id", flat=True).distinct()),
    )


def visible(user: UUID, now: datetime) -> LookQuerySet:
    """The looks that the person may read, newest first."""
    return Look.objects.visible_to(user, responsible(user, now)).order_by("-at", "-id")


def answers_for(child: Child, user: UUID, now: datetime) -> bool:
    """Whether the person may ask who has seen this child: its authority, social worker, manager or provider."""
    may = responsible(user, now)
    if child.pk in may.children:
        return True
    here = Placement.objects.filter(child=child)
    return (
        here.filter(home_id__in=may.homes).exists()
        or here.filter(home__provider_id__in=may.organisations).exists()
    )


def at_child(child: Child, user: UUID, now: datetime) -> LookQuerySet:
    """Looks at this child's records that the person may read."""
    return visible(user, now).filter(subjects__contains=[child.pk])


def of_person(person: UUID, user: UUID, now: datetime) -> LookQuerySet:
    return visible(user, now).filter(viewer=person)


def of_organisation(user: UUID, now: datetime) -> Any:
    """Looks of the people whom the person answers for, and their own."""
    may = responsible(user, now)
    return Look.objects.visible_to(user, Responsible(may.organisations, may.at_homes, may.homes)).order_by(
        "-at", "-id"
    )


def answers_for_person(person: UUID, user: UUID, now: datetime) -> bool:
    """Whether the person may ask what somebody has seen: themselves, or whoever leads them."""
    if person == user:
        return True
    may = responsible(user, now)
    posts = Post.objects.filter(user_id=person)
    return (
        posts.filter(organisation_id__in=may.organisations).exists()
        or posts.filter(organisation_id__in=may.at_homes, home_id__in=may.homes).exists()
    )


@dataclass(frozen=True)
class Reading:
    """What one person was shown: pages, and people and records named on them, in the last hour; files in the last day."""

    pages: int
    rows: int
    files: int


_HOUR = "at > now() - interval '1 hour'"
_READING = f"""
select count(*) filter (where {_HOUR}),
       coalesce(sum(cardinality(subjects)) filter (where {_HOUR}), 0),
       count(*) filter (where method in ('export', 'pdf'))
  from homes_look where viewer = %s and at > now() - interval '1 day' and method <> 'refused'
"""  # noqa: S608 - constants
_REFUSED = f"select exists (select 1 from homes_look where viewer = %s and {_HOUR} and method = 'refused')"  # noqa: S608


def reading_of(user: UUID) -> Reading:
    """By the clock of the database, as looks are. One query over the person's own looks."""
    with connection.cursor() as cursor:
        cursor.execute(_READING, [user])
        return Reading(*(int(number) for number in cursor.fetchone()))


def refused_lately(user: UUID) -> bool:
    """Whether something was refused to the person within the last hour."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED, [user])
        return bool(cursor.fetchone()[0])

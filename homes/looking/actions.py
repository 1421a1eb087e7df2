"""Writing one look. The database refuses a look in another's name, and dates it itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from events import outbox
from homes.access import current_posts
from homes.looking import queries
from homes.looking.facts import LookNotKept, TooMuchRead
from homes.looking.models import Look
from homes.looking.seen import Shown
from homes.models import Home, Post
from homes.roles import ROLES


@dataclass(frozen=True)
class Asked:
    """What was asked for: the route, how it shows, what for, and the number of the request."""

    route: str
    method: str
    what: str
    purpose: str
    request: UUID


@transaction.atomic
def look(
    *, asked: Asked, shown: Sequence[Shown], by: UUID, now: datetime, posts: Sequence[Post] | None = None
) -> Look:
    """Keep one look, whatever number of things the page showed. posts: those in force, where the caller has them."""
    home = next((one.home for one in shown if one.home is not None), None)
    post = _post(list(posts) if posts is not None else current_posts(by, now), home)
    kept = Look(
        as_of=now,
        viewer=by,
        post=ROLES[post.role].title if post else "",
        organisation=post.organisation.name if post else "",
        organisation_id=post.organisation_id if post else None,
        purpose=asked.purpose,
        route=asked.route,
        method=asked.method,
        what=shown[0].what if shown else asked.what,
        subjects=list(dict.fromkeys(key for one in shown for key in one.subjects)),
        home=home.pk if home else None,
        held=any(one.held for one in shown),
        request=asked.request,
    )
    kept.save(force_insert=True)
    return kept


def _post(posts: Sequence[Post], home: Home | None) -> Post | None:
    """The post in which a person looks: the one at that home, else one of its provider or area, else the newest."""
    if home is not None:
        near = {home.provider_id, home.host_authority_id, home.icb_id}
        for fits in (lambda post: post.home_id == home.pk, lambda post: post.organisation_id in near):
            found = next(filter(fits, posts), None)
            if found is not None:
                return found
    return posts[0] if posts else None


@transaction.atomic
def look_not_kept(*, asked: Asked, by: UUID, now: datetime) -> None:
    """A page that may not wait was shown without its look: the operator is told."""
    outbox.record(LookNotKept(route=asked.route, request=asked.request), by=by, now=now)


@transaction.atomic
def refuse(*, asked: Asked, measure: str, by: UUID, now: datetime) -> Look:
    """Keep that a page was asked for and refused; the first one within an hour is told to the operator.

    asked.method is Look.Method.REFUSED; measure is what was too much, in words.
    """
    if not queries.refused_lately(by):
        outbox.record(TooMuchRead(viewer=by, measure=measure), by=by, now=now)
    return look(asked=asked, shown=(), by=by, now=now)

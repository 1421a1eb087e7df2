"""Who answers for which posts, and what has not been looked at for long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from homes.access import current_posts
from homes.crossing import Standing
from homes.models import DutyMailbox, HomeGrant, MailboxChange, Organisation, Post
from homes.roles import GIVEN_BY_PROVIDER, KEEPS_MAILBOXES

UNUSED_FOR = timedelta(days=90)
REVIEWED_EVERY = timedelta(days=365)


@dataclass(frozen=True)
class Answers:
    """For whose posts somebody answers: all, or those in the homes of the providers named."""

    all: bool
    providers: tuple[UUID, ...]

    def __bool__(self) -> bool:
        return self.all or bool(self.providers)

    def roles(self) -> tuple[str, ...] | None:
        """Roles that they give; None for every role."""
        return None if self.all else GIVEN_BY_PROVIDER


def answers(viewer: UUID, now: datetime) -> Answers:
    posts = current_posts(viewer, now)
    return Answers(
        all=any(post.role == "administrator" for post in posts),
        providers=tuple(post.organisation_id for post in posts if post.role == "responsible_individual"),
    )


def posts_answered_for(viewer: UUID, now: datetime, *, ended: bool = False) -> QuerySet[Post]:
    """Posts of other people for which the viewer answers, by name; without those that have ended, unless asked for."""
    mine = answers(viewer, now)
    posts = Post.objects.exclude(user_id=viewer)
    if not ended:
        posts = posts.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    if not mine.all:
        posts = posts.filter(organisation_id__in=mine.providers, role__in=GIVEN_BY_PROVIDER)
    return posts.select_related("user__person", "organisation", "home").order_by(
        "user__person__name", "starts_at"
    )


@dataclass(frozen=True)
class Stale:
    """A post that somebody should look at, and why."""

    post: Post
    why: str


def stale(viewer: UUID, now: datetime) -> list[Stale]:
    """Posts of people who have not signed in for 90 days, and posts without an end that nobody reviewed for a year."""
    found = []
    for post in posts_answered_for(viewer, now):
        used = post.user.last_login or post.user.joined_at
        if not post.user.is_service and now - max(used, post.starts_at) > UNUSED_FOR:
            words = "has never signed in" if post.user.last_login is None else "has not signed in for 90 days"
            found.append(Stale(post, words))
        if post.ends_at is None and now - (post.reviewed_at or post.starts_at) > REVIEWED_EVERY:
            found.append(Stale(post, "has no end, and nobody reviewed it for a year"))
    return found


def grants(now: datetime) -> QuerySet[HomeGrant]:
    """Emergency and other rights that the database lets the viewer read, newest first."""
    return HomeGrant.objects.select_related("user__person", "content_object", "granted_by").order_by(
        "-starts_at"
    )


def keeps_mailboxes_of(viewer: UUID, now: datetime) -> list[Organisation]:
    """Organisations for whose mailboxes the viewer speaks, by a post of their own."""
    found = {
        post.organisation_id: post.organisation
        for post in current_posts(viewer, now)
        if post.role in KEEPS_MAILBOXES
    }
    return list(found.values())


def desks(organisation: Organisation) -> Standing:
    """The addresses of an organisation's desks, as its page shows them."""
    boxes = DutyMailbox.objects.filter(organisation=organisation).order_by("desk", "hours")
    return Standing({f"{box.desk} {box.hours}": [box.email, box.phone] for box in boxes})


def desk(organisation: Organisation, name: str, hours: str) -> Standing:
    """One desk's address in the fields of the form that proposes another, and who confirmed it."""
    box = DutyMailbox.objects.filter(organisation=organisation, desk=name, hours=hours).first()
    changes = MailboxChange.objects.filter(organisation=organisation, desk=name, hours=hours, confirmed=True)
    last = changes.select_related("decided_by").order_by("-decided_at").first()
    return Standing(
        {"email": box.email if box else "", "phone": box.phone if box else ""},
        last.decided_by.name if last and last.decided_by else "Somebody",
        last.decided_at if last else None,
    )


def waiting_changes(organisation: Organisation) -> QuerySet[MailboxChange]:
    return MailboxChange.objects.filter(organisation=organisation, decided_at__isnull=True).select_related(
        "proposed_by"
    )

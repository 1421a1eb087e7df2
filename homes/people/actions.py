"""Accounts, posts, mailboxes and emergency rights: each with its event. The database asks again who may."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.core import signing
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from events import outbox
from events.identity import new_id
from homes.access import NotAllowedError
from homes.crossing import CrossedError
from homes.models import DutyMailbox, Home, HomeGrant, Invitation, MailboxChange, Organisation, Post, User
from homes.people import queries
from homes.people.facts import (
    AccountClosed,
    GlassBroken,
    InvitationTakenUp,
    MailboxChangeDecided,
    MailboxChangeProposed,
    PersonInvited,
    PostEnded,
    PostGiven,
    PostReviewed,
)
from homes.roles import BREAKS_GLASS, ROLES

INVITED_FOR = timedelta(hours=72)
LONGEST_GRANT = timedelta(hours=24)
SALT = "homes.people.invitation"
DESK_WAITS = "A change of this desk waits already. Confirm or refuse it first."
HELD = "This home has a records holder. End that post first."


class NotPossibleError(Exception):
    """What was asked makes no sense here; the words may be shown to whoever asked."""


def _ask(function: str, *arguments: UUID | str | bool | None) -> object:
    """The answer of one of the database's own functions. Raises NotAllowedError where it refuses."""
    marks = ", ".join(["%s"] * len(arguments))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"select {function}({marks})", list(arguments))
            row = cursor.fetchone()
    except ProgrammingError as problem:
        raise NotAllowedError("the database refuses") from problem
    return row[0] if row else None


def _key(answer: object) -> UUID | None:
    return answer if isinstance(answer, UUID) else None


def token_of(invitation: UUID) -> str:
    """The text of the link; whoever has it may set the password once."""
    return signing.dumps(str(invitation), salt=SALT)


def _invitation_of(token: str) -> UUID | None:
    try:
        return UUID(signing.loads(token, salt=SALT, max_age=INVITED_FOR))
    except (signing.BadSignature, ValueError):
        return None


def invited_by(token: str) -> User | None:
    """Whose password this link sets; None where it is forged, too old or used."""
    invitation = _invitation_of(token)
    if invitation is None:
        return None
    person = _key(_ask("homes_user_invited", invitation))
    return User.objects.select_related("person").filter(pk=person).first() if person else None


def may_manage(*, role: str, organisation: Organisation, home: Home | None) -> bool:
    """Whether the viewer gives and ends such posts."""
    return bool(_ask("homes_manages", organisation.pk, role, home.pk if home else None))


@transaction.atomic
def bring_in(
    *,
    name: str,
    email: str,
    role: str,
    organisation: Organisation,
    home: Home | None,
    starts_at: datetime,
    ends_at: datetime | None,
    client_id: UUID | None = None,
    by: UUID,
    now: datetime,
) -> Post:
    """Put a person in post by name and address. Whoever cannot sign in yet is sent a link; others just hold the post.

    The same client_id again gives the first post. Raises NotAllowedError where ``by`` does not answer for such posts,
    NotPossibleError where it makes no sense.
    """
    if not may_manage(role=role, organisation=organisation, home=home):
        raise NotAllowedError("not yours to give")
    _one_form_at_a_time(by)
    if client_id is not None:
        first = Post.objects.filter(pk=client_id, organisation=organisation, role=role).first()
        if first is not None:
            return first
    address = email.strip().lower()
    person = _key(_ask("homes_user_of_address", address))
    if person is None:
        person = new_id()
        _ask("homes_make_account", person, name, address)
    user = User.objects.get(pk=person)
    if user.pk == by:
        raise NotPossibleError("Somebody else gives you a post")
    post = _give(
        user=user,
        role=role,
        organisation=organisation,
        home=home,
        starts_at=starts_at,
        ends_at=ends_at,
        key=client_id or new_id(),
        by=by,
        now=now,
    )
    if not (user.is_active and user.has_usable_password()):
        invite(user=user, by=by, now=now)
    return post


def _give(
    *,
    user: User,
    role: str,
    organisation: Organisation,
    home: Home | None,
    starts_at: datetime,
    ends_at: datetime | None,
    key: UUID,
    by: UUID,
    now: datetime,
) -> Post:
    if ROLES[role].organisation != organisation.kind:
        raise NotPossibleError(f"{organisation} has no such post")
    if home is not None and ROLES[role].organisation == "provider" and home.provider_id != organisation.pk:
        raise NotPossibleError(f"{home} is not a home of {organisation}")
    if role == "records_holder":
        _one_holder(home, starts_at)
    post = Post(
        id=key,
        user=user,
        role=role,
        organisation=organisation,
        home=home,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    _saved(post)
    outbox.record(PostGiven(post_id=post.pk), by=by, now=now)
    return post


def _one_form_at_a_time(by: UUID) -> None:
    """Let a form that was sent twice in one moment wait for the first, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 41))", [str(by)])


def _one_holder(home: Home | None, starts_at: datetime) -> None:
    held = Post.objects.filter(home=home, role="records_holder")
    if any(post.ends_at is None or post.ends_at > starts_at for post in held):
        raise NotPossibleError(HELD)


def _saved(row: Post | Invitation | MailboxChange | HomeGrant) -> None:
    """Insert the row; NotAllowedError where a policy of the table refuses it.

    Raises NotPossibleError where another holder of a closed home's records came first.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except ProgrammingError as problem:
        raise NotAllowedError("the database refuses") from problem
    except IntegrityError as problem:
        if "one_records_holder_at_a_time" not in str(problem):
            raise
        raise NotPossibleError(HELD) from problem


@transaction.atomic
def invite(*, user: User, by: UUID, now: datetime) -> Invitation:
    """Owe the person a link that sets a password once, within 72 hours. Earlier links stay until one is used."""
    invitation = Invitation(user=user, made_by_id=by, made_at=now, ends_at=now + INVITED_FOR)
    _saved(invitation)
    outbox.record(PersonInvited(invitation_id=invitation.pk), by=by, now=now)
    return invitation


@transaction.atomic
def take_up(*, token: str, password: str, now: datetime) -> User:
    """Set the password that the link is for. Raises NotAllowedError where the link is forged, too old or used."""
    invitation = _invitation_of(token)
    person = (
        _key(_ask("homes_take_up_invitation", invitation, make_password(password))) if invitation else None
    )
    if invitation is None or person is None:
        raise NotAllowedError("no such link")
    outbox.record(InvitationTakenUp(invitation_id=invitation, user_id=person), by=person, now=now)
    return User.objects.get(pk=person)


@transaction.atomic
def end_post(*, post: Post, at: datetime, by: UUID, now: datetime) -> None:
    """End a post at a moment not in the past; its rights end with the first request after it.

    Raises NotAllowedError where ``by`` does not answer for it, NotPossibleError where it would end before it starts or
    has ended.
    """
    if at < now or at <= post.starts_at:
        raise NotPossibleError("A post ends now or later, and after it started")
    row = Post.objects.select_for_update().filter(pk=post.pk).first()
    if row is not None and row.ends_at is not None and row.ends_at <= now:
        raise NotPossibleError("The post has ended already.")
    if not Post.objects.filter(pk=post.pk).update(ends_at=at):
        raise NotAllowedError("not yours to end")
    outbox.record(PostEnded(post_id=post.pk, ends_at=at), by=by, now=now)


@transaction.atomic
def review_post(*, post: Post, by: UUID, now: datetime) -> None:
    """Say that a post without an end is still needed. Raises NotAllowedError as above."""
    if not Post.objects.filter(pk=post.pk).update(reviewed_at=now, reviewed_by_id=by):
        raise NotAllowedError("not yours to review")
    outbox.record(PostReviewed(post_id=post.pk), by=by, now=now)


@transaction.atomic
def close_account(*, user: User, by: UUID, now: datetime) -> None:
    """End all the person's posts, then the account: sessions, keys, factors and links with it.

    Raises NotAllowedError where ``by`` does not answer for each of the posts.
    """
    if not _ask("homes_manages_person", user.pk):
        raise NotAllowedError("not yours to close")
    running = [post for post in Post.objects.filter(user=user) if post.ends_at is None or post.ends_at > now]
    for post in running:
        end_post(post=post, at=max(now, post.starts_at + timedelta(microseconds=1)), by=by, now=now)
    _ask("homes_close_account", user.pk)
    outbox.record(AccountClosed(user_id=user.pk), by=by, now=now)


@transaction.atomic
def propose_mailbox(
    *,
    organisation: Organisation,
    desk: str,
    hours: str,
    email: str,
    phone: str = "",
    opened: str,
    by: UUID,
    now: datetime,
) -> MailboxChange:
    """Ask for a new address of one desk; the old one stays until a second person confirms. Twice is once.

    opened: the seal of the desks that ``by`` saw. Raises NotAllowedError for people outside the organisation,
    NotPossibleError while another change waits, CrossedError where the desks have changed since.
    """
    waiting = queries.waiting_changes(organisation).filter(desk=desk, hours=hours).first()
    if waiting is not None:
        if (waiting.proposed_by_id, waiting.email, waiting.phone) == (by, email, phone):
            return waiting
        raise NotPossibleError(DESK_WAITS)
    if queries.desks(organisation).seal != opened:
        raise CrossedError(queries.desk(organisation, desk, hours))
    old = DutyMailbox.objects.filter(organisation=organisation, desk=desk, hours=hours).first()
    change = MailboxChange(
        organisation=organisation,
        desk=desk,
        hours=hours,
        old_email=old.email if old else "",
        email=email,
        phone=phone,
        proposed_by_id=by,
        proposed_at=now,
    )
    try:
        _saved(change)
    except IntegrityError as problem:  # somebody else proposed one in the same moment
        raise NotPossibleError(DESK_WAITS) from problem
    outbox.record(MailboxChangeProposed(change_id=change.pk), by=by, now=now)
    return change


@transaction.atomic
def decide_mailbox(*, change: MailboxChange, confirmed: bool, by: UUID, now: datetime) -> None:
    """Confirm or refuse. Confirming takes somebody else than who proposed it, one of the two of the organisation.

    Raises NotAllowedError otherwise, NotPossibleError where it is decided already.
    """
    if not _ask("homes_decide_mailbox_change", change.pk, confirmed):
        raise NotPossibleError(_decided(change))
    outbox.record(MailboxChangeDecided(change_id=change.pk, confirmed=confirmed), by=by, now=now)


def _decided(change: MailboxChange) -> str:
    found = MailboxChange.objects.filter(pk=change.pk).select_related("decided_by").first()
    if found is None or found.decided_by is None:
        return "This change has been decided already."
    what = "confirmed" if found.confirmed else "refused"
    return f"{found.decided_by.name} has {what} this change already."


@transaction.atomic
def break_glass(
    *, home: Home, posts: Sequence[Post], reason: str, lasts: timedelta, by: UUID, now: datetime
) -> HomeGrant:
    """Open a home to oneself for at most 24 hours, in the picture of one's post. Those responsible are told at once.

    Asked again with the same reason while it is open, the first stands. Raises NotAllowedError without such a post,
    NotPossibleError for longer or without a reason of 20 characters.
    """
    picture = next((BREAKS_GLASS[post.role] for post in posts if post.role in BREAKS_GLASS), None)
    if picture is None:
        raise NotAllowedError("no post that may")
    reason = reason.strip()
    if not timedelta(0) < lasts <= LONGEST_GRANT or not 20 <= len(reason) <= 300:
        raise NotPossibleError("Give a reason of 20 to 300 characters, for at most 24 hours")
    _one_form_at_a_time(by)
    mine = HomeGrant.objects.filter(user_id=by, granted_by_id=by, content_object=home, reason=reason)
    open_now: list[HomeGrant] = list(mine.filter(ends_at__gt=now))
    for first in open_now:
        if first.ends_at - first.starts_at == lasts:
            return first
    grant = HomeGrant(
        user_id=by,
        content_object=home,
        permission=Permission.objects.get(codename="view_home", content_type__app_label="homes"),
        picture=picture.value,
        starts_at=now,
        ends_at=now + lasts,
        reason=reason,
        granted_by_id=by,
    )
    _saved(grant)
    outbox.record(GlassBroken(home_id=home.pk, grant_id=grant.pk, ends_at=grant.ends_at), by=by, now=now)
    return grant

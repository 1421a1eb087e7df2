"""What the rest of the hub is told about people who join, move or leave, and about rights taken in an emergency."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class PersonInvited(Fact):
    """Somebody is to be sent a link that sets a password once."""

    kind = "homes.person_invited"
    invitation_id: UUID


@dataclass(frozen=True, kw_only=True)
class InvitationTakenUp(Fact):
    kind = "homes.invitation_taken_up"
    invitation_id: UUID
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class PostGiven(Fact):
    kind = "homes.post_given"
    post_id: UUID


@dataclass(frozen=True, kw_only=True)
class PostEnded(Fact):
    kind = "homes.post_ended"
    post_id: UUID
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class PostReviewed(Fact):
    """Somebody who answers for a post without an end says that it is still needed."""

    kind = "homes.post_reviewed"
    post_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Fact):
    """Password, second factor, keys to the API and open sessions of the account ended."""

    kind = "homes.account_closed"
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class MailboxChangeProposed(Fact):
    kind = "homes.mailbox_change_proposed"
    change_id: UUID


@dataclass(frozen=True, kw_only=True)
class MailboxChangeDecided(Fact):
    kind = "homes.mailbox_change_decided"
    change_id: UUID
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class GlassBroken(Fact):
    """Somebody opened a home to themselves for some hours, with a reason."""

    kind = "homes.glass_broken"
    grant_id: int
    ends_at: datetime

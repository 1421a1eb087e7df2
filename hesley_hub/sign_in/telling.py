"""E-mails that follow from people joining, mailboxes changing and glass being broken. Run by the worker."""

from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction

from events.clock import LONDON
from homes.models import DutyMailbox, HomeGrant, Invitation, MailboxChange, Organisation, Post
from homes.people.actions import token_of
from homes.people.facts import GlassBroken, MailboxChangeDecided, MailboxChangeProposed, PersonInvited
from homes.roles import BREAKS_GLASS, Kind
from oversight.escalation.channels.email.wording import message_id, signature
from oversight.escalation.models import Delivery
from oversight.escalation.owing import prompt_delivery

#: Names each e-mail by what it tells and to whom, so that telling twice owes it once.
_OWED = UUID("0c0f4f0e-7a53-5f6b-8c1d-2f6f0f6e8b21")


def mail_invitation(fact: PersonInvited, *, now: datetime) -> None:
    """The link goes to the address on the account; nothing else in the hub holds it."""
    invitation = Invitation.objects.select_related("user__person", "made_by").get(pk=fact.invitation_id)
    if invitation.used_at is not None or not invitation.user.email:
        return
    link = f"{settings.HUB_ADDRESS}/sign-in/invited/{token_of(invitation.pk)}/"
    until = f"{invitation.ends_at.astimezone(LONDON):%A %-d %B, %H:%M}"
    _owe(
        "invitation",
        invitation.pk,
        invitation.user.email,
        "Your account at Hesley Hub",
        f"{invitation.made_by.name} has made an account for you. Your user name: {invitation.user.username}",
        f"Set your password here, once, until {until}:\n{link}",
        "If you did not expect this, do nothing, and tell the person who answers for the hub in your organisation.",
        now=now,
    )


def tell_of_mailbox_change(fact: MailboxChangeProposed, *, now: datetime) -> None:
    """The address that is about to be replaced hears of it first, while it still can object."""
    change = MailboxChange.objects.select_related("organisation", "proposed_by").get(pk=fact.change_id)
    for address in _others(change.organisation, change.old_email):
        _owe(
            "mailbox-proposed",
            change.pk,
            address,
            "Hesley Hub: a new address is proposed for a duty desk",
            f"{change.proposed_by.name} proposes a new address for the {change.desk} desk of {change.organisation}.",
            "The old address stays until a second person confirms. Confirm or refuse (you will be asked to sign in):"
            f"\n{settings.HUB_ADDRESS}/hub/organisation/{change.organisation_id}/",
            now=now,
        )


def tell_of_mailbox_decision(fact: MailboxChangeDecided, *, now: datetime) -> None:
    """Old and new address hear what was decided, and by whom."""
    change = MailboxChange.objects.select_related("organisation", "proposed_by", "decided_by").get(
        pk=fact.change_id
    )
    decided = "confirmed" if change.confirmed else "refused"
    by = change.decided_by.name if change.decided_by else "somebody"
    addresses = [
        *_others(change.organisation, change.old_email),
        *([change.email] if change.confirmed else []),
    ]
    for address in dict.fromkeys(addresses):
        _owe(
            "mailbox-decided",
            change.pk,
            address,
            f"Hesley Hub: a new address for a duty desk was {decided}",
            f"The {change.desk} desk of {change.organisation}: proposed by {change.proposed_by.name},"
            f" {decided} by {by}.",
            now=now,
        )


def tell_of_broken_glass(fact: GlassBroken, *, now: datetime) -> None:
    """Regulator, the person's own organisation and the host authority hear at once. The provider does not."""
    grant = HomeGrant.objects.select_related("content_object", "granted_by").get(pk=fact.grant_id)
    home = grant.content_object
    until = f"{grant.ends_at.astimezone(LONDON):%A %-d %B, %H:%M}"
    for address in _responsible(grant, home.host_authority_id, home.provider_id, now):
        _owe(
            "broken-glass",
            uuid5(_OWED, str(grant.pk)),
            address,
            f"Hesley Hub: a home was opened in an emergency, {home.urn}",
            f"{grant.granted_by.name} opened the home with the URN {home.urn} without an ordinary right to it."
            f" The right ends by itself on {until}.",
            "The regulator and the hub's administrator read the reason given, and all such rights, here:\n"
            f"{settings.HUB_ADDRESS}/hub/break-glass/",
            now=now,
        )


def _responsible(grant: HomeGrant, host: UUID | None, provider: UUID, now: datetime) -> list[str]:
    posts = Post.objects.filter(user_id=grant.user_id, role__in=BREAKS_GLASS, starts_at__lte=now)
    own = [
        post.organisation_id
        for post in posts
        if (post.ends_at is None or post.ends_at > now) and post.organisation_id != provider
    ]
    regulators = Organisation.objects.filter(kind=Kind.REGULATOR.value).values_list("pk", flat=True)
    duty = DutyMailbox.objects.filter(desk="duty", organisation_id__in=[*regulators, *own])
    safeguarding = DutyMailbox.objects.filter(desk="safeguarding", organisation_id__in=[host] if host else [])
    return sorted({box.email for box in (*duty, *safeguarding)})


def _others(organisation: Organisation, old: str) -> list[str]:
    """The address to be replaced; where there was none, the organisation's duty desk."""
    if old:
        return [old]
    return sorted(
        DutyMailbox.objects.filter(organisation=organisation, desk="duty").values_list("email", flat=True)
    )


@transaction.atomic
def _owe(what: str, about: UUID, address: str, subject: str, *paragraphs: str, now: datetime) -> None:
    key = uuid5(_OWED, f"{what}:{about}:{address}")
    if Delivery.objects.filter(pk=key).exists():
        return
    Delivery.objects.create(
        id=key,
        address=address,
        subject=subject,
        body="\n\n".join([*paragraphs, signature()]) + "\n",
        message_id=message_id(key),
        owed_since=now,
    )
    prompt_delivery()

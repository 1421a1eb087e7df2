"""Invitations, keys to the API, and changes of an organisation's mailboxes that wait for a second person."""

from django.db import models
from django.db.models import F, Q

from events.identity import new_id


class Invitation(models.Model):
    """One link, for one person, that sets a password once. The link is signed from the key and kept nowhere."""

    data_class = "personal"
    retention = "two years"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey("homes.User", on_delete=models.PROTECT, related_name="invitations")
    made_by = models.ForeignKey("homes.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("made_at")), name="invitation_ends_after_made")
        ]


class MailboxChange(models.Model):
    """A new address for one desk, proposed by one person and confirmed or refused by another.

    Until it is confirmed the old address stays. old_email is empty where the desk had none.
    """

    data_class = "personal"
    retention = "six years"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("homes.Organisation", on_delete=models.PROTECT, related_name="+")
    desk = models.CharField(max_length=20)
    hours = models.CharField(max_length=20)
    old_email = models.EmailField(blank=True)
    email = models.EmailField()
    phone = models.CharField(max_length=30, blank=True)
    proposed_by = models.ForeignKey("homes.Person", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("homes.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    confirmed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, confirmed__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, confirmed__isnull=False),
                name="mailbox_change_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(confirmed=True) | ~Q(decided_by=F("proposed_by")),
                name="mailbox_change_needs_two",
            ),
            models.UniqueConstraint(
                fields=["organisation", "desk", "hours"],
                condition=Q(decided_at__isnull=True),
                name="one_open_change_per_mailbox",
            ),
        ]


class ApiToken(models.Model):
    """A key to the API; only its hash is kept."""

    data_class = "personal"
    retention = "one year after it ended"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey("homes.User", on_delete=models.PROTECT, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("made_at")), name="token_ends_after_made"
            )
        ]

"""Which records are about the same thing: proposed by a versioned rule, decided by people."""

from django.db import models
from django.db.models import Q

from events.identity import new_id
from homes.models import Home, Person


class Matter(models.Model):
    """The thing that several records of one home may be about."""

    data_class = "personal"
    retention = "with its records"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="matters")
    opened_at = models.DateTimeField()


class MatterLink(models.Model):
    """Two records joined into a matter. A person's decision (confirmed, refused) overrules the rule's proposal."""

    data_class = "personal"
    retention = "with its records"

    class State(models.TextChoices):
        PROPOSED = "proposed", "proposed by the rule"
        CONFIRMED = "confirmed", "confirmed"
        REFUSED = "refused", "refused"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="links")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey("incidents.Incident", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("incidents.Incident", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    rule_version = models.PositiveSmallIntegerField()
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_records_linked_once"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="link_decided_by_somebody",
            ),
        ]

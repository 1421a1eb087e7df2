"""What a LADO referral adds to the shared record."""

from django.db import models

from events.fields import QuietGeneratedField
from homes.models import Home, Person
from incidents.record.models import Incident, PartOfIncident, tied


class HarmLimb(models.TextChoices):
    """The harm threshold by its four limbs (Working Together; Keeping Children Safe in Education, part 4)."""

    HARMED = "harmed", "behaved in a way that has harmed, or may have harmed, a child"
    OFFENCE = "offence", "may have committed a criminal offence against or related to a child"
    RISK = "risk", "behaved in a way that shows they may pose a risk of harm to children"
    UNSUITABLE = "unsuitable", "behaved in a way that shows they may not be suitable to work with children"


class Outcome(models.TextChoices):
    """What a LADO finds."""

    SUBSTANTIATED = "substantiated", "substantiated"
    UNSUBSTANTIATED = "unsubstantiated", "unsubstantiated"
    UNFOUNDED = "unfounded", "unfounded"
    FALSE = "false", "false"
    MALICIOUS = "malicious", "malicious"


class LadoDetails(PartOfIncident):
    """One referral about one adult of concern. Recording it here is not a referral (PRODUCT, Design principles)."""

    data_class = "special"
    retention = "to the adult's normal retirement age, or 10 years if longer"

    incident = models.OneToOneField(
        Incident, primary_key=True, on_delete=models.PROTECT, related_name="lado", db_constraint=False
    )
    limbs = models.JSONField(default=list)
    referred_at = models.DateTimeField(null=True, blank=True)
    referred_reference = models.CharField(max_length=80, blank=True)
    followed_restraint = models.BooleanField(null=True, blank=True)
    action_taken = models.TextField(blank=True)

    class Meta:
        constraints = [tied("lado_of_incident")]


class LadoOutcome(models.Model):
    """What the LADO found. The home's people read it once it is sent to them, whoever recorded the referral.

    cleared_at: from then on those outside no longer count the referral; the home's own picture follows when it is told.
    """

    data_class = "special"
    retention = "with the referral"

    incident = models.OneToOneField(
        Incident, primary_key=True, on_delete=models.PROTECT, related_name="lado_outcome"
    )
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField(null=True, blank=True)
    sent_home_at = models.DateTimeField(null=True, blank=True)
    provider_sees = QuietGeneratedField(
        expression=models.Case(
            models.When(sent_home_at__isnull=False, then=models.Value(True)), default=models.Value(False)
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_home_at__isnull=True)
                | models.Q(sent_home_at__gte=models.F("decided_at")),
                name="lado_outcome_sent_after_it_was_found",
            ),
        ]

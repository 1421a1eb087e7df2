"""What a LADO referral adds to the shared record."""

from django.db import models

from incidents.record.models import Incident, PartOfIncident, tied


class HarmLimb(models.TextChoices):
    """The harm threshold by its four limbs (Working Together; Keeping Children Safe in Education, part 4)."""

    HARMED = "harmed", "behaved in a way that has harmed, or may have harmed, a child"
    OFFENCE = "offence", "may have committed a criminal offence against or related to a child"
    RISK = "risk", "behaved in a way that shows they may pose a risk of harm to children"
    UNSUITABLE = "unsuitable", "behaved in a way that shows they may not be suitable to work with children"


class LadoDetails(PartOfIncident):
    """One referral about one adult of concern. Recording it here is not a referral (PRODUCT, Design principles)."""

    data_class = "special"
    retention = "to the adult's normal retirement age, or 10 years if longer"

    class Outcome(models.TextChoices):
        SUBSTANTIATED = "substantiated", "substantiated"
        UNSUBSTANTIATED = "unsubstantiated", "unsubstantiated"
        UNFOUNDED = "unfounded", "unfounded"
        FALSE = "false", "false"
        MALICIOUS = "malicious", "malicious"

    incident = models.OneToOneField(
        Incident, primary_key=True, on_delete=models.PROTECT, related_name="lado", db_constraint=False
    )
    limbs = models.JSONField(default=list)
    referred_at = models.DateTimeField(null=True, blank=True)
    referred_reference = models.CharField(max_length=80, blank=True)
    followed_restraint = models.BooleanField(null=True, blank=True)
    action_taken = models.TextField(blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_sent_home_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            tied("lado_of_incident"),
            models.CheckConstraint(
                condition=models.Q(outcome="", outcome_at__isnull=True)
                | ~models.Q(outcome="") & models.Q(outcome_at__isnull=False),
                name="lado_outcome_with_its_time",
            ),
        ]

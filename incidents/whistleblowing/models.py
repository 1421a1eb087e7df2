"""What a disclosure received by an agency adds to the shared record. It never reaches the home."""

from django.db import models

from incidents.record.models import Incident, PartOfIncident, tied


class WhistleblowingDetails(PartOfIncident):
    """One disclosure, as the agency that received it records it; who spoke is not asked for."""

    data_class = "special"
    retention = "10 years"

    class Identity(models.TextChoices):
        ANONYMOUS = "anonymous", "we do not know who spoke"
        CONFIDENTIAL = "confidential", "we know and must not say"
        OPEN = "open", "the person speaks openly"

    class Relation(models.TextChoices):
        STAFF = "staff", "works or worked at the home"
        AGENCY = "agency", "agency worker"
        FAMILY = "family", "family"
        PROFESSIONAL = "professional", "a professional from outside"
        OTHER = "other", "somebody else, or not known"

    class Category(models.TextChoices):
        CHILD_AT_RISK = "child_at_risk", "a child at risk"
        SYSTEMIC = "systemic", "safeguarding that fails as a whole"
        POOR_CARE = "poor_care", "poor care"
        BREACH = "breach", "a rule or a law broken"

    incident = models.OneToOneField(
        Incident,
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="whistleblowing",
        db_constraint=False,
    )
    identity = models.CharField(max_length=12, choices=Identity.choices)
    relation = models.CharField(max_length=12, choices=Relation.choices)
    category = models.CharField(max_length=14, choices=Category.choices)
    about_manager = models.BooleanField(null=True, blank=True)
    action_taken = models.TextField(blank=True)

    class Meta:
        constraints = [tied("whistleblowing_of_incident")]

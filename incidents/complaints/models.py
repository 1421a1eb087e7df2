"""What a complaint adds to the shared record."""

from django.db import models

from incidents.record.models import Incident, PartOfIncident, tied


class ComplaintDetails(PartOfIncident):
    """One complaint. The subject of a complaint takes no part in considering it (reg 39(2))."""

    data_class = "special"
    retention = "with the child's record; else 10 years"

    class ComplaintType(models.TextChoices):
        CHILD_HOME = "child_reg39", "a child, about the home (reg 39)"
        CHILD_AUTHORITY = "child_statutory_2006", "a child, about an authority (2006 Regulations)"
        PARENT = "parent", "a parent or relative"
        PLACING_AUTHORITY = "placing_authority", "a placing authority, formally, about the home"
        OTHER = "other", "a neighbour or somebody else"

    incident = models.OneToOneField(
        Incident, primary_key=True, on_delete=models.PROTECT, related_name="complaint", db_constraint=False
    )
    complaint_type = models.CharField(max_length=24, choices=ComplaintType.choices)
    addressed_to_home = models.BooleanField(default=False)
    about_person = models.ForeignKey(
        "homes.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    wanted = models.TextField(blank=True)
    action_taken = models.TextField(blank=True)

    class Meta:
        constraints = [tied("complaint_of_incident")]

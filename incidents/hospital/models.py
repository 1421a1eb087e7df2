"""What a hospital referral adds to the shared record."""

from django.db import models

from incidents.record.models import Incident, PartOfIncident, tied


class HospitalDetails(PartOfIncident):
    """One attendance or referral about a resident, recorded by the home or by the hospital."""

    data_class = "special"
    retention = "with the incident"

    class Attendance(models.TextChoices):
        PHONE = "111", "111 by telephone"
        GP = "gp", "GP"
        MINOR_INJURIES = "miu", "minor injuries unit"
        EMERGENCY = "ed", "emergency department"
        AMBULANCE = "ambulance", "ambulance"
        ADMISSION = "admission", "admitted"
        SAFEGUARDING = "safeguarding", "safeguarding appointment"

    class Explanation(models.TextChoices):
        FITS = "fits", "the explanation fits the injury"
        DOES_NOT_FIT = "does_not_fit", "the explanation does not fit"
        NONE = "none", "no explanation was given"
        NOT_INJURY = "not_injury", "it was not an injury"

    incident = models.OneToOneField(
        Incident, primary_key=True, on_delete=models.PROTECT, related_name="hospital", db_constraint=False
    )
    attendance = models.CharField(max_length=14, choices=Attendance.choices)
    arrived_at = models.DateTimeField(null=True, blank=True)
    explanation = models.CharField(max_length=14, choices=Explanation.choices, blank=True)
    moves_alone = models.BooleanField(null=True, blank=True)
    restraint_within_72h = models.BooleanField(null=True, blank=True)
    medicine_error = models.BooleanField(null=True, blank=True)
    delay_in_seeking_care = models.BooleanField(null=True, blank=True)
    hospital_flagged = models.BooleanField(null=True, blank=True)
    follow_up = models.TextField(blank=True)

    class Meta:
        constraints = [tied("hospital_of_incident")]

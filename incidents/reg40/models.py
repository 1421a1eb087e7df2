"""What a Reg 40 notification adds to the shared record."""

from django.db import models

from incidents.record.models import Incident, PartOfIncident, tied


class Reg40Event(models.TextChoices):
    """The events of regulation 40(1), (3) and (4), Children's Homes (England) Regulations 2015 as amended 2022."""

    DEATH = "40(1)", "A child has died"
    DBS_REFERRAL = "40(3)", "A person working here was referred to the Disclosure and Barring Service"
    EXPLOITATION = "40(4)(a)", "A child is, or may be, sexually exploited"
    POLICE = "40(4)(b)", "The police were involved and you think it serious"
    ALLEGATION = "40(4)(c)", "Someone says the home or a person working here abused a child"
    ENQUIRY_STARTS = "40(4)(d)(i)", "A child protection enquiry has started"
    ENQUIRY_ENDS = "40(4)(d)(ii)", "A child protection enquiry has ended"
    SERIOUS = "40(4)(e)", "Something else about a child that you think serious"


class Reg40Details(PartOfIncident):
    """One notification. The hub does not notify Ofsted: it keeps the reference and time of Ofsted's own form."""

    data_class = "special"
    retention = "with the incident"

    incident = models.OneToOneField(
        Incident, primary_key=True, on_delete=models.PROTECT, related_name="reg40", db_constraint=False
    )
    event = models.CharField(max_length=12, choices=Reg40Event.choices)
    how_known = models.CharField(max_length=20, blank=True)
    action_taken = models.TextField(blank=True)
    enquiry_outcome = models.TextField(blank=True)
    concludes_reference = models.CharField(max_length=40, blank=True)
    relevant_persons = models.JSONField(default=list)
    relevant_reason = models.CharField(max_length=300, blank=True)
    ofsted_form_submitted_at = models.DateTimeField(null=True, blank=True)
    ofsted_form_reference = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            tied("reg40_of_incident"),
            models.CheckConstraint(
                condition=models.Q(ofsted_form_submitted_at__isnull=True, ofsted_form_reference="")
                | models.Q(ofsted_form_submitted_at__isnull=False) & ~models.Q(ofsted_form_reference=""),
                name="ofsted_form_reference_with_its_time",
            ),
        ]

"""What people did about an alert once it was answered: decided, measured, told the provider, closed.

Rows are added and never changed: a later decision supersedes an earlier one with a row of its own.
"""

from django.db import models
from django.db.models import Q

from events.identity import new_id
from homes.models import Organisation, Person
from oversight.escalation.models import Branch, OfAlert, Tier


class ByPerson(OfAlert):
    """Who said it, for which organisation, in which post, when."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Decision(ByPerson):
    """What an organisation decided, on its own branch: to act (what, who, by when) or not to, and why.

    number counts the decisions of a branch from 1; the last one stands.
    """

    data_class = "personal"
    retention = "with the alert"

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    acts = models.BooleanField()
    reason = models.TextField()
    action = models.TextField(blank=True)
    owner = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "number"], name="decision_numbered_once"),
            models.CheckConstraint(
                condition=~Q(reason="")
                & (
                    Q(acts=True, due_on__isnull=False) & ~Q(action="") & ~Q(owner="")
                    | Q(acts=False, due_on__isnull=True, action="", owner="")
                ),
                name="an_action_has_an_owner_and_a_day",
            ),
        ]


class Outcome(ByPerson):
    """What came of the action that was decided: measured, in words, on a day."""

    data_class = "personal"
    retention = "with the alert"

    class Result(models.TextChoices):
        BETTER = "better", "Children are safer or better off"
        PARTLY = "partly", "Partly"
        SAME = "same", "Nothing changed"
        WORSE = "worse", "It got worse"

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="outcome")
    result = models.CharField(max_length=10, choices=Result.choices)
    what = models.TextField()
    measured_on = models.DateField()


class ProviderTold(ByPerson):
    """When and how the provider is told that its home is looked at: a person's decision. It shares no record."""

    data_class = "personal"
    retention = "with the alert"

    class How(models.TextChoices):
        MEETING = "meeting", "In a meeting"
        TELEPHONE = "telephone", "By telephone"
        LETTER = "letter", "By letter or e-mail of our own"
        NOT_YET = "not_yet", "Not yet: telling them now could put a child or an enquiry at risk"

    number = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=10, choices=How.choices)
    told_on = models.DateField()
    who = models.CharField(max_length=120)
    may_say = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "number"], name="provider_told_numbered_once")
        ]


class Closing(ByPerson):
    """One person's signature under the closing of an alert at a tier; at the regulator's tier it takes two."""

    data_class = "personal"
    retention = "with the alert"

    tier = models.CharField(max_length=10, choices=Tier.choices)
    reason = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "tier", "by"], name="signed_once_per_tier")]

"""Visits of the independent person (reg 44), their reports, recommendations and significant concerns."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from events.identity import new_id
from homes.models import AccessHome, Home, Person, User
from homes.roles import Picture


class Opinion(models.TextChoices):
    YES = "yes", "Yes"
    PARTLY = "partly", "Partly, with concerns"
    NO = "no", "No"


OVERSEERS_AND_VISITOR = (Picture.REGULATOR, Picture.AUTHORITY, Picture.VISITOR)
REPORT_READERS = (Picture.PROVIDER, *OVERSEERS_AND_VISITOR)


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: UUID, now: datetime) -> Self:
        """Visits to homes of the person; whoever commissions visitors sees visits and no report."""
        return self.filter(home_id__in=homes_in(user, now, *REPORT_READERS, Picture.VISITS))


class ReportQuerySet(models.QuerySet["VisitReport"]):
    def visible_to(self, user: UUID, now: datetime) -> Self:
        """Reports that the person may open, each in their own version (queries.version_for)."""
        return self.filter(home_id__in=homes_in(user, now, *REPORT_READERS))


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, user: UUID, now: datetime) -> Self:
        return self.filter(home_id__in=homes_in(user, now, *REPORT_READERS))


class ConcernQuerySet(models.QuerySet["SignificantConcern"]):
    def visible_to(self, user: UUID, now: datetime) -> Self:
        """Concerns that the person may open: never the provider's people."""
        return self.filter(home_id__in=homes_in(user, now, *OVERSEERS_AND_VISITOR))


def homes_in(user: UUID, now: datetime, *pictures: Picture) -> models.QuerySet[Any, Any]:
    """Keys of the homes that the person may open in one of the pictures."""
    return AccessHome.objects.in_force(user, now).filter(picture__in=pictures).values("home_id")


class Visit(models.Model):
    """A visit under reg 44(1): at least once in each calendar month."""

    data_class = "personal"
    retention = "15 years"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="visits")
    visitor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    visited_on = models.DateField()
    started_at = models.TimeField(null=True, blank=True)
    ended_at = models.TimeField(null=True, blank=True)
    announced = models.BooleanField(default=False)
    no_conflict = models.BooleanField(default=True)
    conflict_note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    client_id = models.UUIDField(default=new_id, unique=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["home", "visitor", "visited_on"], name="visit_recorded_once")
        ]
        indexes = [models.Index(fields=["home", "visited_on"], name="visit_by_home")]


class VisitReport(models.Model):
    """The report of a visit (reg 44(4)): two opinions with reasons, and what they rest on."""

    data_class = "personal"
    retention = "15 years"

    visit = models.OneToOneField(Visit, primary_key=True, on_delete=models.PROTECT, related_name="report")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40, unique=True)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    safeguarded = models.CharField(max_length=6, choices=Opinion.choices)
    safeguarded_reasons = models.TextField()
    well_being = models.CharField(max_length=6, choices=Opinion.choices)
    well_being_reasons = models.TextField()
    children_living = models.PositiveSmallIntegerField(default=0)
    children_seen = models.PositiveSmallIntegerField(default=0)
    children_private = models.PositiveSmallIntegerField(default=0)
    staff_private = models.PositiveSmallIntegerField(default=0)
    children_said = models.JSONField(default=list)
    findings = models.JSONField(default=dict)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(children_private__lte=models.F("children_seen")), name="spoken_to_were_seen"
            )
        ]


class Recommendation(models.Model):
    """What the visitor recommends, and by when the registered person must consider it (reg 44(5))."""

    data_class = "none"
    retention = "15 years"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(VisitReport, on_delete=models.PROTECT, related_name="recommendations")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="recommendations")
    text = models.TextField()
    consider_by = models.DateField()
    repeats = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeated_by"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="recommendation_closed_by_somebody",
            )
        ]


class SignificantConcern(models.Model):
    """A concern that the visitor raises straight to the regulator, placing and host authorities; not to the home."""

    data_class = "special"
    retention = "15 years"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=40, unique=True)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="significant_concerns")
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="concerns")
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    what = models.TextField()
    child_in_danger = models.BooleanField(default=False)
    already_told = models.TextField(blank=True)
    client_id = models.UUIDField(default=new_id, unique=True)

    objects = ConcernQuerySet.as_manager()


class VisitDraft(models.Model):
    """What a visitor has typed and not yet sent: the parts of a report, or a concern. Nobody else ever sees it.

    answers is part -> {"typed": {field: [texts]}, "done": whether it was accepted}.
    """

    data_class = "special"
    retention = "30 days after the last change, or until it is sent"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "home", "visit"], nulls_distinct=False, name="one_visit_draft"
            )
        ]

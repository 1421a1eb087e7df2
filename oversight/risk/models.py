"""What the engine found, kept with its version and parameters, so that it can be shown and computed again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, Q

from events.fields import DatabaseMoment
from events.identity import new_id
from homes.models import AccessHome, Home, Organisation
from homes.roles import Picture

#: Overseers who read what the engine found, and those who read its counts by month.
ASSESSED = (Picture.REGULATOR, Picture.AUTHORITY)
COUNTED = (*ASSESSED, Picture.ICB)


def of_own_picture(user: UUID, now: datetime, pictures: Sequence[Picture]) -> Q:
    """Rows of the provider's picture for its people; of the overseers' for those who stand in one of ``pictures``."""
    access = AccessHome.objects.in_force(user, now)
    overseen = access.filter(picture__in=pictures).values("home_id")
    own = access.filter(picture=Picture.PROVIDER).values("home_id")
    return Q(picture="overseers", home_id__in=overseen) | Q(picture="provider", home_id__in=own)


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: UUID, now: datetime) -> Self:
        return self.filter(of_own_picture(user, now, ASSESSED))


class HomeMonthQuerySet(models.QuerySet["HomeMonth"]):
    def visible_to(self, user: UUID, now: datetime) -> Self:
        """Figures of the person's picture; whistleblowing for the regulator only."""
        regulated = AccessHome.objects.in_force(user, now).filter(picture=Picture.REGULATOR).values("home_id")
        return self.filter(of_own_picture(user, now, COUNTED)).filter(
            ~Q(stream="whistleblowing") | Q(home_id__in=regulated)
        )


class Assessment(models.Model):
    """One look of the engine at one home (or at a provider's homes pooled), on one picture.

    score in nats. explanation: see oversight.risk.engine (streams, contributions, evidence, what would clear it).
    """

    data_class = "personal"
    retention = "15 years"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    picture = models.CharField(max_length=10)
    home = models.ForeignKey(Home, null=True, on_delete=models.PROTECT, related_name="assessments")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateTimeField()
    assessed_on = models.DateField()
    engine_version = models.CharField(max_length=20)
    parameters = models.CharField(max_length=64)
    score = models.FloatField()
    tier = models.CharField(max_length=10, blank=True)
    pattern = models.CharField(max_length=30, blank=True)
    began_on = models.DateField(null=True, blank=True)
    explanation = models.JSONField(default=dict)
    recorded_at = DatabaseMoment()

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["home", "picture", "-as_of"], name="assessment_latest"),
            models.Index(fields=["provider", "picture", "-as_of"], name="assessment_of_provider"),
        ]


class Episode(models.Model):
    """Where a home or provider stands between first crossing a bar and having been quiet for 13 weeks."""

    data_class = "none"
    retention = "15 years"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    picture = models.CharField(max_length=10)
    home = models.ForeignKey(Home, null=True, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    state = models.JSONField(default=dict)
    assessed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["picture", "home", "kind"],
                condition=Q(home__isnull=False),
                name="one_episode_per_home",
            ),
            models.UniqueConstraint(
                fields=["picture", "provider", "kind"],
                condition=Q(home__isnull=True),
                name="one_episode_per_provider",
            ),
        ]


class QuarterFit(models.Model):
    """Priors and dispersions fitted at the start of a quarter on what was known by then; never refitted."""

    data_class = "none"
    retention = "permanent"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    picture = models.CharField(max_length=10)
    quarter_on = models.DateField()
    engine_version = models.CharField(max_length=20)
    fit = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["picture", "quarter_on"], name="one_fit_per_quarter")]


class CalibrationQuerySet(models.QuerySet["Calibration"]):
    def visible_to(self, user: UUID, now: datetime) -> Self:
        """For those who oversee a home; never for a provider's people, since every record went into it."""
        oversees = AccessHome.objects.in_force(user, now).filter(picture__in=ASSESSED)
        return self.filter(Exists(oversees))


class Calibration(models.Model):
    """Bars set on a population by kind and size of home, and what they give; kept for good, the newest in force.

    parameters: the digest of the settings whose bars these replace. bands: see oversight.risk.calibration.
    """

    data_class = "none"
    retention = "permanent"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    source = models.CharField(max_length=20)
    population = models.CharField(max_length=200)
    engine_version = models.CharField(max_length=20)
    parameters = models.CharField(max_length=64)
    bands = models.JSONField()
    recorded_at = DatabaseMoment()

    objects = CalibrationQuerySet.as_manager()


class HomeMonth(models.Model):
    """How many records of a stream fell in a month at a home: told by the home, and known from outside only.

    On the provider's picture the second figure holds only what was shared with it.
    """

    data_class = "personal"
    retention = "15 years"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    picture = models.CharField(max_length=10)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="months")
    month_on = models.DateField()
    stream = models.CharField(max_length=16)
    told = models.PositiveIntegerField(default=0)
    outside = models.PositiveIntegerField(default=0)

    objects = HomeMonthQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["picture", "home", "month_on", "stream"], name="one_figure_per_month_and_stream"
            )
        ]


class AssessedDay(models.Model):
    """A London day whose end was assessed for every home, so that none is left out after a standstill."""

    data_class = "none"
    retention = "permanent"

    day = models.DateField(primary_key=True)
    done_at = DatabaseMoment()

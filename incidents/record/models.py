"""The shared record of the five recorded streams, and what hangs on it."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from events.fields import CompositeForeignKey, QuietGeneratedField
from events.identity import new_id
from homes.models import (
    AccessChild,
    AccessHome,
    Adult,
    Child,
    Home,
    Organisation,
    Person,
    User,
    boards_children,
)
from homes.roles import Picture


class Stream(models.TextChoices):
    """The six streams in the order in which they stand everywhere (design.md, 1)."""

    REG40 = "reg40", "Reg 40"
    LADO = "lado", "LADO"
    WHISTLEBLOWING = "whistleblowing", "Whistleblowing"
    COMPLAINT = "complaint", "Complaints"
    HOSPITAL = "hospital", "Hospital"
    REG44 = "reg44", "Reg 44"


class Source(models.TextChoices):
    HOME = "home", "the home"
    LADO = "lado", "the LADO"
    HOSPITAL = "hospital", "a hospital"
    PLACING_AUTHORITY = "placing_authority", "a placing authority"
    REGULATOR = "regulator", "the regulator"
    VISITOR = "visitor", "the visitor"
    WHISTLEBLOWER = "whistleblower", "a whistleblower"
    POLICE = "police", "the police"
    PARENT = "parent", "a parent"
    CHILD = "child", "a child"


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: UUID, now: datetime) -> Self:
        """Records that the person may open (the same rules as the table's policies, ARCHITECTURE Two pictures)."""
        access = AccessHome.objects.in_force(user, now)

        def homes(*pictures: Picture) -> models.QuerySet[Any, Any]:
            return access.filter(picture__in=pictures).values("home_id")

        outside = ~Q(stream=Stream.WHISTLEBLOWING)
        children = ArraySubquery(AccessChild.objects.in_force(user, now).values("child_id"))
        return self.filter(
            Q(provider_sees=True, home_id__in=homes(Picture.PROVIDER))
            | Q(home_id__in=homes(Picture.REGULATOR))
            | outside & Q(home_id__in=homes(Picture.VISITOR))
            | outside & Q(concerns_adult=True, home_id__in=homes(Picture.LADO))
            | outside & Q(home_id__in=homes(Picture.AUTHORITY), child_ids__overlap=children)
            | Q(
                stream=Stream.HOSPITAL,
                home_id__in=homes(Picture.ICB),
                child_ids__overlap=ArraySubquery(boards_children(user, now)),
            )
            | outside & Q(recorded_by_id=user, home_id__in=access.values("home_id"))
        ).exclude(
            # Whoever is the subject of a complaint or an allegation never reads it, whatever their post.
            pk__in=RawSQL("select incidents_about(%s::uuid)", [str(user)])
        )


class Incident(models.Model):
    """One record in one of the five recorded streams.

    occurred_at: when it happened; known_at: when its author came to know; recorded_at: when it was saved here;
    notified_at: when the last of those who must be told was told. child_ids repeats the children involved, so
    that a policy can compare them without reading another table.
    """

    data_class = "special"
    retention = "with the child's record: 75 years from birth (reg 36)"

    class Status(models.TextChoices):
        RECORDED = "recorded", "recorded"
        WITHDRAWN = "withdrawn", "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=40, unique=True)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="incidents")
    stream = models.CharField(max_length=16, choices=Stream.choices)
    occurred_at = models.DateTimeField()
    occurred_about = models.BooleanField(default=False)
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=20, choices=Source.choices)
    severity = models.PositiveSmallIntegerField(null=True, blank=True)
    restraint = models.BooleanField(null=True, blank=True)
    narrative = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.RECORDED)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_for = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField(default=new_id)
    child_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    concerns_adult = models.BooleanField(default=False)
    by_provider = models.BooleanField(default=False)
    shared_with_provider_at = models.DateTimeField(null=True, blank=True)
    shared_with_provider_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    shared_with_provider_why = models.CharField(max_length=300, blank=True)
    provider_sees = QuietGeneratedField(
        expression=models.Case(
            models.When(
                ~Q(stream="whistleblowing")
                & (Q(by_provider=True) | Q(shared_with_provider_at__isnull=False)),
                then=models.Value(True),
            ),
            default=models.Value(False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "home"], name="incident_and_home"),
            models.UniqueConstraint(fields=["id", "home", "provider_sees"], name="incident_home_and_flag"),
            models.UniqueConstraint(fields=["recorded_by", "client_id"], name="incident_sent_once"),
            models.CheckConstraint(
                condition=Q(known_at__gte=F("occurred_at")), name="incident_known_after_it_happened"
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__gte=F("known_at")), name="incident_recorded_after_known"
            ),
            models.CheckConstraint(
                condition=Q(severity__isnull=True) | Q(severity__range=(1, 5)), name="severity_one_to_five"
            ),
            models.CheckConstraint(
                condition=Q(shared_with_provider_at__isnull=True, shared_with_provider_by__isnull=True)
                | Q(shared_with_provider_at__isnull=False, shared_with_provider_by__isnull=False),
                name="shared_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(status="recorded", withdrawn_at__isnull=True)
                | Q(status="withdrawn", withdrawn_at__isnull=False),
                name="withdrawn_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(stream__in=["reg40", "lado", "whistleblowing", "complaint", "hospital"]),
                name="incident_stream_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["home", "occurred_at"],
                include=["id", "stream", "severity", "provider_sees", "recorded_by"],
                name="incident_by_home",
            ),
            models.Index(fields=["home", "recorded_at"], name="incident_by_home_recorded"),
        ]

    def __str__(self) -> str:
        return self.reference


class PartOfIncident(models.Model):
    """What hangs on an incident carries its home and flag, tied to it by the database."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    provider_sees = models.BooleanField()

    class Meta:
        abstract = True


def tied(name: str) -> CompositeForeignKey:
    """The constraint that keeps a part's home and flag equal to its incident's."""
    return CompositeForeignKey(
        name=name,
        fields=["incident", "home", "provider_sees"],
        to="incidents_incident",
        to_fields=["id", "home_id", "provider_sees"],
        on_update_cascade=True,
    )


class Involvement(PartOfIncident):
    """A child's part in an incident, and the account this child gives of it. mark names the child in the narrative."""

    data_class = "special"
    retention = "with the incident"

    class PartPlayed(models.TextChoices):
        SUBJECT = "subject", "it happened to this child"
        PRESENT = "present", "saw or heard it"
        OTHER = "other", "took part in it"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="involvements", db_constraint=False
    )
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="involvements")
    part_played = models.CharField(max_length=10, choices=PartPlayed.choices, default=PartPlayed.SUBJECT)
    mark = models.CharField(max_length=2, default="A")
    account = models.TextField(blank=True)

    class Meta:
        constraints = [
            tied("involvement_of_incident"),
            models.UniqueConstraint(fields=["incident", "child"], name="child_involved_once"),
            models.UniqueConstraint(fields=["incident", "mark"], name="mark_used_once"),
        ]


class AdultInvolvement(PartOfIncident):
    """An adult of concern in an incident: the subject of an allegation, never a culprit."""

    data_class = "special"
    retention = "with the adult's record"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="adult_involvements", db_constraint=False
    )
    adult = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="involvements")

    class Meta:
        constraints = [
            tied("adult_involvement_of_incident"),
            models.UniqueConstraint(fields=["incident", "adult"], name="adult_involved_once"),
        ]


class IncidentTheme(PartOfIncident):
    """A theme of an incident, in a table of its own so that it can be found under row-level security."""

    data_class = "none"
    retention = "with the incident"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="themes", db_constraint=False
    )
    theme = models.CharField(max_length=40)

    class Meta:
        constraints = [
            tied("theme_of_incident"),
            models.UniqueConstraint(fields=["incident", "theme"], name="theme_once"),
        ]


class Duty(PartOfIncident):
    """Somebody who must be told of an incident, by when and under which law, and when they were told."""

    data_class = "personal"
    retention = "with the incident"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="duties", db_constraint=False
    )
    code = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    who = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    legal_basis = models.CharField(max_length=200)
    without_delay = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    told_reference = models.CharField(max_length=80, blank=True)
    reason_late = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            tied("duty_of_incident"),
            models.UniqueConstraint(fields=["incident", "code", "organisation"], name="duty_once"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_by__isnull=True)
                | Q(told_at__isnull=False, told_by__isnull=False),
                name="told_by_somebody_at_some_time",
            ),
        ]
        indexes = [
            models.Index(fields=["home", "due_at"], name="duty_open", condition=Q(told_at__isnull=True))
        ]


class Draft(models.Model):
    """Answers of a form not yet sent, kept as its author types; nobody else ever sees it."""

    data_class = "special"
    retention = "30 days after the last change, or until it is sent"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafts")
    form = models.CharField(max_length=20)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    became = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, became__isnull=True)
                | Q(sent_at__isnull=False, became__isnull=False),
                name="draft_sent_became_something",
            )
        ]
        indexes = [models.Index(fields=["user", "saved_at"], name="draft_by_user")]


class Submission(models.Model):
    """The answer first given to one POST of the API, so that sending it again records nothing twice."""

    data_class = "personal"
    retention = "30 days"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="submission_answered_once")]

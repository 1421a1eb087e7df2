"""What a child said, in the child's own way, and what was done about it."""

from datetime import datetime
from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from events.fields import QuietGeneratedField
from events.identity import new_id
from homes.models import AccessChild, AccessHome, Child, Home, Person, Placement
from homes.roles import Picture


class Method(models.TextChoices):
    """How a child communicates (East Sussex Total Communication; Goldbart and Caton)."""

    SPEECH = "speech", "speech"
    SIGNING = "signing", "Makaton or Signalong"
    BSL = "bsl", "British Sign Language"
    PECS = "pecs", "picture exchange (PECS)"
    TALKING_MATS = "talking_mats", "talking mat"
    OBJECTS = "objects", "objects of reference"
    SYMBOLS = "symbols", "symbols or photos"
    PASSPORT = "passport", "communication book or passport"
    VOICE_AID = "voice_aid", "voice output aid"
    TIMETABLE = "timetable", "visual timetable or social story"
    INTERACTION = "interaction", "Intensive Interaction"
    PLAY = "play", "drawing or play"
    BEHAVIOUR = "behaviour", "observation of behaviour and mood"
    EYE_GAZE = "eye_gaze", "eye gaze"
    NON_INSTRUCTED = "non_instructed", "non-instructed advocacy"


class ViewQuerySet(models.QuerySet["View"]):
    def visible_to(self, user: UUID, now: datetime) -> Self:
        """Views that the person may read: own child's, the home's own, the regulator's, and the visitor's by consent.

        What a child said is part of the case record: the visitor reads it with both consents (reg 44(2)(b)).
        """
        access = AccessHome.objects.in_force(user, now)
        children = AccessChild.objects.in_force(user, now).exclude(capacity="family").values("child_id")
        return self.filter(
            Q(provider_sees=True, home_id__in=access.filter(picture=Picture.PROVIDER).values("home_id"))
            | Q(home_id__in=access.filter(picture=Picture.REGULATOR).values("home_id"))
            | Exists(
                Placement.objects.open_cases(user, now).filter(
                    child=OuterRef("child_id"), home=OuterRef("home_id")
                )
            )
            | Q(child_id__in=children)
            | Q(recorded_by_id=user)
        )


class View(models.Model):
    """A child's view: exactly what was expressed, kept apart from anybody's interpretation of it."""

    data_class = "special"
    retention = "with the child's record"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="views")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="views")
    said_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    method = models.CharField(max_length=16, choices=Method.choices)
    words = models.TextField(blank=True)
    symbols = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    topic = models.CharField(max_length=30, blank=True)
    feels_unsafe = models.BooleanField(default=False)
    heard_by = models.CharField(max_length=120)
    heard_from_outside = models.BooleanField(default=False)
    interpretation = models.TextField(blank=True)
    interpreted_by = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField(default=new_id)
    by_provider = models.BooleanField(default=False)
    shared_with_provider_at = models.DateTimeField(null=True, blank=True)
    shared_with_provider_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    shared_with_provider_why = models.CharField(max_length=300, blank=True)
    provider_sees = QuietGeneratedField(
        expression=models.Case(
            models.When(
                Q(by_provider=True) | Q(shared_with_provider_at__isnull=False), then=models.Value(True)
            ),
            default=models.Value(False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = ViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words="") | ~Q(symbols=[]), name="view_says_something"),
            models.UniqueConstraint(fields=["recorded_by", "client_id"], name="view_sent_once"),
            models.UniqueConstraint(fields=["id", "home", "provider_sees"], name="view_home_and_flag"),
            models.CheckConstraint(
                condition=Q(interpretation="", interpreted_by="")
                | ~Q(interpretation="") & ~Q(interpreted_by=""),
                name="interpretation_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(shared_with_provider_at__isnull=True, shared_with_provider_by__isnull=True)
                | Q(shared_with_provider_at__isnull=False, shared_with_provider_by__isnull=False),
                name="view_shared_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["home", "said_at"], name="view_by_home")]


class Done(models.Model):
    """What was done about a view, and when and how the child was told."""

    data_class = "special"
    retention = "with the view"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    view = models.ForeignKey(View, on_delete=models.PROTECT, related_name="done")
    what = models.TextField()
    it_changed = models.BooleanField()
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    child_told_at = models.DateTimeField(null=True, blank=True)
    child_told_how = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(child_told_at__isnull=True, child_told_how="")
                | Q(child_told_at__isnull=False) & ~Q(child_told_how=""),
                name="child_told_in_some_way",
            )
        ]

"""Looks at people's records, and the seals that chain them.

No foreign keys: a look outlives whatever it was a look at. The database itself fills ``at``, ``login`` and
``transaction`` (homes.looking.rules), so the website cannot date a look or put it under another login.
"""

from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from events.fields import DatabaseMoment
from events.identity import new_id
from homes.looking.responsible import Responsible


class LookQuerySet(models.QuerySet["Look"]):
    def visible_to(self, user: UUID, may: Responsible) -> Self:
        """Own looks, those of the people one answers for, and looks at children one is responsible for.

        The same rules as the table's policy; looks at what is held by the regulator stay with those who looked.
        """
        return self.filter(
            Q(viewer=user)
            | Q(organisation_id__in=may.organisations)
            | Q(organisation_id__in=may.at_homes, home__in=may.homes)
            | Q(subjects__overlap=list(may.children), held=False)
        )


class Look(models.Model):
    """One page, list, export or answer of the API that showed people's records to one person.

    at: the database's clock; as_of: the hub's. subjects: keys of the children, adults or records shown. held: part
    of it is known to the regulator only. post and organisation are names as they stood.
    """

    data_class = "personal"
    retention = "as long as the record that was looked at"

    class Method(models.TextChoices):
        VIEW = "view", "opened"
        LIST = "list", "listed"
        SEARCH = "search", "searched"
        EXPORT = "export", "downloaded"
        PDF = "pdf", "printed"
        API = "api", "read over the API"
        REFUSED = "refused", "asked for, and refused as too much"

    class What(models.TextChoices):
        CHILD = "child", "a child’s records"
        ADULT = "adult", "an adult’s records"
        RECORD = "record", "records"
        ALERT = "alert", "an alert"
        HOME = "home", "a home’s page"
        VISIT = "visit", "a visit’s pages"
        VIEW = "view", "what a child said"
        LOOKS = "looks", "who looked"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = DatabaseMoment()
    as_of = models.DateTimeField()
    viewer = models.UUIDField()
    post = models.CharField(max_length=60, blank=True)
    organisation = models.CharField(max_length=160, blank=True)
    organisation_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=400)
    route = models.CharField(max_length=80)
    method = models.CharField(max_length=8, choices=Method.choices)
    what = models.CharField(max_length=8, choices=What.choices)
    subjects = ArrayField(models.UUIDField(), default=list)
    home = models.UUIDField(null=True)
    held = models.BooleanField(default=False)
    request = models.UUIDField()
    login = models.CharField(max_length=63, default="")
    transaction = models.BigIntegerField(default=0)

    objects = LookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=["view", "list", "search", "export", "pdf", "api", "refused"]),
                name="look_method_known",
            ),
        ]
        indexes = [
            models.Index(fields=["viewer", "at"], name="look_by_viewer"),
            models.Index(fields=["organisation_id", "at"], name="look_by_organisation"),
            models.Index(fields=["transaction"], name="look_by_transaction"),
            GinIndex(fields=["subjects"], name="look_by_subject"),
        ]


class Seal(models.Model):
    """A batch of looks under one digest, which includes the digest before it.

    The batch holds every look whose transaction lies from ``floor`` up to, not including, ``horizon``: when it was
    taken no transaction below ``horizon`` was still open. ``beyond``: the first number not yet given out then.
    ``cluster`` names the server, whose numbers they are.
    """

    data_class = "none"
    retention = "with the looks"

    number = models.PositiveIntegerField(primary_key=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    floor = models.BigIntegerField()
    horizon = models.BigIntegerField()
    beyond = models.BigIntegerField()
    cluster = models.CharField(max_length=24)
    taken_at = models.DateTimeField()


class SealedLook(models.Model):
    """The place of a look in its batch."""

    data_class = "none"
    retention = "with the looks"

    look_id = models.UUIDField(primary_key=True)
    seal = models.PositiveIntegerField()
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="place_in_batch_once")]

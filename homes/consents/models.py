"""Consents that open a child's case record to the visitor, and the board that answers for a child's health."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from events.identity import new_id


class CaseConsentQuerySet(models.QuerySet["CaseConsent"]):
    def in_force(self, now: datetime) -> Self:
        return self.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=now), given_at__lte=now)


class CaseConsent(models.Model):
    """One of the two consents without which the visitor reads no child's case record (reg 44(2)(b)).

    It holds for one placement, from given_at until it is withdrawn or the placement ends; a child who is placed anew
    is asked anew. spoken_by: the child, or whoever speaks for the child or for the placing authority.
    """

    data_class = "special"
    retention = "with the child's record"

    class Whose(models.TextChoices):
        CHILD = "child", "the child’s"
        AUTHORITY = "authority", "the placing authority’s"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    placement = models.ForeignKey("homes.Placement", on_delete=models.PROTECT, related_name="consents")
    whose = models.CharField(max_length=10, choices=Whose.choices)
    spoken_by = models.CharField(max_length=120)
    how = models.CharField(max_length=300, blank=True)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey("homes.Person", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "homes.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_why = models.CharField(max_length=300, blank=True)

    objects = CaseConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(spoken_by=""), name="consent_by_somebody"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="consent_withdrawn_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
            models.UniqueConstraint(
                fields=["placement", "whose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_open_consent_of_each",
            ),
        ]


class ResponsibleBoardQuerySet(models.QuerySet["ResponsibleBoard"]):
    def in_force(self, now: datetime) -> Self:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)


class ResponsibleBoard(models.Model):
    """The integrated care board that is the responsible commissioner of a child's health care, with dates (half open).

    It need not be the board of the area in which the home stands: a child keeps the board of the authority that
    placed them.
    """

    data_class = "personal"
    retention = "with the child's record"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("homes.Child", on_delete=models.PROTECT, related_name="responsible_boards")
    board = models.ForeignKey("homes.Organisation", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey("homes.Person", on_delete=models.PROTECT, related_name="+")

    objects = ResponsibleBoardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="board_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["child"], condition=Q(ends_at__isnull=True), name="one_responsible_board"
            ),
        ]

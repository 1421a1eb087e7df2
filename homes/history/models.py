"""Changes to rows, written by triggers only (homes.history.rules)."""

from django.db import models


class Change(models.Model):
    """One row that was added, changed or removed.

    of_row: its key (a number is written as a UUID of that value). fields: name -> [before, after] for a change; the
    whole row for a removal; empty for an addition, whose content is the row itself and the changes after it.
    provider_saw: the provider could read the row both before and after. viewer and as_of: who was signed in, by the
    hub's clock; login: the database login; at: the database's clock.
    """

    data_class = "special"
    retention = "with the row that changed"

    class Kind(models.TextChoices):
        ADDED = "insert", "added"
        CHANGED = "update", "changed"
        REMOVED = "delete", "removed"

    id = models.BigAutoField(primary_key=True)
    of_table = models.CharField(max_length=63)
    of_row = models.UUIDField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    home_id = models.UUIDField(null=True)
    fields = models.JSONField(default=dict)
    provider_saw = models.BooleanField()
    viewer = models.UUIDField(null=True)
    as_of = models.DateTimeField(null=True)
    login = models.CharField(max_length=63)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["of_row", "id"], name="change_by_row")]

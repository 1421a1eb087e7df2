"""What happened, once and for all, and who still has to deal with it."""

from django.db import models

from events.fields import DatabaseMoment
from events.identity import new_id


class World(models.Model):
    """The one row that marks this database live, demo or scratch."""

    data_class = "none"
    retention = "as long as the database"

    one = models.BooleanField(primary_key=True, default=True)
    kind = models.CharField(max_length=10)
    marked_at = DatabaseMoment()

    class Meta:
        db_table = "events_world"
        constraints = [
            models.CheckConstraint(condition=models.Q(one=True), name="world_is_one_row"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["live", "demo", "scratch"]), name="world_kind_known"
            ),
        ]


class Event(models.Model):
    """A fact that was recorded, in the past tense. Never changed, never removed.

    payload holds keys and facts to judge by, never narrative or a child's words.
    """

    data_class = "personal"
    retention = "as long as the record that it tells of"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    home_id = models.UUIDField(null=True)
    by_id = models.UUIDField(null=True)
    payload = models.JSONField(default=dict)
    as_of = models.DateTimeField()
    recorded_at = DatabaseMoment()

    class Meta:
        indexes = [models.Index(fields=["home_id", "recorded_at"], name="event_by_home")]


class Handling(models.Model):
    """One event that one handler has to deal with: open until done, parked when it keeps failing.

    turn_at: in whose order open ones are dealt with. The database gives it (events_turn in 0003_security).
    """

    data_class = "none"
    retention = "one year after it was done"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="handlings")
    handler = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = DatabaseMoment()
    turn_at = DatabaseMoment()
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="one_handling_per_event_and_handler"),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(parked_at__isnull=True),
                name="handling_done_or_parked_not_both",
            ),
        ]
        indexes = [
            models.Index(
                fields=["turn_at", "id"],
                name="handling_open",
                condition=models.Q(done_at__isnull=True, parked_at__isnull=True),
            )
        ]

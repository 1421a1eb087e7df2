"""A heartbeat: a made-up fact that goes the whole way of an alert every minute, and when it passed each part."""

from django.db import models

from events.fields import DatabaseMoment
from events.identity import new_id


class Heartbeat(models.Model):
    """One beat, by the database's clock. A moment that is missing names the part that did not answer.

    began_at: the clock asked and the worker recorded it; handled_at: the relay brought it to its handler and a delivery
    was owed; delivered_at: the mail server took it, or would have; answered_at: the website answered over HTTP;
    told_at: the outside monitor was told.
    """

    data_class = "none"
    retention = "two days"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    began_at = DatabaseMoment()
    handled_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["began_at"], name="heartbeat_began")]

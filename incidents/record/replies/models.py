"""Words to whoever recorded something, about what came of it."""

from django.db import models

from events.identity import new_id
from homes.models import Home, Organisation, Person
from incidents.record.models import Incident


class Reply(models.Model):
    """What came of a record, in words that a person wrote and released to whoever recorded it, and to nobody else."""

    data_class = "special"
    retention = "with the record"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="replies")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=60)
    words = models.TextField()
    released_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(words=""), name="a_reply_has_words"),
        ]

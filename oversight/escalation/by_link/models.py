"""What somebody said of themselves on the page behind a link."""

from django.db import models

from events.identity import new_id
from oversight.escalation.models import Delivery, OfAlert


class LinkAnswer(OfAlert):
    """Somebody used the link of an e-mail, once. Nobody knows who they were: name and post are as they said."""

    data_class = "personal"
    retention = "with the alert"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="link_answer")
    name_said = models.CharField(max_length=120)
    post_said = models.CharField(max_length=120)
    at = models.DateTimeField()

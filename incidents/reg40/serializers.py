"""A notification under regulation 40 as JSON."""

from rest_framework import serializers

from incidents.record.duties import RELEVANT
from incidents.record.serializers import HappeningSerializer
from incidents.reg40.models import Reg40Event


class NotificationSerializer(HappeningSerializer):
    """relevant_persons: whom the registered person judges relevant; the placing authority unless it is left out."""

    event = serializers.ChoiceField(choices=Reg40Event.choices)
    how_known = serializers.ChoiceField(choices=("child", "staff", "outside", "unknown"), default="unknown")
    action_taken = serializers.CharField(max_length=6000)
    enquiry_outcome = serializers.CharField(max_length=2000, default="", allow_blank=True)
    concludes_reference = serializers.CharField(max_length=40, default="", allow_blank=True)
    relevant_persons = serializers.ListField(
        child=serializers.ChoiceField(choices=list(RELEVANT.items())), default=lambda: ["placing_authority"]
    )
    relevant_reason = serializers.CharField(max_length=300, default="", allow_blank=True)

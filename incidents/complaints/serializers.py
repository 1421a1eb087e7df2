"""A complaint as JSON."""

from rest_framework import serializers

from incidents.complaints.models import ComplaintDetails
from incidents.record.serializers import HappeningSerializer


class ComplaintSerializer(HappeningSerializer):
    complaint_type = serializers.ChoiceField(choices=ComplaintDetails.ComplaintType.choices)
    addressed_to_home = serializers.BooleanField(help_text="True: the home reads it at once.")
    wanted = serializers.CharField(max_length=6000, default="", allow_blank=True)
    action_taken = serializers.CharField(max_length=6000, default="", allow_blank=True)

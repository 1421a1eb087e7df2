"""A hospital referral as JSON."""

from rest_framework import serializers

from incidents.hospital.models import HospitalDetails
from incidents.record.serializers import HappeningSerializer


def unknown_or() -> serializers.BooleanField:
    """Yes, no, or null where it is not known."""
    return serializers.BooleanField(required=False, allow_null=True, default=None)


class AttendanceSerializer(HappeningSerializer):
    attendance = serializers.ChoiceField(choices=HospitalDetails.Attendance.choices)
    arrived_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    explanation = serializers.ChoiceField(
        choices=HospitalDetails.Explanation.choices, default="", allow_blank=True
    )
    moves_alone = unknown_or()
    restraint_within_72h = unknown_or()
    medicine_error = unknown_or()
    delay_in_seeking_care = unknown_or()
    hospital_flagged = unknown_or()
    follow_up = serializers.CharField(max_length=6000, default="", allow_blank=True)

"""A LADO referral as JSON."""

from typing import Any

from rest_framework import serializers

from incidents.lado.models import HarmLimb
from incidents.record.serializers import HappeningSerializer


class ReferralSerializer(HappeningSerializer):
    """adult: key of somebody who works at the home; or adult_name and adult_title of somebody not listed."""

    limbs = serializers.ListField(child=serializers.ChoiceField(choices=HarmLimb.choices), min_length=1)
    adult = serializers.UUIDField(required=False)
    adult_name = serializers.CharField(max_length=120, default="", allow_blank=True)
    adult_title = serializers.CharField(max_length=80, default="", allow_blank=True)
    followed_restraint = serializers.BooleanField(required=False, allow_null=True, default=None)
    referred_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    referred_reference = serializers.CharField(max_length=80, default="", allow_blank=True)
    action_taken = serializers.CharField(max_length=6000, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("adult") and not (attrs["adult_name"] and attrs["adult_title"]):
            raise serializers.ValidationError({"adult": ["Send adult, or adult_name and adult_title"]})
        return attrs

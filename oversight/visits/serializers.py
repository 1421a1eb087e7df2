"""Visits as JSON: a line of a list, one visit with its report in the caller's version, and what a POST sends."""

from typing import Any

from rest_framework import serializers

from homes.models import Home
from oversight.visits.models import Opinion, Recommendation, SignificantConcern, Visit
from oversight.visits.queries import STANDARDS, ReportVersion


class VisitLine(serializers.ModelSerializer[Visit]):
    """One visit. Opinions and reference are empty where there is no report, or none that the caller may read."""

    home = serializers.SlugRelatedField[Home](slug_field="urn", read_only=True)
    visitor = serializers.CharField(source="visitor.name")
    report = serializers.CharField(source="report.reference", default=None)
    safeguarded = serializers.CharField(source="report.safeguarded", default=None)
    well_being = serializers.CharField(source="report.well_being", default=None)

    class Meta:
        model = Visit
        fields: tuple[str, ...] = (
            "id", "home", "visitor", "visited_on", "announced", "recorded_at", "report", "safeguarded", "well_being",
        )  # fmt: skip


class RecommendationOut(serializers.ModelSerializer[Recommendation]):
    class Meta:
        model = Recommendation
        fields = ("id", "text", "consider_by", "repeats", "closed_at", "answer")


class ConcernOut(serializers.ModelSerializer[SignificantConcern]):
    class Meta:
        model = SignificantConcern
        fields = ("reference", "raised_at", "what", "child_in_danger", "already_told")


class EntryOut(serializers.Serializer[Any]):
    """What one child said, as far as the caller may know it."""

    initials = serializers.CharField()
    words = serializers.CharField()
    symbols = serializers.ListField(child=serializers.CharField())
    about = serializers.CharField()


class FindingOut(serializers.Serializer[Any]):
    title = serializers.CharField()
    text = serializers.CharField()


class ReportOut(serializers.Serializer[ReportVersion]):
    """A report in the caller's version; `whose` names it."""

    reference = serializers.CharField(source="report.reference")
    whose = serializers.CharField()
    filed_at = serializers.DateTimeField(source="report.filed_at")
    safeguarded = serializers.CharField()
    safeguarded_reasons = serializers.CharField(source="report.safeguarded_reasons")
    well_being = serializers.CharField()
    well_being_reasons = serializers.CharField(source="report.well_being_reasons")
    children_living = serializers.IntegerField(source="report.children_living")
    children_seen = serializers.IntegerField(source="report.children_seen")
    children_private = serializers.IntegerField(source="report.children_private")
    staff_private = serializers.IntegerField(source="report.staff_private")
    children = EntryOut(many=True)
    findings = serializers.SerializerMethodField()
    recommendations = RecommendationOut(many=True)
    concerns = ConcernOut(many=True)

    def get_findings(self, version: ReportVersion) -> list[dict[str, str]]:
        return [{"title": title, "text": text} for title, text in version.findings]


class VisitWhole(serializers.Serializer[Any]):
    """One visit with its report, if there is one that the caller may read."""

    visit = VisitLine()
    version = ReportOut(allow_null=True)


class SaidIn(serializers.Serializer[Any]):
    child = serializers.UUIDField()
    words = serializers.CharField(max_length=2000, default="", allow_blank=True)
    symbols = serializers.ListField(child=serializers.CharField(max_length=30), default=list)
    method = serializers.CharField(max_length=16, default="speech")
    share = serializers.BooleanField(default=False)


class RecommendationIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=1000)
    consider_by = serializers.DateField()
    repeats = serializers.UUIDField(required=False, allow_null=True)


class ReportIn(serializers.Serializer[Any]):
    """The report of reg 44(4). findings: number of a quality standard's regulation, `staff` or `records`, to text."""

    safeguarded = serializers.ChoiceField(choices=Opinion.choices)
    safeguarded_reasons = serializers.CharField(max_length=4000)
    well_being = serializers.ChoiceField(choices=Opinion.choices)
    well_being_reasons = serializers.CharField(max_length=4000)
    children_living = serializers.IntegerField(min_value=0, max_value=200)
    children_seen = serializers.IntegerField(min_value=0, max_value=200)
    children_private = serializers.IntegerField(min_value=0, max_value=200)
    staff_private = serializers.IntegerField(min_value=0, max_value=200)
    said = SaidIn(many=True, default=list)
    findings = serializers.DictField(child=serializers.CharField(max_length=4000), default=dict)
    recommendations = RecommendationIn(many=True, default=list)

    def validate_findings(self, findings: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(findings) - {*STANDARDS, "staff", "records"})
        if unknown:
            raise serializers.ValidationError(f"No such finding: {', '.join(unknown)}")
        return findings

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["children_private"] > attrs["children_seen"]:
            raise serializers.ValidationError({"children_private": ["Only children who were seen"]})
        if attrs["children_seen"] > attrs["children_living"]:
            raise serializers.ValidationError({"children_seen": ["More than live there"]})
        return attrs


class VisitIn(serializers.Serializer[Any]):
    """A visit, with its report or without it yet. conflict_note empty: no conflict is declared (reg 43)."""

    home = serializers.CharField(max_length=20, help_text="URN")
    visited_on = serializers.DateField()
    started_at = serializers.TimeField(required=False, allow_null=True)
    ended_at = serializers.TimeField(required=False, allow_null=True)
    announced = serializers.BooleanField()
    conflict_note = serializers.CharField(max_length=1000, default="", allow_blank=True)
    report = ReportIn(required=False, allow_null=True)

"""Records as JSON: what every stream's POST asks alike, and what is given back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

from homes.access import home_or_refuse
from homes.models import Child, Home
from homes.residents import resident_named, residents
from incidents.record.actions import ChildPart
from incidents.record.happening import Happening
from incidents.record.models import Duty, Incident, Involvement

HARM = ("no", "unknown", "harm", "crime")


class HappeningSerializer(serializers.Serializer[Any]):
    """What every stream's record begins with. Moments carry their offset; children are keys, or a name from outside."""

    home = serializers.CharField(max_length=20, help_text="URN")
    occurred_at = serializers.DateTimeField()
    occurred_about = serializers.BooleanField(default=False)
    known_at = serializers.DateTimeField()
    narrative = serializers.CharField(max_length=6000)
    severity = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    children = serializers.ListField(child=serializers.UUIDField(), default=list)
    child_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    harm = serializers.ChoiceField(choices=HARM, default="unknown")


class DutySerializer(serializers.ModelSerializer[Duty]):
    class Meta:
        model = Duty
        fields = ("id", "code", "who", "legal_basis", "without_delay", "due_at", "told_at", "told_reference")


class IncidentLine(serializers.ModelSerializer[Incident]):
    """One record in a list: no narrative, no child."""

    home = serializers.SlugRelatedField[Home](slug_field="urn", read_only=True)

    class Meta:
        model = Incident
        fields: tuple[str, ...] = (
            "id",
            "reference",
            "home",
            "stream",
            "source",
            "occurred_at",
            "occurred_about",
            "known_at",
            "recorded_at",
            "severity",
            "status",
        )


class IncidentWhole(IncidentLine):
    """One record with what its reader may open of it: children whom the reader may see, duties, narrative by marks."""

    children = serializers.SerializerMethodField()
    duties = serializers.SerializerMethodField()

    class Meta(IncidentLine.Meta):
        fields = (*IncidentLine.Meta.fields, "narrative", "children", "duties")

    def get_children(self, incident: Incident) -> list[dict[str, str]]:
        parts = Involvement.objects.filter(incident=incident).order_by("mark")
        return [{"mark": part.mark, "child": str(part.child_id)} for part in parts]

    def get_duties(self, incident: Incident) -> list[dict[str, Any]]:
        duties = Duty.objects.filter(incident=incident).order_by("due_at", "code", "who")
        return [dict(DutySerializer(duty).data) for duty in duties]


class Recorded(serializers.Serializer[Any]):
    """The answer to a POST: the reference, and who must be told by when."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    stream = serializers.CharField()
    home = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    is_referral = serializers.BooleanField(help_text="Always false: recording here tells nobody outside.")
    duties = DutySerializer(many=True)


def happening_of(said: dict[str, Any], *, user: UUID, key: UUID, now: datetime, **more: Any) -> Happening:
    """What was sent as an account of what happened. Raises NotAllowedError or ValidationError."""
    home = home_or_refuse(user, said["home"], now)
    return Happening(
        home=home,
        occurred_at=said["occurred_at"],
        occurred_about=said["occurred_about"],
        known_at=said["known_at"],
        narrative=said["narrative"],
        severity=said.get("severity"),
        children=[ChildPart(child=child) for child in _children(said, home, user, now)],
        harm=said["harm"] in ("harm", "crime"),
        crime=said["harm"] == "crime",
        client_id=key,
        **more,
    )


def _children(said: dict[str, Any], home: Home, user: UUID, now: datetime) -> list[Child]:
    known = {child.pk: child for child in residents(home, user, now)}
    unknown = [str(key) for key in said["children"] if key not in known]
    if unknown:
        raise serializers.ValidationError(
            {"children": [f"No child {key} lives there now" for key in unknown]}
        )
    chosen = [known[key] for key in dict.fromkeys(said["children"])]
    name = said.get("child_name") or ""
    if name and not chosen:
        child = resident_named(home, name, now)
        if child is None:
            raise serializers.ValidationError({"child_name": ["No child of this name lives there now"]})
        chosen = [child]
    return chosen


def recorded(incident: Incident) -> dict[str, Any]:
    """The answer to a POST, as plain JSON."""
    duties = Duty.objects.filter(incident=incident).order_by("due_at", "code", "who")
    return {
        "id": str(incident.pk),
        "reference": incident.reference,
        "stream": str(incident.stream),
        "home": incident.home.urn,
        "recorded_at": incident.recorded_at.isoformat(),
        "is_referral": False,
        "duties": [_plain(dict(DutySerializer(duty).data)) for duty in duties],
    }


def _plain(duty: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if value is None or isinstance(value, bool) else str(value)
        for name, value in duty.items()
    }

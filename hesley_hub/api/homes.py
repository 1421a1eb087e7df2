"""Homes over the API: the list, a home's timeline and its newest assessment, each in the caller's own picture."""

from datetime import date, datetime
from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from events import clock
from events.clock import london_day
from homes.interface.requests import caller
from homes.looking.models import Look
from homes.looking.seen import saw
from homes.models import Home
from homes.roles import Picture
from incidents.record.queries import history_for
from oversight.dashboards.chance import chance_at
from oversight.dashboards.lanes import first_day
from oversight.dashboards.queries import Standpoint, months_of, standpoint, visits_of
from oversight.escalation.models import Alert
from oversight.risk.models import Assessment


class HomeSerializer(serializers.ModelSerializer[Home]):
    provider = serializers.CharField(source="provider.name")
    host_authority = serializers.CharField(source="host_authority.name", default="")

    class Meta:
        model = Home
        fields = ("urn", "name", "provider", "kind", "places", "town", "host_authority")


class HomeList(generics.ListAPIView[Home]):
    """The homes that the caller may open, by URN."""

    serializer_class = HomeSerializer

    def get_queryset(self) -> Any:
        homes = Home.objects.visible_to(caller(self.request), clock.now())
        return homes.select_related("provider", "host_authority").order_by("urn")


class HomeDetail(generics.RetrieveAPIView[Home]):
    """One home; 404 where the caller may not open it."""

    serializer_class = HomeSerializer
    lookup_field = "urn"

    def get_queryset(self) -> Any:
        homes = Home.objects.visible_to(caller(self.request), clock.now())
        return homes.select_related("provider", "host_authority")


class EntrySerializer(serializers.Serializer[dict[str, Any]]):
    """One thing on a home's timeline. kind: record, visit, alert, or month (counts where single records are closed)."""

    kind = serializers.ChoiceField(choices=["record", "visit", "alert", "month"])
    on = serializers.DateField()
    stream = serializers.CharField(required=False)
    reference = serializers.CharField(required=False)
    source = serializers.CharField(required=False)  # type: ignore[assignment]
    severity = serializers.IntegerField(required=False, allow_null=True)
    opinion = serializers.CharField(required=False)
    level = serializers.CharField(required=False)
    pattern = serializers.CharField(required=False)
    told = serializers.IntegerField(required=False)
    outside = serializers.IntegerField(required=False)


class TimelineSerializer(serializers.Serializer[dict[str, Any]]):
    home = serializers.CharField()
    since = serializers.DateField()
    entries = EntrySerializer(many=True)


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """score in nats; an alert is a reason to look, not a finding."""

    home = serializers.CharField(source="home.urn")
    false_alarms = serializers.SerializerMethodField()

    class Meta:
        model = Assessment
        fields = (
            "home", "assessed_on", "engine_version", "parameters", "score", "tier", "pattern", "began_on",
            "explanation", "false_alarms",
        )  # fmt: skip

    def get_false_alarms(self, found: Assessment) -> str:
        return str(self.context["false_alarms"])


def _stand(request: Request, urn: str, now: datetime) -> Standpoint:
    stand = standpoint(caller(request), urn, now)
    if stand is None or not (stand.sees_alerts or stand.picture is Picture.VISITOR):
        raise Http404
    saw(request, what=Look.What.HOME, home=stand.home)
    return stand


class Timeline(APIView):
    """What is known of a home since a day (39 months where none is given), oldest first."""

    @extend_schema(
        responses=TimelineSerializer,
        parameters=[OpenApiParameter("since", OpenApiTypes.DATE, required=False)],
    )
    def get(self, request: Request, urn: str) -> Response:
        now = clock.now()
        stand = _stand(request, urn, now)
        since = _since(request, now)
        entries = [
            *_records(request, stand, since, now),
            *_visits(request, stand, since, now),
            *_alerts(request, stand, since, now),
        ]
        entries.sort(key=lambda entry: (entry["on"], entry["kind"], entry.get("reference", "")))
        body = {"home": urn, "since": since, "entries": entries}
        return Response(TimelineSerializer(body).data)


def _since(request: Request, now: datetime) -> date:
    given = request.query_params.get("since", "")
    if not given:
        return first_day(london_day(now))
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise serializers.ValidationError({"since": ["Write the day like 2026-11-23"]}) from None


def _records(request: Request, stand: Standpoint, since: date, now: datetime) -> list[dict[str, Any]]:
    if stand.picture in (Picture.AUTHORITY, Picture.ICB):
        months = months_of([stand.home.pk], "overseers", since, caller(request), now)[stand.home.pk]
        return [
            {"kind": "month", "on": month, "stream": stream, "told": told, "outside": outside}
            for (month, stream), (told, outside) in months.items()
        ]
    seen = history_for(caller(request), [stand.home.pk], now)
    rows = (row for row in seen if london_day(row.occurred_at) >= since)
    if stand.picture is Picture.PROVIDER:
        rows = (row for row in rows if row.by_provider or row.shared_at)
    return [
        {
            "kind": "record",
            "on": london_day(row.occurred_at),
            "stream": row.stream,
            "reference": row.reference,
            "source": row.source,
            "severity": row.severity,
        }
        for row in rows
    ]


def _visits(request: Request, stand: Standpoint, since: date, now: datetime) -> list[dict[str, Any]]:
    return [
        {"kind": "visit", "on": visit.visited_on, "stream": "reg44", "opinion": visit.opinion}
        for visit in visits_of(stand.home.pk, since, caller(request), now)
    ]


def _alerts(request: Request, stand: Standpoint, since: date, now: datetime) -> list[dict[str, Any]]:
    alerts = Alert.objects.visible_to(caller(request), now).filter(home=stand.home, raised_on__gte=since)
    return [
        {
            "kind": "alert",
            "on": alert.raised_on,
            "reference": alert.reference,
            "level": alert.tier,
            "pattern": alert.pattern,
        }
        for alert in alerts
    ]


class AssessmentView(APIView):
    """The newest assessment of a home in the caller's picture."""

    @extend_schema(responses=AssessmentSerializer)
    def get(self, request: Request, urn: str) -> Response:
        now = clock.now()
        stand = _stand(request, urn, now)
        found = (
            Assessment.objects.visible_to(caller(request), now)
            .filter(home=stand.home, picture=stand.engine_picture)
            .select_related("home")
            .order_by("-as_of")
            .first()
        )
        if found is None or stand.picture is Picture.AUTHORITY:
            raise Http404
        chance = chance_at(stand.home, stand.engine_picture, stand.calibration)
        return Response(AssessmentSerializer(found, context={"false_alarms": chance}).data)

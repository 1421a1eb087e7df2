"""Alerts over the API: the caller's own, and acknowledging one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from events import clock
from homes.access import NotAllowedError
from homes.crossing import CrossedError
from homes.interface.crossed import STATUS
from homes.interface.requests import caller
from homes.looking.models import Look
from homes.looking.seen import saw
from incidents.record import idempotency
from incidents.record.api import KEY
from oversight.escalation.actions import AlreadyAnsweredError, acknowledge
from oversight.escalation.answering import standing
from oversight.escalation.models import Acknowledgement, Alert
from oversight.escalation.queries import alert_or_refuse, to_acknowledge, to_decide


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """An alert is a reason to look, not a finding."""

    id = serializers.CharField(source="reference")
    home = serializers.CharField(source="home.urn", default=None)
    provider = serializers.CharField(source="provider.name")

    class Meta:
        model = Alert
        fields = (
            "id", "scope", "home", "provider", "kind", "pattern", "tier", "state", "raised_on", "began_on", "score",
            "bar",
        )  # fmt: skip


class AcknowledgeSerializer(serializers.Serializer[dict[str, Any]]):
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class AcknowledgementSerializer(serializers.ModelSerializer[Acknowledgement]):
    alert = serializers.CharField(source="alert.reference")
    by = serializers.CharField(source="by.name")
    organisation = serializers.CharField(source="organisation.name")

    class Meta:
        model = Acknowledgement
        fields = ("alert", "by", "organisation", "post", "note", "at")


class AlertList(generics.ListAPIView[Alert]):
    """The caller's alerts, the newest first."""

    serializer_class = AlertSerializer

    def get_queryset(self) -> Any:
        alerts = Alert.objects.visible_to(caller(self.request), clock.now())
        return alerts.select_related("home", "provider").order_by("-opened_at", "reference")


class AlertDetail(generics.RetrieveAPIView[Alert]):
    """One alert by its reference; 404 where the caller may not see it."""

    serializer_class = AlertSerializer
    lookup_field = "reference"
    lookup_url_kwarg = "id"

    def get_queryset(self) -> Any:
        alerts = Alert.objects.visible_to(caller(self.request), clock.now())
        return alerts.select_related("home", "provider")

    def get_object(self) -> Alert:
        alert = super().get_object()
        saw(self.request, what=Look.What.ALERT, subjects=[alert.pk], home=alert.home)
        return alert


class Acknowledge(APIView):
    """Say that you, by name and post, have read an alert. It stops your organisation's branch and closes nothing."""

    @extend_schema(
        request=AcknowledgeSerializer, responses={201: AcknowledgementSerializer}, parameters=[KEY]
    )
    def post(self, request: Request, id: str) -> Response:
        now, user = clock.now(), caller(request)
        key = idempotency.key_of(request.headers)
        given = AcknowledgeSerializer(data=request.data)
        given.is_valid(raise_exception=True)

        def run() -> dict[str, Any]:
            note = given.validated_data.get("note", "")
            return dict(AcknowledgementSerializer(_answer(id, note, user, now)).data)

        body = {"alert": id, "said": request.data}
        try:
            status, answer = idempotency.once(user=user, key=key, body=body, now=now, run=run)
        except NotAllowedError:
            raise Http404 from None
        except CrossedError as problem:
            return Response(_crossed(problem, given.validated_data.get("note", "")), status=STATUS)
        except AlreadyAnsweredError:
            raise serializers.ValidationError(
                {"detail": "The alert has reached a higher level; read it again"}
            ) from None
        return Response(answer, status=status)


def _answer(reference: str, note: str, user: UUID, now: datetime) -> Acknowledgement:
    """Answer for the branch that the person may answer, the soonest due first; else for one answered already."""
    alert = alert_or_refuse(reference, user, now)
    held = standing(alert, user, now)
    branches = to_acknowledge(alert, held) or to_decide(alert, held)
    if not branches:
        raise NotAllowedError("nothing waits for this person's answer")
    return acknowledge(alert=alert, branch=branches[0], note=note, by=user, now=now)


def _crossed(problem: CrossedError, note: str) -> dict[str, Any]:
    """Somebody else of the organisation answered first: both texts."""
    first = problem.standing
    return {
        "detail": "This was answered meanwhile; the first answer stands",
        "now": {"by": first.who, "at": first.when, "note": first.says["note"]},
        "yours": {"note": note},
    }

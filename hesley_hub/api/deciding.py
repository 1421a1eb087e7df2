"""What follows an answer, over the API: deciding on an alert, and closing one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from events import clock
from homes.access import NotAllowedError
from homes.crossing import CrossedError
from homes.interface.crossed import STATUS
from homes.interface.requests import caller
from incidents.record import idempotency
from incidents.record.api import KEY
from oversight.escalation.actions import AlreadyAnsweredError
from oversight.escalation.answering import standing
from oversight.escalation.deciding import actions
from oversight.escalation.deciding.models import Closing, Decision
from oversight.escalation.models import Branch
from oversight.escalation.queries import alert_or_refuse, to_decide

LONGEST = 2000


class DecideSerializer(serializers.Serializer[dict[str, Any]]):
    """An action has its owner and day; no action has none. The reason is always given."""

    acts = serializers.BooleanField()
    reason = serializers.CharField(max_length=LONGEST)
    action = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST)
    owner = serializers.CharField(required=False, default="", allow_blank=True, max_length=120)
    due_on = serializers.DateField(required=False, default=None, allow_null=True)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        named = [name for name in ("action", "owner", "due_on") if given[name]]
        if given["acts"] and len(named) < 3:
            raise serializers.ValidationError("An action needs action, owner and due_on")
        if not given["acts"] and named:
            raise serializers.ValidationError("Without an action, leave action, owner and due_on out")
        return given


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    alert = serializers.CharField(source="alert.reference")
    by = serializers.CharField(source="by.name")
    organisation = serializers.CharField(source="organisation.name")

    class Meta:
        model = Decision
        fields = ("alert", "by", "organisation", "post", "acts", "reason", "action", "owner", "due_on", "at")


class CloseSerializer(serializers.Serializer[dict[str, Any]]):
    reason = serializers.CharField(max_length=LONGEST)


class ClosingSerializer(serializers.ModelSerializer[Closing]):
    """One signature; state says whether it closed the alert."""

    alert = serializers.CharField(source="alert.reference")
    by = serializers.CharField(source="by.name")
    organisation = serializers.CharField(source="organisation.name")
    state = serializers.SerializerMethodField()

    class Meta:
        model = Closing
        fields = ("alert", "by", "organisation", "post", "reason", "at", "state")

    def get_state(self, signed: Closing) -> str:
        signed.alert.refresh_from_db(fields=["state"])
        return str(signed.alert.state)


class Decide(APIView):
    """Record what your organisation decided, once somebody of it has acknowledged. The first decision over the API stands."""

    @extend_schema(request=DecideSerializer, responses={201: DecisionSerializer}, parameters=[KEY])
    def post(self, request: Request, id: str) -> Response:
        _seen(request, id)
        given = DecideSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        decision = actions.NewDecision(**given.validated_data)

        def run(user: UUID, now: datetime) -> dict[str, Any]:
            return dict(DecisionSerializer(_decided(id, decision, user, now)).data)

        return _once(request, id, run)


class Close(APIView):
    """Sign that an alert is closed. At the regulator's tier it closes with a second person's signature."""

    @extend_schema(request=CloseSerializer, responses={201: ClosingSerializer}, parameters=[KEY])
    def post(self, request: Request, id: str) -> Response:
        _seen(request, id)
        given = CloseSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        reason = given.validated_data["reason"]

        def run(user: UUID, now: datetime) -> dict[str, Any]:
            alert = alert_or_refuse(id, user, now)
            return dict(ClosingSerializer(actions.close(alert=alert, reason=reason, by=user, now=now)).data)

        return _once(request, id, run)


def _seen(request: Request, reference: str) -> None:
    """404 before anything of the body is read: what the caller may not see does not exist, whatever they send."""
    user, now = caller(request), clock.now()
    try:
        actions.told_capacity(alert_or_refuse(reference, user, now), user, now)
    except NotAllowedError:
        raise Http404 from None


def _decided(reference: str, decision: actions.NewDecision, user: UUID, now: datetime) -> Decision:
    """Decide on the branch that waits for it, the soonest due first; else on one that is decided."""
    alert = alert_or_refuse(reference, user, now)
    branches = to_decide(alert, standing(alert, user, now))
    if not branches:
        raise actions.NotReadyError("Acknowledge the alert first, and decide while it is open.")
    undecided = [branch for branch in branches if branch.state != Branch.State.DECIDED]
    branch = (undecided or branches)[0]
    return actions.decide(alert=alert, branch=branch, decision=decision, opened="", by=user, now=now)


def _once(request: Request, reference: str, run: Callable[[UUID, datetime], dict[str, Any]]) -> Response:
    """The same key and body give the first answer again; what cannot be done yet is said with status 400."""
    now, user = clock.now(), caller(request)
    key = idempotency.key_of(request.headers)
    body = {"alert": reference, "to": request.path, "said": request.data}
    try:
        status, answer = idempotency.once(user=user, key=key, body=body, now=now, run=lambda: run(user, now))
    except NotAllowedError:
        raise Http404 from None
    except (actions.NotReadyError, AlreadyAnsweredError) as problem:
        raise serializers.ValidationError({"detail": str(problem)}) from None
    except CrossedError as problem:
        first = problem.standing
        now_stands = {"by": first.who, "at": first.when, **first.says}
        detail = {"detail": "Somebody of your organisation decided meanwhile", "now": now_stands}
        return Response(detail | {"yours": request.data}, status=STATUS)
    return Response(answer, status=status)

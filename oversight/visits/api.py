"""Visits over the API: read in the caller's version, recorded with a report by the home's visitor."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from events import clock
from homes.access import NotAllowedError, home_or_refuse
from homes.interface.requests import caller
from homes.looking.models import Look
from homes.looking.seen import saw
from homes.models import Child, Home
from incidents.record import idempotency
from incidents.record.api import HOME, KEY
from oversight.visits import actions, queries
from oversight.visits.actions import ChildSaid, NewRecommendation, NewReport, NewVisit
from oversight.visits.models import Recommendation, Visit
from oversight.visits.serializers import ReportOut, VisitIn, VisitLine, VisitWhole


@extend_schema_view(
    list=extend_schema(parameters=[HOME], responses=VisitLine(many=True)),
    retrieve=extend_schema(responses=VisitWhole),
    create=extend_schema(request=VisitIn, responses={201: VisitWhole}, parameters=[KEY]),
)
class Visits(mixins.ListModelMixin, viewsets.GenericViewSet[Visit]):
    """Visits of the independent person (reg 44), newest first."""

    serializer_class = VisitLine
    queryset = Visit.objects.none()
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    def get_queryset(self) -> QuerySet[Visit]:
        if self.request.user.pk is None:  # the schema is drawn without a caller
            return Visit.objects.none()
        found = Visit.objects.visible_to(self.request.user.pk, clock.now())
        if self.request.query_params.get("home"):
            found = found.filter(home__urn=self.request.query_params["home"])
        return (
            queries.with_reports(found, self.request.user.pk, clock.now())
            .select_related("home", "visitor")
            .order_by("-visited_on", "-id")
        )

    def retrieve(self, request: Request, pk: str) -> Response:
        """One visit with its report, in the caller's version."""
        visit = self.get_object()
        saw(request, what=Look.What.VISIT, subjects=[visit.pk], home=visit.home)
        return Response(_whole(visit, caller(request), clock.now()))

    def create(self, request: Request) -> Response:
        """Record a visit once for each key, with its report where one is sent. 404 for anybody but the visitor."""
        now, user = clock.now(), caller(request)
        key = idempotency.key_of(request.headers)
        form = VisitIn(data=request.data)
        form.is_valid(raise_exception=True)

        def run() -> dict[str, Any]:
            return _recorded(form.validated_data, key=key, by=user, now=now)

        try:
            status, answer = idempotency.once(user=user, key=key, body=request.data, now=now, run=run)
        except NotAllowedError:
            raise Http404 from None
        except ValueError as problem:
            raise ValidationError({"detail": str(problem)}) from None
        return Response(answer, status=status)


def _whole(visit: Visit, viewer: UUID, now: datetime) -> dict[str, Any]:
    report = getattr(visit, "report", None)
    version = queries.version_for(report, viewer, now) if report is not None else None
    return {
        "visit": dict(VisitLine(visit).data),
        "version": dict(ReportOut(version).data) if version else None,
    }


def _recorded(said: dict[str, Any], *, key: UUID, by: UUID, now: datetime) -> dict[str, Any]:
    home = home_or_refuse(by, said["home"], now)
    new = NewVisit(
        home=home,
        visited_on=said["visited_on"],
        started_at=said.get("started_at"),
        ended_at=said.get("ended_at"),
        announced=said["announced"],
        conflict_note=said["conflict_note"],
        client_id=key,
    )
    visit = actions.record_visit(new=new, by=by, now=now)
    if visit.client_id != key:
        raise ValidationError({"visited_on": ["You have recorded a visit on this day already"]})
    if said.get("report"):
        actions.file_report(new=_report(visit, said["report"], by, now), by=by, now=now)
    saved = Visit.objects.select_related("home", "visitor", "report").get(pk=visit.pk)
    answer: dict[str, Any] = _plain(_whole(saved, by, now))
    return answer


def _report(visit: Visit, said: dict[str, Any], by: UUID, now: datetime) -> NewReport:
    plain = {name: said[name] for name in said if name not in ("said", "recommendations")}
    children = {child.pk: child for child in queries.residents(visit.home, by, now)}
    return NewReport(
        visit=visit,
        said=[_child_said(one, children) for one in said["said"]],
        recommendations=[_recommended(one, visit.home) for one in said["recommendations"]],
        **plain,
    )


def _child_said(one: dict[str, Any], children: dict[UUID, Child]) -> ChildSaid:
    if one["child"] not in children:
        raise ValidationError({"said": [f"No child {one['child']} lives there now"]})
    rest = {name: one[name] for name in ("words", "symbols", "method", "share")}
    return ChildSaid(child=children[one["child"]], **rest)


def _recommended(one: dict[str, Any], home: Home) -> NewRecommendation:
    earlier = None
    if one.get("repeats"):
        earlier = Recommendation.objects.filter(pk=one["repeats"], home=home, closed_at__isnull=True).first()
        if earlier is None:
            raise ValidationError({"repeats": ["No open recommendation of this home has this key"]})
    return NewRecommendation(text=one["text"], consider_by=one["consider_by"], repeats=earlier)


def _plain(value: Any) -> Any:
    """The answer as JSON keeps it, so that the first answer can be given again."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)

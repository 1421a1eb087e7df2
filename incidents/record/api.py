"""Records over the API: read everywhere, recorded in the streams that take a POST."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from events import clock
from homes.access import NotAllowedError
from incidents.record import idempotency
from incidents.record.actions import AlreadyRecordedError
from incidents.record.happening import CannotRecordError
from incidents.record.looked import saw_list, saw_record
from incidents.record.models import Incident
from incidents.record.serializers import HappeningSerializer, IncidentLine, IncidentWhole, Recorded, recorded

HOME = OpenApiParameter("home", str, description="URN of one home")
STREAM = OpenApiParameter("stream", str, description="One stream")
KEY = OpenApiParameter(
    idempotency.HEADER, OpenApiTypes.UUID, OpenApiParameter.HEADER, required=True,
    description="A UUID of your own: the same key and body give the first answer again.",
)  # fmt: skip


class Records(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Incident]):
    """Records that the caller may open, newest first."""

    lookup_field = "reference"
    lookup_value_regex = "[^/]+"
    stream: ClassVar[str] = ""
    queryset = Incident.objects.none()

    def get_queryset(self) -> QuerySet[Incident]:
        if self.request.user.pk is None:  # the schema is drawn without a caller
            return Incident.objects.none()
        found = Incident.objects.visible_to(self.request.user.pk, clock.now()).select_related("home")
        wanted = self.request.query_params
        if self.stream or wanted.get("stream"):
            found = found.filter(stream=self.stream or wanted["stream"])
        if wanted.get("home"):
            found = found.filter(home__urn=wanted["home"])
        return found.order_by("-occurred_at", "-id")

    def get_object(self) -> Incident:
        incident = super().get_object()
        saw_record(self.request, incident)
        return incident

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        saw_list(self.request, page or [])
        return page

    def get_serializer_class(self) -> type[BaseSerializer[Incident]]:
        return IncidentWhole if self.action == "retrieve" else IncidentLine


@extend_schema_view(list=extend_schema(parameters=[HOME, STREAM]))
class Incidents(Records):
    """Records of every stream, read only."""


@extend_schema_view(list=extend_schema(parameters=[HOME]))
class StreamRecords(Records):
    """Records of one stream, and the POST that records another."""

    asked: ClassVar[type[HappeningSerializer]] = HappeningSerializer

    def record(self, said: dict[str, Any], *, key: UUID, by: UUID, now: datetime) -> Incident:
        """Record what was sent; each stream says how."""
        raise NotImplementedError

    def create(self, request: Request) -> Response:
        """Record once for each key. 404 where the caller may not record there."""
        now, user = clock.now(), request.user.pk
        if user is None:
            raise Http404
        key = idempotency.key_of(request.headers)
        form = self.asked(data=request.data)
        form.is_valid(raise_exception=True)

        def run() -> dict[str, Any]:
            return recorded(self.record(form.validated_data, key=key, by=user, now=now))

        try:
            status, answer = idempotency.once(user=user, key=key, body=request.data, now=now, run=run)
        except NotAllowedError:
            raise Http404 from None
        except CannotRecordError as problem:
            raise ValidationError({problem.field: [str(problem)]}) from None
        except AlreadyRecordedError:
            raise idempotency.AnotherBody from None
        return Response(answer, status=status)


def posted(asked: type[HappeningSerializer]) -> Any:
    """The words of the OpenAPI document on a stream's POST."""
    return extend_schema_view(
        create=extend_schema(request=asked, responses={201: Recorded}, parameters=[KEY])
    )

"""Counts of children by area over the API: the numbers of the page, null where one is kept back."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from events import clock
from homes.access import current_posts
from homes.interface.requests import caller
from oversight.dashboards.areas import ROLES
from oversight.dashboards.living import BREAKDOWNS, table_of
from oversight.dashboards.small_numbers import NOTE

TABLE = ("rows", "columns", "cells", "row_totals", "column_totals", "total")


class CountsSerializer(serializers.Serializer[dict[str, Any]]):
    """A table of counts; cells[row][column]. null: kept back."""

    by = serializers.ChoiceField(choices=list(BREAKDOWNS))
    rows = serializers.ListField(child=serializers.CharField())
    columns = serializers.ListField(child=serializers.CharField())
    cells = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(allow_null=True))
    )
    row_totals = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    column_totals = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    total = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()


class ChildrenByArea(APIView):
    """Children living in homes by area and one characteristic, for the regulator; 404 for everybody else."""

    @extend_schema(
        responses=CountsSerializer,
        parameters=[OpenApiParameter("by", str, enum=list(BREAKDOWNS), required=False)],
    )
    def get(self, request: Request) -> Response:
        now, viewer = clock.now(), caller(request)
        if not any(post.role in ROLES for post in current_posts(viewer, now)):
            raise Http404
        by = request.query_params.get("by", "miles")
        if by not in BREAKDOWNS:
            raise serializers.ValidationError({"by": [f"One of {', '.join(BREAKDOWNS)}"]})
        table = table_of(viewer, by, now)
        body = {name: getattr(table, name, None if name == "total" else []) for name in TABLE}
        return Response(CountsSerializer({"by": by, "note": NOTE, **body}).data)

"""What children of several homes said last: for those who answer for children wherever they live."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from voice.heard.models import View
from voice.heard.queries import Said, said_as


def latest_of(children: Sequence[UUID], viewer: UUID, now: datetime, limit: int = 3) -> list[Said]:
    """The newest views of these children that the viewer may read. Two queries."""
    views = View.objects.visible_to(viewer, now).filter(child_id__in=children, said_at__lte=now)
    views = views.select_related("child").prefetch_related("done").order_by("-said_at", "-id")
    return said_as(views[:limit])


def last_heard_of(children: Sequence[UUID], viewer: UUID, now: datetime) -> dict[UUID, tuple[datetime, bool]]:
    """For each of these children who was heard: when last, and whether only ever by staff. One query."""
    rows = (
        View.objects.visible_to(viewer, now)
        .filter(child_id__in=children, said_at__lte=now)
        .values("child_id")
        .annotate(last=Max("said_at"), outside=Max("said_at", filter=Q(heard_from_outside=True)))
    )
    return {row["child_id"]: (row["last"], row["outside"] is None) for row in rows}

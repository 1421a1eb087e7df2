"""What a page behind a link shows, and what was answered by link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from oversight.escalation.by_link.models import LinkAnswer
from oversight.escalation.models import Alert


@dataclass(frozen=True)
class Asked:
    """What whoever holds the link is asked: for which organisation, by when. used: the link has been used."""

    reference: str
    organisation: str
    due_at: datetime
    waiting: bool
    used: bool


def asked(delivery: UUID) -> Asked | None:
    """What the link of this e-mail asks; None where there is no such e-mail."""
    with connection.cursor() as cursor:
        cursor.execute("select * from oversight_asked_by_link(%s)", [delivery])
        row = cursor.fetchone()
    return Asked(*row) if row else None


def answers_by_link(alert: Alert) -> Sequence[LinkAnswer]:
    """Answers by link to an alert that its reader may open, oldest first. One query."""
    found = LinkAnswer.objects.filter(alert=alert).select_related("delivery__organisation")
    return list(found.order_by("at", "id"))

"""What was sent about an alert, to whom, when, with what result."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oversight.escalation.models import Alert, Attempt, Delivery


@dataclass(frozen=True)
class Mail:
    """One e-mail. at: when it was handed over, else since when it is owed; tries: how often it was tried."""

    organisation: str
    address: str
    subject: str
    at: datetime
    result: str
    failed: bool
    tries: int


def mails_of(alert: Alert) -> list[Mail]:
    """Every e-mail of the alert, the newest first. Two queries."""
    attempts: dict[UUID, list[str]] = defaultdict(list)
    tried = Attempt.objects.filter(delivery__alert=alert).order_by("number")
    for key, result in tried.values_list("delivery_id", "result"):
        attempts[key].append(result)
    deliveries = Delivery.objects.filter(alert=alert).select_related("organisation")
    return [_mail(one, attempts[one.pk]) for one in deliveries.order_by("-owed_since", "-id")]


def _mail(delivery: Delivery, results: list[str]) -> Mail:
    return Mail(
        organisation=delivery.organisation.name if delivery.organisation else "",
        address=delivery.address,
        subject=delivery.subject,
        at=delivery.sent_at or delivery.owed_since,
        result=_words(delivery, next((result for result in reversed(results) if result), "")),
        failed=delivery.state in (Delivery.State.DEAD, Delivery.State.BOUNCED),
        tries=len(results),
    )


def _words(delivery: Delivery, last: str) -> str:
    """Of what a stranger's server wrote in a report only its code is shown."""
    if delivery.state == Delivery.State.SENT:
        return "Taken by the mail server"
    if delivery.state == Delivery.State.BOUNCED:
        return f"Came back ({delivery.bounce.split(' ')[0]})"
    if delivery.state == Delivery.State.DEAD:
        return f"Given up: {last}" if last else "Given up"
    return f"To be sent again: {last}" if last else "To be sent"

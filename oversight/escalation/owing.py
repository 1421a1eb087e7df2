"""Owing an e-mail about a step; what one assessment owes to one mailbox leaves in one e-mail, and waits for nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from django.db import transaction

from events import outbox, prompting
from events.identity import new_id
from oversight.escalation.channels.email.wording import message_id
from oversight.escalation.models import Delivery, Step

DELIVER = "oversight.tasks.deliver"
#: So many alerts fill an e-mail; the next one begins another.
MOST = 20
_Mailboxes = dict[tuple[str, UUID], list[UUID]]
_together: ContextVar[_Mailboxes | None] = ContextVar("together", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Inside one transaction: e-mails owed here to the same mailbox of an organisation are carried by the first."""
    if _together.get() is not None:
        yield
        return
    token = _together.set({})
    try:
        yield
    finally:
        _together.reset(token)


def prompt_delivery() -> None:
    """Ask a worker to deliver once this transaction has committed."""
    if outbox.prompts.get():
        transaction.on_commit(lambda: prompting.prompt(DELIVER))


def owe(*, step: Step, address: str, subject: str, body: str, now: datetime) -> Delivery:
    """Owe one e-mail about a step. Its row stands for itself, whichever e-mail carries it."""
    key = new_id()
    return Delivery.objects.create(
        id=key,
        step=step,
        alert_id=step.alert_id,
        organisation_id=step.organisation_id,
        address=address,
        subject=subject,
        body=body,
        message_id=message_id(key),
        carried_by_id=_carrier(address, step.organisation_id, key),
        owed_since=now,
    )


def _carrier(address: str, organisation: UUID, key: UUID) -> UUID | None:
    mailboxes = _together.get()
    if mailboxes is None:
        return None
    same = mailboxes.setdefault((address.lower(), organisation), [])
    if len(same) == MOST:
        same.clear()
    same.append(key)
    return same[0] if len(same) > 1 else None

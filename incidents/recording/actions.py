"""Keeping a draft while somebody types, and turning it into a record once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from events.identity import new_id
from homes.crossing import CrossedError, Standing, page_to_write, without_seal
from homes.models import Home
from incidents.record.actions import AlreadyRecordedError
from incidents.record.marks import moved
from incidents.record.models import Draft, Incident

CHILDREN = "children"


@transaction.atomic
def start_draft(
    *,
    home: Home,
    form: str,
    answers: Mapping[str, Any],
    by: UUID,
    now: datetime,
    client_id: UUID | None = None,
) -> Draft:
    """Begin a draft, which only its author ever sees. The same client_id again gives the first draft."""
    draft = Draft(
        id=client_id or new_id(),
        home=home,
        user_id=by,
        form=form,
        answers=dict(answers),
        started_at=now,
        saved_at=now,
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        return Draft.objects.get(pk=draft.pk, user_id=by)
    return draft


@transaction.atomic
def save_step(*, draft: Draft, step: str, typed: Mapping[str, list[str]], now: datetime) -> None:
    """Keep what was typed on one page, whole and unchecked. A draft that was sent stays as it is.

    Children keep the marks they had: new ones come after, and marks in the texts follow their children. Raises
    CrossedError where another open page of the same draft wrote there since.
    """
    row = Draft.objects.select_for_update().get(pk=draft.pk)
    if row.sent_at:
        return
    page_to_write(row.answers.get(step, {}), typed, when=row.saved_at)
    page = {name: list(texts) for name, texts in typed.items()}
    answers = dict(row.answers)
    if CHILDREN in page and step in answers:
        before = list(answers[step].get(CHILDREN, []))
        after = [key for key in before if key in page[CHILDREN]]
        after += [key for key in page[CHILDREN] if key not in before]
        page[CHILDREN] = after
        if after[: len(before)] != before:
            answers = {key: _moved(texts, before, after) for key, texts in answers.items()}
    answers[step] = page
    row.answers, row.saved_at = answers, now
    row.save(update_fields=["answers", "saved_at"])
    draft.answers, draft.saved_at = answers, now


def _moved(page: Mapping[str, list[str]], before: list[str], after: list[str]) -> dict[str, list[str]]:
    return {name: [moved(text, before, after) for text in texts] for name, texts in page.items()}


@transaction.atomic
def send(*, draft: Draft, record: Callable[[UUID], Incident], opened: str, now: datetime) -> Draft:
    """Make the draft a record, once: sent again, the first record stands. What was typed is emptied then.

    ``record`` gets the key that makes the same draft the same record. opened: the seal of the answers that were
    checked; raises CrossedError where they changed on another page since.
    """
    row = Draft.objects.select_for_update().get(pk=draft.pk)
    if row.sent_at:
        return row
    if checked(row).seal != opened:
        raise CrossedError(checked(row))
    try:
        incident = record(row.pk)
    except AlreadyRecordedError:
        incident = Incident.objects.get(client_id=row.pk)
    row.answers = {"receipt": {"reference": incident.reference}}
    row.became, row.sent_at, row.saved_at = incident.pk, now, now
    row.save(update_fields=["answers", "became", "sent_at", "saved_at"])
    return row


def checked(draft: Draft) -> Standing:
    """All that a draft says, for the page on which it is checked before it is sent."""
    return Standing({step: without_seal(page) for step, page in draft.answers.items()}, when=draft.saved_at)

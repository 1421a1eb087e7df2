"""Giving and withdrawing a consent, and naming the board that answers for a child's health: each with its event."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from events import outbox
from homes.access import NotAllowedError
from homes.consents import queries
from homes.consents.facts import CaseConsentGiven, CaseConsentWithdrawn, ResponsibleBoardNamed
from homes.models import CaseConsent, Child, Organisation, Placement, ResponsibleBoard
from homes.roles import Kind


class AlreadyGivenError(Exception):
    """This consent stands already for this placement."""


@transaction.atomic
def give_consent(
    *, placement: Placement, whose: str, spoken_by: str, how: str = "", by: UUID, now: datetime
) -> CaseConsent:
    """Record that the child, or the placing authority, agrees that the visitor reads the child's case record.

    Raises NotAllowedError unless ``by`` may record this side's consent for a placement that lasts; AlreadyGivenError
    where it stands; ValueError where nobody is said to have spoken.
    """
    if not spoken_by.strip():
        raise ValueError("say who consented")
    lasts = Placement.objects.in_force(now).filter(pk=placement.pk).exists()
    if not lasts or not queries.may_record(by, placement, whose, now):
        raise NotAllowedError("may not record this consent")
    consent = CaseConsent(
        placement=placement,
        whose=whose,
        spoken_by=spoken_by.strip(),
        how=how.strip(),
        given_at=now,
        recorded_by_id=by,
    )
    try:
        with transaction.atomic():
            consent.save(force_insert=True)
    except IntegrityError as problem:
        raise AlreadyGivenError from problem
    outbox.record(CaseConsentGiven(home_id=placement.home_id, consent_id=consent.pk), by=by, now=now)
    return consent


@transaction.atomic
def withdraw_consent(*, consent: CaseConsent, why: str = "", by: UUID, now: datetime) -> None:
    """End a consent: from this moment the visitor reads the case record no more. Withdrawing twice changes nothing.

    Raises NotAllowedError unless ``by`` may record this side's consent.
    """
    if not queries.may_record(by, consent.placement, consent.whose, now):
        raise NotAllowedError("may not withdraw this consent")
    changed = CaseConsent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=now, withdrawn_by_id=by, withdrawn_why=why.strip()
    )
    if changed:
        fact = CaseConsentWithdrawn(home_id=consent.placement.home_id, consent_id=consent.pk)
        outbox.record(fact, by=by, now=now)


@transaction.atomic
def name_board(*, child: Child, board: Organisation, by: UUID, now: datetime) -> ResponsibleBoard:
    """Record which board is the responsible commissioner of the child's health care; the one before ends now.

    Raises NotAllowedError unless ``by`` speaks for whoever placed the child, ValueError where it is no board.
    """
    if board.kind != Kind.ICB:
        raise ValueError("only an integrated care board answers for a child's health")
    if not queries.may_name_board(by, child, now):
        raise NotAllowedError("may not say who answers for this child's health")
    standing = queries.responsible_board(child, now)
    if standing is not None and standing.board_id == board.pk:
        return standing
    ResponsibleBoard.objects.filter(child=child, ends_at__isnull=True, starts_at__lt=now).update(ends_at=now)
    named = ResponsibleBoard(child=child, board=board, starts_at=now, recorded_by_id=by)
    named.save(force_insert=True)
    outbox.record(ResponsibleBoardNamed(responsibility_id=named.pk), by=by, now=now)
    return named

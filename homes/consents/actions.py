"""Giving and withdrawing a consent, and naming the board that answers for a child's health: each with its event."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from events import outbox
from homes.access import NotAllowedError
from homes.consents import queries
from homes.consents.facts import CaseConsentGiven, CaseConsentWithdrawn, ResponsibleBoardNamed
from homes.crossing import CrossedError, Standing, to_write, to_write_once
from homes.models import CaseConsent, Child, Organisation, Placement, ResponsibleBoard
from homes.roles import Kind


@transaction.atomic
def give_consent(
    *, placement: Placement, whose: str, spoken_by: str, how: str = "", by: UUID, now: datetime
) -> CaseConsent:
    """Record that the child, or the placing authority, agrees that the visitor reads the child's case record.

    Sent twice, the first stands. Raises NotAllowedError unless ``by`` may record this side's consent for a placement
    that lasts; CrossedError where it was recorded before in other words; ValueError where nobody is said to have spoken.
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
    except IntegrityError:
        return _first(consent)
    outbox.record(CaseConsentGiven(home_id=placement.home_id, consent_id=consent.pk), by=by, now=now)
    return consent


def _first(consent: CaseConsent) -> CaseConsent:
    """The consent that was recorded before this one, if it says the same."""
    first = CaseConsent.objects.select_related("recorded_by").get(
        placement=consent.placement, whose=consent.whose, withdrawn_at__isnull=True
    )
    said = {"spoken_by": first.spoken_by, "how": first.how}
    stands = Standing(said, first.recorded_by.name, first.given_at)
    to_write_once(stands, {"spoken_by": consent.spoken_by, "how": consent.how})
    return first


@transaction.atomic
def withdraw_consent(*, consent: CaseConsent, why: str = "", by: UUID, now: datetime) -> None:
    """End a consent: from this moment the visitor reads the case record no more. Withdrawing twice changes nothing.

    Raises NotAllowedError unless ``by`` may record this side's consent, CrossedError where somebody withdrew it before
    for another reason.
    """
    if not queries.may_record(by, consent.placement, consent.whose, now):
        raise NotAllowedError("may not withdraw this consent")
    # Only an open consent can be locked; whoever waited for one that has ended meanwhile reads it as it is.
    held = CaseConsent.objects.select_for_update().filter(pk=consent.pk).first()
    row = held or CaseConsent.objects.get(pk=consent.pk)
    who = row.withdrawn_by.name if row.withdrawn_by else ""
    stands = Standing(
        {"withdrawn": row.withdrawn_at is not None, "why": row.withdrawn_why}, who, row.withdrawn_at
    )
    if not to_write_once(stands, {"withdrawn": True, "why": why.strip()}):
        return
    CaseConsent.objects.filter(pk=consent.pk).update(
        withdrawn_at=now, withdrawn_by_id=by, withdrawn_why=why.strip()
    )
    fact = CaseConsentWithdrawn(home_id=consent.placement.home_id, consent_id=consent.pk)
    outbox.record(fact, by=by, now=now)


@transaction.atomic
def name_board(
    *, child: Child, board: Organisation, opened: str, by: UUID, now: datetime
) -> ResponsibleBoard:
    """Record which board is the responsible commissioner of the child's health care; the one before ends now.

    opened: the seal of the board that ``by`` saw. Raises NotAllowedError unless ``by`` speaks for whoever placed the
    child, CrossedError where somebody named another board since, ValueError where it is no board.
    """
    if board.kind != Kind.ICB:
        raise ValueError("only an integrated care board answers for a child's health")
    if not queries.may_name_board(by, child, now):
        raise NotAllowedError("may not say who answers for this child's health")
    standing = ResponsibleBoard.objects.select_for_update().filter(child=child, ends_at__isnull=True).first()
    wanted = {"board": str(board.pk)}
    if not to_write(queries.board_said(standing), wanted, opened=opened) and standing is not None:
        return standing
    ResponsibleBoard.objects.filter(child=child, ends_at__isnull=True, starts_at__lt=now).update(ends_at=now)
    named = ResponsibleBoard(child=child, board=board, starts_at=now, recorded_by_id=by)
    try:
        with transaction.atomic():
            named.save(force_insert=True)
    except IntegrityError as problem:  # somebody named the first board in the same moment
        raise CrossedError(queries.board_said(queries.board_named(child))) from problem
    outbox.record(ResponsibleBoardNamed(responsibility_id=named.pk), by=by, now=now)
    return named

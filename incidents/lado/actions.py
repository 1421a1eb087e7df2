"""Recording a LADO referral and what came of it. Recording here is not a referral."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from events import outbox
from homes import crossing
from homes.access import NotAllowedError
from homes.actions import add_adult, add_worker
from homes.crossing import CrossedError, Standing
from homes.models import Adult, Home
from incidents.lado.facts import IncidentCleared
from incidents.lado.models import HarmLimb, LadoDetails, LadoOutcome, Outcome
from incidents.record.actions import DutyOwed, save_record, share_with_provider, withdraw
from incidents.record.duties import Circumstances, owed
from incidents.record.happening import CannotRecordError, Happening
from incidents.record.models import Incident, Stream
from incidents.record.rights import author, may_decide_outcome, must

#: Outcomes that take a record out of the counts from the day they are known.
CLEARED = frozenset({Outcome.FALSE, Outcome.MALICIOUS})


@dataclass(frozen=True, kw_only=True)
class Referral:
    """One referral about one adult of concern (the first of happening.adults), by limbs of the harm threshold."""

    happening: Happening
    limbs: Sequence[str]
    referred_at: datetime | None = None
    referred_reference: str = ""
    followed_restraint: bool | None = None
    action_taken: str = ""


def duties_of(referral: Referral, *, by_provider: bool) -> list[DutyOwed]:
    """Who must be told of it."""
    happened = referral.happening
    return owed(
        Circumstances(
            home=happened.home,
            stream=Stream.LADO,
            known_at=happened.known_at,
            by_provider=by_provider,
            children=[part.child for part in happened.children],
            harm=True,
            crime=happened.crime or HarmLimb.OFFENCE in referral.limbs,
        )
    )


def record_referral(*, referral: Referral, by: UUID, now: datetime) -> Incident:
    """Record it with its duties. Raises NotAllowedError, CannotRecordError or AlreadyRecordedError."""
    happened = referral.happening
    who = author(by, happened.home, Stream.LADO, now)
    happened.check(now)
    if not referral.limbs or not set(referral.limbs) <= set(HarmLimb.values):
        raise CannotRecordError("limbs", "Choose what the person may have done")
    if len(happened.adults) != 1:
        raise CannotRecordError("adult", "Choose one person; record each person apart")
    return save_record(
        new=happened.as_record(Stream.LADO, who),
        details=lambda incident: LadoDetails(
            incident=incident,
            limbs=list(referral.limbs),
            referred_at=referral.referred_at,
            referred_reference=referral.referred_reference,
            followed_restraint=referral.followed_restraint,
            action_taken=referral.action_taken,
        ),
        duties=duties_of(referral, by_provider=who.by_provider),
        by=by,
        now=now,
    )


def name_adult(*, home: Home, name: str, title: str, is_agency: bool, by: UUID, now: datetime) -> Adult:
    """Add the adult of concern who is not on the home's list; from outside, without telling the home."""
    if author(by, home, Stream.LADO, now).by_provider:
        return add_worker(home=home, name=name, title=title, is_agency=is_agency, now=now)
    return add_adult(name=name)


@transaction.atomic
def record_outcome(*, incident: Incident, outcome: str, by: UUID, now: datetime) -> None:
    """The LADO's finding on the referral. False and malicious take it out of the counts of those outside from ``now``.

    The home learns of it when it is sent. The first finding stands: raises CrossedError where there is another.
    """
    must(may_decide_outcome(by, incident, now), "decide the outcome of this referral")
    if outcome not in Outcome.values:
        raise CannotRecordError("outcome", "Choose the outcome")
    clears = outcome in CLEARED
    try:
        with transaction.atomic():
            LadoOutcome(
                incident=incident,
                home_id=incident.home_id,
                outcome=outcome,
                decided_at=now,
                decided_by_id=by,
                cleared_at=now if clears else None,
            ).save(force_insert=True)
    except IntegrityError:
        row = LadoOutcome.objects.select_related("decided_by").get(incident=incident)
        stands = Standing({"outcome": row.outcome}, row.decided_by.name, row.decided_at)
        crossing.to_write_once(stands, {"outcome": outcome})
        return
    if clears:
        outbox.record(IncidentCleared(home_id=incident.home_id, incident_id=incident.pk), by=by, now=now)


@transaction.atomic
def send_outcome_to_home(*, incident: Incident, by: UUID, now: datetime) -> None:
    """Send the home the outcome: from then on the referral is shared with the provider, and out of its counts too."""
    must(may_decide_outcome(by, incident, now), "send the outcome of this referral")
    waiting = LadoOutcome.objects.filter(incident=incident, sent_home_at__isnull=True)
    found = waiting.first()
    if found is None or not waiting.update(sent_home_at=now):
        raise NotAllowedError("there is no outcome to send")
    # Shared before for another reason: the home can read it, which is what matters here.
    with suppress(CrossedError):
        share_with_provider(incident=incident, why="The LADO sent the home the outcome", by=by, now=now)
    if found.cleared_at:
        withdraw(incident=incident, why=f"LADO outcome: {found.outcome}", by=by, now=now)

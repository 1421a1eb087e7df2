"""A record that arrives, is shared or withdrawn changes the standing of its home, and then of its provider."""

from datetime import datetime
from uuid import UUID

from events.clock import london_day
from events.registry import Fact
from incidents.lado.facts import IncidentCleared
from incidents.record import finding
from incidents.record.facts import IncidentRecorded, IncidentShared, IncidentWithdrawn
from oversight.risk import actions, past
from oversight.risk.facts import HomeAssessed
from oversight.visits.facts import VisitReportFiled


def assess_home_on_incident(fact: IncidentRecorded, *, now: datetime) -> None:
    _assess(fact, now, provider_too=finding.provider_knows(fact.incident_id))


def assess_home_on_sharing(fact: IncidentShared, *, now: datetime) -> None:
    _assess(fact, now)


def assess_home_on_withdrawal(fact: IncidentWithdrawn, *, now: datetime) -> None:
    _assess(fact, now, provider_too=finding.provider_knows(fact.incident_id))


def assess_home_on_clearing(fact: IncidentCleared, *, now: datetime) -> None:
    _assess(fact, now, provider_too=False)


def assess_home_on_report(fact: VisitReportFiled, *, now: datetime) -> None:
    _assess(fact, now)


def assess_provider_on_home(fact: HomeAssessed, *, now: datetime) -> None:
    if not past.loading():
        day = london_day(now)
        actions.assess_provider(provider=fact.provider_id, day=day, now=now, provider_too=fact.provider_too)


def _assess(fact: Fact, now: datetime, *, provider_too: bool = True) -> None:
    if not past.loading():
        actions.assess_home(home=_home_of(fact), day=london_day(now), now=now, provider_too=provider_too)


def _home_of(fact: Fact) -> UUID:
    if fact.home_id is None:
        raise ValueError(f"{fact.kind} names no home")
    return fact.home_id

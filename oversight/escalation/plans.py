"""The plan of an escalation: which organisations are told, kept as JSON on the escalation from its first moment.

Shape: {"version": 1, "hours": 4, "working_days": 0, "branches": [{"organisation": key, "audience": "regulator",
"answered_by": ["inspector"], "rungs": [{"desk": "duty", "words": "your duty desk", "also": []}]}]}
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import Q

from homes.models import Home, Organisation, Placement, Post
from homes.roles import Kind
from incidents.record.finding import FoundRecord
from oversight.escalation.ladders import ANSWER_WITHIN, LADDERS, VERSION, Audience, Clock, Ladder, Rung
from oversight.escalation.models import Alert, Tier


@dataclass(frozen=True)
class BranchPlan:
    """One organisation's ladder as planned; desk is the first rung's."""

    organisation_id: UUID
    audience: Audience
    rungs: tuple[Rung, ...]
    answered_by: tuple[str, ...]

    @property
    def desk(self) -> str:
        return self.rungs[0].desk

    def from_rung(self, after: str | None) -> list[Rung]:
        """Every rung once, beginning with the one after desk ``after``; after the last comes the first."""
        desks = [rung.desk for rung in self.rungs]
        start = (desks.index(after) + 1) % len(desks) if after in desks else 0
        return [*self.rungs[start:], *self.rungs[:start]]

    def as_json(self) -> dict[str, Any]:
        return {
            "organisation": str(self.organisation_id),
            "audience": self.audience.value,
            "answered_by": list(self.answered_by),
            "rungs": [
                {"desk": rung.desk, "words": rung.words, "also": list(rung.also)} for rung in self.rungs
            ],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        rungs = tuple(Rung(rung["desk"], rung["words"], tuple(rung["also"])) for rung in data["rungs"])
        return cls(UUID(data["organisation"]), Audience(data["audience"]), rungs, tuple(data["answered_by"]))


@dataclass(frozen=True)
class Plan:
    """All branches of one escalation and the clock they share."""

    clock: Clock
    branches: tuple[BranchPlan, ...]

    def branch(self, organisation: UUID, desk: str) -> BranchPlan:
        """The plan of one branch. Raises LookupError where the escalation has none such."""
        for branch in self.branches:
            if (branch.organisation_id, branch.desk) == (organisation, desk):
                return branch
        raise LookupError(f"no branch for desk {desk}")

    def as_json(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "hours": self.clock.hours,
            "working_days": self.clock.working_days,
            "branches": [branch.as_json() for branch in self.branches],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        clock = Clock(hours=data["hours"], working_days=data["working_days"])
        return cls(clock, tuple(BranchPlan.from_json(branch) for branch in data["branches"]))


def make(alert: Alert, tier: str, evidence: Sequence[FoundRecord], now: datetime) -> Plan:
    """Who is told when this alert reaches ``tier`` at ``now``. An alert that skips the provider on the provider's
    own picture has no branch: a person tells the provider.
    """
    if alert.skips_provider and alert.picture == "provider":
        return Plan(ANSWER_WITHIN[Tier(tier)], ())
    homes = homes_of(alert)
    branches: list[BranchPlan] = []
    for ladder in LADDERS[alert.picture, Tier(tier)]:
        for organisation in _organisations(ladder, alert, homes, evidence, now):
            branches.append(BranchPlan(organisation, ladder.audience, ladder.rungs, ladder.answered_by))
    return Plan(ANSWER_WITHIN[Tier(tier)], tuple(branches))


def homes_of(alert: Alert) -> list[Home]:
    """The home of an alert, or every home of its provider."""
    return [alert.home] if alert.home else list(Home.objects.filter(provider_id=alert.provider_id))


def _organisations(
    ladder: Ladder, alert: Alert, homes: Sequence[Home], evidence: Sequence[FoundRecord], now: datetime
) -> list[UUID]:
    hosts = sorted({home.host_authority_id for home in homes if home.host_authority_id})
    match ladder.audience:
        case Audience.PROVIDER:
            return [alert.provider_id]
        case Audience.PLACING:
            return _placing(homes, evidence, now)
        case Audience.HOST:
            return hosts
        case Audience.LADO:
            adult = any(record.concerns_adult or record.stream == "lado" for record in evidence)
            return hosts if adult else []
        case Audience.ICB:
            hospital = any(record.stream == "hospital" for record in evidence)
            return sorted({home.icb_id for home in homes if home.icb_id}) if hospital else []
        case Audience.REGULATOR:
            return _regulators(now)


def _placing(homes: Sequence[Home], evidence: Sequence[FoundRecord], now: datetime) -> list[UUID]:
    """Authorities with a child there now, and those of the children whom a record behind the alert is about.

    A placement ends with a child's death; the authority that placed the child is told of it all the same.
    """
    there = Q(starts_at__lte=now) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    for record in evidence:
        if record.detail and record.children:
            then = Q(starts_at__lte=record.occurred_at) & (
                Q(ends_at__isnull=True) | Q(ends_at__gte=record.occurred_at)
            )
            there |= Q(child_id__in=record.children) & then
    rows = Placement.objects.filter(there, home__in=[home.pk for home in homes])
    return sorted(set(rows.values_list("placing_authority_id", flat=True)))


def _regulators(now: datetime) -> list[UUID]:
    """Regulators with somebody in post who answers; where none has, every regulator."""
    regulators = Organisation.objects.filter(kind=Kind.REGULATOR)
    posts = Post.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now), role="inspector", starts_at__lte=now
    )
    answering = regulators.filter(pk__in=posts.values("organisation_id"))
    return sorted((answering or regulators).values_list("pk", flat=True))

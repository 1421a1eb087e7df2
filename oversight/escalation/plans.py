"""The plan of an escalation: which organisations are told, kept as JSON on the escalation from its first moment.

Shape: {"version": 2, "hours": 4, "working_days": 0, "decide": {"hours": 0, "working_days": 1}, "branches":
[{"organisation": key, "audience": "regulator", "answered_by": ["inspector"], "rungs": [{"desk": "duty", "mailbox":
"duty", "words": "your duty desk", "also": [], "organisation": key, "answered_by": ["inspector"]}]}]}
A rung names the organisation whose desk it is, and who may answer there.
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
from oversight.escalation.ladders import VERSION, Audience, Clock, Ladder, policy_for
from oversight.escalation.models import Alert


@dataclass(frozen=True)
class PlannedRung:
    """A rung with the organisation whose desk it is, and the posts there that may answer."""

    desk: str
    words: str
    organisation_id: UUID
    mailbox: str
    also: tuple[str, ...]
    answered_by: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "desk": self.desk,
            "words": self.words,
            "organisation": str(self.organisation_id),
            "mailbox": self.mailbox,
            "also": list(self.also),
            "answered_by": list(self.answered_by),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            data["desk"],
            data["words"],
            UUID(data["organisation"]),
            data["mailbox"],
            tuple(data["also"]),
            tuple(data["answered_by"]),
        )


@dataclass(frozen=True)
class BranchPlan:
    """One organisation's ladder as planned; desk is the first rung's."""

    organisation_id: UUID
    audience: Audience
    rungs: tuple[PlannedRung, ...]
    answered_by: tuple[str, ...]

    @classmethod
    def of(cls, ladder: Ladder, organisation: UUID, regulator: UUID | None) -> Self:
        """The ladder of one organisation. A rung at the regulator is left out where there is none."""
        rungs = []
        for rung in ladder.rungs:
            where = organisation if rung.of is None else regulator
            if where is not None:
                answered_by = rung.answered_by or ladder.answered_by
                rungs.append(
                    PlannedRung(
                        rung.desk, rung.words, where, rung.mailbox or rung.desk, rung.also, answered_by
                    )
                )
        return cls(organisation, ladder.audience, tuple(rungs), ladder.answered_by)

    @property
    def desk(self) -> str:
        return self.rungs[0].desk

    def from_rung(self, after: str | None) -> list[PlannedRung]:
        """Every rung once, beginning with the one after desk ``after``; after the last comes the first."""
        desks = [rung.desk for rung in self.rungs]
        start = (desks.index(after) + 1) % len(desks) if after in desks else 0
        return [*self.rungs[start:], *self.rungs[:start]]

    def as_json(self) -> dict[str, Any]:
        return {
            "organisation": str(self.organisation_id),
            "audience": self.audience.value,
            "answered_by": list(self.answered_by),
            "rungs": [rung.as_json() for rung in self.rungs],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        rungs = tuple(PlannedRung.from_json(rung) for rung in data["rungs"])
        return cls(UUID(data["organisation"]), Audience(data["audience"]), rungs, tuple(data["answered_by"]))


@dataclass(frozen=True)
class Plan:
    """All branches of one escalation and the two clocks they share: to answer, and then to decide."""

    clock: Clock
    decide: Clock
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
            **_clock_json(self.clock),
            "decide": _clock_json(self.decide),
            "branches": [branch.as_json() for branch in self.branches],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        branches = tuple(BranchPlan.from_json(branch) for branch in data["branches"])
        return cls(_clock(data), _clock(data["decide"]), branches)


def _clock_json(clock: Clock) -> dict[str, int]:
    return {"hours": clock.hours, "working_days": clock.working_days}


def _clock(data: dict[str, Any]) -> Clock:
    return Clock(hours=data["hours"], working_days=data["working_days"])


def make(alert: Alert, tier: str, evidence: Sequence[FoundRecord], now: datetime) -> Plan:
    """Who is told when this alert reaches ``tier`` at ``now``. An alert that skips the provider on the provider's
    own picture has no branch: a person tells the provider.
    """
    policy = policy_for(alert.picture, tier, alert.kind)
    branches: list[BranchPlan] = []
    if not (alert.skips_provider and alert.picture == "provider"):
        homes = homes_of(alert)
        regulator = next(iter(_regulators(now)), None)
        for ladder in policy.ladders:
            for organisation in _organisations(ladder, alert, homes, evidence, now):
                branches.append(BranchPlan.of(ladder, organisation, regulator))
    return Plan(policy.answer_within, policy.decide_within, tuple(branches))


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

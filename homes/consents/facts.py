"""What the rest of the hub is told about consents, and about the board that answers for a child's health."""

from dataclasses import dataclass
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class CaseConsentGiven(Fact):
    kind = "homes.case_consent_given"
    consent_id: UUID


@dataclass(frozen=True, kw_only=True)
class CaseConsentWithdrawn(Fact):
    """The visitor's right to the child's case record has ended."""

    kind = "homes.case_consent_withdrawn"
    consent_id: UUID


@dataclass(frozen=True, kw_only=True)
class ResponsibleBoardNamed(Fact):
    kind = "homes.responsible_board_named"
    responsibility_id: UUID

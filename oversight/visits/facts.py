"""What the rest of the hub is told about visits."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from events.registry import Fact


@dataclass(frozen=True, kw_only=True)
class VisitRecorded(Fact):
    kind = "oversight.visit_recorded"
    visit_id: UUID
    visited_on: date


@dataclass(frozen=True, kw_only=True)
class VisitReportFiled(Fact):
    kind = "oversight.visit_report_filed"
    visit_id: UUID
    safeguarded: str
    well_being: str


@dataclass(frozen=True, kw_only=True)
class SignificantConcernRaised(Fact):
    kind = "oversight.significant_concern_raised"
    concern_id: UUID


@dataclass(frozen=True, kw_only=True)
class RecommendationClosed(Fact):
    kind = "oversight.recommendation_closed"
    recommendation_id: UUID

"""Reads of visits: the version of a report for each reader, months, recommendations carried forward."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from events.clock import london_day
from homes.access import capacities, pictures
from homes.models import AccessChild, Child, Home, Placement
from homes.roles import Picture
from oversight.visits.models import (
    OVERSEERS_AND_VISITOR,
    REPORT_READERS,
    Opinion,
    Recommendation,
    SignificantConcern,
    Visit,
    VisitReport,
)
from oversight.visits.months import Month, VisitSeen, months
from voice.heard import queries as voice

#: The nine quality standards, regulations 6 to 14 of the Children's Homes (England) Regulations 2015.
STANDARDS: dict[str, str] = {
    "6": "Quality and purpose of care",
    "7": "Children’s views, wishes and feelings",
    "8": "Education",
    "9": "Enjoyment and achievement",
    "10": "Health and well-being",
    "11": "Positive relationships",
    "12": "Protection of children",
    "13": "Leadership and management",
    "14": "Care planning",
}
OTHER_FINDINGS: dict[str, str] = {
    "staff": "Staff and others spoken to",
    "records": "Records, premises and safety",
}


@dataclass(frozen=True)
class ChildEntry:
    """What one child said, as far as this reader may know it; words and symbols empty where they may not."""

    initials: str
    words: str
    symbols: list[str]
    about: str
    href: str
    own: bool


@dataclass(frozen=True)
class ReportVersion:
    """A report as one reader gets it. whose names the version; concerns are empty in the provider's."""

    report: VisitReport
    whose: str
    safeguarded: Opinion
    well_being: Opinion
    children: list[ChildEntry]
    findings: list[tuple[str, str]]
    recommendations: list[Recommendation]
    concerns: list[SignificantConcern]


def version_for(report: VisitReport, viewer: UUID, now: datetime) -> ReportVersion:
    """The version of a report for its reader (reg 44(7); ARCHITECTURE, Two pictures).

    The provider: all but significant concerns, and of children's words those shared with it. An authority: words of
    its own children, initials of all others. The regulator and the visitor: everything.
    """
    held = capacities(viewer, report.home_id, now)
    pictures = {capacity.picture for capacity in held}
    overseer = bool(pictures & set(OVERSEERS_AND_VISITOR))
    concerns = SignificantConcern.objects.visible_to(viewer, now).filter(visit=report.visit_id)
    recommendations = Recommendation.objects.visible_to(viewer, now).filter(report=report)
    return ReportVersion(
        report=report,
        whose=_whose(pictures, {capacity.role for capacity in held}),
        safeguarded=Opinion(report.safeguarded),
        well_being=Opinion(report.well_being),
        children=_children(report, viewer, now),
        findings=[
            (title, report.findings[key])
            for key, title in (STANDARDS | OTHER_FINDINGS).items()
            if report.findings.get(key)
        ],
        recommendations=list(recommendations.select_related("repeats").order_by("consider_by", "id")),
        concerns=list(concerns.order_by("raised_at")) if overseer else [],
    )


def _whose(pictures: Collection[Picture], roles: Collection[str]) -> str:
    if Picture.REGULATOR in pictures:
        return "The regulator’s copy"
    if Picture.VISITOR in pictures:
        return "The visitor’s own copy"
    if Picture.PROVIDER in pictures:
        return "The provider’s copy"
    if "host_authority" in roles:
        return "The host authority’s copy, on request"
    return "The placing authority’s copy"


def _children(report: VisitReport, viewer: UUID, now: datetime) -> list[ChildEntry]:
    said = voice.words_of([UUID(one["view"]) for one in report.children_said if one["view"]], viewer, now)
    mine = {str(key) for key in AccessChild.objects.in_force(viewer, now).values_list("child_id", flat=True)}
    entries = []
    for one in report.children_said:
        own = one["child"] in mine
        view = said.get(UUID(one["view"])) if one["view"] else None
        if view:
            entries.append(ChildEntry(one["initials"], view.words, view.symbols, view.who, view.href, own))
            continue
        about = "Said something that is not in this copy." if one["view"] else "Was seen."
        entries.append(ChildEntry(one["initials"], "", [], about, "", own))
    return entries


def visits_of(home: Home, viewer: UUID, now: datetime) -> list[Visit]:
    """The visits to a home that the viewer may know of, newest first, each with its report where they may read it."""
    visits = with_reports(Visit.objects.visible_to(viewer, now), viewer, now).filter(home=home)
    return list(visits.select_related("visitor").order_by("-visited_on", "-id"))


def with_reports(visits: QuerySet[Visit], viewer: UUID, now: datetime) -> QuerySet[Visit]:
    """The visits, each with its report where the viewer may read it. One query more."""
    return visits.prefetch_related(Prefetch("report", VisitReport.objects.visible_to(viewer, now)))


def months_of(home: Home, viewer: UUID, now: datetime, count: int = 13) -> list[Month]:
    """The last ``count`` calendar months of a home, newest first: visited, reported, late or missing."""
    today = london_day(now)
    index = today.year * 12 + today.month - count
    since = date(index // 12, index % 12 + 1, 1)
    if home.opened_on:
        since = max(since, home.opened_on)
    seen = Visit.objects.visible_to(viewer, now).filter(home=home, visited_on__gte=since.replace(day=1))
    reports = may_open_reports(pictures(viewer, home.pk, now))
    rows = seen.values_list("visited_on", "report__filed_at")
    found = [VisitSeen(day, london_day(filed) if filed and reports else None) for day, filed in rows]
    return months(found, since=since, today=today, reports=reports)[::-1]


def previous_visit(home: Home, before: date, viewer: UUID, now: datetime) -> Visit | None:
    """The last visit before a day, whoever made it."""
    visits = Visit.objects.visible_to(viewer, now).filter(home=home, visited_on__lt=before)
    return visits.order_by("-visited_on", "-id").first()


@dataclass(frozen=True)
class CarriedForward:
    """A recommendation not yet closed; times: how often it was made in all."""

    recommendation: Recommendation
    times: int

    @property
    def key(self) -> str:
        """What its fields in a form are called after."""
        return self.recommendation.pk.hex


def open_recommendations(home: Home, viewer: UUID, now: datetime) -> list[CarriedForward]:
    """Recommendations not yet closed, oldest first: the newest repetition stands for those it repeats."""
    rows = Recommendation.objects.visible_to(viewer, now).filter(home=home, closed_at__isnull=True)
    standing = list(
        rows.select_related("report__visit").order_by("report__visit__visited_on", "consider_by", "id")
    )
    times: dict[UUID, int] = {}
    for row in standing:
        times[row.pk] = 1 + (times.get(row.repeats_id, 0) if row.repeats_id else 0)
    repeated = {row.repeats_id for row in standing}
    return [CarriedForward(row, times[row.pk]) for row in standing if row.pk not in repeated]


def residents(home: Home, viewer: UUID, now: datetime) -> list[Child]:
    return voice.residents(home, viewer, now)


def told_of_concern(home: Home, now: datetime) -> str:
    """Whom a significant concern goes to, in words: the regulator, the placing authorities, the host authority."""
    living = Placement.objects.filter(home=home, starts_at__lte=now).exclude(ends_at__lte=now)
    count = living.aggregate(count=Count("placing_authority", distinct=True))["count"]
    placing = "the placing authority" if count == 1 else f"all {count} placing authorities"
    host = home.host_authority.name if home.host_authority else "the host authority"
    return f"the regulator, {placing} and {host}"


def may_open_reports(pictures: Collection[Picture]) -> bool:
    return bool(set(pictures) & set(REPORT_READERS))

"""Recording a visit, filing its report, raising a significant concern, closing a recommendation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from events import outbox
from events.clock import london_day
from events.deadlines import end_of_day
from events.identity import new_id, new_reference
from homes.access import NotAllowedError, to_record
from homes.crossing import CrossedError, Standing, page_to_write, without_seal
from homes.models import Child, Home
from oversight.visits.facts import (
    RecommendationClosed,
    SignificantConcernRaised,
    VisitRecorded,
    VisitReportFiled,
)
from oversight.visits.models import (
    Opinion,
    Recommendation,
    SignificantConcern,
    Visit,
    VisitDraft,
    VisitReport,
)
from voice.heard import actions as voice


@dataclass(frozen=True, kw_only=True)
class NewVisit:
    """A visit under reg 44(1). conflict_note says what may cast doubt on impartiality; empty: none declared."""

    home: Home
    visited_on: date
    started_at: time | None = None
    ended_at: time | None = None
    announced: bool = False
    conflict_note: str = ""
    client_id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class ChildSaid:
    """What one child said to the visitor; kept once, as a view. share: the child agrees that the home may read it."""

    child: Child
    words: str = ""
    symbols: Sequence[str] = ()
    method: str = "speech"
    share: bool = False


@dataclass(frozen=True, kw_only=True)
class NewRecommendation:
    """What the visitor recommends and by when it must be considered; repeats: an earlier one, still not closed."""

    text: str
    consider_by: date
    repeats: Recommendation | None = None


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """The report of a visit (reg 44(4)). Opinions: yes, partly or no, each with its reasons.

    children_living, children_seen and children_private are numbers of children living at the home, seen, and spoken to
    in private. findings: number of the regulation of a quality standard (6 to 14), or ``staff``, ``records``, to text.
    reference: given where the report bears one already, as in a history; else a new one is made.
    """

    visit: Visit
    safeguarded: str
    safeguarded_reasons: str
    well_being: str
    well_being_reasons: str
    children_living: int = 0
    children_seen: int = 0
    children_private: int = 0
    staff_private: int = 0
    said: Sequence[ChildSaid] = ()
    findings: Mapping[str, str] = field(default_factory=dict)
    recommendations: Sequence[NewRecommendation] = ()
    reference: str = ""


@transaction.atomic
def record_visit(*, new: NewVisit, by: UUID, now: datetime) -> Visit:
    """Save a visit with its event. The same form again, or the same visitor on the same day, gives the first visit.

    Raises NotAllowedError unless ``by`` is the home's visitor, ValueError for a visit still to come.
    """
    to_record(by, new.home.pk, "reg44", now)
    if new.visited_on > london_day(now):
        raise ValueError("a visit still to come cannot be recorded")
    visit = Visit(
        home=new.home,
        visitor_id=by,
        visited_on=new.visited_on,
        started_at=new.started_at,
        ended_at=new.ended_at,
        announced=new.announced,
        no_conflict=not new.conflict_note,
        conflict_note=new.conflict_note,
        recorded_at=now,
        client_id=new.client_id,
    )
    try:
        with transaction.atomic():
            visit.save(force_insert=True)
    except IntegrityError as problem:
        return _first_visit(new, by, problem)
    outbox.record(
        VisitRecorded(home_id=new.home.pk, visit_id=visit.pk, visited_on=new.visited_on), by=by, now=now
    )
    return visit


def _first_visit(new: NewVisit, by: UUID, problem: IntegrityError) -> Visit:
    mine = Visit.objects.filter(visitor_id=by)
    first = (
        mine.filter(client_id=new.client_id).first()
        or mine.filter(home=new.home, visited_on=new.visited_on).first()
    )
    if first is None:
        raise problem
    return first


@transaction.atomic
def file_report(*, new: NewReport, by: UUID, now: datetime) -> VisitReport:
    """File the report of a visit: opinions, what children said, findings, recommendations; with its event, or nothing.

    A visit has one report: filing again gives the first. Raises NotAllowedError unless ``by`` made the visit and is
    still the home's visitor, ValueError for an unknown opinion or one without its reasons.
    """
    visit = new.visit
    to_record(by, visit.home_id, "reg44", now)
    # A report filed by another visitor of the same home would put words in the first one's mouth.
    if visit.visitor_id != by:
        raise NotAllowedError("another visitor made this visit")
    _check_opinions(new)
    report = VisitReport(
        visit=visit,
        home=visit.home,
        reference=new.reference or new_reference("R44"),
        filed_at=now,
        filed_by_id=by,
        safeguarded=new.safeguarded,
        safeguarded_reasons=new.safeguarded_reasons,
        well_being=new.well_being,
        well_being_reasons=new.well_being_reasons,
        children_living=new.children_living,
        children_seen=new.children_seen,
        children_private=new.children_private,
        staff_private=new.staff_private,
        children_said=[],
        findings={key: text for key, text in new.findings.items() if text.strip()},
    )
    try:
        with transaction.atomic():
            report.children_said = [_said(one, visit, by, now) for one in new.said]
            report.save(force_insert=True)
    except IntegrityError:
        first = VisitReport.objects.filter(pk=visit.pk).first()
        if first is None:
            raise
        return first
    Recommendation.objects.bulk_create(
        Recommendation(
            report=report, home=visit.home, text=one.text, consider_by=one.consider_by, repeats=one.repeats
        )
        for one in new.recommendations
    )
    VisitDraft.objects.filter(user_id=by, visit=visit).delete()
    outbox.record(
        VisitReportFiled(
            home_id=visit.home_id,
            visit_id=visit.pk,
            safeguarded=new.safeguarded,
            well_being=new.well_being,
        ),
        by=by,
        now=now,
    )
    return report


def _check_opinions(new: NewReport) -> None:
    for opinion, reasons in (
        (new.safeguarded, new.safeguarded_reasons),
        (new.well_being, new.well_being_reasons),
    ):
        if opinion not in Opinion.values:
            raise ValueError(f"no such opinion: {opinion}")
        if not reasons.strip():
            raise ValueError("an opinion needs its reasons")


def _said(one: ChildSaid, visit: Visit, by: UUID, now: datetime) -> dict[str, str]:
    """The entry of the report: whose words, and the view that keeps them."""
    entry = {"child": str(one.child.pk), "initials": one.child.initials, "view": ""}
    if not one.words.strip() and not one.symbols:
        return entry
    heard = min(now, end_of_day(visit.visited_on) - timedelta(seconds=1))
    view = voice.record_view(
        new=voice.NewView(
            child=one.child,
            home=visit.home,
            said_at=heard,
            method=one.method,
            words=one.words,
            symbols=one.symbols,
            heard_by=voice.name_of(by),
        ),
        by=by,
        now=now,
    )
    if one.share:
        voice.share_with_provider(view=view, why="the child agreed, at a visit", by=by, now=now)
    return entry | {"view": str(view.pk)}


@dataclass(frozen=True, kw_only=True)
class NewConcern:
    """A significant concern. already_told: whom the visitor has rung or told before writing.

    reference: that of the report which is itself the record of the concern, as in a history; else a new one is made.
    """

    home: Home
    what: str
    visit: Visit | None = None
    child_in_danger: bool = False
    already_told: str = ""
    reference: str = ""
    client_id: UUID = field(default_factory=new_id)


@transaction.atomic
def raise_significant_concern(*, new: NewConcern, by: UUID, now: datetime) -> SignificantConcern:
    """Raise a concern straight to regulator, placing and host authorities, never to the home; no visit is needed.

    Its event opens the alert that tells them. The same form again gives the first concern. Raises NotAllowedError
    unless ``by`` is the home's visitor, ValueError for a concern that says nothing or a visit to another home.
    """
    to_record(by, new.home.pk, "reg44", now)
    if not new.what.strip():
        raise ValueError("say what the concern is")
    if new.visit is not None and new.visit.home_id != new.home.pk:
        raise ValueError("the visit was to another home")
    concern = SignificantConcern(
        reference=new.reference or new_reference("SC"),
        home=new.home,
        visit=new.visit,
        raised_at=now,
        raised_by_id=by,
        what=new.what,
        child_in_danger=new.child_in_danger,
        already_told=new.already_told,
        client_id=new.client_id,
    )
    try:
        with transaction.atomic():
            concern.save(force_insert=True)
    except IntegrityError:
        first = SignificantConcern.objects.filter(raised_by_id=by, client_id=new.client_id).first()
        if first is None:
            raise
        return first
    outbox.record(SignificantConcernRaised(home_id=new.home.pk, concern_id=concern.pk), by=by, now=now)
    return concern


@transaction.atomic
def close_recommendation(*, recommendation: Recommendation, answer: str, by: UUID, now: datetime) -> None:
    """Close a recommendation, and those it repeats, with the evidence the visitor saw; until then it is carried forward.

    Raises NotAllowedError unless ``by`` is the home's visitor, ValueError without evidence.
    """
    to_record(by, recommendation.home_id, "reg44", now)
    if not answer.strip():
        raise ValueError("say what you saw that closes it")
    repeated: Recommendation | None = recommendation
    while repeated is not None:
        changed = Recommendation.objects.filter(pk=repeated.pk, closed_at__isnull=True).update(
            closed_at=now, closed_by_id=by, answer=answer
        )
        if changed:
            outbox.record(
                RecommendationClosed(home_id=repeated.home_id, recommendation_id=repeated.pk),
                by=by,
                now=now,
            )
        repeated = repeated.repeats


@transaction.atomic
def save_draft(
    *,
    home: Home,
    visit: Visit | None,
    part: str,
    typed: Mapping[str, list[str]],
    done: bool,
    by: UUID,
    now: datetime,
) -> None:
    """Keep one part of what a visitor is writing, as typed. done: the part was accepted by its form.

    Raises CrossedError where another open page wrote that part since.
    """
    to_record(by, home.pk, "reg44", now)
    drafts = VisitDraft.objects.select_for_update().filter(user_id=by, home=home, visit=visit)
    draft = drafts.first() or VisitDraft(user_id=by, home=home, visit=visit, started_at=now, saved_at=now)
    page_to_write(draft.answers.get(part, {}).get("typed", {}), typed, when=draft.saved_at)
    draft.answers = draft.answers | {part: {"typed": dict(typed), "done": done}}
    draft.saved_at = now
    draft.save()


@transaction.atomic
def forget_part(*, home: Home, visit: Visit | None, part: str, by: UUID, now: datetime) -> None:
    """Drop one part of a draft, once it was sent."""
    for draft in VisitDraft.objects.select_for_update().filter(user_id=by, home=home, visit=visit):
        draft.answers = {key: value for key, value in draft.answers.items() if key != part}
        draft.saved_at = now
        draft.save()


def checked(answers: Mapping[str, Any], saved_at: datetime | None) -> Standing:
    """All that a draft says, for the page on which the report is checked before it is filed."""
    return Standing({part: without_seal(one["typed"]) for part, one in answers.items()}, when=saved_at)


def still_as_checked(*, visit: Visit, opened: str, by: UUID) -> None:
    """Hold the draft of a visit until the report is filed. Raises CrossedError where it changed since ``opened``."""
    draft = VisitDraft.objects.select_for_update().filter(user_id=by, visit=visit).first()
    if draft is not None and checked(draft.answers, draft.saved_at).seal != opened:
        raise CrossedError(checked(draft.answers, draft.saved_at))

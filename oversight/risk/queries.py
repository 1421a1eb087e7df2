"""The hub's records as the engine takes them: plain data, read in a fixed number of queries however many homes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from uuid import UUID

from django.db.models import Count

from events.clock import london_day
from homes.models import Home, Placement, Post
from incidents.record import queries as records
from oversight.matters.models import MatterLink
from oversight.risk import engine
from oversight.risk.bars import NOMINAL, Bars, bars_in_force
from oversight.risk.models import Assessment, QuarterFit
from oversight.visits.models import Recommendation, SignificantConcern, Visit, VisitReport

NEVER = date.max


@dataclass(frozen=True)
class EngineWorld:
    """Homes with their records, placements and people's decisions, all by URN; ``rows`` finds a home by URN."""

    homes: list[engine.Home]
    rows: dict[str, Home]
    records: dict[str, list[engine.Record]] = field(default_factory=dict)
    placements: dict[str, list[engine.Placement]] = field(default_factory=dict)
    decisions: dict[str, list[engine.Decision]] = field(default_factory=dict)

    def home(self, urn: str) -> engine.Home:
        """The home with this URN. KeyError where there is none."""
        return self._by_urn[urn]

    @cached_property
    def _by_urn(self) -> dict[str, engine.Home]:
        return {home.urn: home for home in self.homes}

    @cached_property
    def bars(self) -> Bars:
        """The bars in force when they were first asked for."""
        return bars_in_force()

    def parameters(self, scope: str, key: str, picture: engine.Picture) -> engine.Parameters:
        """By what a home (by URN) is judged; homes of a provider together always by the nominal bars."""
        return self.bars.of(self.home(key), picture) if scope == "home" else NOMINAL


def engine_world(homes: Iterable[Home]) -> EngineWorld:
    """Everything that the engine needs about these homes. A home without a first day is left out."""
    watched = [home for home in homes if home.opened_on or home.watched_from]
    rows = {home.urn: home for home in watched}
    urns = {home.pk: home.urn for home in watched}
    changes = _changes_of_manager(urns)
    found = EngineWorld(homes=[_home(home, changes[home.pk]) for home in watched], rows=rows)
    by_urn: dict[str, list[engine.Record]] = defaultdict(list)
    for record in records.history(list(urns)):
        by_urn[urns[record.home_id]].append(_record(record, urns[record.home_id]))
    for visit in _visits(urns):
        by_urn[visit.urn].append(visit)
    found.records.update(by_urn)
    found.placements.update(_placements(urns))
    found.decisions.update(_decisions(urns))
    return found


def _changes_of_manager(urns: dict[UUID, str]) -> dict[UUID, tuple[date, ...]]:
    """The days on which each home got another registered manager; its first is no change."""
    managers: dict[UUID, list[tuple[UUID, date]]] = defaultdict(list)
    posts = Post.objects.filter(role="registered_manager", home_id__in=urns).order_by("starts_at", "pk")
    for home, user, starts_at in posts.values_list("home_id", "user_id", "starts_at"):
        if home is not None:
            managers[home].append((user, london_day(starts_at)))
    found: dict[UUID, tuple[date, ...]] = defaultdict(tuple)
    for home, theirs in managers.items():
        found[home] = tuple(day for (before, _), (user, day) in pairwise(theirs) if user != before)
    return found


def _home(home: Home, changed_on: tuple[date, ...]) -> engine.Home:
    return engine.Home(
        urn=home.urn,
        name=home.name,
        provider=str(home.provider_id),
        places=home.places,
        kind=home.kind,
        opened_on=home.opened_on,
        watched_from=home.watched_from,
        changed_on=changed_on,
    )


def _record(row: records.RecordRow, urn: str) -> engine.Record:
    return engine.Record(
        reference=row.reference,
        urn=urn,
        stream=row.stream,
        occurred_on=london_day(row.occurred_at),
        recorded_on=london_day(row.recorded_at),
        source=row.source,
        child=";".join(str(key) for key in row.children),
        adult=";".join(str(key) for key in row.adults),
        severity=row.severity,
        themes=row.themes,
        detail=row.detail,
        restraint=bool(row.restraint),
        withdrawn_on=london_day(row.withdrawn_at) if row.withdrawn_at else None,
        cleared_on=london_day(row.cleared_at) if row.cleared_at else None,
        provider_visible_on=_visible_on(row),
    )


def _visible_on(row: records.RecordRow) -> date | None:
    if row.by_provider:
        return london_day(row.recorded_at)
    return london_day(row.shared_at) if row.shared_at else None


def _visits(urns: dict[UUID, str]) -> list[engine.Record]:
    visits = Visit.objects.filter(home_id__in=urns).values_list("pk", "home_id", "visited_on", "recorded_at")
    reports = {
        pk: (reference, safeguarded, filed_at)
        for pk, reference, safeguarded, filed_at in VisitReport.objects.filter(home_id__in=urns).values_list(
            "visit_id", "reference", "safeguarded", "filed_at"
        )
    }
    concerned = set(
        SignificantConcern.objects.filter(home_id__in=urns, visit__isnull=False).values_list(
            "visit_id", flat=True
        )
    )
    asked = {
        pk: (recommended, repeated)
        for pk, recommended, repeated in Recommendation.objects.filter(home_id__in=urns)
        .values("report_id")
        .annotate(recommended=Count("pk"), repeated=Count("repeats"))
        .values_list("report_id", "recommended", "repeated")
    }
    found = []
    for pk, home_id, visited_on, recorded_at in visits:
        reference, safeguarded, filed_at = reports.get(pk, (str(pk), "", None))
        filed_on = london_day(filed_at) if filed_at else NEVER
        words = [word for word in (safeguarded, "concern" if pk in concerned else "") if word]
        recommended, repeated = asked.get(pk, (0, 0))
        found.append(
            engine.Record(
                reference=reference,
                urn=urns[home_id],
                stream="reg44",
                occurred_on=visited_on,
                recorded_on=filed_on,
                source="visitor",
                detail=";".join(words),
                recommendations=recommended if filed_at else None,
                repeated=repeated if filed_at else None,
                provider_visible_on=filed_on,
                visit_known_on=london_day(recorded_at),
            )
        )
    return found


def _placements(urns: dict[UUID, str]) -> dict[str, list[engine.Placement]]:
    found: dict[str, list[engine.Placement]] = defaultdict(list)
    for placement in Placement.objects.filter(home_id__in=urns):
        urn = urns[placement.home_id]
        found[urn].append(
            engine.Placement(
                child=str(placement.child_id),
                urn=urn,
                placing_authority=str(placement.placing_authority_id),
                starts_on=london_day(placement.starts_at),
                ends_on=london_day(placement.ends_at) if placement.ends_at else None,
                miles=placement.miles,
            )
        )
    return found


def _decisions(urns: dict[UUID, str]) -> dict[str, list[engine.Decision]]:
    found: dict[str, list[engine.Decision]] = defaultdict(list)
    decided = MatterLink.objects.filter(home_id__in=urns, decided_at__isnull=False)
    for home, first, second, state, decided_at in decided.values_list(
        "home_id", "first__reference", "second__reference", "state", "decided_at"
    ):
        if decided_at is not None:
            same = state == MatterLink.State.CONFIRMED
            found[urns[home]].append(engine.Decision(first, second, same, london_day(decided_at)))
    return found


def fits_of(picture: str) -> engine.Fits:
    """All stored fits of a picture, oldest first, over the shipped prior."""
    stored = QuarterFit.objects.filter(picture=picture).order_by("quarter_on")
    return engine.Fits(tuple(engine.QuarterFit.from_json(row.fit) for row in stored))


def latest_assessment(home: UUID, picture: str) -> Assessment | None:
    """The newest stored look at a home on one picture."""
    return Assessment.objects.filter(home_id=home, picture=picture).order_by("-as_of").first()

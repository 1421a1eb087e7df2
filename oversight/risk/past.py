"""Many days at once: a history loaded for a replay or a demo, walked day by day with the bits of the daily tick.

Records are all saved first, each with its own day; then time passes over them. What a day may know is decided by the
records' own dates, so nothing is seen before it was recorded.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from events.deadlines import end_of_day
from homes.models import Home
from oversight.escalation import actions as escalation
from oversight.risk import actions, engine
from oversight.risk.engine.counting import changes
from oversight.risk.engine.fits import fit_history, quarters_between
from oversight.risk.engine.walking import Walk
from oversight.risk.models import AssessedDay, Episode, QuarterFit
from oversight.risk.months import count_months
from oversight.risk.queries import EngineWorld, engine_world, fits_of

#: While a past is loaded, handlers leave assessing to ``walk_days``.
_loading: ContextVar[bool] = ContextVar("loading_a_past", default=False)


#: Held while a past is loaded, so that every other process knows.
LOADING_LOCK = 4_404_040


def loading() -> bool:
    """Whether a past is being loaded, by this process or another: what is assessed meanwhile would miss it."""
    if _loading.get():
        return True
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock_shared(%s)", [LOADING_LOCK])
        row = cursor.fetchone()
    return not (row and row[0])


@contextmanager
def loading_a_past() -> Iterator[None]:
    """Inside, handlers save what rules say but do not assess: the days are walked afterwards.

    Whoever loads a past while a hub runs assesses the day so far at the end (``actions.assess_today``): records that
    came in meanwhile were left to it.
    """
    token = _loading.set(True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOADING_LOCK])
    try:
        yield
    finally:
        _loading.reset(token)
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [LOADING_LOCK])


@dataclass
class _Chart:
    """The scores of one home, or of one provider's homes together, and where its episode stands."""

    scope: str
    key: str
    raises_from: date
    home: Home | None
    provider: UUID
    parameters: engine.Parameters
    episode: engine.Episode = engine.NO_EPISODE


@dataclass(frozen=True)
class _Picture:
    """A walk over one picture with a chart for each of its scores, homes first."""

    name: engine.Picture
    walk: Walk
    charts: list[_Chart]

    def scores(self) -> list[float]:
        return [*self.walk.scores.tolist(), *self.walk.provider_scores.tolist()]


def walk_days(
    *, first: date, last: date, each_day: Callable[[date, datetime], None], keep_on: Sequence[date] = ()
) -> None:
    """Assess the end of every day from ``first`` to ``last`` as ``run_day`` would, then call ``each_day``.

    Explained assessments are stored where something was raised, and for every home on the days in ``keep_on``.
    """
    world = engine_world(Home.objects.filter(closed_on__isnull=True))
    pictures = [_picture(world, last, name) for name in actions.PICTURES]
    day = min((home.begins_on for home in world.homes), default=first)
    while day <= last:
        for picture in pictures:
            picture.walk.advance()
        if day >= first:
            now = end_of_day(day) - timedelta(seconds=1)
            with transaction.atomic():
                for picture in pictures:
                    _conclude_day(world, picture, day, now, keep=day in keep_on)
                escalation.open_missing_reports(world=world, day=day, now=now)
                AssessedDay.objects.get_or_create(day=day)
            each_day(day, now)
        day += timedelta(days=1)
    with transaction.atomic():
        count_months(world, last)


def _fit_past(world: EngineWorld, last: date, picture: engine.Picture) -> None:
    """Store the fits of all quarters up to ``last`` that have none yet."""
    begins = min((home.begins_on for home in world.homes), default=last)
    starts = quarters_between(begins, last)
    stored = set(QuarterFit.objects.filter(picture=picture).values_list("quarter_on", flat=True))
    missing = [start for start in starts if start not in stored]
    if not missing:
        return
    known = {
        home.urn: changes(world.records.get(home.urn, ()), world.decisions.get(home.urn, ()), picture)
        for home in world.homes
    }
    fits = fit_history(world.homes, known, world.placements, missing)
    QuarterFit.objects.bulk_create(
        QuarterFit(
            picture=picture,
            quarter_on=fit.effective_from,
            engine_version=engine.ENGINE_VERSION,
            fit=fit.as_json(),
        )
        for fit in fits.quarters
    )


def _picture(world: EngineWorld, last: date, name: engine.Picture) -> _Picture:
    _fit_past(world, last, name)
    known = {
        home.urn: changes(world.records.get(home.urn, ()), world.decisions.get(home.urn, ()), name)
        for home in world.homes
    }
    walk = Walk(
        world.homes,
        known,
        world.placements,
        last,
        fits_of(name),
        actions.PARAMETERS,
        records=world.records,
        decisions=world.decisions,
        picture=name,
    )
    charts = []
    for home in walk.homes:
        row = world.rows[home.urn]
        by = world.parameters("home", home.urn, name)
        charts.append(_Chart("home", home.urn, engine.raises_from(home), row, row.provider_id, by))
    for key, theirs in zip(walk.providers, walk.siblings, strict=True):
        raises = engine.provider_raises_from([walk.homes[index] for index in theirs]) or date.max
        charts.append(_Chart("provider", key, raises, None, UUID(key), actions.PARAMETERS))
    for chart in charts:
        stored = Episode.objects.filter(picture=name, home=chart.home, provider_id=chart.provider).first()
        if stored:
            chart.episode = engine.Episode.from_json(stored.state)
    return _Picture(name, walk, charts)


def _conclude_day(world: EngineWorld, picture: _Picture, day: date, now: datetime, *, keep: bool) -> None:
    for chart, score in zip(picture.charts, picture.scores(), strict=True):
        reached: tuple[str, ...] = ()
        if day >= chart.raises_from:
            episode, reached = engine.advance(chart.episode, day, score, chart.parameters)
            if episode != chart.episode:
                actions.keep_episode(
                    picture.name, chart.home, chart.provider, chart.episode, episode, day=day, now=now
                )
                chart.episode = episode
        begun = chart.home is None or world.home(chart.key).begins_on <= day
        if reached or (keep and begun):
            found = actions.explained(world, picture.name, chart.scope, chart.key, day)
            actions.store(found, world, now=now)
            if reached:
                actions.raise_alert(found, world, reached, now=now)

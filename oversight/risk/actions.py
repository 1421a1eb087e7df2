"""Computing where homes stand, storing what was found, and opening the alerts that follow.

A home is recomputed from its records every time, so redelivered, late and corrected records need no care here.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from events import outbox
from events.clock import london_day
from events.deadlines import end_of_day
from homes.models import Home, Organisation
from oversight.escalation import actions as escalation
from oversight.escalation.owing import together
from oversight.risk import engine
from oversight.risk.bars import NOMINAL
from oversight.risk.facts import HomeAssessed
from oversight.risk.models import AssessedDay, Assessment, Episode, QuarterFit
from oversight.risk.months import count_months
from oversight.risk.queries import EngineWorld, engine_world, fits_of
from oversight.risk.surety import beside

PICTURES: tuple[engine.Picture, ...] = ("overseers", "provider")
OUTSIDE: tuple[engine.Picture, ...] = ("overseers",)
PARAMETERS = NOMINAL


@transaction.atomic
@together()
def assess_home(*, home: UUID, day: date, now: datetime, provider_too: bool = True) -> None:
    """Assess one home on the day so far; its provider follows as a handling of its own.

    provider_too: on the provider's picture as well. What the provider does not know of must not even date its picture
    anew; nor does anything that happens after a home has closed.
    """
    _one_at_a_time(home)
    row = Home.objects.get(pk=home)
    provider_too = provider_too and not row.has_closed(now)
    world = engine_world([row])
    for picture in PICTURES if provider_too else OUTSIDE:
        for found in _homes_on(world, day, picture):
            conclude(found, world, now=now)
    count_months(world, day)
    told = HomeAssessed(home_id=home, provider_id=row.provider_id, provider_too=provider_too)
    outbox.record(told, by=None, now=now)


@transaction.atomic
@together()
def assess_provider(*, provider: UUID, day: date, now: datetime, provider_too: bool = True) -> None:
    """Assess the homes of one provider together on the day so far. provider_too: as for one home."""
    _one_at_a_time(provider)
    world = engine_world(Home.objects.filter(provider_id=provider, closed_on__isnull=True))
    for picture in PICTURES if provider_too else OUTSIDE:
        for found in _providers_on(world, day, picture):
            conclude(found, world, now=now)


@transaction.atomic
@together()
def run_day(*, day: date, now: datetime) -> None:
    """The end of a London day for all homes and providers: fits, assessments, missing visits and reports."""
    world = engine_world(Home.objects.filter(closed_on__isnull=True))
    for picture in PICTURES:
        fit_quarters(world, day, picture)
        for found in (*_homes_on(world, day, picture), *_providers_on(world, day, picture)):
            conclude(found, world, now=now)
    count_months(world, day)
    escalation.open_missing_reports(world=world, day=day, now=now)
    AssessedDay.objects.get_or_create(day=day)


def catch_up(*, today: date, now: datetime) -> int:
    """Assess the end of every day up to yesterday that was not assessed yet, then the day so far; days done."""
    last = AssessedDay.objects.order_by("-day").values_list("day", flat=True).first()
    day = min(last + timedelta(days=1), today) if last else today - timedelta(days=1)
    done = 0
    while day < today:
        run_day(day=day, now=min(end_of_day(day), now))
        day += timedelta(days=1)
        done += 1
    return done


@transaction.atomic
@together()
def assess_today(*, now: datetime) -> None:
    """The day so far of every home and provider, as after a record of each."""
    world = engine_world(Home.objects.filter(closed_on__isnull=True))
    day = london_day(now)
    for picture in PICTURES:
        for found in (*_homes_on(world, day, picture), *_providers_on(world, day, picture)):
            conclude(found, world, now=now)
    count_months(world, day)


def conclude(found: engine.Assessment, world: EngineWorld, *, now: datetime) -> None:
    """Store an explained assessment; where its episode reaches tiers, open or strengthen the alert of its picture."""
    home, provider = _about(found, world)
    store(found, world, now=now)
    if not found.raises:
        return
    kind = "change" if home else "provider"
    row = Episode.objects.filter(picture=found.picture, kind=kind, home=home, provider_id=provider).first()
    was = engine.Episode.from_json(row.state) if row else engine.NO_EPISODE
    parameters = world.parameters(found.scope, found.key, found.picture)
    episode, reached = engine.advance(was, found.as_of, found.score, parameters)
    if episode != was:
        keep_episode(found.picture, home, provider, was, episode, day=found.as_of, now=now)
    if reached:
        raise_alert(found, world, reached, now=now)


def keep_episode(
    picture: str,
    home: Home | None,
    provider: UUID,
    was: engine.Episode,
    episode: engine.Episode,
    *,
    day: date,
    now: datetime,
) -> None:
    """Store where a home or provider stands; an episode that is over ends its alert."""
    kind = "change" if home else "provider"
    Episode.objects.update_or_create(
        picture=picture,
        kind=kind,
        home=home,
        provider_id=provider,
        defaults={"state": episode.as_json(), "assessed_on": day},
    )
    if was.tiers and not episode.tiers:
        escalation.end_alert(
            picture=picture,
            home=home,
            provider=provider,
            kind=kind,
            now=now,
        )


def raise_alert(
    found: engine.Assessment, world: EngineWorld, reached: Sequence[str], *, now: datetime
) -> None:
    """Open or strengthen the alert of an explained assessment at the highest tier that it reached."""
    home, provider = _about(found, world)
    parameters = world.parameters(found.scope, found.key, found.picture)
    escalation.open_alert(
        picture=found.picture,
        home=home,
        provider=Organisation.objects.get(pk=provider),
        kind="change" if home else "provider",
        pattern=found.pattern,
        tier=reached[-1],
        passed=[(tier, parameters.bar(tier)) for tier in reached[:-1]],
        raised_on=found.as_of,
        began_on=found.began_on,
        score=found.score,
        bar=parameters.bar(reached[-1]),
        evidence=list(found.evidence),
        explanation=explanation_of(found) | beside(found, world, parameters) | measured_of(found, world),
        now=now,
    )


def explained(
    world: EngineWorld, picture: engine.Picture, scope: str, key: str, day: date
) -> engine.Assessment:
    """An assessment with its explanation, of one home (by URN) or of one provider's homes together (by key)."""
    fits = fits_of(picture)
    if scope == "home":
        return engine.assess(
            world.home(key),
            world.records.get(key, ()),
            world.placements.get(key, ()),
            day,
            fits,
            picture,
            world.parameters("home", key, picture),
            decisions=world.decisions.get(key, ()),
        )
    return engine.assess_provider(
        key,
        [home for home in world.homes if home.provider == key],
        world.records,
        world.placements,
        day,
        fits,
        picture,
        PARAMETERS,
        decisions=world.decisions,
    )


def explanation_of(found: engine.Assessment) -> dict[str, Any]:
    """The explanation as plain data for a JSON column; empty where the assessment has none."""
    if found.explanation is None:
        return {}
    plain = asdict(found.explanation)
    plain["since"] = found.explanation.since.isoformat()
    between = found.explanation.began_between
    plain["began_between"] = [day.isoformat() for day in between] if between else None
    plain["speaks_against"] = list(found.explanation.speaks_against())
    plain["evidence"] = list(found.evidence)
    return plain


def measured_of(found: engine.Assessment, world: EngineWorld) -> dict[str, Any]:
    """``measured``: by tier, how often homes of this kind and size reach it, as plain data; empty for nominal bars."""
    if found.scope != "home":
        return {}
    home = world.home(found.key)
    rates = {tier: world.bars.measured(home, found.picture, tier) for tier in engine.TIERS}
    told = {tier: rate.as_json() for tier, rate in rates.items() if rate}
    return {"measured": told} if told else {}


def fit_quarters(world: EngineWorld, day: date, picture: engine.Picture) -> None:
    """Store the fit of the quarter of ``day`` once, on what was known the day before it began."""
    start = engine.quarter_start(day)
    if QuarterFit.objects.filter(picture=picture, quarter_on=start).exists():
        return
    fit = engine.fit_quarter(
        world.homes, world.records, world.placements, start, decisions=world.decisions, picture=picture
    )
    QuarterFit.objects.create(
        picture=picture, quarter_on=start, engine_version=engine.ENGINE_VERSION, fit=fit.as_json()
    )


def _about(found: engine.Assessment, world: EngineWorld) -> tuple[Home | None, UUID]:
    """The home of an assessment, if it is one home's, and the key of its provider."""
    home = world.rows[found.key] if found.scope == "home" else None
    return home, home.provider_id if home else UUID(found.key)


def store(found: engine.Assessment, world: EngineWorld, *, now: datetime) -> None:
    """Keep an assessment with the engine's version and parameters."""
    home, provider = _about(found, world)
    Assessment.objects.create(
        picture=found.picture,
        home=home,
        provider_id=provider,
        as_of=now,
        assessed_on=found.as_of,
        engine_version=found.engine_version,
        parameters=found.parameters,
        score=found.score,
        tier=found.tier or "",
        pattern=found.pattern,
        began_on=found.began_on,
        explanation=explanation_of(found),
    )


def _homes_on(world: EngineWorld, day: date, picture: engine.Picture) -> list[engine.Assessment]:
    """Homes that share their bars are assessed together; alerts follow in the order of the homes all the same."""
    alike: dict[engine.Parameters, list[engine.Home]] = {}
    for home in world.homes:
        alike.setdefault(world.bars.of(home, picture), []).append(home)
    fits = fits_of(picture)
    found = {
        one.key: one
        for parameters, homes in alike.items()
        for one in engine.assess_many(
            homes,
            world.records,
            world.placements,
            day,
            fits,
            picture,
            parameters,
            decisions=world.decisions,
            explained=True,
        )
    }
    return [found[home.urn] for home in world.homes if home.urn in found]


def _providers_on(world: EngineWorld, day: date, picture: engine.Picture) -> list[engine.Assessment]:
    found = []
    for provider in sorted({home.provider for home in world.homes}):
        if sum(home.provider == provider and home.begins_on <= day for home in world.homes) > 1:
            found.append(explained(world, picture, "provider", provider, day))
    return found


def _one_at_a_time(key: UUID) -> None:
    """Two workers never assess the same home or provider at once; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [key.int % (1 << 63)])

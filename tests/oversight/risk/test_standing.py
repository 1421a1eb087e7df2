"""From saved records to a standing and an alert, on both pictures, live and over a loaded past."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from events import relay
from events.clock import london_day
from homes.models import CaseConsent, Home, Placement, Post
from incidents.lado.models import LadoDetails
from incidents.record import actions as records
from incidents.record.models import Incident, Stream
from incidents.reg40.models import Reg40Details
from incidents.whistleblowing.models import WhistleblowingDetails
from oversight.escalation.models import Alert, Escalation
from oversight.risk import actions, past
from oversight.risk.models import AssessedDay, Assessment, Episode, HomeMonth
from oversight.risk.queries import engine_world
from tests import cast
from tests.conftest import owner, worker

NOW = cast.NOW
TODAY = london_day(NOW)
BEGAN = TODAY - timedelta(days=400)


@pytest.fixture
def world(db: None) -> Iterator[cast.Cast]:
    with owner():
        built = cast.build()
        Home.objects.update(watched_from=BEGAN)
        yield built


def _lado(world: cast.Cast, day: date, *, source: str = "home", by_provider: bool = True) -> Incident:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return records.save_record(
        new=records.NewRecord(
            home=world.elm,
            stream=Stream.LADO,
            occurred_at=at,
            known_at=at,
            source=source,
            by_provider=by_provider,
        ),
        details=lambda saved: LadoDetails(incident=saved),
        by=world.asha.pk,
        now=at,
    )


def _notice(world: cast.Cast, day: date) -> Incident:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return records.save_record(
        new=records.NewRecord(
            home=world.elm, stream=Stream.REG40, occurred_at=at, known_at=at, source="home", by_provider=True
        ),
        details=lambda saved: Reg40Details(incident=saved, event="40(4)(e)"),
        by=world.asha.pk,
        now=at,
    )


def _disclosure(world: cast.Cast, at: datetime) -> Incident:
    return records.save_record(
        new=records.NewRecord(
            home=world.elm,
            stream=Stream.WHISTLEBLOWING,
            occurred_at=at,
            known_at=at,
            source="whistleblower",
            by_provider=False,
        ),
        details=lambda saved: WhistleblowingDetails(
            incident=saved, identity="anonymous", relation="staff", category="poor_care"
        ),
        by=world.mo.pk,
        now=at,
    )


def _latest(picture: str, home: Home) -> Assessment:
    return Assessment.objects.filter(picture=picture, home=home).latest("as_of", "recorded_at")


def test_a_run_of_referrals_crosses_the_bar_on_both_pictures(world: cast.Cast) -> None:
    for days in range(9):
        _lado(world, TODAY - timedelta(days=8 - days))
    with worker():
        relay.drain(now=NOW)
        found = Alert.objects.get(picture="overseers", kind="change")
        assert (found.home, found.scope, found.pattern) == (world.elm, "home", "staff_conduct")
        assert found.score is not None
        assert found.bar is not None
        assert found.score >= found.bar
        assert len(found.evidence) == 9
        parts = found.explanation["parts"]
        total = sum(part["contribution"] for part in parts) + found.explanation["remainder"]
        assert total == pytest.approx(found.score)
        first, last = found.explanation["began_between"]
        assert first <= str(found.began_on) <= last <= str(TODAY)
        assert {"mark": "adult", "stream": "lado", "missing": 9, "of": 9} in found.explanation["missing"]
        late = next(row for row in found.explanation["context"]["open"]["marks"] if row["mark"] == "late")
        assert late["of"] == 0, "no notice, so none was late"
        mirrored = Alert.objects.get(picture="provider", kind="change")
        assert mirrored.skips_provider, "a pattern about staff is told to the provider by a person"
        latest = _latest("overseers", world.elm)
        assert latest.engine_version
        assert latest.parameters == actions.PARAMETERS.digest()


def test_what_outsiders_tell_moves_the_overseers_picture_only(world: cast.Cast) -> None:
    _lado(world, TODAY - timedelta(days=1))
    with worker():
        relay.drain(now=NOW)
        before = _latest("provider", world.elm).score, _latest("overseers", world.elm).score
    with owner():
        _disclosure(world, NOW - timedelta(hours=1))
        _lado(world, TODAY, source="lado", by_provider=False)
    with worker():
        relay.drain(now=NOW)
        after = _latest("provider", world.elm).score, _latest("overseers", world.elm).score
        assert after[0] == before[0]
        assert after[1] > before[1]
        assert not HomeMonth.objects.filter(picture="provider", outside__gt=0).exists()
        assert HomeMonth.objects.get(picture="overseers", stream="whistleblowing").outside == 1


def test_a_shared_record_enters_the_providers_picture_from_then_on(world: cast.Cast) -> None:
    with worker():
        actions.assess_today(now=NOW - timedelta(days=1))
        yesterday = _latest("provider", world.elm)
    with owner():
        outside = _lado(world, TODAY, source="lado", by_provider=False)
    with worker():
        relay.drain(now=NOW)
        assert _latest("overseers", world.elm).assessed_on == TODAY
        assert _latest("provider", world.elm).pk == yesterday.pk, "not even dated anew"
        before = yesterday.score
    with owner():
        records.share_with_provider(incident=outside, why="The home needs to act", by=world.ines.pk, now=NOW)
    with worker():
        relay.drain(now=NOW)
        assert _latest("provider", world.elm).score > before


def test_nothing_that_happens_after_a_home_has_closed_dates_its_own_picture_anew(world: cast.Cast) -> None:
    _lado(world, TODAY - timedelta(days=9))
    with worker():
        relay.drain(now=NOW - timedelta(days=8))
        last = _latest("provider", world.elm)
    with owner():
        Home.objects.filter(pk=world.elm.pk).update(closed_on=TODAY - timedelta(days=5))
        _lado(world, TODAY, source="lado", by_provider=False)
        _lado(world, TODAY - timedelta(days=1))
    with worker():
        relay.drain(now=NOW)
        assert _latest("provider", world.elm).pk == last.pk
        assert _latest("overseers", world.elm).assessed_on == TODAY


def test_a_withdrawn_record_leaves_the_counts(world: cast.Cast) -> None:
    kept, withdrawn = _lado(world, TODAY - timedelta(days=2)), _lado(world, TODAY - timedelta(days=1))
    with worker():
        relay.drain(now=NOW)
        before = _latest("overseers", world.elm).score
    with owner():
        records.withdraw(incident=withdrawn, why="false", by=world.ines.pk, now=NOW)
        records.withdraw(incident=withdrawn, why="false", by=world.ines.pk, now=NOW)
    with worker():
        relay.drain(now=NOW)
        assert _latest("overseers", world.elm).score < before
        assert Incident.objects.get(pk=kept.pk).status == "recorded"


def test_redelivery_changes_nothing(world: cast.Cast) -> None:
    for days in range(9):
        _lado(world, TODAY - timedelta(days=days))
    with worker():
        relay.drain(now=NOW)
        before = _latest("overseers", world.elm).score
        actions.assess_home(home=world.elm.pk, day=TODAY, now=NOW)
        actions.assess_home(home=world.elm.pk, day=TODAY, now=NOW)
        assert _latest("overseers", world.elm).score == before
        assert Alert.objects.filter(picture="overseers", kind="change").count() == 1


def test_missed_days_are_made_up_for_in_order(world: cast.Cast) -> None:
    with worker():
        assert actions.catch_up(today=TODAY - timedelta(days=3), now=NOW - timedelta(days=3)) == 1
        assert actions.catch_up(today=TODAY, now=NOW) == 3
        assert actions.catch_up(today=TODAY, now=NOW) == 0
        days = AssessedDay.objects.order_by("day").values_list("day", flat=True)
        assert list(days) == [TODAY - timedelta(days=back) for back in (4, 3, 2, 1)]


def test_a_walked_past_gives_the_bits_of_the_daily_tick(world: cast.Cast) -> None:
    """The same records, once loaded and walked, once assessed day by day: the same alarms, scores and days."""
    Home.objects.update(provider=world.organisations["alder"])
    with past.loading_a_past():
        for back in (200, 150, 40, 30, 29, 28, 27, 26, 25, 20, 19, 18):
            _lado(world, TODAY - timedelta(days=back))
        relay.drain(now=NOW)
    assert not Assessment.objects.exists()
    seen: list[date] = []
    first = TODAY - timedelta(days=45)
    with worker():
        past.walk_days(first=BEGAN, last=TODAY, each_day=lambda day, now: seen.append(day), keep_on=[TODAY])
        walked = _raised()
    assert seen[0] == BEGAN
    assert seen[-1] == TODAY
    assert len(walked) > 2
    with owner():
        _forget_alarms()
    with worker():
        day = BEGAN
        while day < first:
            AssessedDay.objects.get_or_create(day=day)
            day += timedelta(days=1)
        while day <= TODAY:
            actions.run_day(day=day, now=NOW)
            day += timedelta(days=1)
        assert _raised() == walked


def _raised() -> list[tuple[object, ...]]:
    return sorted(
        Escalation.objects.filter(alert__kind__in=["change", "provider"]).values_list(
            "alert__picture", "alert__scope", "tier", "pattern", "raised_on", "began_on", "score"
        )
    )


def _forget_alarms() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "truncate oversight_alert, oversight_episode, oversight_assessment, oversight_assessedday cascade"
        )


def test_an_episode_that_is_over_ends_its_alert(world: cast.Cast) -> None:
    began = TODAY - timedelta(days=1100)
    Home.objects.update(watched_from=began)
    CaseConsent.objects.all().delete()
    Placement.objects.all().delete()  # all five places count as taken
    with past.loading_a_past():
        for back in range(1099, 0, -36):  # silence would be a signal of its own
            _notice(world, TODAY - timedelta(days=back))
        for back in range(860, 853, -1):
            _lado(world, TODAY - timedelta(days=back))
        relay.drain(now=NOW)
    with worker():
        past.walk_days(first=began, last=TODAY, each_day=lambda day, now: None)
        alert = Alert.objects.get(picture="overseers", kind="change", home=world.elm)
        assert alert.ended_at is not None
        assert Episode.objects.get(picture="overseers", home=world.elm).state["tiers"] == []


def test_a_home_with_an_unknown_beginning_is_left_out(world: cast.Cast) -> None:
    Home.objects.filter(pk=world.oak.pk).update(watched_from=None)
    with worker():
        actions.run_day(day=TODAY, now=NOW)
        assert not Assessment.objects.filter(home=world.oak).exists()
        assert Assessment.objects.filter(home=world.elm).count() == 2


def test_another_registered_manager_is_a_change_and_the_first_is_none(world: cast.Cast) -> None:
    later = [NOW - timedelta(days=days) for days in (300, 200, 100)]
    with owner():
        new = [
            Post(user=user, role=role, organisation=world.elm.provider, home=world.elm, starts_at=at)
            for user, role, at in (
                (world.people["asha"], "registered_manager", later[0]),
                (world.people["ben"], "registered_manager", later[1]),
                (world.people["asha"], "deputy_manager", later[2]),
            )
        ]
        Post.objects.bulk_create(new)
    with worker():
        told = engine_world(Home.objects.filter(pk__in=[world.elm.pk, world.oak.pk]))
    assert told.home(world.elm.urn).changed_on == (london_day(later[1]),), (
        "the same manager again is no change"
    )
    assert told.home(world.oak.urn).changed_on == ()

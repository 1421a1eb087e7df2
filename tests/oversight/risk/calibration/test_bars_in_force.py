"""A stored calibration: who reads it, and whom it judges."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction

from events import relay
from events.context import acting_as
from events.models import Event
from homes.models import Home
from oversight.escalation.models import Alert
from oversight.risk import actions, engine, past
from oversight.risk.bars import Bars, bars_in_force
from oversight.risk.calibration import OWN_HISTORY, Band, Calibrated, Price, TierBar
from oversight.risk.calibration.actions import store_calibration
from oversight.risk.models import Assessment, Calibration
from oversight.risk.replay.measuring import Rate
from oversight.risk.simulator import Plan, simulate, write_csv
from tests import cast
from tests.conftest import owner, worker
from tests.oversight.risk.test_standing import BEGAN, NOW, TODAY, _lado

PRICE = Price(7, 3, 2, None)


@pytest.fixture
def world(db: None) -> Iterator[cast.Cast]:
    with owner():
        built = cast.build()
        Home.objects.update(watched_from=BEGAN)
        yield built


def calibrated(
    look: float = 5.0,
    escalate: float = 6.0,
    regulator: float | None = None,
    *,
    places: int = 5,
    parameters: str = engine.DEFAULT.digest(),
) -> Calibrated:
    rate = Rate(20, 190.0)
    tiers = (
        TierBar("look", 0.1, look, "own", rate),
        TierBar("escalate", 1 / 30, escalate, "own", rate),
        TierBar(
            "regulator", 0.01, regulator or engine.DEFAULT.regulator, "own" if regulator else "nominal", rate
        ),
    )
    band = Band("home", engine.band_of(places), places, 90, 44, 46, tiers)
    prices = {(band.kind, band.band, tier.tier): PRICE for tier in tiers}
    return Calibrated(OWN_HISTORY, "90 homes", engine.ENGINE_VERSION, parameters, (band,), prices)


def stored(found: Calibrated) -> Calibration:
    return store_calibration(found=found, by="a test", now=NOW)


def _home(places: int = 5, kind: str = "home") -> engine.Home:
    return engine.Home("DEMO1", "x", "p", places, kind)


def test_versions_follow_one_another_and_the_newest_is_in_force(db: None) -> None:
    with owner():
        assert bars_in_force() == Bars()
        assert [stored(calibrated()).version, stored(calibrated(look=5.5)).version] == [1, 2]
        event = Event.objects.filter(kind="oversight.calibration_stored").latest("recorded_at")
        assert event.payload == {"version_stored": 2, "made_by": "a test"}
        bars = bars_in_force()
    judged = bars.of(_home(), "overseers")
    assert judged == replace(engine.DEFAULT, look=5.5, escalate=6.0)
    assert judged.digest() != engine.DEFAULT.digest()
    measured = bars.measured(_home(), "overseers", "look")
    assert measured is not None
    assert measured.as_json() == {
        "version": 2, "source": "own history", "alarms": 20, "years": 190.0, "homes": 46,
    }  # fmt: skip


def test_other_homes_tiers_and_the_providers_picture_keep_the_nominal_bars(db: None) -> None:
    with owner():
        stored(calibrated())
        bars = bars_in_force()
    nominal = engine.DEFAULT
    assert bars.of(_home(places=9), "overseers") == nominal
    assert bars.of(_home(kind="short_break"), "overseers") == nominal
    assert bars.of(_home(), "provider") == nominal
    assert bars.of(_home(), "overseers").regulator == nominal.regulator
    assert bars.measured(_home(), "overseers", "regulator") is None
    assert bars.measured(_home(), "provider", "look") is None


def test_a_calibration_for_other_settings_is_not_in_force(db: None) -> None:
    with owner():
        stored(calibrated(parameters="of long ago"))
        assert bars_in_force() == Bars()


def test_a_band_that_set_no_bar_and_a_tier_without_a_rate_change_nothing(db: None) -> None:
    found = calibrated()
    band = found.bands[0]
    nominal = replace(band, tiers=tuple(replace(tier, how="nominal") for tier in band.tiers))
    unmeasured = replace(band, tiers=(replace(band.tiers[0], achieved=None), *band.tiers[1:]))
    with owner():
        stored(replace(found, bands=(nominal,)))
        assert bars_in_force() == Bars()
        stored(replace(found, bands=(unmeasured,)))
        bars = bars_in_force()
    assert bars.of(_home(), "overseers").look == 5.0
    assert bars.measured(_home(), "overseers", "look") is None
    assert bars.measured(_home(), "overseers", "escalate") is not None


def test_nothing_found_is_not_stored(db: None) -> None:
    with owner(), pytest.raises(ValueError, match="without a home at risk"):
        stored(replace(calibrated(), bands=()))


def test_it_is_read_by_overseers_and_changed_by_neither_website_nor_worker(db: None) -> None:
    with owner():
        world = cast.build()
        row = stored(calibrated())
    for name, user in world.people.items():
        with acting_as(user.pk, NOW):
            sees = list(Calibration.objects.visible_to(user.pk, NOW)) == [row]
            assert sees == (name in {"mo", "nia", "jon", "fran", "gita", "hal"}), name
            assert Calibration.objects.exists() == sees, name
    with acting_as(world.mo.pk, NOW), pytest.raises(ProgrammingError), transaction.atomic():
        Calibration.objects.update(version=9)
    with worker(), pytest.raises(ProgrammingError), transaction.atomic():
        Calibration.objects.update(version=9)


def _looked(world: cast.Cast) -> dict[str, Assessment]:
    return {
        picture: Assessment.objects.filter(picture=picture, home=world.elm).latest("as_of", "recorded_at")
        for picture in ("overseers", "provider")
    }


def test_a_home_is_judged_by_the_bars_of_its_kind_and_band_for_its_overseers(world: cast.Cast) -> None:
    for days in range(9):
        _lado(world, TODAY - timedelta(days=8 - days))
    with owner():
        stored(calibrated(look=30.0, escalate=40.0, regulator=50.0, places=world.elm.places))
    with worker():
        relay.drain(now=NOW)
        assert not Alert.objects.filter(picture="overseers", kind="change").exists()
        assert Alert.objects.get(picture="provider", kind="change").bar == engine.DEFAULT.regulator
        looks = _looked(world)
        assert looks["overseers"].score == looks["provider"].score > engine.DEFAULT.look
        assert looks["overseers"].tier == ""
        assert looks["overseers"].parameters != looks["provider"].parameters == engine.DEFAULT.digest()
        assert dict(looks["overseers"].explanation["bars"])["look"] == 30.0


def test_an_alert_keeps_the_bar_it_reached_and_what_was_measured(world: cast.Cast) -> None:
    for days in range(9):
        _lado(world, TODAY - timedelta(days=8 - days))
    with owner():
        stored(calibrated(look=3.0, escalate=40.0, regulator=50.0, places=world.elm.places))
    with worker():
        relay.drain(now=NOW)
        alert = Alert.objects.get(picture="overseers", kind="change")
        assert (alert.tier, alert.bar) == ("look", 3.0)
        assert alert.explanation["measured"]["look"]["alarms"] == 20
        assert "measured" not in Alert.objects.get(picture="provider", kind="change").explanation
    with owner():
        stored(calibrated(look=4.0, places=world.elm.places))
        alert.refresh_from_db()
        assert alert.bar == 3.0


def test_the_day_judges_homes_of_all_bars_in_their_order(world: cast.Cast) -> None:
    with owner():
        Home.objects.filter(pk=world.oak.pk).update(kind="short_break")
        stored(calibrated(places=world.elm.places))
    with worker():
        actions.run_day(day=TODAY - timedelta(days=1), now=NOW)
        found = Assessment.objects.filter(picture="overseers", home__isnull=False)
        assert found.count() == Home.objects.filter(closed_on__isnull=True).count()
        assert len(set(found.values_list("parameters", flat=True))) == 2


def _files(folder: Path, years: float) -> list[Any]:
    homes, events, _ = write_csv(simulate(Plan(homes=2, years=years), 3), folder)
    return [homes, events]


def test_the_command_stores_what_it_found(db: None, tmp_path: Path) -> None:
    out = StringIO()
    with owner():
        call_command("calibrate", *_files(tmp_path, 1.0), "--store", "--out", tmp_path / "o.json", stdout=out)
        row = Calibration.objects.get()
    assert "Stored as version 1" in out.getvalue()
    assert row.bands == json.loads((tmp_path / "o.json").read_text())["bands"]
    assert row.made_by == "the calibrate command"


def test_the_command_says_that_there_was_nothing_to_store(db: None, tmp_path: Path) -> None:
    with owner(), pytest.raises(CommandError, match="Nothing was stored"):
        call_command("calibrate", *_files(tmp_path, 0.3), "--store")


def test_a_past_is_walked_by_the_bars_in_force(world: cast.Cast) -> None:
    with owner():
        stored(calibrated(look=1.5, escalate=40.0, regulator=50.0, places=world.elm.places))
    with worker():
        with past.loading_a_past():
            for days in range(9):
                _lado(world, TODAY - timedelta(days=20 - days))
            relay.drain(now=NOW)
        past.walk_days(first=BEGAN, last=TODAY, each_day=lambda day, now: None)
        alert = Alert.objects.get(picture="overseers", kind="change", home=world.elm)
        assert (alert.tier, alert.bar) == ("look", 1.5)
        assert Alert.objects.get(picture="provider", kind="change", home=world.elm).bar != 1.5

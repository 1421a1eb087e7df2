"""How often an ordinary home reaches Look: said as simulated until it was measured, and measured only to overseers."""

from dataclasses import replace

from django.test import Client

from events.context import acting_as
from oversight.dashboards.chance import Chance, chance_at, chance_over
from oversight.dashboards.queries import standpoint
from oversight.dashboards.wording import FALSE_ALARM
from oversight.risk.calibration import Calibrated
from oversight.risk.replay.measuring import Rate
from tests import cast
from tests.conftest import owner
from tests.oversight.dashboards.test_home import shown
from tests.oversight.risk.calibration.test_bars_in_force import calibrated, stored

NOW = cast.NOW
MEASURED = "about once in 10 years, as past records show"


def _at_elm(world: cast.Cast, name: str, picture: str) -> str:
    me = world.people[name].pk
    with acting_as(me, NOW):
        stand = standpoint(me, world.elm.urn, NOW)
        return chance_at(world.elm, picture, stand.calibration if stand else None)


def _over(world: cast.Cast, name: str, picture: str = "overseers") -> Chance:
    me = world.people[name].pk
    with acting_as(me, NOW):
        return chance_over(picture, me, NOW)


def _keep(found: Calibrated) -> None:
    with owner():
        stored(found)


def test_until_it_is_measured_the_chance_is_the_simulated_one(world: cast.Cast) -> None:
    assert _at_elm(world, "mo", "overseers") == FALSE_ALARM
    assert _over(world, "mo") == Chance(FALSE_ALARM, 1 / 8)


def test_overseers_are_told_what_was_measured_on_homes_of_its_kind_and_size(world: cast.Cast) -> None:
    _keep(calibrated(places=world.elm.places))
    assert _at_elm(world, "mo", "overseers") == MEASURED
    assert _at_elm(world, "fran", "overseers") == MEASURED
    assert _at_elm(world, "asha", "provider") == FALSE_ALARM
    assert _at_elm(world, "asha", "overseers") == FALSE_ALARM
    assert _over(world, "mo") == Chance(f"{MEASURED} for kinds and sizes with enough homes", 20 / 190)
    assert _over(world, "asha", "provider") == Chance()


def test_a_home_of_another_size_keeps_the_simulated_chance(world: cast.Cast) -> None:
    _keep(calibrated(places=world.elm.places + 20))
    assert _at_elm(world, "mo", "overseers") == FALSE_ALARM


def test_no_alarm_at_all_is_counted_as_one(world: cast.Cast) -> None:
    found = calibrated(places=world.elm.places)
    band = found.bands[0]
    quiet = replace(band, tiers=tuple(replace(tier, achieved=Rate(0, 50.0)) for tier in band.tiers))
    _keep(replace(found, bands=(quiet,)))
    assert _over(world, "mo").a_year == 1 / 50
    assert _over(world, "mo").words.startswith("less than once in 50 years")


def test_pages_say_it(world: cast.Cast, client: Client) -> None:
    _keep(calibrated(places=world.elm.places))
    page = shown(client, world, "mo", f"/homes/{world.elm.urn}/")
    assert f"An ordinary home reaches Look {MEASURED}." in page
    assert FALSE_ALARM not in page
    assert f"{MEASURED} for kinds and sizes with enough homes" in shown(client, world, "mo", "/nation/")
    assert FALSE_ALARM in shown(client, world, "asha", f"/homes/{world.elm.urn}/")

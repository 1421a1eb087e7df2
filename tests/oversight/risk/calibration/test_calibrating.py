import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from oversight.risk.calibration import (
    OWN_HISTORY,
    SIMULATED,
    Calibrated,
    calibrate,
    calibrate_histories,
    calibrate_simulated,
    print_calibration,
    show,
)
from oversight.risk.calibration.bars import OWN
from oversight.risk.engine import DEFAULT, band_of
from oversight.risk.simulator import Plan, World, simulate, write_csv


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(Plan(homes=80, years=3.0, places=5), 5)


@pytest.fixture(scope="module")
def found(world: World) -> Calibrated:
    records, placements = world.by_home()
    return calibrate(world.homes, records, placements, world.until, each=1)


def test_a_population_sets_bars_where_it_can_and_measures_them_on_homes_apart(
    world: World, found: Calibrated
) -> None:
    (band,) = found.bands
    assert (band.kind, band.band, band.homes) == ("home", band_of(5), 80)
    assert band.setting + band.confirming == 80
    look = band.tiers[0]
    assert look.how == OWN
    assert look.bar != DEFAULT.look
    assert look.achieved is not None
    assert look.achieved.years < band.confirming * 3
    assert found.source == OWN_HISTORY
    assert found.population == f"80 homes, 2022-01-01 to {world.until}"
    assert found.parameters == DEFAULT.digest()


def test_the_table_says_what_was_set_measured_and_paid(found: Calibrated) -> None:
    out = io.StringIO()
    print_calibration(found, out)
    told = out.getvalue()
    lines = told.splitlines()
    assert " ".join(lines[1].split()) == (
        "kind places tier promised bar set on measured on home-years first alarms a year 95% interval"
        " in 12 months later"
    )
    assert lines[2].split()[:7] == ["home", "4-6", "look", "1", "in", "10", "years"]
    assert f"{found.bands[0].tiers[0].bar:.3f}" in lines[2]
    assert "of 7" in lines[2]
    assert "weeks" in lines[3]
    assert "nominal" in lines[4]
    assert "Homes that truly went wrong are among these" in told


def test_plain_data_hold_all_of_it(found: Calibrated) -> None:
    data = json.loads(json.dumps(found.as_json()))
    (band,) = data["bands"]
    look = band["tiers"][0]
    achieved = found.bands[0].tiers[0].achieved
    assert achieved is not None
    assert look["achieved"]["rate"] == pytest.approx(achieved.value, abs=1e-6)
    assert look["achieved"]["interval"] == pytest.approx(achieved.interval, abs=1e-6)
    assert look["bar"] == found.bands[0].tiers[0].bar
    assert look["price"]["homes"] == 7
    assert band["set_on"] + band["measured_on"] == band["homes"] == 80


def test_simulated_homes_say_that_they_are() -> None:
    found = calibrate_simulated(12, 3, years=2.0, each=1)
    assert found.source == SIMULATED
    assert sum(band.homes for band in found.bands) == 12
    out = io.StringIO()
    print_calibration(found, out)
    assert "12 simulated ordinary homes, 2 years, seed 3" in out.getvalue()
    assert "Simulated, not measured on real homes." in out.getvalue()


def test_homes_without_a_day_at_risk_leave_the_bars_alone() -> None:
    world = simulate(Plan(homes=2, years=0.3), 1)
    records, placements = world.by_home()
    found = calibrate(world.homes, records, placements, world.until)
    out = io.StringIO()
    print_calibration(found, out)
    assert found.bands == ()
    assert "the nominal bars stay" in out.getvalue()


def test_the_command_writes_the_same_bytes_for_the_same_files(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = simulate(Plan(homes=4, years=1.5, places=None), 7)
    homes, events, placements = write_csv(few, tmp_path)
    for name in ("one.json", "two.json"):
        call_command(
            "calibrate", homes, events, "--placements", placements, "--seed", "4", "--out", tmp_path / name
        )
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    data = json.loads((tmp_path / "one.json").read_text())
    assert sum(band["homes"] for band in data["bands"]) == 4
    assert not (tmp_path / "one.json.part").exists()
    assert "own history; 4 homes" in capsys.readouterr().out


def test_a_row_that_cannot_be_read_is_named_and_nothing_written(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    homes, events, _ = write_csv(simulate(Plan(homes=1, years=1.0), 7), tmp_path)
    homes.write_text(homes.read_text().replace(",5,", ",many,"))
    with pytest.raises(SystemExit) as stopped:
        call_command("calibrate", homes, events, "--out", tmp_path / "out.json")
    assert stopped.value.code == 2
    assert "line 2, column places" in capsys.readouterr().err
    assert not (tmp_path / "out.json").exists()


def test_a_kind_that_is_not_known_is_warned_of(tmp_path: Path) -> None:
    homes, events, _ = write_csv(simulate(Plan(homes=1, years=1.0), 7), tmp_path)
    homes.write_text(homes.read_text().replace(",home,", ",castle,"))
    err = io.StringIO()
    found = calibrate_histories(homes, events, err=err)
    assert found is not None
    assert found.bands[0].kind == "other"
    assert "castle is read as other" in err.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["a.csv"],
        ["a.csv", "b.csv", "--simulated", "9"],
        ["a.csv", "--simulated", "9"],
        ["--simulated", "0"],
    ],
)
def test_a_command_that_names_no_population_says_so(words: list[str]) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("calibrate", *words)
    assert refused.value.returncode == 2


def test_the_command_simulates_where_asked(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("calibrate", "--simulated", "2", "--seed", "9")
    assert "2 simulated ordinary homes, 10 years, seed 9" in capsys.readouterr().out


def test_a_table_goes_where_it_is_sent(found: Calibrated) -> None:
    out = io.StringIO()
    show(found, None, out)
    assert out.getvalue().startswith("Source: own history; 80 homes")

import json
from datetime import date

import numpy as np
import pytest

from oversight.risk.engine import Fits, Home, Parameters, QuarterFit, Record, band_of, fit_quarter
from oversight.risk.engine.counting import changes
from oversight.risk.engine.fits import fit_history, fit_stream, quarters_between
from oversight.risk.engine.priors import SHIPPED, StreamFit
from oversight.risk.simulator import Plan, simulate

FEW = Parameters(fit_homes=10, fit_years=1)


@pytest.mark.parametrize(
    ("places", "band"),
    [(1, "1-3"), (3, "1-3"), (4, "4-6"), (6, "4-6"), (7, "7-12"), (12, "7-12"), (13, "13+"), (40, "13+")],
)
def test_bands(places: int, band: str) -> None:
    assert band_of(places) == band


def test_shipped_rates_are_the_published_assumptions() -> None:
    yearly = [fit.shape / fit.rate * 365.25 / 7 for fit in SHIPPED[:5]]
    assert yearly == pytest.approx([10.0, 1.5, 0.1, 0.5, 2.0])
    assert SHIPPED[5].shape / SHIPPED[5].rate == pytest.approx(0.08)


def test_a_moment_fit_worked_by_hand() -> None:
    # Two homes, rates 1 and 3 per unit, four windows each without spread about their own rate.
    counts = np.array([[10.0] * 4, [30.0] * 4])
    exposure = np.full((2, 4), 10.0)
    fit = fit_stream(counts, exposure, SHIPPED[0])
    # mean 2; spread 40*1+40*1 - 1*1*2 = 78; size 80 - 3200/80 = 40; between 1.95; shape 4/1.95
    assert fit.dispersion == 1.0
    assert fit.shape == pytest.approx(4 / 1.95)
    assert fit.rate == pytest.approx(fit.shape / 2)


def test_dispersion_is_the_spread_about_each_homes_own_rate() -> None:
    counts = np.array([[0.0, 20.0, 0.0, 20.0], [0.0, 20.0, 0.0, 20.0]])
    fit = fit_stream(counts, np.full((2, 4), 10.0), SHIPPED[0])
    # squares 2*4*100 = 800 over expected 2*40 * (1 - 1/4) = 60
    assert fit.dispersion == pytest.approx(800 / 60)
    assert fit.shape == 20.0, "homes alike take the narrowest belief allowed"


def test_too_little_to_learn_from_gives_the_shipped_fit() -> None:
    assert fit_stream(np.zeros((5, 4)), np.ones((5, 4)), SHIPPED[2]) == SHIPPED[2]
    assert fit_stream(np.full((1, 4), 9.0), np.ones((1, 4)), SHIPPED[2]) == SHIPPED[2]


def test_short_histories_say_nothing_about_dispersion() -> None:
    assert fit_stream(np.array([[9.0, 1.0], [1.0, 9.0]]), np.ones((2, 2)), SHIPPED[0]).dispersion == 1.0


def test_fits_find_the_rates_that_were_simulated() -> None:
    world = simulate(Plan(homes=60, years=4), 11)
    records, placements = world.by_home()
    fit = fit_quarter(world.homes, records, placements, date(2025, 10, 1))
    streams = fit.bands[("home", "4-6")]
    assert streams[0].shape / streams[0].rate * 365.25 / 7 == pytest.approx(10.0, rel=0.3)
    assert 1.2 < streams[0].dispersion < 2.5
    assert streams[5].shape / streams[5].rate == pytest.approx(0.08, rel=0.4)


def test_a_fit_rests_on_what_was_known_before_its_quarter() -> None:
    world = simulate(Plan(homes=20, years=2.5), 3)
    records, placements = world.by_home()
    on = date(2024, 1, 1)
    known = {urn: [one for one in rows if one.recorded_on < on] for urn, rows in records.items()}
    full = fit_quarter(world.homes, records, placements, on, parameters=FEW)
    assert full == fit_quarter(world.homes, known, placements, on, parameters=FEW)
    assert full.bands


def test_history_of_fits_is_each_fit_alone() -> None:
    world = simulate(Plan(homes=20, years=2.5), 3)
    records, placements = world.by_home()
    starts = quarters_between(world.homes[0].begins_on, world.until)
    known = {urn: changes(rows) for urn, rows in records.items()}
    together = fit_history(world.homes, known, placements, starts, FEW)
    for fit in together.quarters:
        assert fit == fit_quarter(world.homes, records, placements, fit.effective_from, parameters=FEW)


def test_a_band_with_too_few_homes_or_years_has_no_fit() -> None:
    world = simulate(Plan(homes=20, years=2.5), 3)
    records, placements = world.by_home()
    assert fit_quarter(world.homes, records, placements, date(2024, 4, 1)).bands == {}
    short = Parameters(fit_homes=20, fit_years=3)
    assert fit_quarter(world.homes, records, placements, date(2024, 4, 1), parameters=short).bands == {}
    assert fit_quarter((), {}, {}, date(2024, 4, 1)).bands == {}


def test_a_fit_begins_with_a_quarter() -> None:
    with pytest.raises(ValueError, match="begins with a quarter"):
        fit_quarter((), {}, {}, date(2024, 4, 2))


def test_the_fit_in_force_is_that_of_the_days_quarter() -> None:
    first = (StreamFit(1.0, 2.0, 1.0),) * 6
    fits = Fits().with_quarter(QuarterFit(date(2024, 1, 1), {("home", "4-6"): first}))
    fits = fits.with_quarter(QuarterFit(date(2024, 4, 1), {}))
    assert fits.in_force("home", "4-6", date(2023, 12, 31)) == SHIPPED
    assert fits.in_force("home", "4-6", date(2024, 1, 1)) == first
    assert fits.in_force("home", "13+", date(2024, 1, 1)) == SHIPPED
    assert fits.in_force("home", "4-6", date(2024, 4, 1)) == SHIPPED
    assert [index for _, index in fits.spans(date(2023, 12, 1), date(2024, 6, 1))] == [-1, 0, 1]
    with pytest.raises(ValueError, match="in order"):
        fits.with_quarter(QuarterFit(date(2024, 4, 1), {}))


def test_a_stored_fit_comes_back_exactly() -> None:
    fit = QuarterFit(date(2024, 1, 1), {("home", "4-6"): (StreamFit(1 / 3, 2 / 7, 1.1),) * 6})
    assert QuarterFit.from_json(json.loads(json.dumps(fit.as_json()))) == fit


def test_quarters_between_leaves_out_the_first_day() -> None:
    assert quarters_between(date(2024, 1, 1), date(2024, 10, 1)) == [
        date(2024, 4, 1),
        date(2024, 7, 1),
        date(2024, 10, 1),
    ]
    assert quarters_between(date(2024, 11, 5), date(2025, 1, 1)) == [date(2025, 1, 1)]


def test_counts_outside_a_history_are_left_out() -> None:
    ours = [Home(f"DEMO{n}", "", "P", 5, opened_on=date(2022, 6, 1)) for n in range(12)]
    rows = {
        one.urn: [
            Record(f"{one.urn}-{n}", one.urn, "reg40", date(2022, 7, 1 + n), date(2022, 8, 1), "home")
            for n in range(9)
        ]
        for one in ours
    }
    early = {
        urn: [Record(f"{urn}-e", urn, "reg40", date(2022, 5, 1), date(2022, 8, 1), "home"), *some]
        for urn, some in rows.items()
    }
    on = date(2023, 10, 1)
    assert fit_quarter(ours, early, {}, on, parameters=FEW) == fit_quarter(ours, rows, {}, on, parameters=FEW)

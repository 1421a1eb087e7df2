"""A population's calibration: bars, what they give, what they cost; as a table for people and as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TextIO

from oversight.risk.calibration.bars import OWN, Band, TierBar, set_bars
from oversight.risk.calibration.charting import charts_of_homes
from oversight.risk.calibration.price import Price, failing_homes, price_of
from oversight.risk.engine.parameters import DEFAULT, ENGINE_VERSION, Parameters
from oversight.risk.engine.records import Home, Placement, Record
from oversight.risk.replay.measuring import Chart
from oversight.risk.simulator import Plan, simulate

OWN_HISTORY, SIMULATED = "own history", "simulated"
FAILING_EACH = 8
SIMULATED_YEARS = 10.0
HEADINGS = (
    "kind",
    "places",
    "tier",
    "promised",
    "bar",
    "set on",
    "measured on",
    "home-years",
    "first alarms",
    "a year",
    "95% interval",
    "in 12 months",
    "later",
)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Every kind and band of a population, with the price of each tier by (kind, band, tier).

    `source` is OWN_HISTORY or SIMULATED; `parameters` the digest of the settings whose bars these replace.
    """

    source: str
    population: str
    engine_version: str
    parameters: str
    bands: tuple[Band, ...]
    prices: Mapping[tuple[str, str, str], Price]

    def as_json(self) -> dict[str, Any]:
        """Plain data, without the time: the same population gives the same bytes."""
        return {
            "source": self.source,
            "population": self.population,
            "engine_version": self.engine_version,
            "parameters": self.parameters,
            "bands": [self._band(band) for band in self.bands],
        }

    def _band(self, band: Band) -> dict[str, Any]:
        return {
            "kind": band.kind,
            "band": band.band,
            "homes": band.homes,
            "set_on": band.setting,
            "measured_on": band.confirming,
            "tiers": [
                {**_tier(tier), "price": _price(self.prices[band.kind, band.band, tier.tier])}
                for tier in band.tiers
            ],
        }


def calibrate(
    homes: Sequence[Home],
    records: Mapping[str, Sequence[Record]],
    placements: Mapping[str, Sequence[Placement]],
    until: date,
    *,
    source: str = OWN_HISTORY,
    population: str = "",
    seed: int = 1,
    each: int = FAILING_EACH,
    parameters: Parameters = DEFAULT,
) -> Calibrated:
    """Bars by kind and band from these homes' histories, and their price on `each` simulated homes a scenario."""
    charts = charts_of_homes(homes, records, placements, until, parameters=parameters)
    bands = set_bars(homes, charts, until, parameters)
    failing: dict[int, Sequence[Chart]] = {}
    prices = {}
    for band in bands:
        if band.places not in failing:
            failing[band.places] = failing_homes(band.places, each, seed, parameters).charts
        for tier in band.tiers:
            prices[band.kind, band.band, tier.tier] = price_of(
                failing[band.places], tier.bar, band.bar("look")
            )
    words = population or population_words(homes, until)
    return Calibrated(source, words, ENGINE_VERSION, parameters.digest(), tuple(bands), prices)


def calibrate_simulated(
    homes: int, seed: int, *, years: float = SIMULATED_YEARS, each: int = FAILING_EACH
) -> Calibrated:
    """The same from simulated ordinary homes, of sizes and kinds as in the nation."""
    plan = Plan(homes=homes, years=years, starts_on=date(2014, 1, 1), places=None)
    world = simulate(plan, seed)
    records, placements = world.by_home()
    words = f"{homes} simulated ordinary homes, {years:g} years, seed {seed}"
    return calibrate(
        world.homes,
        records,
        placements,
        world.until,
        source=SIMULATED,
        population=words,
        seed=seed,
        each=each,
    )


def population_words(homes: Sequence[Home], until: date) -> str:
    """How many homes, and from when to when."""
    first = min((home.begins_on for home in homes), default=until)
    return f"{len(homes)} homes, {first} to {until}"


def print_calibration(found: Calibrated, out: TextIO) -> None:
    """The table by kind and band, and what its words mean."""
    out.write(f"Source: {found.source}; {found.population}. Engine {found.engine_version}.\n")
    if not found.bands:
        out.write("No home was at risk long enough: the nominal bars stay.\n")
        return
    rows: list[tuple[str, ...]] = [HEADINGS]
    for band in found.bands:
        rows.extend(_row(band, tier, found.prices[band.kind, band.band, tier.tier]) for tier in band.tiers)
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    for row in rows:
        out.write(
            "  ".join(field.ljust(width) for field, width in zip(row, widths, strict=True)).rstrip() + "\n"
        )
    out.write(
        "a year: first alarms per home-year, on homes that did not set the bar. nominal: too few homes or years to set a\n"
        "bar. above: as high as the tier below it. in 12 months: of simulated homes that go wrong, told within a year.\n"
        "later: weeks after look, in the middle home of those told at both.\n"
    )
    if found.source == OWN_HISTORY:
        out.write("Homes that truly went wrong are among these and count as false alarms here.\n")
    else:
        out.write("Simulated, not measured on real homes.\n")


def _row(band: Band, tier: TierBar, price: Price) -> tuple[str, ...]:
    achieved = tier.achieved
    setting = _homes(band.setting) if tier.how == OWN else tier.how
    if achieved is None:
        measured: tuple[str, ...] = ("", "", "", "")
    else:
        low, high = achieved.interval
        measured = (
            f"{achieved.years:.0f}",
            str(achieved.alarms),
            f"{achieved.value:.3f}",
            f"{low:.3f} to {high:.3f}",
        )
    later = "" if tier.tier == "look" or price.weeks_later is None else f"{price.weeks_later:.0f} weeks"
    return (
        *(band.kind, band.band, tier.tier, f"1 in {1 / tier.promised:.0f} years", f"{tier.bar:.3f}", setting),
        *(_homes(band.confirming), *measured),
        *(f"{price.within_a_year} of {price.homes}", later),
    )


def _homes(number: int) -> str:
    return "1 home" if number == 1 else f"{number} homes"


def _tier(tier: TierBar) -> dict[str, Any]:
    achieved = tier.achieved
    return {
        "tier": tier.tier,
        "promised": round(tier.promised, 6),
        "bar": round(tier.bar, 6),
        "how": tier.how,
        "achieved": None
        if achieved is None
        else {
            "alarms": achieved.alarms,
            "years": round(achieved.years, 3),
            "rate": round(achieved.value, 6),
            "interval": [round(limit, 6) for limit in achieved.interval],
        },
    }


def _price(price: Price) -> dict[str, Any]:
    return {
        "homes": price.homes,
        "told": price.told,
        "within_a_year": price.within_a_year,
        "weeks_later": None if price.weeks_later is None else round(price.weeks_later, 1),
    }

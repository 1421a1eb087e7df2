"""Bars for homes of one kind and size from a population's own history, and the rate they give on homes apart.

Homes are split into two halves by their URNs: the first sets the bars, the second says what they give. Homes that truly
went wrong are among them and push the bars up, so a bar set here is met more rarely by a home that is well.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from oversight.risk.engine.fits import BANDS, BandKey, band_of
from oversight.risk.engine.parameters import DEFAULT, Parameters
from oversight.risk.engine.records import Home
from oversight.risk.replay.measuring import DAYS_PER_YEAR, Chart, Rate, bar_for, rate_at

#: How often an ordinary home may first reach each tier, a year.
PROMISED: tuple[tuple[str, float], ...] = (("look", 1 / 10), ("escalate", 1 / 30), ("regulator", 1 / 100))
FEWEST_ALARMS = 5.0  # expected on the homes that set a bar
OWN, NOMINAL, ABOVE = "own", "nominal", "above"


@dataclass(frozen=True, slots=True)
class TierBar:
    """One tier's bar. `how`: `own` set on the band's homes; `nominal` kept, for too few homes or years; `above` as
    high as the tier below, which passed the nominal one. `achieved` None: no home was at risk.
    """

    tier: str
    promised: float
    bar: float
    how: str
    achieved: Rate | None


@dataclass(frozen=True, slots=True)
class Band:
    """The bars of homes of a kind and size band. `homes` at risk; `setting` of them set the bars, `confirming` did not.

    Where no bar was set on them, all confirm.
    """

    kind: str
    band: str
    places: int  # the middle home's
    homes: int
    setting: int
    confirming: int
    tiers: tuple[TierBar, ...]

    def bar(self, tier: str) -> float:
        """The bar of one tier. KeyError for an unknown tier."""
        return {one.tier: one.bar for one in self.tiers}[tier]


def sets_bars(urn: str) -> bool:
    """Whether a home is of the half that sets bars: drawn from its URN, so that it never changes sides."""
    return hashlib.sha256(urn.encode()).digest()[0] % 2 == 0


def bands_of(homes: Sequence[Home]) -> dict[BandKey, list[Home]]:
    """Homes by kind and size band, kinds in the order of the alphabet, small bands first."""
    found: dict[BandKey, list[Home]] = {}
    for home in homes:
        found.setdefault((home.kind, band_of(home.places)), []).append(home)
    order = [band for _, band in BANDS]
    return dict(sorted(found.items(), key=lambda entry: (entry[0][0], order.index(entry[0][1]))))


def set_bars(
    homes: Sequence[Home], charts: Mapping[str, Chart], until: date, parameters: Parameters = DEFAULT
) -> list[Band]:
    """The bars of every kind and band, from each home's chart by URN up to `until`."""
    at_risk = [home for home in homes if home.urn in charts and charts[home.urn].raises_from <= until]
    return [_band(key, members, charts, until, parameters) for key, members in bands_of(at_risk).items()]


def _band(
    key: BandKey, homes: Sequence[Home], charts: Mapping[str, Chart], until: date, parameters: Parameters
) -> Band:
    setting = [charts[home.urn] for home in homes if sets_bars(home.urn)]
    apart = [charts[home.urn] for home in homes if not sets_bars(home.urn)]
    enough = min(len(setting), len(apart)) >= parameters.fit_homes
    years = years_at_risk(setting, until)
    bars: list[tuple[str, float, float, str]] = []
    least = 0.0
    for tier, promised in PROMISED:
        if enough and promised * years >= FEWEST_ALARMS:
            bar, how = bar_for(setting, promised, until), OWN
        else:
            bar, how = parameters.bar(tier), NOMINAL
        if bar < least:
            bar, how = least, ABOVE
        bars.append((tier, promised, bar, how))
        least = bar
    if all(how == NOMINAL for *_, how in bars):
        setting, apart = [], [*setting, *apart]
    tiers = tuple(
        TierBar(tier, promised, bar, how, rate_at(apart, bar, until) if apart else None)
        for tier, promised, bar, how in bars
    )
    places = sorted(home.places for home in homes)[len(homes) // 2]
    return Band(*key, places, len(homes), len(setting), len(apart), tiers)


def years_at_risk(charts: Sequence[Chart], until: date) -> float:
    """Years from the first day on which each chart may raise an alarm."""
    return sum(max((until - chart.raises_from).days + 1, 0) for chart in charts) / DAYS_PER_YEAR

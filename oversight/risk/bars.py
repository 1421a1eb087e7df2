"""The bars in force: a population's own where they were set by a stored calibration, the nominal ones elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import JSONObject

from oversight.risk import engine
from oversight.risk.engine.fits import BandKey
from oversight.risk.models import Calibration

NOMINAL = engine.DEFAULT


@dataclass(frozen=True)
class Measured:
    """How often homes of a kind and band, which did not set the bar, first reached a tier: ``alarms`` in ``years``."""

    version: int
    source: str
    alarms: int
    years: float
    homes: int

    def as_json(self) -> dict[str, Any]:
        """Plain data, which an alert keeps beside its bar."""
        return {
            "version": self.version,
            "source": self.source,
            "alarms": self.alarms,
            "years": self.years,
            "homes": self.homes,
        }


@dataclass(frozen=True)
class Bars:
    """Parameters and measured rates by (kind, band); ``Bars()`` is the nominal bars alone.

    A calibration knows everything that was recorded, so it holds on the overseers' picture only: on the provider's it
    would neither be true nor free of what outsiders told.
    """

    parameters: Mapping[BandKey, engine.Parameters] = field(default_factory=dict)
    rates: Mapping[tuple[str, str, str], Measured] = field(default_factory=dict)

    def of(self, home: engine.Home, picture: engine.Picture) -> engine.Parameters:
        """The parameters by which a home is judged on one picture."""
        if picture != "overseers":
            return NOMINAL
        return self.parameters.get((home.kind, engine.band_of(home.places)), NOMINAL)

    def measured(self, home: engine.Home, picture: engine.Picture, tier: str) -> Measured | None:
        """The rate of the tier at homes like this one; None where its bar is nominal."""
        if picture != "overseers":
            return None
        return self.rates.get((home.kind, engine.band_of(home.places), tier))


def bars_in_force(among: QuerySet[Calibration] | None = None) -> Bars:
    """The bars of the newest calibration, if it was made for the settings of today; else the nominal ones.

    among: those that a viewer may read.
    """
    return bars_of(newest(Calibration.objects.all() if among is None else among).first())


def newest(among: QuerySet[Calibration]) -> QuerySet[Calibration, Any]:
    """What ``bars_of`` takes, the newest calibration first; fit for a subquery, too."""
    return among.order_by("-version").values(
        kept=JSONObject(version="version", source="source", parameters="parameters", bands="bands")
    )


def bars_of(row: Mapping[str, Any] | None) -> Bars:
    """What a stored calibration set, if it was made for the settings of today; bands and tiers that kept the nominal bar
    are left out.
    """
    kept = row["kept"] if row else None
    if not kept or kept["parameters"] != NOMINAL.digest():
        return Bars()
    parameters, rates = {}, {}
    for band in kept["bands"]:
        tiers = [tier for tier in band["tiers"] if tier["how"] != "nominal"]
        if not tiers:
            continue
        key = (band["kind"], band["band"])
        parameters[key] = replace(NOMINAL, **{tier["tier"]: tier["bar"] for tier in tiers})
        for tier in tiers:
            found = tier["achieved"]
            if found:
                rates[*key, tier["tier"]] = Measured(
                    kept["version"], kept["source"], found["alarms"], found["years"], band["measured_on"]
                )
    return Bars(parameters, rates)

"""How often an ordinary home reaches Look by chance: as measured where a calibration is in force, else as simulated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from homes.models import Home
from oversight.dashboards.wording import FALSE_ALARM
from oversight.escalation.answers import measured
from oversight.risk import engine
from oversight.risk.bars import Bars, bars_in_force, bars_of
from oversight.risk.models import Calibration

LOOK = "look"
CHANCE_A_YEAR = 1 / 8  # simulated, as FALSE_ALARM says
WITH_ENOUGH = " for kinds and sizes with enough homes"


@dataclass(frozen=True)
class Chance:
    """``words`` stand after "An ordinary home reaches Look"; ``a_year`` is for counting with."""

    words: str = FALSE_ALARM
    a_year: float = CHANCE_A_YEAR


def chance_at(home: Home, picture: str, calibration: Mapping[str, Any] | None) -> str:
    """The words for one home on the viewer's picture: those of its own kind and size.

    calibration: the newest that the viewer may read, as `risk.bars.newest` keeps it.
    """
    bars = bars_of({"kept": calibration}) if picture == "overseers" else Bars()
    found = bars.rates.get((home.kind, engine.band_of(home.places), LOOK))
    return measured({"measured": {LOOK: found.as_json()}}, LOOK) if found else FALSE_ALARM


def chance_over(picture: str, viewer: UUID, now: datetime) -> Chance:
    """The chance over all homes of a list: the measured kinds and sizes taken together."""
    rates = [one for (*_, tier), one in _bars(picture, viewer, now).rates.items() if tier == LOOK]
    if not rates:
        return Chance()
    alarms, years = sum(one.alarms for one in rates), sum(one.years for one in rates)
    together = {"source": rates[0].source, "alarms": alarms, "years": years}
    words = measured({"measured": {LOOK: together}}, LOOK) + WITH_ENOUGH
    return Chance(words, max(alarms, 1) / years)


def _bars(picture: str, viewer: UUID, now: datetime) -> Bars:
    if picture != "overseers":
        return Bars()
    return bars_in_force(Calibration.objects.visible_to(viewer, now))

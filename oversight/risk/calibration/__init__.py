"""Bars for a population: set on one half of its homes, measured on the other, with what stricter ones cost."""

from oversight.risk.calibration.bars import Band, TierBar, set_bars, sets_bars
from oversight.risk.calibration.calibrating import (
    OWN_HISTORY,
    SIMULATED,
    Calibrated,
    calibrate,
    calibrate_simulated,
    print_calibration,
)
from oversight.risk.calibration.commanding import calibrate_by_simulation, calibrate_histories, show
from oversight.risk.calibration.price import Price

__all__ = [
    "OWN_HISTORY",
    "SIMULATED",
    "Band",
    "Calibrated",
    "Price",
    "TierBar",
    "calibrate",
    "calibrate_by_simulation",
    "calibrate_histories",
    "calibrate_simulated",
    "print_calibration",
    "set_bars",
    "sets_bars",
    "show",
]

"""Simulated homes: ordinary ones and homes going wrong, for tests, the demo, benchmarks and calibration."""

from oversight.risk.simulator.arrays import Arrays, simulate_arrays
from oversight.risk.simulator.carried import Marks
from oversight.risk.simulator.effects import Marking
from oversight.risk.simulator.mark_rates import HIGH, LOW, MID, NOISE, MarkRates
from oversight.risk.simulator.plans import Plan, World
from oversight.risk.simulator.rates import COUNT_SCENARIOS, SCENARIOS, SIBLING_DRIFT, Rates, Scenario
from oversight.risk.simulator.worlds import simulate
from oversight.risk.simulator.writing import write_csv

__all__ = [
    "COUNT_SCENARIOS",
    "HIGH",
    "LOW",
    "MID",
    "NOISE",
    "SCENARIOS",
    "SIBLING_DRIFT",
    "Arrays",
    "MarkRates",
    "Marking",
    "Marks",
    "Plan",
    "Rates",
    "Scenario",
    "World",
    "simulate",
    "simulate_arrays",
    "write_csv",
]

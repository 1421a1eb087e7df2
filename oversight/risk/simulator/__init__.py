"""Simulated homes: ordinary ones and homes going wrong, for tests, the demo, benchmarks and calibration."""

from oversight.risk.simulator.rates import SCENARIOS, Rates, Scenario
from oversight.risk.simulator.worlds import Plan, World, simulate
from oversight.risk.simulator.writing import write_csv

__all__ = ["SCENARIOS", "Plan", "Rates", "Scenario", "World", "simulate", "write_csv"]

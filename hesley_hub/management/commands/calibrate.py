"""Sets the engine's bars on a population's own history, and says what they give on homes apart."""

import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events import clock
from oversight.risk.calibration import Calibrated, calibrate_by_simulation, calibrate_histories, show
from oversight.risk.calibration.actions import store_calibration


class Command(BaseCommand):
    help = "Bars for the engine by kind and size of home, from a population's own history or from simulated homes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("homes", nargs="?", type=Path, metavar="HOMES.csv")
        parser.add_argument("events", nargs="?", type=Path, metavar="EVENTS.csv")
        parser.add_argument("--placements", type=Path, metavar="FILE", help="who lived where, as CSV")
        parser.add_argument("--until", type=date.fromisoformat, metavar="DATE", help="the last day")
        parser.add_argument(
            "--simulated", type=int, metavar="N", help="from N simulated ordinary homes instead"
        )
        parser.add_argument("--seed", type=int, default=1, help="of what is simulated (%(default)s)")
        parser.add_argument(
            "--store", action="store_true", help="judge the hub's homes by these bars from now on"
        )
        parser.add_argument("--out", type=Path, metavar="FILE", help="write it there as well, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        homes, events, simulated = options["homes"], options["events"], options["simulated"]
        files = homes is not None and events is not None
        if files == (simulated is not None) or (homes is not None and not files):
            raise CommandError("Name HOMES.csv and EVENTS.csv, or say --simulated N.", returncode=2)
        if simulated is not None and simulated < 1:
            raise CommandError("--simulated is a number from 1.", returncode=2)
        if files:
            found = calibrate_histories(
                homes, events, options["placements"], options["until"], seed=options["seed"]
            )
        else:
            found = calibrate_by_simulation(simulated, options["seed"])
        if found is None:
            sys.exit(2)
        show(found, options["out"])
        if options["store"]:
            self._store(found)

    def _store(self, found: Calibrated) -> None:
        try:
            row = store_calibration(found=found, by="the calibrate command", now=clock.now())
        except ValueError as problem:
            raise CommandError(f"Nothing was stored: {problem}.") from problem
        self.stdout.write(f"Stored as version {row.version}: homes are judged by it from their next look on.")

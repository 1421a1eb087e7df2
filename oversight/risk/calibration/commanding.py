"""What `./hub calibrate` does: reads, calibrates, prints, writes. It needs no database."""

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import TextIO

from oversight.risk.calibration.calibrating import (
    Calibrated,
    calibrate,
    calibrate_simulated,
    print_calibration,
)
from oversight.risk.replay.engine_only import without_collecting
from oversight.risk.replay.reading import UnreadableError, read_histories


def calibrate_histories(
    homes: Path,
    events: Path,
    placements: Path | None = None,
    until: date | None = None,
    *,
    seed: int = 1,
    err: TextIO | None = None,
) -> Calibrated | None:
    """The calibration of the histories in CSV files; None, with a message, for a row that cannot be read."""
    err = err or sys.stderr
    with without_collecting():
        try:
            found = read_histories(homes, events, placements, until)
        except UnreadableError as fault:
            err.write(f"{fault}\nNothing was written.\n")
            return None
        for warning in found.warnings:
            err.write(f"warning: {warning}\n")
        return calibrate(found.homes, found.records, found.placements, found.until, seed=seed)


def calibrate_by_simulation(homes: int, seed: int) -> Calibrated:
    """The calibration of so many simulated ordinary homes."""
    with without_collecting():
        return calibrate_simulated(homes, seed)


def show(found: Calibrated, path: Path | None, out: TextIO | None = None) -> None:
    """Prints the table; writes the file in one piece where there is a path for it."""
    print_calibration(found, out or sys.stdout)
    if path is not None:
        part = path.with_name(path.name + ".part")
        part.write_text(json.dumps(found.as_json(), indent=2, sort_keys=True) + "\n", encoding="utf-8")
        os.replace(part, path)

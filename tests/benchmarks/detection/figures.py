"""Reads the figures in `fixtures/`."""

import csv
import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

FIXTURES = Path(__file__).parent / "fixtures"
SERIES = ("salmNewport_DE", "salmonella.agona", "shadar")


def rows(name: str) -> Iterator[dict[str, str]]:
    with (FIXTURES / name).open(newline="") as file:
        yield from csv.DictReader(file)


def number(text: str) -> float:
    return math.nan if text == "NA" else float(text)


def cases(series: str) -> npt.NDArray[np.float64]:
    return np.array(
        [float(row["cases"]) for row in rows("surveillance_series.csv") if row["series"] == series]
    )


def mondays(series: str) -> list[date] | None:
    """The days of a series that has them."""
    told = [row["week_of"] for row in rows("surveillance_series.csv") if row["series"] == series]
    return [date.fromisoformat(day) for day in told] if told[0] else None

"""Small histories as CSV files, with something of everything that the pipeline can alarm about."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from oversight.risk.simulator import Plan, Rates, simulate, write_csv

Files = tuple[Path, Path, Path]


def make(folder: Path, *, homes: int, years: float) -> Files:
    """Homes going wrong in threes; every ninth visit missing, and a death, a concern and opinions of no."""
    rates = replace(Rates(), concern_share=0.2, opinion_no_share=0.3)
    plan = Plan(
        homes=homes, years=years, siblings=3, failing=0.6, onset_weeks=(28, 36), places=None, rates=rates
    )
    world = simulate(plan, 11)
    kept = []
    for number, record in enumerate(world.records):
        if record.stream == "reg44" and number % 9 == 0:
            continue
        if record.stream == "reg44" and number % 17 == 0:
            record = replace(record, detail=f"{record.detail};concern")
        if record.stream == "reg40" and number % 41 == 0:
            record = replace(record, detail="death")
        kept.append(record)
    homes_file, events, placements = write_csv(replace(world, records=tuple(kept)), folder)
    return homes_file, events, placements


@pytest.fixture
def small_history(tmp_path: Path) -> Files:
    return make(tmp_path, homes=5, years=1.2)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written

"""Worlds without marks stay as they were, byte for byte: the demonstration and published figures rest on them."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from oversight.risk.engine import Home
from oversight.risk.simulator import Plan, Rates, simulate, write_csv
from oversight.risk.simulator.worlds import simulate_home

PLANS = {
    "ordinary": (Plan(homes=3, years=2), 1),
    "failing": (Plan(homes=14, years=4, failing=1.0), 7),
    "siblings": (Plan(homes=6, years=1.3, siblings=2, failing=0.5, onset_weeks=(20, 30)), 14),
    "mixed": (Plan(homes=8, years=1, places=None, prefix="DEMO-X"), 3),
    "rates": (Plan(homes=3, years=2, rates=replace(Rates(), concern_share=0.3, stay_years=0.7)), 11),
}


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("ordinary", "09b5ef1d5fd4fc22ba290b32"),
        ("failing", "cc9d067f1add6a38b7ab923b"),
        ("siblings", "ac8cb2b5ed04e4834f840342"),
        ("mixed", "23790d1404b3dedb28864498"),
        ("rates", "e42afb0a81eade1816ff4efa"),
    ],
)
def test_a_world_is_the_one_it_was(name: str, digest: str, tmp_path: Path) -> None:
    world = simulate(*PLANS[name])
    held = sha256()
    for path in write_csv(world, tmp_path):
        held.update(path.read_bytes())
    held.update(repr((sorted(world.failing.items()), world.until)).encode())
    assert held.hexdigest()[:24] == digest


def test_a_home_alone_is_the_one_it_was() -> None:
    home = Home("DEMO1", "A home", "A provider", 6, opened_on=date(2022, 1, 1))
    chance = np.random.default_rng([1989, 0])
    records, placements = simulate_home(home, Plan(), 100, chance, None, 0)
    fields = [
        (
            r.reference,
            r.stream,
            r.occurred_on,
            r.recorded_on,
            r.source,
            r.child,
            r.adult,
            r.severity,
            r.detail,
        )
        for r in records
    ]
    living = [(p.child, p.placing_authority, p.starts_on, p.ends_on, p.miles) for p in placements]
    assert (
        sha256(repr((fields, living, chance.random())).encode()).hexdigest()[:24]
        == "f9088cc7946284db762ae433"
    )

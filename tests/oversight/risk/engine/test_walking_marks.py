"""Marks walked day by day: whatever happens to records, the bits are those of a recompute."""

import hashlib
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.risk.engine import Decision, Picture, assess
from oversight.risk.engine.counting import changes
from oversight.risk.engine.parameters import MARKED
from oversight.risk.engine.remembering import Line, Memory
from oversight.risk.engine.walking import Walk
from oversight.risk.simulator import Plan, simulate
from oversight.risk.simulator.effects import Marking
from tests.oversight.risk.engine.happenings import (
    BOTH,
    SOURCES,
    STREAMS,
    VERBS,
    Happening,
    batch,
    bits,
    compared,
    shuffled,
    told,
)
from tests.oversight.risk.making import day, home, record

happenings = st.builds(
    Happening, st.sampled_from(VERBS), st.integers(0, 30), st.integers(0, 99), st.integers(0, 90),
    st.sampled_from(STREAMS), st.sampled_from(SOURCES), st.sampled_from(["", "C1", "C2"]),
    st.sampled_from(["", "A1", "A2", "A1;A3"]), st.sampled_from([None, 1, 2, 5]), st.booleans(),
    st.integers(0, 3),
)  # fmt: skip
SEQUENCES = 10_000
TOGETHER = 100


@settings(max_examples=150, deadline=None)
@given(st.lists(happenings, min_size=2, max_size=9), st.sampled_from([None, None, 30, 80]), st.integers(0, 9))
def test_whatever_happens_to_records_walked_is_recomputed(
    steps: list[Happening], changed: int | None, seed: int
) -> None:
    one = told(steps, "1", changed)
    picture: Picture = "provider" if seed == 0 else "overseers"
    other = shuffled(one, np.random.default_rng(seed))
    for parameters in BOTH:
        compared([other], parameters, picture)
        assert bits(one, parameters) == bits(other, parameters), "order of arrival"


@pytest.mark.slow
def test_ten_thousand_sequences_walked_are_recomputed(capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    recomputed = sum(batch(number, TOGETHER) for number in range(SEQUENCES // TOGETHER))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{SEQUENCES} sequences, {recomputed} recomputes, bit for bit, in {time.monotonic() - began:.0f} s\n"
        )
    assert recomputed > 10 * SEQUENCES


PRINTED = """
import hashlib
import numpy as np
from oversight.risk.engine.parameters import MARKED
from tests.oversight.risk.engine.happenings import bits, drawn, told
chance = np.random.default_rng(4)
found = hashlib.sha256()
for number in range(40):
    found.update(bits(told(drawn(chance) + drawn(chance), str(number)), MARKED))
print(found.hexdigest())
"""


def test_two_processes_with_other_hash_seeds_give_the_same_bytes() -> None:
    root = Path(__file__).parents[4]
    found = {
        subprocess.run(
            [sys.executable, "-c", PRINTED], cwd=root, check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(found) == 1
    assert len(found.pop().strip()) == len(hashlib.sha256().hexdigest())


def test_simulated_homes_with_marks_and_changes_are_walked() -> None:
    plan = Plan(
        homes=6, years=1.8, siblings=3, failing=0.5, onset_weeks=(20, 40), marks=Marking(changes_known=True)
    )
    world = simulate(plan, 8)
    assert any(one.changed_on for one in world.homes)
    records, placements = world.by_home()
    known = {urn: changes(rows) for urn, rows in records.items()}
    walk = Walk(world.homes, known, placements, world.until, parameters=MARKED, records=records)
    compared_days = 0
    for number in range(walk.days):
        today = walk.advance()
        if number % 67 and number != walk.days - 1:
            continue
        for index, one in enumerate(walk.homes):
            full = assess(
                one, records[one.urn], placements[one.urn], today, parameters=MARKED, explained=False
            )
            assert walk.scores[index] == full.score
            pattern, began = walk.leading(index)
            assert (MARKED.patterns[pattern].name, began) == (full.pattern, full.began_on)
            compared_days += 1
    assert compared_days > 60


def test_a_record_known_before_the_first_day_counts_from_the_first_day() -> None:
    early = replace(
        record("r1", "lado", 0, 0, "lado", adult="A1"), occurred_on=day(-30), recorded_on=day(-20)
    )
    gone = replace(early, reference="r2", withdrawn_on=day(-5))
    cleared = replace(early, reference="r3", cleared_on=day(20))
    later = record("r4", "lado", 10, 12, "lado", adult="A1")
    rows = [early, gone, cleared, later]
    decisions = [Decision("r1", "r4", True, day(-3)), Decision("r1", "r4", False, day(15))]
    known = {"DEMO1": changes(rows, decisions)}
    walk = Walk(
        [home()],
        known,
        {},
        day(40),
        parameters=MARKED,
        records={"DEMO1": rows},
        decisions={"DEMO1": decisions},
    )
    for _ in range(walk.days):
        today = walk.advance()
        full = assess(home(), rows, (), today, parameters=MARKED, decisions=decisions, explained=False)
        assert walk.scores[0] == full.score


def test_a_decision_may_be_known_before_the_record_it_is_about() -> None:
    """As in a picture that is shown a record later: two matters become one on the day on which the second is known."""
    rows = [
        record("r1", "lado", 5, 5, "lado", child="C1"),
        record("r2", "hospital", 30, 40, "hospital", child="C2"),
        record("r3", "lado", 80, 80, "lado", child="C3"),
    ]
    decisions = [Decision("r1", "r2", True, day(20))]
    walk = Walk(
        [home()],
        {"DEMO1": changes(rows, decisions)},
        {},
        day(110),
        parameters=MARKED,
        records={"DEMO1": rows},
        decisions={"DEMO1": decisions},
    )
    for _ in range(walk.days):
        today = walk.advance()
        full = assess(home(), rows, (), today, parameters=MARKED, decisions=decisions, explained=False)
        assert walk.scores[0] == full.score, today


def test_marks_are_not_walked_without_records() -> None:
    with pytest.raises(ValueError, match="none were given"):
        Walk([home()], {}, {}, day(1), parameters=MARKED)


def test_what_was_not_seen_cannot_be_taken_back() -> None:
    assert MARKED.marks is not None
    line = Line(Memory(MARKED.marks), lambda seen, usual: (0.0,), 2)
    line.put(day(1).toordinal(), "r1", (1.0, 1.0))
    with pytest.raises(ValueError, match="nothing was seen"):
        line.take((day(1) + timedelta(days=1)).toordinal(), "r1")

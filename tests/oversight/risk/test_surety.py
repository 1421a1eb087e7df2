"""How sure an alarm's start is, and what its records lack; kept on the alert, by picture."""

import math
from datetime import date

import numpy as np

from oversight.risk.engine import DEFAULT, Assessment, Placement, Record, assess, assess_provider
from oversight.risk.engine.explaining import SURE, span_of
from oversight.risk.queries import EngineWorld
from oversight.risk.surety import beside
from tests.oversight.risk.making import day, home, record

LAST = 345


def world_of(records: list[Record], *, urns: tuple[str, ...] = ("DEMO1",)) -> EngineWorld:
    homes = [home(urn) for urn in urns]
    found = EngineWorld(homes=homes, rows={})
    for each in records:
        found.records.setdefault(each.urn, []).append(each)
    for one in homes:
        found.placements[one.urn] = [Placement("C", one.urn, "A", day(0))]
    return found


def rise(gap: int, *, urn: str = "DEMO1") -> list[Record]:
    return [
        record(f"{urn}{n}", "lado", 300 + gap * n, urn=urn, adult="A1" if n % 2 else "") for n in range(6)
    ]


def standing(world: EngineWorld, last: date) -> Assessment:
    return assess(world.homes[0], world.records["DEMO1"], world.placements["DEMO1"], last)


def test_the_span_holds_the_start_with_the_chance_promised() -> None:
    factors = np.concatenate([np.full(50, 0.9), np.full(10, 1.5)])
    low, high = span_of(factors, 50)
    evidence = [math.prod(factors[start:]) for start in range(60)]
    held = sum(evidence[low : high + 1]) / sum(evidence)
    assert low <= 50 <= high
    assert held >= SURE
    assert min(held - evidence[low] / sum(evidence), held - evidence[high] / sum(evidence)) < SURE


def test_a_certain_start_is_one_day_and_no_evidence_is_nearly_everything() -> None:
    assert span_of(np.array([1e-9, 1e-9, 1e9, 1e9]), 2) == (2, 2)
    low, high = span_of(np.ones(100), 99)
    assert (low, high) == (20, 99)
    low, high = span_of(np.ones(100), 0)
    assert (low, high) == (0, 79)


def test_a_burst_is_dated_more_surely_than_a_drizzle() -> None:
    spans = {}
    for gap in (2, 9):
        world = world_of(rise(gap))
        found = standing(world, day(LAST))
        assert found.explanation is not None
        assert found.explanation.began_between is not None
        first, last = found.explanation.began_between
        assert first <= found.began_on <= last <= found.as_of
        spans[gap] = last - first
    assert spans[2] < spans[9]


def test_a_providers_start_is_of_all_its_homes_joined() -> None:
    urns = ("DEMO1", "DEMO2")
    world = world_of([*rise(4), *rise(5, urn="DEMO2")], urns=urns)
    found = assess_provider("Provider", world.homes, world.records, world.placements, day(LAST))
    said = beside(found, world, DEFAULT)
    assert found.explanation is not None
    assert found.explanation.began_between is not None
    first, last = found.explanation.began_between
    assert first <= found.began_on <= last
    lacking = {row["mark"]: row for row in said["missing"]}
    assert lacking["adult"]["of"] == sum(
        each.occurred_on >= found.began_on for each in (*rise(4), *rise(5, urn="DEMO2"))
    )


def test_missing_marks_are_counted_by_stream_as_the_picture_holds_them() -> None:
    spoken = record("w", "whistleblowing", 320, source="whistleblower")
    gone = record("gone", "lado", 321, withdrawn=330)
    later = record("later", "lado", 322, recorded=LAST + 1)
    outside = record("outside", "lado", 323, source="lado", adult="A9")
    world = world_of([*rise(4), spoken, gone, later, outside])
    found = standing(world, day(LAST))
    since = [each for each in rise(4) if each.occurred_on >= found.began_on]
    rows = beside(found, world, DEFAULT)["missing"]
    assert {(row["mark"], row["stream"]): (row["missing"], row["of"]) for row in rows} == {
        ("adult", "lado"): (sum(not each.adult for each in since), len(since) + 1),
        ("severity", "lado"): (len(since) + 1, len(since) + 1),
        ("severity", "whistleblowing"): (1, 1),
    }
    theirs = assess(
        world.homes[0], world.records["DEMO1"], world.placements["DEMO1"], day(LAST), picture="provider"
    )
    told = beside(theirs, world, DEFAULT)
    streams = {(row["mark"], row["stream"]): row["of"] for row in told["missing"]}
    held = [each for each in rise(4) if each.occurred_on >= theirs.began_on]
    assert streams == {("adult", "lado"): len(held), ("severity", "lado"): len(held)}
    assert "all" not in told["context"]
    assert "all" in beside(found, world, DEFAULT)["context"]


def test_a_start_below_every_bar_is_not_dated() -> None:
    world = world_of([record("one", "lado", 300)])
    calm = standing(world, day(LAST)).explanation
    assert calm is not None
    assert calm.began_between is None

"""How sure an alarm's start is, and what its records lack; kept on the alert, by picture."""

import json
import math
from dataclasses import replace
from datetime import date

import numpy as np

from oversight.risk.engine import DEFAULT, Assessment, Placement, Record, assess, assess_provider
from oversight.risk.engine.explaining import SURE, span_of
from oversight.risk.engine.parameters import MARKS
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


def test_context_holds_every_mark_with_disclosures_apart() -> None:
    spoken = replace(record("w", "whistleblowing", 320, source="whistleblower"), severity=5)
    world = world_of([*rise(4), spoken])
    context = beside(standing(world, day(LAST)), world, DEFAULT)["context"]
    without, whole = ({row["mark"]: row for row in context[view]["marks"]} for view in ("open", "all"))
    assert tuple(without) == tuple(whole) == MARKS
    assert (without["severity"]["of"], whole["severity"]["of"]) == (0, 1)
    assert without["same_adult"] == whole["same_adult"]
    assert whole["severity"]["points"] == 1
    json.dumps(context)


def test_visits_stand_against_what_others_tell_now_and_before() -> None:
    visits = [record(f"v{n}", "reg44", 150 + 30 * n, source="visitor", detail="yes") for n in range(7)]
    police = [record(f"p{n}", "complaint", at, source="police") for n, at in enumerate((200, 310, 330))]
    world = world_of([*rise(4), *visits, *police])
    found = replace(standing(world, day(LAST)), began_on=day(300))
    told = beside(found, world, DEFAULT)["context"]["open"]["visits"]
    assert told == {"visits": 2, "content": 2, "outside": 2, "before": 0}
    earlier = replace(found, began_on=day(250))
    told = beside(earlier, world, DEFAULT)["context"]["open"]["visits"]
    assert (told["outside"], told["before"]) == (2, 1)
    assert beside(replace(found, began_on=day(100)), world, DEFAULT)["context"]["open"]["visits"] is None


def test_what_most_records_behind_an_alarm_share_is_kept_without_who() -> None:
    rows = [
        replace(each, child="C1", themes=("missing", "drugs") if n < 4 else ())
        for n, each in enumerate(rise(4))
    ]
    world = world_of(rows)
    found = standing(world, day(LAST))
    shared = beside(found, world, DEFAULT)["shared"]
    of = len(found.evidence)
    themed = sum(each.reference in found.evidence for each in rows[:4])
    assert shared["child"] == {"seen": of, "of": of}
    assert shared["theme"] == {"seen": themed, "of": of, "theme": "drugs"}
    apart = world_of([replace(each, child=f"C{n}") for n, each in enumerate(rise(4))])
    assert not beside(standing(apart, day(LAST)), apart, DEFAULT)["shared"]


def test_a_change_near_the_start_is_kept() -> None:
    world = world_of(rise(4))
    found = standing(world, day(LAST))
    assert beside(found, world, DEFAULT)["changed_on"] is None
    days = (day(20), day(290), day(LAST + 1))
    changed = replace(world, homes=[replace(world.homes[0], changed_on=days)])
    assert beside(found, changed, DEFAULT)["changed_on"] == day(290).isoformat()

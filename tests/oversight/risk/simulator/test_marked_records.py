"""Records with marks, the marks beside them, and the weekly sums: one world told in three ways."""

import csv
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from oversight.risk.engine import Record
from oversight.risk.replay.reading import read_histories
from oversight.risk.simulator import (
    HIGH,
    MID,
    SCENARIOS,
    SIBLING_DRIFT,
    Arrays,
    Marking,
    Plan,
    World,
    simulate,
    simulate_arrays,
    write_csv,
)
from oversight.risk.simulator.arrays import COUNTED
from oversight.risk.simulator.drawing import draw_marks
from oversight.risk.simulator.marked import marked_records
from oversight.risk.simulator.populations import courses

PLAN = Plan(homes=9, years=5, failing=1.0, scenarios=tuple(SCENARIOS), marks=Marking())
SETTLED = 10  # weeks after which everything that happened is recorded


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(PLAN, 4)


@pytest.fixture(scope="module")
def sums() -> Arrays:
    return simulate_arrays(PLAN, 4)


def week(day: date) -> int:
    return (day - PLAN.starts_on).days // 7


def own(one: Record) -> bool:
    return one.source == "home"


def test_marks_change_no_count_but_linked_notices(world: World) -> None:
    bare = simulate(replace(PLAN, marks=None), 4)
    counted = [
        Counter(
            (one.urn, one.stream, week(one.occurred_on))
            for one in made.records
            if one.stream not in ("reg40", "reg44") and week(one.occurred_on) < PLAN.weeks - SETTLED
        )
        for made in (bare, world)
    ]
    assert counted[0] == counted[1]
    assert bare.placements == world.placements
    assert not bare.marks


def test_the_weekly_sums_are_those_of_the_records(world: World, sums: Arrays) -> None:
    records, _ = world.by_home()
    until = PLAN.weeks - SETTLED
    for place, home in enumerate(world.homes):
        theirs = [one for one in records[home.urn] if week(one.occurred_on) < until]
        for row, stream in enumerate(COUNTED[:5]):
            found = Counter(week(one.occurred_on) for one in theirs if one.stream == stream)
            assert sums.counts[place, row, :until].tolist() == [found[w] for w in range(until)]
        visits = [one for one in theirs if one.stream == "reg44"]
        assert sums.counts[place, 5, :until].sum() == sum(one.detail != "yes" for one in visits)
        assert sums.recommendations[place, :until].sum() == sum(one.recommendations or 0 for one in visits)
        assert sums.repeated[place, :until].sum() == sum(one.repeated or 0 for one in visits)
        events = [one for one in theirs if one.stream != "reg44"]
        for row, rows in enumerate(([e for e in events if own(e)], [e for e in events if not own(e)])):
            levels = Counter(one.severity for one in rows)
            assert sums.severity[place, row, :, :until].sum(axis=1).tolist() == [
                levels[n] for n in range(1, 6)
            ]
        late = [np.log((one.recorded_on - one.occurred_on).days + 0.5) for one in events if own(one)]
        assert sums.delayed[place, :until].sum() == len(late)
        assert sums.delay[place, :until].sum() == pytest.approx(sum(late))
        assert sums.delay_squares[place, :until].sum() == pytest.approx(sum(one**2 for one in late))


def test_the_marks_beside_are_those_of_the_sums(world: World, sums: Arrays) -> None:
    until = PLAN.weeks - SETTLED
    for place, home in enumerate(world.homes):
        marks = world.marks[home.urn]
        held = {one.reference: one for one in world.records if one.urn == home.urn}
        early = [one for one in marks.notices if one.reference in held]
        early = [one for one in early if week(held[one.reference].occurred_on) < until]
        for row, stream in enumerate(("lado", "hospital")):
            theirs = [one for one in early if held[one.reference].stream == stream]
            assert sums.outside[place, row, :until].sum() == len(theirs)
            assert sums.unnoticed[place, row, :until].sum() == sum(not one.by for one in theirs)
        assert sums.linked[place, :until].sum() == sum(one.by == "reg40" for one in early)
        assert sums.counts[place, 6].sum() == len(marks.injuries)
        assert sums.changes[place].sum() == len(marks.changes)
        assert (sums.stays[:, 0] == place).sum() == len(marks.employments)


def test_a_notice_tells_of_its_event(world: World) -> None:
    held = {one.reference: one for one in world.records}
    kinds: Counter[str] = Counter()
    for marks in world.marks.values():
        for one in marks.notices:
            event = held.get(one.reference)
            if event is None:
                continue
            kinds[one.by] += 1
            assert own(event) == (one.by == "referral")
            assert (one.noticed_on is None) == (not one.by)
            if one.noticed_on is not None:
                assert 0 <= (one.noticed_on - event.occurred_on).days <= 14
            if one.by == "reg40" and one.notice in held:
                notice = held[one.notice]
                assert (notice.stream, notice.child, notice.adult) == ("reg40", event.child, event.adult)
                assert notice.occurred_on == event.occurred_on
    assert min(kinds[by] for by in ("reg40", "referral", "")) > 5


def test_who_is_named_works_or_lives_there_that_day(world: World) -> None:
    lived = defaultdict(list)
    for placement in world.placements:
        lived[placement.child].append(placement)
    named = 0
    for one in world.records:
        if one.child:
            (placement,) = lived[one.child]
            assert placement.starts_on <= one.occurred_on
            assert placement.ends_on is None or one.occurred_on < placement.ends_on
        if one.adult:
            named += 1
            (stay,) = [s for s in world.marks[one.urn].employments if s.adult == one.adult]
            assert stay.agency == ("-T" in one.adult)
            weeks_after = 0 if stay.ends_on is None else (one.occurred_on - stay.ends_on).days / 7
            assert stay.starts_on <= one.occurred_on
            assert weeks_after < 8  # an echo may name somebody who has left
    assert named > 50


def test_a_repeated_recommendation_stood_in_one_of_the_three_visits_before(world: World) -> None:
    for marks in world.marks.values():
        by_visit: dict[str, list[str]] = {}
        for one in marks.recommendations:
            before = [key for keys in list(by_visit.values())[-4:] for key in keys]
            assert one.repeated == (one.key in before)
            by_visit.setdefault(one.visit, []).append(one.key)
    held = {one.reference: one for one in world.records if one.stream == "reg44"}
    made = Counter(one.visit for marks in world.marks.values() for one in marks.recommendations)
    assert all(one.recommendations == made[one.reference] for one in held.values())


def test_an_injury_is_carried_by_one_record_of_the_homes_own(world: World) -> None:
    flagged = {one.reference for one in world.records if one.restraint}
    told = [one for marks in world.marks.values() for one in marks.injuries]
    carried = [one for one in told if one.reference]
    assert len({one.reference for one in carried}) == len(carried) < len(told)
    assert flagged <= {one.reference for one in carried}
    held = {one.reference: one for one in world.records}
    for one in carried:
        if one.reference in held:
            record = held[one.reference]
            assert own(record)
            assert record.stream in ("reg40", "hospital")
            assert abs((record.occurred_on - one.on).days) <= 14


def test_records_carry_one_theme_and_visits_none(world: World) -> None:
    assert all(len(one.themes) == (one.stream != "reg44") for one in world.records)


def test_without_adult_keys_no_record_names_one() -> None:
    bare = replace(PLAN, marks=Marking(adult_keys=False))
    assert not any(one.adult for one in simulate(bare, 4).records)
    made = simulate_arrays(bare, 4)
    assert made.named.shape == (0, 4)
    assert made.stays.shape[0] > 0


def test_without_links_nothing_is_said_of_notices(sums: Arrays) -> None:
    plan = replace(PLAN, marks=Marking(notices_linkable=False))
    apart, made = simulate(plan, 4), simulate_arrays(plan, 4)
    assert not any(marks.notices for marks in apart.marks.values())
    assert not made.outside.any()
    assert not made.unnoticed.any()
    assert np.array_equal(made.counts, sums.counts)
    linked = [one for one in apart.records if one.stream == "reg40" and not one.child]
    assert 0 < len(linked) <= made.linked.sum()
    assert not any(one.adult for one in linked)


def test_parts_of_a_population_join_to_the_whole(sums: Arrays) -> None:
    parts = [simulate_arrays(PLAN, 4, among) for among in (range(4), range(4, 9))]
    for one in fields(Arrays):
        joined = np.concatenate([getattr(part, one.name) for part in parts])
        assert np.array_equal(joined, getattr(sums, one.name)), one.name


PROGRAM = """
import hashlib
from dataclasses import fields
from oversight.risk.simulator import Marking, Plan, simulate, simulate_arrays
plan = Plan(homes=4, years=2, failing=0.5, siblings=2, sibling_drift=0.4, marks=Marking(level="random"))
held = hashlib.sha256(repr(simulate(plan, 9)).encode())
for one in fields(made := simulate_arrays(plan, 9)):
    held.update(getattr(made, one.name).tobytes())
print(held.hexdigest())
"""


def test_every_process_draws_the_same_world() -> None:
    root = Path(__file__).parents[4]
    said = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=root,
            env={"PYTHONHASHSEED": hashed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hashed in ("1", "2")
    ]
    assert said[0] == said[1] != ""


def test_the_csv_carries_the_marks_and_can_be_read_again(world: World, tmp_path: Path) -> None:
    homes, events, placements = write_csv(world, tmp_path)
    history = read_histories(homes, events, placements, until=world.until)
    again = {one.reference: one for theirs in history.records.values() for one in theirs}
    assert again == {one.reference: one for one in world.records}
    with events.open(encoding="utf-8") as file:
        assert any(row["repeated"] not in ("", "0") for row in csv.DictReader(file))


@pytest.mark.parametrize("places", [1, 3, 10, 28])
def test_every_size_can_be_drawn(places: int) -> None:
    plan = Plan(homes=2, years=4, places=places, failing=1.0, scenarios=("H",), marks=Marking(HIGH))
    made = simulate_arrays(plan, 2)
    assert made.places.tolist() == [places] * 2
    assert made.staff.tolist() == [places * 2 + 2] * 2
    assert simulate(plan, 2).records


def test_several_sizes_are_drawn_alike_often() -> None:
    made = simulate_arrays(Plan(homes=60, years=0.3, places=(4, 5, 6), marks=Marking()), 2)
    assert [int((made.places == size).sum()) for size in (4, 5, 6)] == pytest.approx([20] * 3, abs=9)


def test_a_home_without_agency_staff_names_none() -> None:
    own_staff = replace(MID, adults=replace(MID.adults, agency_slots=0))
    world = simulate(Plan(homes=3, years=3, marks=Marking(own_staff)), 2)
    assert not any(stay.agency for marks in world.marks.values() for stay in marks.employments)
    assert any(one.adult for one in world.records)


def test_all_siblings_go_wrong_together_or_one_of_them_alone() -> None:
    plan = Plan(homes=12, years=6, siblings=3, failing=0.5, failing_siblings="all", marks=Marking())
    world = simulate(plan, 3)
    by_provider = defaultdict(list)
    for home in world.homes:
        by_provider[home.provider].append(world.failing.get(home.urn))
    told = [set(theirs) for theirs in by_provider.values()]
    assert all(len(one) == 1 for one in told)
    assert sum(one != {None} for one in told) == 2
    alone = simulate_arrays(replace(plan, failing_siblings="one"), 3)
    failing = [int((alone.onset[alone.provider == group] >= 0).sum()) for group in range(4)]
    assert sorted(failing) == [0, 0, 1, 1]


def test_siblings_share_the_stated_part_of_their_drift() -> None:
    def alike(share: float) -> float:
        plan = Plan(homes=120, years=10, siblings=2, sibling_drift=share)
        paths = [np.log(one.usual.expected[1]) for _, one in courses(plan, 6)]
        paths = [path - path.mean() for path in paths]
        pairs = [np.corrcoef(paths[n], paths[n + 1])[0, 1] for n in range(0, 120, 2)]
        return float(np.mean(pairs))

    assert alike(0.0) == pytest.approx(0.0, abs=0.12)
    assert alike(SIBLING_DRIFT) == pytest.approx(0.4, abs=0.12)


def test_siblings_share_the_drift_of_their_marks() -> None:
    own_way = Plan(homes=60, years=10, siblings=2, marks=Marking(HIGH))

    def alike(plan: Plan) -> float:
        made = simulate_arrays(plan, 6)
        spans = np.add.reduceat(made.repeated, np.arange(0, plan.weeks, 26), axis=1) / np.maximum(
            np.add.reduceat(made.recommendations, np.arange(0, plan.weeks, 26), axis=1), 1
        )
        spans = spans - spans.mean(axis=1, keepdims=True)
        return float(np.mean([np.corrcoef(spans[n], spans[n + 1])[0, 1] for n in range(0, 60, 2)]))

    assert alike(replace(own_way, sibling_drift=1.0)) > alike(own_way) + 0.1


def test_arrays_and_marked_records_need_marks() -> None:
    bare = Plan(homes=1, years=1)
    with pytest.raises(ValueError, match="without marks"):
        simulate_arrays(bare, 1)
    (_, course) = next(iter(courses(bare, 1)))
    drawn = draw_marks(course, bare, Marking(), 1, 0)
    with pytest.raises(ValueError, match="without marks"):
        marked_records(drawn, bare)

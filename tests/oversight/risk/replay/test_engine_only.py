import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from oversight.risk.engine import (
    DEFAULT,
    NO_EPISODE,
    Fits,
    Record,
    advance,
    assess,
    assess_provider,
    provider_raises_from,
    raises_from,
)
from oversight.risk.engine.parameters import MARKED
from oversight.risk.replay import engine_only
from oversight.risk.replay.alarms import COLUMNS, Alarm, print_table, three_decimals, write_alarms
from oversight.risk.replay.engine_only import blocks, replay_engine_only, run
from oversight.risk.replay.reading import read_histories
from oversight.risk.simulator import Marking, Plan, simulate, write_csv
from tests.oversight.risk.making import day, home, record, small_world


def test_alarms_are_those_of_assessing_every_home_on_every_day() -> None:
    world = small_world()
    records, placements = world.by_home()
    expected: list[Alarm] = []
    for ours in world.homes[:2]:
        episode = NO_EPISODE
        today = raises_from(ours)
        while today <= world.until:
            result = assess(ours, records[ours.urn], placements[ours.urn], today, explained=False)
            episode, reached = advance(episode, today, result.score)
            expected.extend(
                Alarm(
                    "home",
                    ours.urn,
                    "change",
                    tier,
                    result.pattern,
                    today,
                    result.began_on,
                    result.score,
                    DEFAULT.bar(tier),
                    result.evidence,
                )
                for tier in reached
            )
            today += timedelta(days=1)
    found = [
        one for one in run(world.homes, records, placements, world.until, fits=Fits()) if one.kind == "change"
    ]
    wanted = {ours.urn for ours in world.homes[:2]}
    assert [one for one in found if one.key in wanted] == sorted(expected, key=Alarm.order)
    assert expected


def test_provider_alarms_are_those_of_assessing_the_provider() -> None:
    world = small_world()
    records, placements = world.by_home()
    found = [
        one
        for one in run(world.homes, records, placements, world.until, fits=Fits())
        if one.kind == "provider"
    ]
    assert found
    for alarm in found:
        theirs = [one for one in world.homes if one.provider == alarm.key]
        result = assess_provider(alarm.key, theirs, records, placements, alarm.raised_on, explained=False)
        assert (alarm.scope, alarm.score, alarm.pattern, alarm.evidence) == (
            "provider",
            result.score,
            result.pattern,
            result.evidence,
        )
        start = provider_raises_from(theirs)
        assert start is not None
        assert alarm.raised_on >= start


def test_a_single_home_has_no_provider_chart() -> None:
    world = simulate(
        Plan(homes=6, years=1.5, siblings=1, failing=1.0, onset_weeks=(10, 11), scenarios=("B",)), 8
    )
    records, placements = world.by_home()
    assert {one.scope for one in run(world.homes, records, placements, world.until)} == {"home"}


def test_rules_run_in_the_first_weeks_and_each_record_has_its_row() -> None:
    rows = [
        record("d1", "reg40", 3, recorded=4, detail="death"),
        record("d2", "reg40", 3, recorded=4, detail="death"),
        record("v", "reg44", 10, recorded=15, source="visitor", detail="no;concern"),
    ]
    found = run([home()], {"DEMO1": rows}, {}, day(40))
    assert [one.row() for one in found] == [
        ("home", "DEMO1", "rule", "regulator", "death", "2022-01-05", "2022-01-04", "", "", "d1"),
        ("home", "DEMO1", "rule", "regulator", "death", "2022-01-05", "2022-01-04", "", "", "d2"),
        ("home", "DEMO1", "rule", "regulator", "concern", "2022-01-16", "2022-01-11", "", "", "v"),
    ]
    later = run([home()], {"DEMO1": rows}, {}, date(2022, 3, 7))
    assert later[-1].row()[2:7] == ("missing_report", "look", "no_visit", "2022-03-07", "2022-02-01")


def test_what_is_known_after_the_last_day_raises_nothing() -> None:
    rows = [record("d1", "reg40", 3, recorded=30, detail="death")]
    assert run([home()], {"DEMO1": rows}, {}, day(29)) == []
    assert run([home(opened_on=day(90))], {}, {}, day(29)) == []


def test_two_processes_give_what_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    world = small_world()
    records, placements = world.by_home()
    alone = run(world.homes, records, placements, world.until)
    monkeypatch.setattr(engine_only, "CELLS", 900)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    shown = io.StringIO()
    assert run(world.homes, records, placements, world.until, progress=shown) == alone
    assert shown.getvalue().endswith("100%\n")


def test_blocks_keep_providers_whole() -> None:
    homes = [home(f"DEMO{n}", provider=f"P{n // 3}") for n in range(9)]
    made = blocks(homes, day(engine_only.CELLS // 4))
    assert sorted(one.urn for block in made for one in block) == sorted(one.urn for one in homes)
    for block in made:
        assert {one.provider for one in block}.isdisjoint(
            {o.provider for b in made if b is not block for o in b}
        )
    assert len(made) == 3
    assert blocks([], day(1)) == []


def test_the_replay_writes_the_same_bytes_twice_and_a_table(tmp_path: Path) -> None:
    world = small_world()
    homes, events, placements = write_csv(world, tmp_path / "in")
    written = []
    for name in ("a.csv", "b.csv"):
        out = io.StringIO()
        assert replay_engine_only(homes, events, placements, tmp_path / name, out=out, err=io.StringIO()) == 0
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    rows = list(csv.DictReader(io.StringIO(written[0].decode())))
    assert tuple(rows[0]) == COLUMNS
    keys = [(r["raised_on"], r["scope"], r["key"], r["kind"], r["tier"]) for r in rows]
    assert keys == sorted(keys)
    assert all(len(r["score"].split(".")[1]) == 3 for r in rows if r["kind"] == "change")
    references = {one.reference for one in world.records}
    assert all(set(r["evidence"].split(";")) <= references for r in rows if r["evidence"])
    assert "raised on" in out.getvalue()
    assert not list(tmp_path.glob("*.part"))


def test_rows_in_another_order_give_the_same_alarms(tmp_path: Path) -> None:
    world = small_world()
    for name, records in (("a", world.records), ("b", world.records[::-1])):
        homes, events, placements = write_csv(replace(world, records=records), tmp_path / name)
        replay_engine_only(
            homes, events, placements, tmp_path / f"{name}.csv", out=io.StringIO(), err=io.StringIO()
        )
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_a_row_that_cannot_be_read_stops_the_run_before_anything_is_written(tmp_path: Path) -> None:
    homes, events, placements = write_csv(small_world(), tmp_path)
    events.write_text(
        events.read_text(encoding="utf-8") + "x,DEMO00001,reg41,2022-02-01,2022-02-01,home,,,,,,,,\n",
        encoding="utf-8",
    )
    out, err = io.StringIO(), io.StringIO()
    alarms = tmp_path / "alarms.csv"
    assert replay_engine_only(homes, events, placements, alarms, out=out, err=err) == 2
    assert not alarms.exists()
    assert out.getvalue() == ""
    assert "events.csv, line" in err.getvalue()
    assert "column stream: found reg41" in err.getvalue()


def test_warnings_are_printed_and_nothing_is_written_unasked(tmp_path: Path) -> None:
    homes, events = tmp_path / "h.csv", tmp_path / "e.csv"
    homes.write_text("urn,provider,places,kind\nDEMO1,P,5,castle\n", encoding="utf-8")
    events.write_text(
        "reference,urn,stream,occurred_on,recorded_on,source\na,DEMO1,lado,2022-01-01,2022-01-02,lado\n",
        encoding="utf-8",
    )
    out, err = io.StringIO(), io.StringIO()
    assert replay_engine_only(homes, events, out=out, err=err) == 0
    assert "warning: h.csv, line 2, column kind: castle is read as other" in err.getvalue()
    assert out.getvalue() == "No alarms.\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e.csv", "h.csv"]


def test_a_long_table_is_cut_and_counted() -> None:
    alarm = Alarm("home", "DEMO1", "change", "look", "harm", day(1), day(0), 6.5, 6.25, ("a", "b"))
    out = io.StringIO()
    print_table([alarm] * 3, out, most=2)
    assert "... and 1 more" in out.getvalue()
    assert "change look: 3" in out.getvalue()


def test_figures_have_three_decimals_and_rules_none(tmp_path: Path) -> None:
    assert (three_decimals(6.2538), three_decimals(7.0), three_decimals(None)) == ("6.254", "7.000", "")
    write_alarms([], tmp_path / "none.csv")
    assert (tmp_path / "none.csv").read_text(encoding="utf-8") == ",".join(COLUMNS) + "\n"


def test_an_episode_that_ends_lets_a_home_be_raised_again() -> None:
    # Forty beds: evidence gathers and fades quickly.
    ours = home(places=40)

    def burst(start: int) -> list[Record]:
        return [
            record(f"b{start}-{n}", "whistleblowing", start + n, source="whistleblower") for n in range(14)
        ]

    steady = [record(f"r{n}", "reg40", (n * 365) // 80) for n in range(480)]
    lado = [record(f"l{n}", "lado", (n * 365) // 12) for n in range(72)]
    hospital = [record(f"h{n}", "hospital", (n * 365) // 16) for n in range(96)]
    complaint = [record(f"c{n}", "complaint", (n * 365) // 4) for n in range(24)]
    rows = [*steady, *lado, *hospital, *complaint, *burst(300), *burst(1900)]
    found = [one for one in run([ours], {"DEMO1": rows}, {}, day(2100), fits=Fits()) if one.kind == "change"]
    by_tier = {
        tier: [one.raised_on for one in found if one.tier == tier]
        for tier in ("look", "escalate", "regulator")
    }
    assert len(by_tier["regulator"]) == 2
    assert by_tier["regulator"][0] < day(320) < day(1900) < by_tier["regulator"][1]


def test_marks_are_walked_in_pieces_and_after_a_round_trip_through_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(homes=4, years=1.2, failing=1.0, onset_weeks=(20, 25), marks=Marking(changes_known=True))
    world = simulate(plan, 21)
    low = replace(MARKED, look=2.0, escalate=3.0, regulator=4.0)
    records, placements = world.by_home()
    whole = run(world.homes, records, placements, world.until, fits=Fits(), parameters=low)
    assert {alarm.kind for alarm in whole} >= {"change"}
    monkeypatch.setattr(engine_only, "CELLS", 900)
    assert run(world.homes, records, placements, world.until, fits=Fits(), parameters=low) == whole
    read = read_histories(*write_csv(world, tmp_path), world.until)
    assert [one.changed_on for one in read.homes] == [one.changed_on for one in world.homes]
    assert any(one.changed_on for one in read.homes)
    begun = run(read.homes, records, placements, world.until, fits=Fits(), parameters=low)
    assert run(read.homes, read.records, read.placements, read.until, fits=Fits(), parameters=low) == begun


def test_blocks_of_many_patterns_hold_fewer_homes() -> None:
    homes = [home(f"DEMO{number}", f"P{number}") for number in range(8)]
    until = day(engine_only.CELLS // 4)
    few, many = blocks(homes, until), blocks(homes, until, 4 * len(DEFAULT.patterns))
    assert len(few) == 3
    assert len(many) == 8


def test_an_alarm_with_marks_lists_the_records_that_assessing_lists() -> None:
    plan = Plan(homes=4, years=1.2, siblings=2, failing=1.0, onset_weeks=(20, 25), marks=Marking())
    world = simulate(plan, 21)
    low = replace(MARKED, look=2.0, escalate=3.0, regulator=4.0)
    records, placements = world.by_home()
    found = run(world.homes, records, placements, world.until, fits=Fits(), parameters=low)
    counted = [one for one in found if one.kind in ("change", "provider")]
    marked = {pattern.name for pattern in MARKED.patterns if pattern.marks}
    assert any(one.pattern in marked for one in counted)
    homes = {one.urn: one for one in world.homes}
    for one in counted:
        if one.kind == "change":
            theirs = (homes[one.key], records[one.key], placements[one.key], one.raised_on)
            result = assess(*theirs, parameters=low, explained=False)
        else:
            ours = [each for each in world.homes if each.provider == one.key]
            result = assess_provider(
                one.key, ours, records, placements, one.raised_on, parameters=low, explained=False
            )
        assert (one.pattern, one.evidence) == (result.pattern, result.evidence)

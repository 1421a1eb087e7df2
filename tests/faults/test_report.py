"""The table, the JSON, the options and the exit status."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from faults import __main__ as command
from faults import report
from faults.checker import Verdict
from faults.plans import CONTROLS, PLANS
from faults.run import Plan, Result
from hesley_hub.launching.world import ROOT

ASKED = {*(f"F{n}" for n in range(1, 17)), "F18", "F20"}


def nothing(scene: Any) -> None:
    """No fault."""


def result(name: str = "F3", *, wrong: tuple[str, ...] = (), **more: Any) -> Result:
    plan = Plan(name, "a fault", nothing, must_fail=more.pop("must_fail", False))
    verdict = Verdict(attempted=9, acknowledged=8, lost=len(wrong), wrong=list(wrong), slowest=2.0)
    return Result(plan, more.pop("seed", 1), verdict, 20.0, **more)


def test_every_fault_asked_for_is_there_under_a_name_of_its_own() -> None:
    names = [plan.name for plan in (*PLANS, *CONTROLS)]
    assert len(names) == len(set(names))
    assert {name.rstrip("bcdefgh") for name in names} >= ASKED
    assert len([plan for plan in PLANS if plan.quick]) == 10
    assert len([plan for plan in CONTROLS if plan.must_fail]) == 3


@pytest.mark.parametrize(
    ("one", "good", "said"),
    [
        (result(), True, "ok"),
        (result(wrong=("lost: a record",)), False, "lost: a record"),
        (result(trouble="it did not start"), False, "it did not start"),
        (result(not_run="no disk"), True, "not run: no disk"),
        (result(must_fail=True), False, "PASSED, AND MUST NOT"),
        (result(must_fail=True, wrong=("lost: a record",)), True, "found out"),
        (result(notes=("half of it",)), True, "note: half of it"),
    ],
)
def test_a_line_says_what_became_of_a_run(one: Result, good: bool, said: str) -> None:
    assert one.good is good
    assert said in report.line(one)


def test_the_totals_leave_the_controls_out() -> None:
    text = report.totals([result(), result(seed=2), result("C1", must_fail=True, wrong=("lost: x",))])
    assert "2 runs of 1 faults: 16 acknowledged, lost 0" in text
    assert "controls found out: 1 of 1" in text


@pytest.mark.parametrize(("wrong", "status"), [((), 0), (("late: a step",), 1)])
def test_the_command_writes_json_and_says_by_its_status_whether_all_was_well(
    wrong: tuple[str, ...],
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def carried_out(runs: list[tuple[Plan, int]], keep: Path | None) -> Iterator[Result]:
        for plan, seed in runs:
            yield result(plan.name, seed=seed, wrong=wrong)

    monkeypatch.setattr(command, "carried_out", carried_out)
    out = tmp_path / "faults.json"
    assert command.main(["--only", "F3,F5", "--out", str(out)]) == status
    written = json.loads(out.read_text())["faults"]
    assert set(written) == {"F3", "F5"}
    assert written["F3"]["acknowledged"] == 16
    assert [run["seed"] for run in written["F5"]["runs"]] == [1, 2]
    assert "F5" in capsys.readouterr().out


def test_what_is_run_follows_from_the_options() -> None:
    def names(*words: str) -> list[tuple[str, int]]:
        return [(plan.name, seed) for plan, seed in command.chosen(command.parse(list(words)))]

    assert len(names()) == 2 * len(PLANS) + len(CONTROLS)
    assert len(names("--quick")) == 10
    assert names("--only", "F3", "--seeds", "3", "--from-seed", "7") == [("F3", 7), ("F3", 8), ("F3", 9)]
    with pytest.raises(SystemExit, match="F99"):
        names("--only", "F99")


def test_the_page_about_faults_names_each_with_what_it_strikes() -> None:
    page = (ROOT / "docs" / "reference" / "faults.md").read_text()
    for plan in (*PLANS, *CONTROLS):
        assert f"| {plan.name} | {plan.title.removeprefix('control: ')} |" in page

"""How measured figures are told."""

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks.figures import Figure, as_json, as_table

FIGURES = [Figure("a page: with", 12.3456, "ms", note="median of 6"), Figure("found", 43, "%", "higher")]


def test_a_table_has_a_line_each() -> None:
    assert as_table(FIGURES).splitlines() == ["a page: with  12.35 ms  median of 6", "found            43 %"]
    assert as_table([]) == ""


def test_json_has_value_unit_and_which_way_is_better() -> None:
    assert json.loads(json.dumps(as_json(FIGURES))) == {
        "figures": {
            "a page: with": {"value": 12.3456, "unit": "ms", "better": "lower", "note": "median of 6"},
            "found": {"value": 43, "unit": "%", "better": "higher", "note": ""},
        }
    }


def test_those_named_are_run_and_written_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[bool] = []

    def measure(quick: bool) -> list[Figure]:
        asked.append(quick)
        return FIGURES

    monkeypatch.setattr(bench, "BENCHMARKS", {"one": measure, "other": lambda quick: [FIGURES[1]]})
    out = tmp_path / "figures.json"
    assert bench.main(["one", "--quick", "--out", str(out)]) == 0
    assert asked == [True]
    assert set(json.loads(out.read_text())["figures"]) == {"a page: with", "found"}
    assert bench.main([]) == 0
    assert asked == [True, False]
    assert "other" in capsys.readouterr().out


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        bench.main(["nothing"])
    assert stopped.value.code == 2

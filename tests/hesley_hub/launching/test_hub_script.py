"""The script that sets everything up, as far as it can be seen without setting anything up."""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def hub() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("hub_script", str(ROOT / "hub"))
    spec = importlib.util.spec_from_loader("hub_script", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


@pytest.mark.parametrize(
    ("given", "browser", "passed"),
    [
        ([], True, ["-m", "not slow"]),
        ([], False, ["-m", "not slow and not browser"]),
        (["-k", "risk", "-x"], True, ["-m", "not slow", "-k", "risk", "-x"]),
        (["-m", "slow"], True, ["-m", "(slow)"]),
        (["-m=slow or browser"], False, ["-m", "(slow or browser) and not browser"]),
    ],
)
def test_slow_tests_wait_to_be_asked_for(
    hub: ModuleType, given: list[str], browser: bool, passed: list[str]
) -> None:
    assert hub.with_marks(given, browser=browser) == passed


@pytest.mark.parametrize("given", [["tests/events"], ["-n", "0"], ["-m", "slow", "-n", "2"], ["-s"]])
def test_a_part_of_the_suite_runs_as_it_was_asked_for(hub: ModuleType, given: list[str]) -> None:
    assert hub.side_by_side(given) == []
    assert hub.side_by_side(["-q"])[2:] == ["--dist", "loadfile"]
    assert hub.side_by_side(["-m", "matrix"])[2:] == ["--dist", "load"]


def test_usage_and_a_wrong_word() -> None:
    good = subprocess.run([ROOT / "hub"], capture_output=True, text=True, check=False)
    assert good.returncode == 0
    for command in (
        "up",
        "test",
        "check",
        "replay",
        "bench",
        "faults",
        "doctor",
        "token",
        "provision",
        "calibrate",
    ):
        assert f"  {command} " in good.stdout
    wrong = subprocess.run([ROOT / "hub", "upp"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "There is no command 'upp'" in wrong.stderr


def test_without_root_one_line_says_what_to_install(hub: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub.ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(hub.shutil, "which", lambda name: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as stopped:
        hub.install_system_packages(browser=True)
    message = str(stopped.value)
    assert "\n" not in message
    assert "apt-get install -y --no-install-recommends libpango-1.0-0" in message
    assert "chromium" in message
    assert "--no-browser" in message
    hub.install_system_packages(browser=False)  # goes on: only the PDF tests need pango


def test_with_root_the_command_is_printed_before_it_runs(
    hub: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(hub, "missing_packages", lambda *, browser: ["chromium"])
    monkeypatch.setattr(hub.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    def run(line: list[str], **_: object) -> int:
        ran.append(line)
        return len(ran) - 1

    monkeypatch.setattr(hub, "run", run)
    hub.install_system_packages(browser=True)
    printed = capsys.readouterr().out.strip()
    assert printed == "apt-get update && apt-get install -y --no-install-recommends chromium"
    assert ran == [["sh", "-c", printed]]
    with pytest.raises(SystemExit, match="could not install"):
        hub.install_system_packages(browser=True)


def test_nothing_is_installed_while_the_locks_are_the_same(
    hub: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    monkeypatch.setattr(hub, "VENV", tmp_path)
    monkeypatch.setattr(hub, "step", lambda line, message, **_: steps.append(message))
    monkeypatch.setattr(hub, "machine_npm", lambda: True)
    hub.install_python_packages(testing=False)
    hub.install_python_packages(testing=False)
    assert steps == ["Installing the installer (uv)", "Installing Python packages (base)"]
    hub.install_python_packages(testing=True)
    hub.install_python_packages(testing=False)
    assert steps[3:] == ["Installing Python packages (base, test)"]
    (tmp_path / ".hub-locks.json").write_text('{"base": "another"}')
    monkeypatch.setattr(hub, "machine_npm", lambda: False)
    hub.install_python_packages(testing=False)
    assert steps[-1] == "Installing Python packages (base, node)"


def test_where_uv_cannot_install_pip_does(
    hub: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[list[str]] = []

    def step(line: list[object], message: str, **_: object) -> None:
        steps.append([str(word) for word in line])
        if "uv" in message or "sync" in line:
            raise hub.Stop("no route to the index")

    monkeypatch.setattr(hub, "VENV", tmp_path)
    monkeypatch.setattr(hub, "step", step)
    monkeypatch.setattr(hub, "machine_npm", lambda: True)
    hub.install_python_packages(testing=True)
    assert [word for word in steps[-1] if word.endswith(".txt")] == [
        str(hub.LOCKS / name) for name in ("uv.txt", "base.txt", "test.txt")
    ]
    assert "--require-hashes" in steps[-1]
    assert (tmp_path / ".hub-locks.json").exists()


def test_a_step_that_fails_stops_with_what_it_printed(
    hub: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        hub.step(["sh", "-c", "echo no space left; exit 3"], "Building")
    assert "no space left" in str(stopped.value)
    assert capsys.readouterr().out == "Building\n"


def test_what_it_writes_is_ignored_by_git() -> None:
    written = [".venv/x", ".hub/setup.lock", "static/node_modules/x", "static/dist/x", "homes/__pycache__/x"]
    done = subprocess.run(
        ["git", "check-ignore", *written], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == written

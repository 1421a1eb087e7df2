"""Rules of the house that a search can check."""

import ast
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("hesley_hub", "oversight", "incidents", "voice", "homes", "events")
FILES = sorted(
    file for package in PACKAGES for file in (ROOT / package).rglob("*.py") if "migrations" not in file.parts
)


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


@cache
def _calls(file: Path) -> list[tuple[str, int]]:
    return [
        (ast.unparse(node.func), node.lineno) for node in ast.walk(_tree(file)) if isinstance(node, ast.Call)
    ]


def _named(file: Path) -> str:
    return str(file.relative_to(ROOT))


def the_wall_clock_is_read_in_one_place(file: Path) -> None:
    if _named(file) == "events/clock.py" or _named(file).startswith("hesley_hub/launching/"):
        return
    wall = {
        "datetime.now",
        "datetime.utcnow",
        "timezone.now",
        "date.today",
        "datetime.datetime.now",
        "time.time",
    }
    for name, line in _calls(file):
        assert name not in wall, f"{_named(file)}:{line}"


def tasks_are_prompted_by_the_doorbell_and_the_clock_alone(file: Path) -> None:
    for name, line in _calls(file):
        assert not name.endswith((".delay", ".apply_async")), f"{_named(file)}:{line}"
        if name.endswith(".send_task"):
            places = ("events/prompting.py", "hesley_hub/ticking.py")
            assert _named(file) in places, f"{_named(file)}:{line}"


def edges_do_not_write(file: Path) -> None:
    if file.stem not in ("views", "api", "forms", "serializers", "queries", "handlers", "tasks"):
        return
    writing = (
        ".objects.create",
        ".objects.bulk_create",
        ".save",
        ".bulk_update",
        ".objects.get_or_create",
        ".objects.update_or_create",
        ".delete",
    )
    for name, line in _calls(file):
        assert not name.endswith(writing), f"{_named(file)}:{line} writes; that is an action's work"


def nobody_catches_everything(file: Path) -> None:
    if _named(file) == "events/relay.py":
        return
    assert not re.search(r"except (Base)?Exception\b|except:", file.read_text())


def no_assert_stands_in_product_code(file: Path) -> None:
    assert not [node for node in ast.walk(_tree(file)) if isinstance(node, ast.Assert)]


def guardians_shortcuts_are_left_alone(file: Path) -> None:
    """They ignore dates and inactive users."""
    assert "guardian.shortcuts" not in file.read_text()


def no_signals_and_no_rooms_for_odds_and_ends(file: Path) -> None:
    assert "django.db.models.signals" not in file.read_text()
    assert not {"utils", "helpers", "common", "core", "misc"} & set(file.with_suffix("").parts[-3:])


def a_file_can_be_read_in_one_sitting(file: Path) -> None:
    text = file.read_text()
    assert len(text.splitlines()) <= 500
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= 70, f"{_named(file)}: {node.name}"


RULES = (
    the_wall_clock_is_read_in_one_place,
    tasks_are_prompted_by_the_doorbell_and_the_clock_alone,
    edges_do_not_write,
    nobody_catches_everything,
    no_assert_stands_in_product_code,
    guardians_shortcuts_are_left_alone,
    no_signals_and_no_rooms_for_odds_and_ends,
    a_file_can_be_read_in_one_sitting,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rule(rule: Callable[[Path], None]) -> None:
    for file in FILES:
        rule(file)


def test_the_walk_found_the_files() -> None:
    assert len(FILES) > 200


def test_no_address_of_a_registry_or_path_of_a_machine_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    address = re.compile(
        r"pypi\.(?:org)|files\.python(?:hosted)|registry\.npm(?:js)|deb\.debian\.(?:org)|/(?:root|home/\w+)/"
    )
    for name in listed.split():
        file = ROOT / name
        if (
            file.suffix in {".png", ".woff2", ".pdf"}
            or not file.exists()
            or name == "tests/architecture/test_house.py"
        ):
            continue
        assert not address.search(file.read_text(errors="replace")), name

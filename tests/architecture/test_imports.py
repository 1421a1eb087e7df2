"""The direction of imports, and a planted violation for each contract: a contract that cannot break proves nothing."""

import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
#: What measures the hub: no app, above all of them.
OUTSIDE = ("benchmarks", "faults")
PACKAGES = ("hesley_hub", "oversight", "incidents", "voice", "homes", "events")
RANK = {"events": 0, "homes": 1, "incidents": 2, "voice": 2, "oversight": 3, "hesley_hub": 4}

#: For each contract, a line planted in a file that must break it.
VIOLATIONS = {
    "Apps depend downwards; incidents and voice are strangers": (
        "homes/access.py",
        "import incidents.registry",
    ),
    "Streams are independent of one another": ("incidents/lado/models.py", "import incidents.reg40.models"),
    "The engine is plain Python and NumPy": ("oversight/risk/engine/records.py", "import django.conf"),
    "Within a topic, edges call actions, actions call models": (
        "oversight/risk/models.py",
        "import oversight.risk.actions",
    ),
    "Nobody outside imports another app's models": (
        "oversight/risk/handlers.py",
        "import incidents.record.models",
    ),
}


def _lint(folder: Path) -> str:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages and their contracts, to be spoilt one line at a time."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in (*OUTSIDE, *PACKAGES):
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "migrations")
        )
    return folder


def test_the_contracts_hold_without_exemptions(copied: Path) -> None:
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text()
    found = _lint(copied)
    assert re.search(r"Contracts: \d+ kept, 0 broken", found), found


@pytest.mark.parametrize(("contract", "planted"), VIOLATIONS.items(), ids=lambda value: str(value)[:30])
def test_a_planted_violation_breaks_its_contract(
    copied: Path, contract: str, planted: tuple[str, str]
) -> None:
    name, line = planted
    file = copied / name
    whole = file.read_text()
    file.write_text(f"{whole}\n{line}\n")
    try:
        assert re.search(re.escape(contract) + r" BROKEN", _lint(copied))
    finally:
        file.write_text(whole)


def test_every_contract_has_its_violation() -> None:
    named = re.findall(r'^name = "([^"]+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert {name for name in named if name != "hesley-hub"} == set(VIOLATIONS)


def test_the_apps_are_those_of_the_contracts() -> None:
    ours = {app.name for app in apps.get_app_configs() if Path(app.path).is_relative_to(ROOT / app.name)}
    assert {name for name in ours if "." not in name} == set(PACKAGES)
    top = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert top == {*PACKAGES, *OUTSIDE, "tests"}


def test_foreign_keys_point_downwards() -> None:
    for model in apps.get_models():
        app = model._meta.app_label
        if app not in RANK:
            continue
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            if field.concrete and other is not None and other._meta.app_label in RANK:
                target = other._meta.app_label
                assert target == app or RANK[target] < RANK[app], (
                    f"{model.__name__}.{field.name} points at {target}"
                )


def test_dotted_imports_stand_in_the_assembly_only() -> None:
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            if package != "hesley_hub":
                assert "import_module(" not in file.read_text(), file
                assert "import_string(" not in file.read_text(), file


def test_every_module_can_be_imported() -> None:
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            parts = file.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))

"""What is installed is pinned by hash, says where it comes from nowhere, and has a reason."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[3] / "requirements"
PINNED = sorted(REQUIREMENTS.glob("*.txt"))
WISHED = sorted(REQUIREMENTS.glob("*.in"))


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_every_pin_has_a_hash_and_no_address(path: Path) -> None:
    text = path.read_text()
    pins = re.split(r"\n(?=\S)", text.strip())
    assert pins
    for pin in pins:
        assert re.match(r"[a-z0-9-]+==[0-9a-z.]+( ;.*?)? \\\n    --hash=sha256:[0-9a-f]{64}", pin), pin[:80]
    assert not re.search(r"https?:|--(extra-)?index|--find-links|--trusted-host|@ ", text)


@pytest.mark.parametrize("path", WISHED, ids=lambda path: path.name)
def test_every_wish_has_a_reason(path: Path) -> None:
    assert path.with_suffix(".txt").exists() or path.name == "core.in"
    lines = path.read_text().splitlines()
    for before, line in zip(["", *lines], lines, strict=False):
        assert line.startswith(("#", "-r ")) or before.startswith("# "), f"{line} has no reason"


def test_every_wish_is_pinned() -> None:
    for path in WISHED:
        pinned = path.with_suffix(".txt")
        names = [
            re.split(r"[<>=\[]", line)[0].lower()
            for line in path.read_text().splitlines()
            if line[:1].isalpha()
        ]
        for name in names if pinned.exists() else []:
            assert f"\n{name}==" in "\n" + pinned.read_text(), f"{name} is missing from {pinned.name}"


def test_production_runs_the_versions_that_were_tested() -> None:
    versions = dict(re.findall(r"^([a-z0-9-]+)==([0-9a-z.]+)", (REQUIREMENTS / "base.txt").read_text(), re.M))
    for name, version in re.findall(
        r"^([a-z0-9-]+)==([0-9a-z.]+)", (REQUIREMENTS / "production.txt").read_text(), re.M
    ):
        assert name in ("psycopg2", "numpy") or versions[name] == version

"""The page of protections names tests that exist, and speaks of the numbers that are set."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "hardening.md").read_text()


def test_every_test_that_the_page_names_exists() -> None:
    named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > 40
    for file, name in named:
        place = ROOT / "tests" / file
        assert place.exists(), file
        if name:
            assert f"def {name}(" in place.read_text(), (file, name)


def test_every_row_is_there() -> None:
    for row in ("A1", "A2", "A3", "A4", "S1", "S2", "S3", "L1", "L2", "L3", "F1", "W1", "W2", "W3", "I1", "I2", "I3",
                "B1", "B2", "D1", "D2", "C1", "C2"):  # fmt: skip
        assert f"\n| {row} " in PAGE, row


def test_the_numbers_are_those_of_the_settings() -> None:
    pages, rows = settings.HUB_PAGES_AN_HOUR, settings.HUB_ROWS_AN_HOUR
    for text in (PAGE, (ROOT / "docs" / "threat-model.md").read_text()):
        assert f"{pages} pages" in text
        assert f"{rows:,} rows" in text
        assert f"{settings.HUB_FILES_A_DAY} files a day" in text

"""The generated pages say what the tables say, and are fresh."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from hesley_hub.documents.pages import PAGES
from homes.roles import ROLES


def test_the_committed_pages_are_fresh() -> None:
    call_command("documents", check=True)


def test_every_post_stands_in_the_page_of_access() -> None:
    text = PAGES["access.md"]()
    assert all(f"| {role.title} |" in text for role in ROLES.values())


def test_a_stale_page_is_named_and_written_anew(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "reference"
    folder.mkdir(parents=True)
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"stale: access\.md"):
        call_command("documents", check=True)
    call_command("documents")
    call_command("documents", check=True)
    assert {file.name for file in folder.iterdir()} == set(PAGES)

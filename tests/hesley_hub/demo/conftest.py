"""A demonstration of three homes and fourteen months, so that a test can tell its whole past."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from events import world
from hesley_hub.demo import country, story
from hesley_hub.demo import world as demo

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
KEPT = ("DEMO001", "DEMO002", "DEMO003")


def mark_demo() -> None:
    """This test's database is a demonstration's. Call it as the owner."""
    with connection.cursor() as cursor:
        cursor.execute("update events_world set kind = 'demo'")
    world.forget()


@pytest.fixture
def small_country(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Only the homes that the demo people need; nothing reconstructed."""
    settings.HUB_DIR = tmp_path
    monkeypatch.delenv(demo.PASSWORD_FOR_ALL, raising=False)
    for urn in list(country.HOMES):
        if urn not in KEPT:
            monkeypatch.delitem(country.HOMES, urn)
    monkeypatch.setattr(story, "MONTHS", 14)
    monkeypatch.setattr(story, "RECONSTRUCTED_URNS", ())
    monkeypatch.setattr(story, "_published", lambda *args: [])
    story.tell.cache_clear()
    yield
    story.tell.cache_clear()

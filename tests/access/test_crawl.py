"""Crawling the demonstration as each of its people: no link is dead, and each look left its one row."""

import os
import sys
from collections import Counter

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from hesley_hub.demo import history
from hesley_hub.demo import world as demo
from hesley_hub.demo.people import PEOPLE
from homes.models import User
from tests.access.crawling import Crawl, Crawler
from tests.conftest import owner
from tests.hesley_hub.demo.conftest import NOW, mark_demo, small_country

pytestmark = pytest.mark.django_db
__all__ = ["small_country"]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """The demonstration with its whole past, at one moment, for readers without a budget."""
    settings.HUB_PAGES_AN_HOUR = settings.HUB_ROWS_AN_HOUR = settings.HUB_FILES_A_DAY = 1_000_000
    monkeypatch.setattr("events.clock.now", lambda: NOW)
    with owner():
        mark_demo()
        demo.seed(now=NOW)
        history.load(now=NOW, report=lambda done, total: None)


def crawled(username: str, most: int | None) -> Crawl:
    cache.clear()
    with owner():
        user = User.objects.get(username=username)
    return Crawler(user, f"demo-{username}", most).crawl()


def check(username: str, found: Crawl) -> None:
    """Nothing dead; as many rows as looks, route by route; a person who sees nobody's records leaves none."""
    assert found.dead == [], username
    assert found.kept == found.looked, username


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("small_country", "told")
def test_two_of_the_demonstrations_people_find_no_dead_link_and_leave_a_row_for_each_look() -> None:
    manager, ofsted = crawled("manager", 4), crawled("ofsted", 4)
    check("manager", manager)
    check("ofsted", ofsted)
    assert {"home", "record:record", "incident-pdf", "child", "own-looks-csv"} <= manager.routes
    assert {"nation", "nation-csv", "matters", "matter-decide", "alert", "api-assessment"} <= ofsted.routes
    assert sum(ofsted.kept.values()) > 60


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.usefixtures("told")
def test_every_person_of_the_demonstration_crawls_it() -> None:
    """As each of its people, so many of each kind of page, since thousands are alike: HUB_CRAWL_PAGES, else four."""
    most = int(os.environ.get("HUB_CRAWL_PAGES", "4"))
    every = Counter[str]()
    for person in PEOPLE:
        found = crawled(person.username, most)
        check(person.username, found)
        every.update(found.kept)
        sys.stdout.write(
            f"{person.username}: {len(found.visited)} pages, {sum(found.kept.values())} looks,"
            f" {len(found.dead)} dead links\n"
        )
    sys.stdout.write(f"{sum(every.values())} looks on {len(every)} kinds of page\n")

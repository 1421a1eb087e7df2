"""One prompt of a task waits at a time, until the task begins; what is recorded after that rings anew."""

from collections.abc import Iterator

import pytest
from celery import current_app
from django.core.cache import cache

from events import clock, prompting, relay, tasks
from hesley_hub.celery import app as hub


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Names of tasks handed to the broker."""
    cache.clear()
    names: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: names.append(name))
    yield names
    cache.clear()


def test_a_storm_rings_once_for_each_task(sent: list[str]) -> None:
    for _ in range(50):
        prompting.prompt_relay()
        prompting.prompt("oversight.tasks.deliver")
    assert sent == ["events.tasks.relay", "oversight.tasks.deliver"]


def test_what_comes_after_the_task_has_begun_rings_anew(sent: list[str]) -> None:
    prompting.prompt_relay()
    prompting.taken("events.tasks.relay")
    prompting.prompt_relay()
    assert len(sent) == 2


def test_a_prompt_that_nobody_took_is_thought_lost_after_a_while(
    sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompting, "STANDS_FOR", 0)
    prompting.prompt_relay()
    prompting.prompt_relay()
    assert len(sent) == 2


@pytest.mark.parametrize(("dealt_with", "rings"), [(10, 1), (9, 0), (0, 0)])
def test_a_whole_batch_asks_for_the_next(
    sent: list[str], monkeypatch: pytest.MonkeyPatch, dealt_with: int, rings: int
) -> None:
    monkeypatch.setattr(relay, "drain", lambda *, now, limit: min(dealt_with, limit))
    monkeypatch.setattr(clock, "now", lambda: None)
    hub.loader.import_default_modules()
    prompting.prompt_relay()
    assert tasks.relay_events() == dealt_with
    assert len(sent) == 1 + rings


def test_without_a_broker_a_task_goes_on_to_the_end_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object, **__: object) -> None:
        raise OSError("no broker")

    monkeypatch.setattr(current_app, "send_task", down)
    left = [25]

    def deal(most: int) -> int:
        dealt = min(most, left[0])
        left[0] -= dealt
        prompting.prompt("a.task")  # as whatever it deals with does, in vain
        return dealt

    assert prompting.in_turns("a.task", deal, batch=10) == 25

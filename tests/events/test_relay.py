"""The outbox: a fact and its event together or not at all; each handling at least once; poison parked and alarmed."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction
from pytest_django import Settings

from events import outbox, prompting, registry, relay
from events.identity import new_id
from events.models import Event, Handling
from hesley_hub.wiring import HANDLERS
from tests.conftest import owner, worker

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
heard: list[UUID] = []


@dataclass(frozen=True, kw_only=True)
class Rung(registry.Fact):
    kind = "tests.rung"
    bell: UUID
    at: datetime
    poison: bool = False


class PoisonError(Exception):
    pass


def hear(fact: Rung, *, now: datetime) -> None:
    if fact.poison:
        raise PoisonError("a child's name that no log may hold")
    heard.append(fact.bell)


def hear_too(fact: Rung, *, now: datetime) -> None:
    heard.append(fact.bell)


@pytest.fixture(autouse=True)
def _wired(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[None]:
    settings.HUB_HANDLING_BACKOFF = 0
    settings.HUB_HANDLING_ATTEMPTS = 3
    monkeypatch.setattr(prompting, "prompt", lambda task: None)
    heard.clear()
    registry.wire({Rung: [hear, hear_too], relay.HandlingParked: []})
    yield
    registry.wire(HANDLERS)


def _ring(*, home_id: UUID | None = None, **options: bool) -> Rung:
    fact = Rung(bell=new_id(), at=NOW, home_id=home_id, **options)
    with transaction.atomic():
        outbox.record(fact, by=None, now=NOW)
    return fact


@pytest.mark.django_db
def test_a_fact_reaches_every_handler_once() -> None:
    fact = _ring()
    with worker():
        assert relay.drain(now=NOW) == 2
        assert relay.drain(now=NOW) == 0
    assert heard == [fact.bell, fact.bell]


@pytest.mark.django_db
def test_a_payload_comes_back_as_it_was() -> None:
    fact = Rung(bell=new_id(), at=NOW, poison=True, home_id=new_id())
    assert Rung.from_payload(fact.payload(), fact.home_id) == fact


@pytest.mark.django_db
def test_poison_is_parked_without_its_words_and_blocks_nobody() -> None:
    poison = _ring(poison=True)
    good = _ring()
    with worker():
        relay.drain(now=NOW)
        parked = Handling.objects.get(parked_at__isnull=False)
        assert (parked.attempts, parked.last_error, parked.done_at) == (3, "PoisonError", None)
        assert Event.objects.filter(kind="events.handling_parked").count() == 1
        assert not Handling.objects.filter(done_at__isnull=True, parked_at__isnull=True).exists()
    assert heard.count(good.bell) == 2
    assert heard.count(poison.bell) == 1


@pytest.mark.django_db
def test_a_failed_handling_waits_before_it_is_tried_again(settings: Settings) -> None:
    settings.HUB_HANDLING_BACKOFF = 60
    _ring(poison=True)
    with worker():
        assert relay.drain(now=NOW) == 2
        assert relay.drain(now=NOW) == 0
        assert Handling.objects.get(attempts=1).parked_at is None


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="one transaction"):
        outbox.record(Rung(bell=new_id(), at=NOW), by=None, now=NOW)


@pytest.mark.django_db
def test_a_fact_nobody_wired_is_refused() -> None:
    registry.wire({relay.HandlingParked: []})
    with pytest.raises(KeyError), transaction.atomic():
        outbox.record(Rung(bell=new_id(), at=NOW), by=None, now=NOW)


@pytest.mark.django_db
def test_an_event_cannot_be_read_or_changed_by_the_website_nor_changed_by_the_worker() -> None:
    _ring()
    assert _refused("select count(*) from events_event")
    with worker():
        assert Event.objects.count() == 1
        assert _refused("update events_event set kind = 'x'")
        assert _refused("delete from events_event")
        assert _refused("delete from events_handling")


def _refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except ProgrammingError as problem:
        return "permission denied" in str(problem)
    return False


@pytest.mark.django_db(transaction=True)
def test_a_claimed_handling_is_passed_over_by_others() -> None:
    with owner():
        _ring()
        inside, go_on = threading.Event(), threading.Event()

        def slow(fact: Rung, *, now: datetime) -> None:
            inside.set()
            go_on.wait(10)
            heard.append(fact.bell)

        monkey = registry.name_of(hear)
        registry._by_name[monkey] = slow

        def other() -> None:
            relay.run_one(now=NOW)
            connection.close()

        thread = threading.Thread(target=other)
        thread.start()
        assert inside.wait(10)
        assert relay.drain(now=NOW) == 1, "only the handling that nobody holds"
        go_on.set()
        thread.join(10)
        assert len(heard) == 2
        assert not Handling.objects.filter(done_at__isnull=True).exists()


@pytest.mark.django_db(transaction=True)
def test_the_prompt_comes_after_the_commit_and_its_failure_costs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prompts: list[str] = []
    monkeypatch.setattr(prompting, "prompt", prompts.append)
    with transaction.atomic():
        outbox.record(Rung(bell=new_id(), at=NOW), by=None, now=NOW)
        assert prompts == []
    assert prompts == ["events.tasks.relay"]
    token = outbox.prompts.set(False)
    with transaction.atomic():
        outbox.record(Rung(bell=new_id(), at=NOW), by=None, now=NOW)
    outbox.prompts.reset(token)
    assert len(prompts) == 1


def test_a_broker_that_is_down_is_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    from celery import current_app

    def refuse(*args: object, **options: object) -> None:
        raise OSError("connection refused")

    monkeypatch.undo()
    monkeypatch.setattr(current_app, "send_task", refuse)
    prompting.prompt_relay()


def test_every_fact_is_wired_and_every_handler_takes_a_fact_and_now() -> None:
    registry.wire(HANDLERS)
    kinds = [fact.kind for fact in HANDLERS]
    assert len(kinds) == len(set(kinds))
    subclasses = {fact for fact in registry.Fact.__subclasses__() if not fact.__module__.startswith("tests")}
    assert subclasses == set(HANDLERS)
    assert registry.kinds() == sorted(kinds)


@pytest.mark.django_db(transaction=True)
def test_a_home_in_a_storm_queues_behind_itself() -> None:
    storm, other = new_id(), new_id()
    rungs = [_ring(home_id=storm) for _ in range(20)]
    late = _ring(home_id=other)
    nobodys = _ring()
    with worker():
        relay.drain(now=NOW, limit=7)
    assert {late.bell, nobodys.bell} <= set(heard)
    with worker():
        relay.drain(now=NOW)
    assert sorted(heard) == sorted([rung.bell for rung in [*rungs, late, nobodys]] * 2)


@pytest.mark.django_db(transaction=True)
def test_the_handlers_of_an_event_have_their_turn_as_they_are_wired() -> None:
    first, second = _ring(home_id=new_id()), _ring(home_id=new_id())
    with worker():
        relay.drain(now=NOW, limit=2)
    assert heard == [first.bell, second.bell]
    with owner():
        waiting = Handling.objects.filter(done_at__isnull=True).values_list("handler", flat=True)
        assert list(waiting) == [registry.name_of(hear_too)] * 2

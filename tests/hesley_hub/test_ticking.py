"""The clock without a broker does the work itself; with one it only prompts."""

from pathlib import Path
from threading import Event

import pytest
from celery import Celery
from celery.beat import ScheduleEntry

from hesley_hub.celery import app as hub
from hesley_hub.ticking import Ticks


def app_with(broker: str) -> tuple[Celery, list[int]]:
    """An application with one task, and where that task leaves its trace."""
    app, ran = Celery("ticking", broker=broker, set_as_current=False), list[int]()
    app.conf.update(task_ignore_result=True, broker_transport_options={"max_retries": 1})

    @app.task(name="look", shared=False)
    def look() -> None:
        ran.append(1)

    return app, ran


def tick(app: Celery, folder: Path) -> Ticks:
    clock = Ticks(app, schedule_filename=str(folder / "schedule"), lazy=True)
    clock.apply_entry(ScheduleEntry(name="look", task="look", options={"expires": 3}, app=app))
    return clock


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_clock_does_the_work(tmp_path: Path) -> None:
    app, ran = app_with(f"redis+socket://{tmp_path}/nobody.sock")
    clock = tick(app, tmp_path)
    clock.here["look"].join(timeout=20)
    assert ran == [1]
    assert clock.producer is None


@pytest.mark.django_db(transaction=True)
def test_a_task_that_goes_on_is_not_begun_twice(tmp_path: Path) -> None:
    app, ran = app_with(f"redis+socket://{tmp_path}/nobody.sock")
    let_go = Event()

    @app.task(name="long", shared=False)
    def long() -> None:
        ran.append(let_go.wait(20))

    clock = Ticks(app, schedule_filename=str(tmp_path / "schedule"), lazy=True)
    for _ in range(3):
        clock.apply_entry(ScheduleEntry(name="long", task="long", app=app))
    let_go.set()
    clock.here["long"].join(timeout=20)
    assert ran == [True]


def test_with_a_broker_it_only_prompts(tmp_path: Path) -> None:
    app, ran = app_with("memory://")
    tick(app, tmp_path)
    assert ran == []
    with app.connection_for_read() as connection:
        assert connection.SimpleQueue("celery").get(block=False).headers["task"] == "look"


def test_the_hub_ticks_so() -> None:
    assert hub.conf.beat_scheduler == "hesley_hub.ticking:Ticks"

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from hesley_hub.demo import history, progress, tasks
from tests.conftest import owner
from tests.hesley_hub.demo.conftest import mark_demo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_country")]


def test_only_a_demonstration_is_given_a_past() -> None:
    with owner(), pytest.raises(CommandError, match="demonstration"):
        call_command("demo_history")


def test_the_command_says_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = []

    def load(*, now: object, report: Callable[[int, int], None]) -> int:
        report(1, 4)
        seen.append(progress.behind())
        report(1, 1)
        return 1188

    monkeypatch.setattr(history, "load", load)
    with owner():
        mark_demo()
        call_command("demo_history")
    assert seen == [True]
    assert not progress.behind()
    assert "1188 days" in capsys.readouterr().out


def test_the_daily_tick_waits_until_the_past_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def daily() -> int:
        ran.append(True)
        return 2

    monkeypatch.setattr(tasks, "daily", daily)
    with owner():
        progress.write(1, 4)
        assert tasks.daily_once_told() == 2, "a scratch world has no past to wait for"
        mark_demo()
        assert tasks.daily_once_told() == 0
        progress.write(4, 4)
        assert tasks.daily_once_told() == 2
    assert len(ran) == 2


def test_seeding_says_that_a_past_is_still_to_be_told() -> None:
    with owner():
        mark_demo()
        call_command("demo_seed")
    assert progress.behind()

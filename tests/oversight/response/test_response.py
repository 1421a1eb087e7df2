"""The page of response, and the working time that it counts in."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from events import clock
from events.clock import LONDON
from events.context import acting_as
from events.deadlines import is_working_day, working_time
from homes.models import User
from oversight.escalation.deciding.models import Decision
from oversight.escalation.models import Acknowledgement, Alert, Branch
from oversight.response import queries
from oversight.response.queries import Response, Spread
from oversight.response.views import in_words
from tests.cast import NOW, Cast
from tests.conftest import owner
from tests.oversight.escalation.conftest import opened
from tests.oversight.escalation.test_ladders import branch_of, climb


def answer(world: Cast, alert: Alert, organisation: str, after: timedelta) -> Branch:
    branch = branch_of(alert, organisation)
    with owner():
        Acknowledgement.objects.create(
            alert=alert,
            branch=branch,
            by=world.fran.person,
            organisation=branch.organisation,
            post="x",
            at=alert.opened_at + after,
            decide_by=alert.opened_at + timedelta(days=14),
        )
        Branch.objects.filter(pk=branch.pk).update(state="acknowledged")
    return branch


def decide(world: Cast, branch: Branch, at: datetime, *, acts: bool = True) -> Decision:
    with owner():
        words = {"action": "a", "owner": "o", "due_on": at.date()} if acts else {}
        return Decision.objects.create(
            alert=branch.alert,
            branch=branch,
            by=world.fran.person,
            organisation=branch.organisation,
            post="x",
            at=at,
            number=1,
            acts=acts,
            reason="r",
            **words,
        )


def seen_by(user: User, now: datetime) -> list[Response]:
    with acting_as(user.pk, now):
        return queries.responses(user.pk, now)


def page(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/response/").content.decode()


def test_an_organisation_sees_its_own_times_and_the_regulator_all(world: Cast) -> None:
    alert = opened(world)  # at look, Monday 10:00
    branch = answer(world, alert, "Northmoor Council", timedelta(hours=3))
    decide(world, branch, NOW + timedelta(days=1, hours=1))
    own = seen_by(world.fran, NOW + timedelta(days=2))
    assert [(row.organisation, row.asked, row.unanswered) for row in own] == [("Northmoor Council", 1, 0)]
    assert own[0].working
    assert own[0].answered == Spread(1, timedelta(hours=3), timedelta(hours=3))
    assert own[0].acted == Spread(1, timedelta(hours=9), timedelta(hours=9))  # 7 on Monday, 2 on Tuesday
    every = seen_by(world.mo, NOW + timedelta(days=2))
    assert [row.organisation for row in every] == [
        "Calderbrook Council",
        "Eastvale Council",
        "Northmoor Council",
    ]
    assert [row.unanswered for row in every] == [0, 0, 0]
    late = seen_by(world.mo, NOW + timedelta(days=30))
    assert [row.unanswered for row in late] == [1, 1, 0]


def test_urgent_is_counted_in_hours_day_and_night(world: Cast) -> None:
    alert = opened(world, tier="regulator", now=NOW + timedelta(hours=10))
    answer(world, alert, "Northmoor Council", timedelta(hours=13))
    row = seen_by(world.fran, NOW + timedelta(days=2))[0]
    assert not row.working
    assert row.answered.median == timedelta(hours=13)


def test_what_climbed_was_left_unanswered_until_it_is_answered(world: Cast) -> None:
    alert = opened(world)
    later = NOW + timedelta(days=10)
    climb(later)
    with owner():
        assert branch_of(alert, "Northmoor Council").steps.count() == 2
    assert seen_by(world.fran, later)[0].unanswered == 1
    answer(world, alert, "Northmoor Council", timedelta(days=11))
    assert seen_by(world.fran, later + timedelta(days=2))[0].unanswered == 0


def test_an_old_year_is_over(world: Cast) -> None:
    opened(world)
    assert seen_by(world.fran, NOW + timedelta(days=366)) == []


def test_the_page_shows_what_is_overdue_and_to_each_their_own(
    world: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = opened(world)
    provider_only = opened(world, picture="provider")
    answer(world, alert, "Northmoor Council", timedelta(minutes=20))
    assert "left unanswered" in page(world.mo)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=20))
    regulator, northmoor, eastvale = page(world.mo), page(world.fran), page(world.gita)
    assert "Overdue now" in regulator
    assert "Eastvale Council" in regulator
    assert provider_only.reference not in regulator
    assert "Overdue now" not in northmoor
    assert "20 min; nine in ten within 20 min working" in northmoor
    assert "Eastvale Council" not in northmoor
    assert alert.reference in eastvale
    asha = page(world.asha)
    assert provider_only.reference in asha
    assert alert.reference not in asha
    assert "Northmoor" not in asha
    assert "No alert has asked your organisation" in page(world.quin)


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (59, "59 min"), (200, "3 h 20 min"), (2880, "48 h"), (6030, "100 h")]
)
def test_times_in_words(minutes: int, words: str) -> None:
    assert in_words(timedelta(minutes=minutes)) == words


def test_the_ninetieth_is_a_time_that_somebody_took() -> None:
    hours = [timedelta(hours=n) for n in range(1, 11)]
    assert Spread.of(hours) == Spread(10, timedelta(hours=5.5), timedelta(hours=9))
    assert Spread.of([]) == Spread(0, None, None)


MOMENTS = st.integers(0, 700 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


def by_the_minute(start: datetime, end: datetime) -> timedelta:
    """An independent count: every minute of the way, asked for its own clock."""
    minute, count = start, 0
    while minute < end:
        local = minute.astimezone(LONDON)
        count += is_working_day(local.date()) and 9 <= local.hour < 17
        minute += timedelta(minutes=1)
    return timedelta(minutes=count)


@given(MOMENTS, st.integers(0, 6 * 24 * 60))
def test_working_time_is_the_minutes_of_office_hours(start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    assert working_time(start, end) == by_the_minute(start, end)
    assert working_time(end, start) == timedelta(0)


def test_working_time_over_the_clock_changes_and_christmas() -> None:
    def hours(first: date, last: date) -> float:
        return working_time(
            datetime(first.year, first.month, first.day, tzinfo=LONDON),
            datetime(last.year, last.month, last.day, tzinfo=LONDON),
        ) / timedelta(hours=1)

    assert (
        hours(date(2026, 3, 27), date(2026, 3, 31)) == 16
    )  # Friday and Monday, the clock goes forward between
    assert hours(date(2026, 10, 23), date(2026, 10, 27)) == 16
    assert hours(date(2026, 12, 24), date(2027, 1, 2)) == 8 * 4  # 24, 29, 30 and 31 December

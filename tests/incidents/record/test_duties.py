"""Whom the law and the procedures name, and when the hub counts a telling as late."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from events.context import acting_as
from homes.models import DutyMailbox, Home, Organisation
from incidents.record import duties, telling
from incidents.record.duties import Circumstances, owed
from tests import cast
from tests.conftest import owner


def so(world: cast.Cast, **more: Any) -> Circumstances:
    base: dict[str, Any] = {
        "home": world.elm,
        "stream": "reg40",
        "event": "40(4)(e)",
        "known_at": world.now,
        "by_provider": True,
        "children": [world.rowan],
    }
    return Circumstances(**(base | more))


def codes(world: cast.Cast, **more: Any) -> list[str]:
    with acting_as(world.asha.pk, world.now):
        return [one.code for one in owed(so(world, **more))]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ["serious_ofsted", "in_writing"]),
        ({"relevant": ["placing_authority"]}, ["serious_ofsted", "serious_relevant", "in_writing"]),
        ({"harm": True}, ["social_care", "serious_ofsted", "in_writing"]),
        ({"crime": True}, ["social_care", "police", "serious_ofsted", "in_writing"]),
        ({"event": "40(4)(a)"}, ["social_care", "serious_ofsted", "in_writing"]),
        ({"event": "40(4)(c)"}, ["social_care", "lado", "serious_ofsted", "in_writing"]),
        ({"event": "40(4)(d)(i)"}, ["serious_ofsted", "in_writing"]),
        ({"event": "40(4)(d)(ii)"}, ["serious_ofsted", "in_writing"]),
        ({"event": "40(3)"}, ["dbs_ofsted", "dbs_placing_authority", "in_writing"]),
        (
            {"event": "40(1)"},
            [
                "death_ofsted",
                "death_placing_authority",
                "death_secretary_of_state",
                "death_host_authority",
                "death_icb",
                "in_writing",
            ],
        ),
        ({"stream": "lado", "event": "", "harm": True}, ["social_care", "lado_referral", "lado_ofsted"]),
        ({"stream": "lado", "event": "", "harm": True, "by_provider": False}, ["social_care"]),
        ({"stream": "hospital", "event": "", "moves_alone": True}, []),
        ({"stream": "hospital", "event": "", "moves_alone": None}, []),
        (
            {"stream": "hospital", "event": "", "moves_alone": False, "by_provider": False},
            ["injury_social_care", "injury_paediatrician"],
        ),
        ({"stream": "complaint", "event": ""}, []),
        ({"stream": "whistleblowing", "event": "", "harm": True}, []),
    ],
)
def test_who_must_be_told(world: cast.Cast, more: dict[str, Any], expected: list[str]) -> None:
    assert codes(world, **more) == expected


def test_each_relevant_person_is_told_once(world: cast.Cast) -> None:
    everybody = list(duties.RELEVANT)
    with acting_as(world.asha.pk, world.now):
        found = owed(so(world, harm=True, crime=True, relevant=everybody, children=[world.rowan, world.sky]))
    who = [one.who for one in found]
    assert len(who) == len(set(who))
    assert "Northmoor Council, who placed the child" in who
    assert "Eastvale Council, who placed the child" in who
    assert sum("children’s social care" in one for one in who) == 1


def test_the_host_that_placed_the_child_is_told_once_and_a_secure_home_tells_the_ombudsman(
    world: cast.Cast,
) -> None:
    with owner():
        Home.objects.filter(pk=world.elm.pk).update(
            host_authority=world.organisations["northmoor"], kind=Home.HomeKind.SECURE, icb=None
        )
        world.elm.refresh_from_db()
    found = codes(world, event="40(1)")
    assert "death_host_authority" not in found
    assert "death_icb" not in found
    assert "death_ppo" in found


@pytest.mark.parametrize(
    ("known", "due"),
    [
        # A Friday evening: the working day that ends on Monday at 17:00.
        (datetime(2026, 11, 20, 19, 0, tzinfo=UTC), datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        # Christmas Eve 2026 is a Thursday; Friday is Christmas Day, Monday the substitute for Boxing Day.
        (datetime(2026, 12, 24, 12, 0, tzinfo=UTC), datetime(2026, 12, 29, 17, 0, tzinfo=UTC)),
        # In summer 17:00 in London is 16:00 in UTC.
        (datetime(2026, 6, 3, 12, 0, tzinfo=UTC), datetime(2026, 6, 4, 16, 0, tzinfo=UTC)),
    ],
)
def test_one_working_day_ends_at_17_in_london(known: datetime, due: datetime) -> None:
    assert duties.WORKING_DAY.due(known) == due


def test_hours_elapse_across_a_clock_change_and_the_same_day_ends_at_midnight_in_london() -> None:
    before_the_change = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    assert duties.A_DAY.due(before_the_change) - before_the_change == timedelta(seconds=86_400)
    summer_evening = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert duties.SAME_DAY.due(summer_evening) == datetime(2026, 7, 1, 23, 0, tzinfo=UTC)
    after_midnight = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert duties.SAME_DAY.due(after_midnight) == datetime(2026, 7, 2, 23, 0, tzinfo=UTC)


def test_every_rule_says_its_law_its_version_and_from_when() -> None:
    for rule in duties.RULES:
        assert rule.legal_basis
        assert rule.why
        assert rule.version >= 1
        assert duties.rule_of(rule.code, rule.version) is rule
    assert len({(rule.code, rule.version) for rule in duties.RULES}) == len(duties.RULES)


def test_a_rule_that_was_not_yet_in_force_binds_nobody(world: cast.Cast) -> None:
    assert codes(world, known_at=datetime(2014, 1, 1, tzinfo=UTC)) == []


def _said(world: cast.Cast, hours: str, **more: Any) -> list[dict[str, Any]]:
    with owner():
        DutyMailbox.objects.update(hours=hours)
    with acting_as(world.asha.pk, world.now):
        return telling.items(owed(so(world, crime=True, event="40(4)(c)", **more)), world.now)


def test_now_is_said_only_where_somebody_is_awake_to_answer(world: cast.Cast) -> None:
    awake = _said(world, "always")
    assert [one["who"].split(",")[0] for one in awake[:3]] == [
        "Calderbrook Council children’s social care",
        "The police: 999 where there is danger",
        "Calderbrook Council LADO",
    ]
    assert awake[0]["by"].startswith("Now; at the latest by ")
    asleep = _said(world, "working")
    assert asleep[0]["by"].startswith("Without delay; at the latest by ")
    assert asleep[1]["by"].startswith("Now; at the latest by ")
    assert asleep[2]["by"].startswith("By 17:00 tomorrow")
    assert "01632 960114 (working hours)" in asleep[0]["why"]


def test_what_is_late_says_so(world: cast.Cast) -> None:
    found = _said(world, "out_of_hours", known_at=world.now - timedelta(days=5))
    assert found[0]["by"].startswith("Now. It was due by ")
    assert found[0]["left"] == "4 days late"
    assert found[0]["late"]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), "17:00 today"),
        (datetime(2026, 11, 23, 21, 40, tzinfo=UTC), "21:40 tonight"),
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), "midnight tonight"),
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "09:00 tomorrow"),
        (datetime(2026, 11, 26, 17, 0, tzinfo=UTC), "17:00 on Thu 26 Nov 2026"),
    ],
)
def test_when_is_said_as_people_say_it(moment: datetime, words: str) -> None:
    assert telling.said_when(moment, datetime(2026, 11, 23, 10, 0, tzinfo=UTC)) == words


def test_a_home_without_a_host_still_names_whom_to_ring(world: cast.Cast) -> None:
    with owner():
        Home.objects.filter(pk=world.elm.pk).update(host_authority=None)
        Organisation.objects.filter(name="Ofsted").update(name="Another regulator")
        world.elm.refresh_from_db()
    with acting_as(world.asha.pk, world.now):
        found = owed(so(world, event="40(4)(c)", relevant=["host_authority"]))
        assert telling.danger_numbers(world.elm)[0]["number"] == "999"
        assert len(telling.danger_numbers(world.elm)) == 1
    assert [one.organisation for one in found] == [None] * len(found)
    assert "The LADO of the home’s area" in [one.who for one in found]

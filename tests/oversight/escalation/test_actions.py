"""Opening, strengthening, seeing, answering."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction

from events.context import acting_as
from events.models import Event
from homes.access import NotAllowedError
from homes.crossing import CrossedError
from incidents.record.models import Stream
from oversight.escalation import actions
from oversight.escalation.models import Acknowledgement, Alert, Branch, Delivery, Escalation, Seen
from oversight.escalation.rules import skips_provider
from tests.cast import Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import death, drain, opened, raised, record
from tests.oversight.escalation.test_ladders import branch_of


def kinds_of_events() -> list[str]:
    with owner():
        return list(Event.objects.filter(kind__startswith="oversight.").values_list("kind", flat=True))


def test_one_open_alert_per_picture_home_and_kind(world: Cast) -> None:
    first = opened(world)
    assert raised(world) is None
    assert first.reference.startswith("AL-")
    assert opened(world, picture="provider").pk != first.pk
    assert opened(world, kind="peer").pk != first.pk
    assert opened(world, home=world.oak, provider=world.organisations["larch"]).pk != first.pk


def test_growing_evidence_strengthens_in_place_and_tells_nobody_twice(world: Cast) -> None:
    first = opened(world)
    incident = record(world, world.asha)
    with owner():
        mails = Delivery.objects.count()
    grown = raised(world, evidence=[incident.reference], score=7.0, now=world.now + timedelta(days=1))
    assert grown is not None
    assert grown.pk == first.pk
    assert grown.strengthened_at == world.now + timedelta(days=1)
    assert grown.explanation["records"][0]["known"] == "told"
    with owner():
        assert Delivery.objects.count() == mails
    assert kinds_of_events()[-1] == "oversight.alert_strengthened"


def test_a_higher_tier_starts_its_ladder_anew_though_the_lower_was_answered(world: Cast) -> None:
    alert = opened(world)
    for name, user in (("Northmoor Council", world.fran), ("Eastvale Council", world.gita)):
        with acting_as(user.pk, world.now):
            actions.acknowledge(
                alert=alert, branch=branch_of(alert, name), note="n", by=user.pk, now=world.now
            )
    higher = raised(world, tier="escalate", bar=7.352, score=7.5)
    assert higher is not None
    assert (higher.tier, higher.bar, higher.state) == ("escalate", 7.352, "open")
    with owner():
        states = Branch.objects.filter(alert=alert).order_by("escalation__opened_at", "organisation__name")
        by_tier = [(branch.escalation.tier, branch.state) for branch in states.select_related("escalation")]
    assert sorted(by_tier) == [
        ("escalate", "waiting"),
        ("escalate", "waiting"),
        ("escalate", "waiting"),
        ("look", "overtaken"),
        ("look", "overtaken"),
        ("look", "overtaken"),
    ]
    assert raised(world, tier="look") is None


def test_an_acknowledged_alert_opens_again_at_a_higher_tier(world: Cast) -> None:
    alert = opened(world, home=world.oak, provider=world.organisations["larch"])
    for name, user in (("Northmoor Council", world.fran), ("Calderbrook Council", world.jon)):
        with acting_as(user.pk, world.now):
            actions.acknowledge(
                alert=alert, branch=branch_of(alert, name), note="n", by=user.pk, now=world.now
            )
    with owner():
        assert Alert.objects.get().state == "acknowledged"
    higher = raised(world, home=world.oak, provider=world.organisations["larch"], tier="regulator")
    assert higher is not None
    assert higher.state == "open"


def test_tiers_passed_on_the_way_are_noted_and_tell_nobody(world: Cast) -> None:
    alert = opened(
        world, tier="regulator", bar=8.556, score=9.0, passed=[("look", 6.254), ("escalate", 7.352)]
    )
    with owner():
        rows = {
            row.tier: (row.bar, bool(row.policy), row.branches.count())
            for row in Escalation.objects.filter(alert=alert)
        }
    assert rows == {
        "look": (6.254, False, 0),
        "escalate": (7.352, False, 0),
        "regulator": (8.556, True, 4),
    }


def test_an_ended_episode_lets_the_next_open_its_own_and_closes_nothing(world: Cast) -> None:
    first = opened(world)
    with worker():
        ended = actions.end_alert(
            picture="overseers", home=world.elm, provider=world.elm.provider_id, kind="change", now=world.now
        )
        assert ended is not None
        assert ended.ended_at == world.now
        assert (
            actions.end_alert(
                picture="overseers",
                home=world.elm,
                provider=world.elm.provider_id,
                kind="change",
                now=world.now,
            )
            is None
        )
    assert branch_of(first, "Northmoor Council").state == "waiting"
    assert opened(world).pk != first.pk


@pytest.mark.parametrize(
    ("kind", "pattern", "skips"),
    [
        ("change", "general_rise", False),
        ("change", "staff_conduct", True),
        ("change", "closed_culture", True),
        ("change", "reports_stop", True),
        ("change", "outside_voices", True),
        ("change", "concealment", True),
        ("change", "staff_conduct_mild", True),
        ("change", "same_adult", True),
        ("change", "steep_rise_marked", False),
        ("reconciliation", "general_rise", True),
        ("contradiction", "", True),
        ("silence", "", True),
        ("person", "", True),
        ("rule", "death", False),
    ],
)
def test_kinds_that_question_the_home_skip_the_provider(kind: str, pattern: str, skips: bool) -> None:
    assert skips_provider(kind, pattern) is skips


def test_an_alert_that_skips_the_provider_is_kept_and_tells_nobody(world: Cast) -> None:
    alert = opened(world, picture="provider", pattern="staff_conduct")
    with owner():
        assert not Branch.objects.filter(alert=alert).exists()
    with acting_as(world.dan.pk, world.now):
        assert not Alert.objects.exists()
    # Once the pattern questions nobody, the provider is told.
    told = raised(world, picture="provider", pattern="harm")
    assert told is not None
    assert branch_of(told, "Alder Vale Care").state == "waiting"
    # And what it has been told never turns into what it must not see.
    assert raised(world, picture="provider", pattern="staff_conduct", tier="regulator") is None


def test_two_pictures(world: Cast) -> None:
    overseers = opened(world)
    provider = opened(world, picture="provider")
    sees = {}
    for name in (
        "asha",
        "ben",
        "dan",
        "cerys",
        "fran",
        "gita",
        "hal",
        "ines",
        "jon",
        "kim",
        "mo",
        "nia",
        "efe",
        "pat",
    ):
        user = world.people[name]
        with acting_as(user.pk, world.now):
            by_database = set(Alert.objects.values_list("pk", flat=True))
            by_query = set(Alert.objects.visible_to(user.pk, world.now).values_list("pk", flat=True))
        assert by_database == by_query, name
        sees[name] = by_database
    assert {name for name, seen in sees.items() if seen == {provider.pk}} == {"asha", "ben", "dan"}
    assert {name for name, seen in sees.items() if seen == {overseers.pk}} == {
        "fran", "gita", "hal", "jon", "mo", "nia",
    }  # fmt: skip
    assert {name for name, seen in sees.items() if not seen} == {"cerys", "ines", "kim", "efe", "pat"}


def test_lado_and_board_see_the_alert_that_they_are_told_of(world: Cast) -> None:
    lado = record(world, world.ines, Stream.LADO, source="lado")
    opened(world, tier="escalate", evidence=[lado.reference])
    with acting_as(world.ines.pk, world.now):
        assert Alert.objects.exists()
    with acting_as(world.kim.pk, world.now):
        assert not Alert.objects.exists()


def test_an_answer_stops_its_own_branch_and_no_other(world: Cast) -> None:
    death(world)
    drain(world.now)
    with owner():
        alert = Alert.objects.get(picture="overseers")
    mine = branch_of(alert, "Ofsted")
    with acting_as(world.mo.pk, world.now):
        answer = actions.acknowledge(
            alert=alert, branch=mine, note="I ring now.", by=world.mo.pk, now=world.now
        )
        again = actions.acknowledge(
            alert=alert, branch=mine, note="I ring now.", by=world.mo.pk, now=world.now
        )
        with pytest.raises(CrossedError) as crossed:
            actions.acknowledge(alert=alert, branch=mine, note="twice", by=world.mo.pk, now=world.now)
    assert again.pk == answer.pk
    assert crossed.value.standing.says == {"note": "I ring now."}
    assert (answer.post, answer.note) == ("Ofsted inspector", "I ring now.")
    with owner():
        assert Alert.objects.get(pk=alert.pk).state == "open"
        assert Acknowledgement.objects.count() == 1
        assert Branch.objects.filter(alert=alert, state="waiting").count() == 3
    for name, user in (
        ("Northmoor Council", world.fran),
        ("Eastvale Council", world.gita),
        ("Calderbrook Council", world.jon),
    ):
        with acting_as(user.pk, world.now):
            actions.acknowledge(
                alert=alert, branch=branch_of(alert, name), note="n", by=user.pk, now=world.now
            )
    with owner():
        assert Alert.objects.get(pk=alert.pk).state == "acknowledged"


@pytest.mark.parametrize("name", ["nia", "hal", "gita", "asha", "ines", "jon"])
def test_who_may_not_answer_for_northmoor(world: Cast, name: str) -> None:
    alert = opened(world, tier="regulator")
    branch = branch_of(alert, "Northmoor Council")
    user = world.people[name]
    with owner():
        alert = Alert.objects.get(pk=alert.pk)
    with acting_as(user.pk, world.now), pytest.raises((NotAllowedError, Alert.DoesNotExist)):
        actions.acknowledge(alert=alert, branch=branch, note="n", by=user.pk, now=world.now)
    with owner():
        assert not Acknowledgement.objects.exists()


def test_an_answer_to_an_overtaken_branch_says_so(world: Cast) -> None:
    alert = opened(world)
    old = branch_of(alert, "Northmoor Council")
    raised(world, tier="escalate")
    with acting_as(world.fran.pk, world.now), pytest.raises(actions.AlreadyAnsweredError):
        actions.acknowledge(alert=alert, branch=old, note="n", by=world.fran.pk, now=world.now)


def test_seen_is_recorded_once_with_the_organisation(world: Cast) -> None:
    alert = opened(world)
    for _ in range(2):
        with acting_as(world.mo.pk, world.now):
            actions.mark_seen(alert=alert, by=world.mo.pk, now=world.now)
    with owner():
        assert Seen.objects.get().organisation_id == world.organisations["ofsted"].pk
    assert kinds_of_events().count("oversight.alert_seen") == 1
    with acting_as(world.cerys.pk, world.now), pytest.raises(NotAllowedError):
        actions.mark_seen(alert=alert, by=world.cerys.pk, now=world.now)


def test_the_website_cannot_open_an_alert_or_write_a_ladder(world: Cast) -> None:
    with acting_as(world.mo.pk, world.now), pytest.raises(ProgrammingError), transaction.atomic():
        actions.open_alert(
            picture="overseers",
            home=world.elm,
            provider=world.organisations["alder"],
            kind="change",
            pattern="harm",
            tier="look",
            raised_on=world.now.date(),
            now=world.now,
        )

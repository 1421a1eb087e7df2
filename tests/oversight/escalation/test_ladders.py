"""Ladders: who is told, by when, and what follows when nobody answers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError

from events.context import acting_as
from homes.access import NotAllowedError
from homes.models import DutyMailbox, Organisation, Placement
from incidents.record.models import Stream
from oversight.escalation import actions, climbing
from oversight.escalation.ladders import ANSWER_WITHIN, POLICIES, Audience, Clock, policy_for
from oversight.escalation.models import Alert, Branch, Delivery, Escalation, OperatorAlarm, Step, Tier
from oversight.escalation.telling import in_office_hours
from tests.cast import Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import death, drain, opened, raised, record


def branch_of(alert: Alert, name: str, desk: str | None = None) -> Branch:
    with owner():
        found = Branch.objects.filter(alert=alert, organisation__name=name, state="waiting")
        return found.get(desk=desk) if desk else found.get()


def steps_of(branch: Branch) -> list[str]:
    with owner():
        return list(Step.objects.filter(branch=branch).order_by("number").values_list("desk", flat=True))


def climb(now: datetime) -> int:
    with worker():
        return climbing.climb(now=now)


def test_every_ladder_cycles_and_names_who_may_answer() -> None:
    for policy in POLICIES:
        for ladder in policy.ladders:
            assert len(ladder.rungs) >= 2
            assert ladder.answered_by
            assert policy.picture == "overseers" or ladder.audience is Audience.PROVIDER


def desks(picture: str, tier: Tier, kind: str = "change") -> dict[str, list[str]]:
    ladders = policy_for(picture, tier, kind).ladders
    return {ladder.audience.value: [rung.desk for rung in ladder.rungs] for ladder in ladders}


def test_the_ladders_are_those_of_the_policy() -> None:
    assert desks("overseers", Tier.LOOK) == desks("overseers", Tier.LOOK, "missing_report")
    assert set(desks("overseers", Tier.LOOK)) == {"host", "placing"}
    assert desks("overseers", Tier.ESCALATE) == {
        "placing": ["duty", "senior", "regulator"],
        "host": ["safeguarding", "senior", "regulator"],
        "lado": ["lado", "senior", "regulator"],
        "icb": ["safeguarding", "senior", "regulator"],
    }
    for kind in ("change", "rule"):
        urgent = desks("overseers", Tier.REGULATOR, kind)
        assert (urgent["regulator"], urgent["placing"]) == (["duty", "director"], ["duty", "director"])
    assert desks("provider", Tier.REGULATOR) == {"provider": ["duty", "senior", "director"]}
    decide = {tier: policy_for("overseers", tier, "change").decide_within for tier in Tier}
    assert [decide[tier].working_days for tier in Tier] == [10, 5, 1]


@pytest.mark.parametrize(
    ("tier", "since", "due"),
    [
        # A Friday evening; five working days later, at 17:00.
        (Tier.LOOK, datetime(2026, 11, 20, 20, tzinfo=UTC), datetime(2026, 11, 27, 17, tzinfo=UTC)),
        # Two working days over a weekend; the clocks have gone forward in between.
        (Tier.ESCALATE, datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 3, 31, 16, tzinfo=UTC)),
        # Over Christmas.
        (Tier.ESCALATE, datetime(2026, 12, 24, 12, tzinfo=UTC), datetime(2026, 12, 30, 17, tzinfo=UTC)),
        # Four elapsed hours through the night in which clocks go back.
        (Tier.REGULATOR, datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 3, tzinfo=UTC)),
    ],
)
def test_answer_within(tier: Tier, since: datetime, due: datetime) -> None:
    assert ANSWER_WITHIN[tier].due(since) == due


def test_clocks_say_whether_they_run_by_night() -> None:
    assert Clock(hours=4).by_night
    assert not Clock(working_days=2).by_night


def test_a_look_tells_host_and_placing_authorities_only(world: Cast) -> None:
    alert = opened(world)
    with owner():
        names = set(Branch.objects.filter(alert=alert).values_list("organisation__name", "desk"))
    assert names == {
        ("Calderbrook Council", "safeguarding"),
        ("Northmoor Council", "duty"),
        ("Eastvale Council", "duty"),
    }


def test_an_authority_whose_child_has_left_is_not_told(world: Cast) -> None:
    with owner():
        Placement.objects.filter(child=world.sky).update(ends_at=world.now - timedelta(days=1))
    alert = opened(world)
    with owner():
        assert not Branch.objects.filter(alert=alert, organisation__name="Eastvale Council").exists()


def test_the_authority_of_a_child_who_died_is_told_though_the_placement_ended(world: Cast) -> None:
    death(world)
    with owner():
        Placement.objects.filter(child=world.rowan).update(ends_at=world.now - timedelta(hours=2))
    drain(world.now)
    with owner():
        assert Branch.objects.filter(
            alert__picture="overseers", organisation__name="Northmoor Council"
        ).exists()


def test_a_provider_as_a_whole_is_told_of_in_all_its_homes_authorities(world: Cast) -> None:
    alert = opened(world, home=None, kind="provider")
    assert alert.scope == "provider"
    with owner():
        assert Branch.objects.filter(alert=alert).count() == 3


def test_the_policy_is_copied_when_the_tier_is_reached(world: Cast) -> None:
    alert = opened(world, tier="escalate")
    with owner():
        policy = Escalation.objects.get(alert=alert).policy
    assert policy["working_days"] == 2
    northmoor = str(world.organisations["northmoor"].pk)
    (branch,) = [branch for branch in policy["branches"] if branch["organisation"] == northmoor]
    assert [rung["desk"] for rung in branch["rungs"]] == ["duty", "senior", "regulator"]


def test_overdue_branches_climb_each_alone_and_begin_again_at_the_end(world: Cast) -> None:
    death(world)
    drain(world.now)
    with owner():
        alert = Alert.objects.get(picture="overseers")
    now = world.now
    assert climb(now + timedelta(hours=4) - timedelta(seconds=1)) == 0
    with acting_as(world.mo.pk, now):
        actions.acknowledge(
            alert=alert, branch=branch_of(alert, "Ofsted"), note="on my way", by=world.mo.pk, now=now
        )
    # Ofsted has answered; three authorities and the provider have not.
    for hours in (4, 8, 12):
        assert climb(now + timedelta(hours=hours)) == 4
    assert steps_of(branch_of(alert, "Northmoor Council")) == ["duty", "director", "duty", "director"]
    with owner():
        assert Step.objects.filter(alert=alert, branch__organisation__name="Ofsted").count() == 1
        northmoor = Delivery.objects.filter(organisation__name="Northmoor Council").order_by("owed_since")
        assert [mail.address for mail in northmoor] == [
            "duty@northmoor.example",
            "director@northmoor.example",
            "duty@northmoor.example",
            "director@northmoor.example",
        ]


def test_after_a_long_gap_each_branch_climbs_once(world: Cast) -> None:
    opened(world)
    later = world.now + timedelta(days=60)
    assert climb(later) == 3
    assert climb(later + timedelta(minutes=1)) == 0


def test_a_ladder_that_cannot_climb_keeps_nobody_down(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = opened(world)
    real, bad = actions.climb_branch, branch_of(alert, "Northmoor Council").pk

    def climb_branch(**given: object) -> Step | None:
        if given["branch"] == bad:
            raise DatabaseError
        return real(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "climb_branch", climb_branch)
    assert climb(world.now + timedelta(days=30)) == 2
    with owner():
        assert OperatorAlarm.objects.get().kind == "climb_failed"


def test_a_desk_without_mailbox_alarms_and_the_next_is_told_at_once(world: Cast) -> None:
    with owner():
        DutyMailbox.objects.filter(organisation__name="Northmoor Council", desk="duty").delete()
    alert = opened(world)
    assert steps_of(branch_of(alert, "Northmoor Council")) == ["senior"]
    with owner():
        alarm = OperatorAlarm.objects.get()
        assert (alarm.kind, alarm.about) == ("no_mailbox", "Northmoor Council, duty desk")
        assert Delivery.objects.filter(alert__isnull=True, address="operator@hub.example").count() == 1


def test_an_organisation_without_any_mailbox_is_tried_again_and_the_operator_told(world: Cast) -> None:
    with owner():
        DutyMailbox.objects.filter(organisation__name="Northmoor Council").delete()
    alert = opened(world)
    branch = branch_of(alert, "Northmoor Council")
    with owner():
        assert not Delivery.objects.filter(step__branch=branch).exists()
        assert OperatorAlarm.objects.filter(kind="nobody_to_tell").count() == 1
        DutyMailbox.objects.create(
            organisation=world.organisations["northmoor"], desk="senior", email="new@northmoor.example"
        )
    climb(world.now + timedelta(days=30))
    with owner():
        assert Delivery.objects.get(step__branch=branch).address == "new@northmoor.example"


def test_a_home_with_nobody_to_tell_alarms_the_operator(world: Cast) -> None:
    with owner():
        Placement.objects.update(ends_at=world.now - timedelta(days=1))
        world.elm.host_authority = None
        world.elm.save()
    alert = opened(world)
    with owner():
        assert OperatorAlarm.objects.get().about == alert.reference


def boxes(organisation: Organisation, **by_hours: str) -> None:
    DutyMailbox.objects.filter(organisation=organisation, desk="duty").delete()
    for hours, email in by_hours.items():
        DutyMailbox.objects.create(organisation=organisation, desk="duty", hours=hours, email=email)


@pytest.mark.parametrize(
    ("at", "address"),
    [
        (datetime(2026, 11, 23, 10, tzinfo=UTC), "day@x.example"),
        (datetime(2026, 11, 23, 22, tzinfo=UTC), "night@x.example"),
        (datetime(2026, 11, 22, 10, tzinfo=UTC), "night@x.example"),  # a Sunday
        (datetime(2026, 12, 25, 10, tzinfo=UTC), "night@x.example"),
    ],
)
def test_the_desk_of_the_hour_is_told(world: Cast, at: datetime, address: str) -> None:
    with owner():
        boxes(world.organisations["ofsted"], working="day@x.example", out_of_hours="night@x.example")
    opened(world, tier="regulator", now=at)
    with owner():
        assert Delivery.objects.get(organisation__name="Ofsted").address == address


def test_a_desk_asleep_is_passed_over_when_the_clock_runs_by_night(world: Cast) -> None:
    with owner():
        boxes(world.organisations["ofsted"], working="day@x.example")
        boxes(world.organisations["northmoor"], working="day@n.example")
        DutyMailbox.objects.filter(organisation__name="Northmoor Council").exclude(desk="duty").delete()
    night = datetime(2026, 11, 23, 22, tzinfo=UTC)
    opened(world, tier="regulator", now=night)
    with owner():
        assert Delivery.objects.get(organisation__name="Ofsted").address == "director@ofsted.example"
        # Nobody is awake at Northmoor: a mail that waits is better than none.
        assert Delivery.objects.get(organisation__name="Northmoor Council").address == "day@n.example"
        assert OperatorAlarm.objects.filter(kind="no_desk_awake").exists()


def test_a_look_at_night_waits_in_the_daytime_mailbox(world: Cast) -> None:
    with owner():
        boxes(world.organisations["northmoor"], working="day@n.example")
    opened(world, now=datetime(2026, 11, 23, 22, tzinfo=UTC))
    with owner():
        assert Delivery.objects.get(organisation__name="Northmoor Council").address == "day@n.example"
        assert not OperatorAlarm.objects.exists()


def test_office_hours_are_londons() -> None:
    assert in_office_hours(datetime(2026, 7, 1, 8, 30, tzinfo=UTC))
    assert not in_office_hours(datetime(2026, 7, 1, 16, 30, tzinfo=UTC))


def test_not_the_right_person_climbs_at_once_and_once(world: Cast) -> None:
    alert = opened(world)
    branch = branch_of(alert, "Northmoor Council")
    for _ in range(2):
        with acting_as(world.fran.pk, world.now):
            actions.hand_on(alert=alert, branch=branch, by=world.fran.pk, now=world.now)
    drain(world.now)
    assert steps_of(branch) == ["duty", "senior"]
    with acting_as(world.gita.pk, world.now), pytest.raises(NotAllowedError):
        actions.hand_on(alert=alert, branch=branch, by=world.gita.pk, now=world.now)


def test_a_branch_that_was_answered_does_not_climb(world: Cast) -> None:
    alert = opened(world)
    branch = branch_of(alert, "Northmoor Council")
    with acting_as(world.fran.pk, world.now):
        actions.acknowledge(alert=alert, branch=branch, note="n", by=world.fran.pk, now=world.now)
        branch.refresh_from_db()
        actions.hand_on(alert=alert, branch=branch, by=world.fran.pk, now=world.now)
    with worker():
        before = world.now + timedelta(days=13)  # ten working days are fourteen
        assert actions.climb_branch(branch=branch.pk, now=before) is None
        other = Branch.objects.get(alert=alert, organisation__name="Eastvale Council")
        assert actions.climb_branch(branch=other.pk, now=world.now) is None
        assert actions.climb_branch(branch=other.pk, now=world.now, from_step=7) is None


def test_regulators_without_an_inspector_in_post_are_all_told(world: Cast) -> None:
    with owner():
        world.mo.posts.update(ends_at=world.now - timedelta(days=1))
    alert = opened(world, tier="regulator")
    with owner():
        names = set(
            Branch.objects.filter(alert=alert, desk="duty").values_list("organisation__name", flat=True)
        )
    assert {"Ofsted", "Care Quality Commission"} <= names


def test_lado_and_board_only_with_evidence_of_their_own(world: Cast) -> None:
    plain = record(world, world.asha)
    alert = opened(world, tier="regulator", evidence=[plain.reference])
    assert alert.told_ids == []
    lado = record(world, world.ines, Stream.LADO, source="lado")
    again = raised(world, tier="regulator", evidence=[plain.reference, lado.reference])
    assert again is not None
    assert again.told_ids == []  # the ladder of a tier starts once

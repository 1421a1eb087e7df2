"""An authority that was told of an alert keeps that alert, and nothing else, when its last child has left or died."""

from datetime import timedelta

import pytest
from django.test import Client

from events import clock
from events.context import acting_as
from homes.access import NotAllowedError, capacities
from homes.models import Home, Placement
from incidents.record.models import Incident
from oversight.escalation import actions, delivering
from oversight.escalation.deciding.actions import NewDecision, decide
from oversight.escalation.models import Alert, Branch, Delivery, Seen
from oversight.escalation.queries import alerts_for
from tests.cast import Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import opened, record
from tests.oversight.escalation.test_ladders import branch_of, climb

pytestmark = pytest.mark.django_db(transaction=True)


def deliver(world: Cast, hours: float) -> None:
    with worker():
        delivering.deliver_all(now=world.now + timedelta(hours=hours), send=lambda mail, now: None)


def sky_leaves(world: Cast, hours: float) -> None:
    with owner():
        Placement.objects.filter(child=world.sky).update(ends_at=world.now + timedelta(hours=hours))


def states_of_mail(alert: Alert) -> list[str]:
    with owner():
        theirs = Delivery.objects.filter(alert=alert, organisation__name="Eastvale Council")
        return list(theirs.order_by("owed_since").values_list("state", flat=True))


def test_whoever_was_told_reads_answers_and_decides_after_the_last_child_has_left(
    world: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = record(world, world.asha)
    alert = opened(world, tier="escalate", evidence=[outside.reference])
    other = opened(world, kind="peer", home=world.oak, provider=world.organisations["larch"])
    deliver(world, 1)
    sky_leaves(world, 2)
    later = world.now + timedelta(days=3)
    gita = world.gita.pk
    with acting_as(gita, later):
        assert capacities(gita, world.elm.pk, later) == []
        assert set(Alert.objects.visible_to(gita, later)) == set(Alert.objects.all()) == {alert}
        assert [vars(row)["waits_for_me"] for row in alerts_for(gita, later)] == [True]
        assert not Incident.objects.exists()
        with pytest.raises(NotAllowedError):
            actions.mark_seen(alert=other, by=gita, now=later)
    climb(later)
    deliver(world, 73)
    assert states_of_mail(alert) == ["sent", "sent"]
    monkeypatch.setattr(clock, "now", lambda: later)
    client = Client()
    client.force_login(world.gita)
    page = client.get(f"/alerts/{alert.reference}/")
    assert page.status_code == 200
    assert "Acknowledge as Gita" in page.content.decode()
    assert "/incidents/" not in page.content.decode()
    for path in (
        f"/homes/{world.elm.urn}/",
        f"/homes/{world.elm.urn}/records/",
        f"/alerts/{other.reference}/",
    ):
        assert client.get(path).status_code == 404
    assert f'href="/homes/{world.elm.urn}/"' not in page.content.decode()
    assert client.get(f"/alerts/{alert.reference}/pdf").status_code == 200
    branch = branch_of(alert, "Eastvale Council")
    with acting_as(gita, later):
        actions.acknowledge(alert=alert, branch=branch, note="Read.", by=gita, now=later)
        decide(
            alert=alert,
            branch=branch,
            decision=NewDecision(acts=False, reason="Sky has moved."),
            opened="",
            by=gita,
            now=later,
        )
        assert not Home.objects.visible_to(gita, later).filter(pk=world.elm.pk).exists()


def test_an_authority_whose_child_left_before_it_was_told_is_not_told_and_waited_for_no_longer(
    world: Cast,
) -> None:
    alert = opened(world, tier="escalate")
    sky_leaves(world, 0.5)
    deliver(world, 1)
    assert states_of_mail(alert) == ["dead"]
    with owner():
        assert Branch.objects.get(alert=alert, organisation__name="Eastvale Council").state == "lapsed"
    later = world.now + timedelta(hours=1)
    with acting_as(world.gita.pk, later):
        assert not Alert.objects.exists()
        assert not Alert.objects.visible_to(world.gita.pk, later).exists()
    climb(world.now + timedelta(days=9))
    assert states_of_mail(alert) == ["dead"]


def test_whoever_has_opened_it_before_the_mail_went_is_told_all_the_same(world: Cast) -> None:
    alert = opened(world, tier="escalate")
    with acting_as(world.gita.pk, world.now):
        actions.mark_seen(alert=alert, by=world.gita.pk, now=world.now)
    sky_leaves(world, 0.5)
    deliver(world, 1)
    assert states_of_mail(alert) == ["sent"]
    with owner():
        assert Seen.objects.count() == 1


def test_a_right_to_an_alert_ends_with_the_post(world: Cast) -> None:
    opened(world, tier="escalate")
    deliver(world, 1)
    sky_leaves(world, 2)
    later = world.now + timedelta(days=1)
    with owner():
        world.gita.posts.update(ends_at=later)
    for now, seen in ((later - timedelta(hours=1), True), (later, False)):
        with acting_as(world.gita.pk, now):
            assert Alert.objects.exists() is seen
            assert Alert.objects.visible_to(world.gita.pk, now).exists() is seen

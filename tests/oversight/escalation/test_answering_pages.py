"""Alerts as pages that are answered: who may, for whom, and what they are told."""

from datetime import timedelta

import pytest
from django.test import Client

from events import clock
from oversight.escalation import actions
from oversight.escalation.models import Acknowledgement, Alert
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.escalation.conftest import death, drain, opened, raised
from tests.oversight.escalation.pages import get, post
from tests.oversight.escalation.test_ladders import branch_of, climb, steps_of

pytestmark = pytest.mark.usefixtures("at_the_casts_time")


def test_a_death_is_shown_to_the_regulator_and_answered(world: Cast) -> None:
    incident = death(world)
    drain(world.now)
    with owner():
        alert = Alert.objects.get(picture="overseers")
    path = f"/alerts/{alert.reference}/"
    page = get(world.mo, path).content.decode()
    assert "A child has died, Elm House" in page
    assert "reg 40(1)" in page
    assert f'href="/incidents/{incident.reference}/"' in page
    assert "Acknowledge as Mo Okafor" in page
    assert "Today 14:00" in page
    branch = branch_of(alert, "Ofsted")
    answered = post(world.mo, f"{path}acknowledge/", branch=str(branch.pk), note="We visit tomorrow.")
    assert (answered.status_code, answered["Location"]) == (302, path)
    page = get(world.fran, path).content.decode()
    assert "Duty desk. Mo Okafor" in page
    assert "Mo Okafor, Ofsted inspector, Ofsted, 23 Nov 2026, 10:00" in page
    assert "We visit tomorrow." in page
    page = get(world.mo, path).content.decode()
    assert "Acknowledge as" not in page
    with owner():
        assert Acknowledgement.objects.get().organisation.name == "Ofsted"


def test_an_answer_needs_words(world: Cast) -> None:
    alert = opened(world)
    branch = branch_of(alert, "Northmoor Council")
    answer = post(world.fran, f"/alerts/{alert.reference}/acknowledge/", branch=str(branch.pk), note="")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Say what you will do, and by when" in page
    assert "Error: " in page
    with owner():
        assert not Acknowledgement.objects.exists()


def test_an_answer_for_another_organisation_is_refused(world: Cast) -> None:
    alert = opened(world)
    branch = branch_of(alert, "Eastvale Council")
    answer = post(world.fran, f"/alerts/{alert.reference}/acknowledge/", branch=str(branch.pk), note="n")
    assert answer.status_code == 422
    with owner():
        assert not Acknowledgement.objects.exists()


def test_an_answer_twice_or_by_a_reader_changes_nothing(world: Cast) -> None:
    alert = opened(world, tier="regulator")
    path = f"/alerts/{alert.reference}/acknowledge/"
    branch = str(branch_of(alert, "Ofsted").pk)
    for user in (world.mo, world.mo, world.nia):
        assert post(user, path, branch=branch, note="n").status_code == 302
    with owner():
        assert Acknowledgement.objects.get().by_id == world.mo.pk


def test_an_answer_that_a_higher_level_overtakes_says_so(
    world: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = opened(world)
    branch = branch_of(alert, "Northmoor Council")

    def overtaken(**given: object) -> None:
        raise actions.AlreadyAnsweredError

    monkeypatch.setattr(actions, "acknowledge", overtaken)
    client = Client()
    client.force_login(world.fran)
    page = client.post(
        f"/alerts/{alert.reference}/acknowledge/", {"branch": str(branch.pk), "note": "n"}, follow=True
    )
    assert "has reached a higher level meanwhile" in page.content.decode()


def test_not_the_right_person(world: Cast) -> None:
    alert = opened(world)
    path = f"/alerts/{alert.reference}/not-me/"
    assert "Tell the next desk now" in get(world.fran, path).content.decode()
    assert "Nothing here waits for an answer from you." in get(world.mo, path).content.decode()
    assert post(world.mo, path).status_code == 302
    assert post(world.fran, path).status_code == 302
    drain(world.now)
    assert steps_of(branch_of(alert, "Northmoor Council")) == ["duty", "senior"]
    assert steps_of(branch_of(alert, "Eastvale Council")) == ["duty"]


def test_the_ladder_shows_late_steps_and_earlier_tiers(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = opened(world)
    raised(world, tier="escalate")
    climb(world.now + timedelta(days=10))
    monkeypatch.setattr(clock, "now", lambda: world.now + timedelta(days=10))
    page = get(world.mo, f"/alerts/{alert.reference}/").content.decode()
    assert "Step 1. People with a duty" in page
    assert "Step 2. Heads of service" in page
    assert "Earlier, at Look" in page
    assert "0 of 3 answered" in page

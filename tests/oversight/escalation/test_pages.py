"""Alerts as pages: who sees which, the list, and what a page must not give away."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.context import acting_as
from incidents.record.models import Stream
from oversight.escalation import actions
from oversight.escalation.models import Acknowledgement, Alert, Branch, Seen
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.escalation.conftest import drain, opened, record
from tests.oversight.escalation.pages import EXPLANATION, get, post
from tests.oversight.escalation.test_ladders import branch_of

pytestmark = pytest.mark.usefixtures("at_the_casts_time")


def test_opening_a_page_records_that_it_was_seen_and_nothing_else(world: Cast) -> None:
    alert = opened(world)
    with owner():
        before = Alert.objects.values().get(), list(Branch.objects.order_by("pk").values())
    for _ in range(2):
        assert get(world.fran, f"/alerts/{alert.reference}/").status_code == 200
    with owner():
        assert (Alert.objects.values().get(), list(Branch.objects.order_by("pk").values())) == before
        assert Seen.objects.get().by_id == world.fran.pk
    assert "Northmoor Council" in get(world.mo, f"/alerts/{alert.reference}/").content.decode()


@pytest.mark.parametrize(
    "name", ["asha", "dan", "cerys", "efe", "pat", "ola", "quin", "ines", "kim", "rut", "lee"]
)
def test_an_overseers_alert_does_not_exist_for_others(world: Cast, name: str) -> None:
    alert = opened(world)
    user = world.people[name]
    for path in ("", "not-me/"):
        assert get(user, f"/alerts/{alert.reference}/{path}").status_code == 404
    branch = branch_of(alert, "Northmoor Council")
    assert (
        post(user, f"/alerts/{alert.reference}/acknowledge/", branch=str(branch.pk), note="n").status_code
        == 404
    )
    assert alert.reference not in get(user, "/alerts/").content.decode()
    with owner():
        assert not Acknowledgement.objects.exists()


def test_anonymous_is_sent_to_sign_in(world: Cast) -> None:
    alert = opened(world)
    for path in ("/alerts/", f"/alerts/{alert.reference}/", "/hub/alarms/"):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")


def test_the_providers_own_alert_is_shown_to_its_people_only(world: Cast) -> None:
    alert = opened(world, picture="provider", pattern="harm", explanation=EXPLANATION)
    path = f"/alerts/{alert.reference}/"
    page = get(world.asha, path).content.decode()
    assert "Acknowledge as Asha Rahman" in page
    assert "histleblowing" not in page
    assert "held elsewhere" not in page
    assert "regulator" not in page
    assert "Acknowledge as" not in get(world.ben, path).content.decode()
    for name in ("mo", "fran", "jon", "cerys"):
        assert get(world.people[name], path).status_code == 404
    branch = branch_of(alert, "Alder Vale Care")
    post(world.asha, f"{path}acknowledge/", branch=str(branch.pk), note="I speak with the team today.")
    with owner():
        assert Alert.objects.get(pk=alert.pk).state == "acknowledged"
    page = get(world.dan, path).content.decode()
    assert "Alder Vale Care has not decided." in page
    assert "Record your decision" in page


def test_nothing_of_the_overseers_reaches_the_providers_pages(world: Cast) -> None:
    opened(world, picture="provider", pattern="harm")
    client = Client()
    client.force_login(world.asha)

    def page() -> str:
        return re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", client.get("/alerts/").content.decode())

    before = page()
    assert "csrfmiddlewaretoken" in before
    outside = record(world, world.lee, Stream.HOSPITAL, source="hospital")
    spoken = record(world, world.mo, Stream.WHISTLEBLOWING, source="whistleblower")
    opened(world, tier="regulator", evidence=[outside.reference, spoken.reference])
    drain(world.now)
    assert page() == before


def test_the_list_puts_what_waits_for_me_first_and_costs_the_same_for_many(world: Cast) -> None:
    first = opened(world)
    opened(world, kind="peer", now=world.now + timedelta(minutes=1))
    with acting_as(world.fran.pk, world.now):
        actions.acknowledge(
            alert=first,
            branch=branch_of(first, "Northmoor Council"),
            note="n",
            by=world.fran.pk,
            now=world.now,
        )
    client = Client()
    client.force_login(world.fran)
    client.get("/alerts/")  # a session's first page notes when it began
    with CaptureQueriesContext(connection) as few:
        page = client.get("/alerts/").content.decode()
    assert page.index("waits for your organisation") < page.index(first.reference)
    assert "1 of 3 answered" in page
    for number in range(12):
        opened(world, kind=f"kind {number}")
    with CaptureQueriesContext(connection) as many:
        page = client.get("/alerts/").content.decode()
    assert "14 alerts" in page
    assert len(many) == len(few)


def test_an_empty_list_does_not_say_safe(world: Cast) -> None:
    assert "That does not mean safe." in get(world.mo, "/alerts/").content.decode()


def test_a_provider_as_a_whole(world: Cast) -> None:
    alert = opened(world, home=None, kind="provider", explanation=EXPLANATION)
    page = get(world.mo, f"/alerts/{alert.reference}/").content.decode()
    assert "across the homes of Alder Vale Care" in page


def test_a_missing_visit_is_quiet_and_has_no_records(world: Cast) -> None:
    alert = opened(world, kind="missing_report", pattern="no_visit", score=None, bar=None)
    page = get(world.mo, f"/alerts/{alert.reference}/").content.decode()
    assert "Quiet" in page
    assert "It is about something that has not come." in page

"""Nobody reads in bulk; nobody is kept from recording or from answering."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from events import clock, relay
from hesley_hub.looking.routes import ROUTES, Kept
from homes import tokens
from homes.looking.models import Look
from oversight.escalation.models import Delivery, OperatorAlarm
from tests.conftest import owner, worker
from tests.hesley_hub.hardening.conftest import SignIn
from tests.hesley_hub.looking.conftest import Everything

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]


def looks(everything: Everything, name: str) -> dict[str, int]:
    with owner():
        methods = list(
            Look.objects.filter(viewer=everything.world.people[name].pk).values_list("method", flat=True)
        )
    return {method: methods.count(method) for method in set(methods)}


@pytest.fixture
def few(settings: Settings) -> Settings:
    settings.HUB_PAGES_AN_HOUR = 3
    return settings


def test_two_hundred_views_in_an_hour_are_stopped_kept_and_told(
    everything: Everything, signed_in: SignIn
) -> None:
    client, page = signed_in("asha"), f"/views/{everything.view.pk}/"
    statuses = [client.get(page).status_code for _ in range(200)]
    assert statuses == [200] * 180 + [429] * 20
    assert looks(everything, "asha") == {"view": 180, "refused": 20}
    answer = client.get(page)
    text = answer.content.decode()
    assert "operator@hub.example" in text
    assert "180 pages of people’s records within an hour" in text
    assert "Knock before you come in" not in text
    assert answer.headers["Retry-After"] == "900"
    with worker():
        relay.drain(now=clock.now())
    with owner():
        alarm = OperatorAlarm.objects.get(kind="bulk_reading")
        assert alarm.about.startswith("Asha Rahman: 180 pages of people’s records within an hour, 20")
        assert Delivery.objects.filter(address="operator@hub.example").count() == 1
    assert "Asha Rahman: 180 pages" in signed_in("quin").get("/hub/alarms/").content.decode()
    # Recording and answering go on.
    for path in ("/record/", "/record/reg40/", f"/alerts/{everything.alerts[0].reference}/", "/alerts/"):
        assert client.get(path).status_code in (200, 302, 404), path
    # Everybody else reads on.
    assert signed_in("dan").get(page).status_code == 200


def test_a_busy_day_of_ordinary_work_is_never_stopped(everything: Everything, signed_in: SignIn) -> None:
    """An inspector who prepares: everything of a home, again and again, a page every half minute."""
    client = signed_in("mo")
    pages = ["/homes/DEMO001/", "/homes/DEMO001/records/", f"/views/{everything.view.pk}/"]
    pages += [f"/incidents/{one.reference}/" for one in everything.incidents.values()]
    pages += [f"/alerts/{one.reference}/" for one in everything.alerts[:2]]
    asked = [pages[number % len(pages)] for number in range(120)]
    assert {client.get(page).status_code for page in asked} == {200}
    assert "refused" not in looks(everything, "mo")


def test_an_hour_later_it_goes_on(everything: Everything, signed_in: SignIn, few: Settings) -> None:
    client, page = signed_in("asha"), f"/views/{everything.view.pk}/"
    assert [client.get(page).status_code for _ in range(4)] == [200, 200, 200, 429]
    with owner(), connection.cursor() as cursor:
        cursor.execute("alter table homes_look disable trigger all")
        Look.objects.update(at=clock.unmoved() - timedelta(minutes=61))
        cursor.execute("alter table homes_look enable trigger all")
    assert client.get(page).status_code == 200


def test_a_token_of_the_api_is_counted_with_its_person(
    everything: Everything, signed_in: SignIn, few: Settings
) -> None:
    with owner():
        secret = tokens.make(user=everything.world.asha, days=1, by="tests", now=clock.now())
    caller = Client(headers={"Authorization": f"Bearer {secret}"})
    page = signed_in("asha")
    assert page.get(f"/views/{everything.view.pk}/").status_code == 200
    assert [caller.get("/api/v1/incidents/").status_code for _ in range(3)] == [200, 200, 429]
    refused = caller.get("/api/v1/homes/DEMO001/timeline/")
    assert refused.status_code == 429
    assert "operator@hub.example" in refused.json()["detail"]
    assert page.get("/api/v1/incidents/").status_code == 429
    assert looks(everything, "asha")["refused"] == 3
    # What names nobody, an alert, and recording stay open.
    assert caller.get("/api/v1/homes/").status_code == 200
    alert = f"/api/v1/alerts/{everything.alerts[0].reference}/"
    assert caller.get(alert).status_code == 404
    assert caller.post("/api/v1/complaints/", {}, content_type="application/json").status_code == 400


def test_lists_are_counted_by_what_they_name(
    everything: Everything, signed_in: SignIn, settings: Settings
) -> None:
    settings.HUB_ROWS_AN_HOUR = 8
    client = signed_in("mo")
    statuses = [client.get("/homes/DEMO001/records/").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert looks(everything, "mo") == {"list": 2, "refused": 1}


def test_files_are_counted_by_the_day_and_pages_stay_open(
    everything: Everything, signed_in: SignIn, settings: Settings
) -> None:
    settings.HUB_FILES_A_DAY = 2
    client = signed_in("quin")
    with transaction.atomic():
        assert [client.get("/looking/looks.csv").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/looking/").status_code == 200
    assert client.get("/looking/looks.csv").headers["Retry-After"] == "3600"


def test_one_alarm_a_person_and_measure_however_often_they_ask(
    everything: Everything, signed_in: SignIn, few: Settings
) -> None:
    client, page = signed_in("asha"), f"/views/{everything.view.pk}/"
    for _ in range(8):
        client.get(page)
    with worker():
        relay.drain(now=clock.now())
    for _ in range(3):
        client.get(page)
    with worker():
        relay.drain(now=clock.now())
    with owner():
        assert OperatorAlarm.objects.filter(kind="bulk_reading").count() == 1


def test_recording_and_answering_are_nobodys_budget() -> None:
    free = {name for name, rule in ROUTES.items() if isinstance(rule, Kept) and not rule.budgeted}
    assert {"alert", "api-alert", "visit-part", "concern-raise", "child-say", "record:told"} <= free
    assert {
        name for name in ROUTES if name.startswith("recording:") and isinstance(ROUTES[name], Kept)
    } <= free
    assert not {"record:record", "child", "nation-csv", "incident-pdf", "api-incidents-list"} & free

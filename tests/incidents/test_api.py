"""Recording and reading over the API: once for each key, and nothing of what one may not see."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from homes.models import User
from incidents.lado.models import LadoDetails
from incidents.models import Incident, Submission
from incidents.record import idempotency
from tests import cast
from tests.conftest import owner


def body(world: cast.Cast, **more: Any) -> dict[str, Any]:
    return {
        "home": "DEMO001",
        "occurred_at": (world.now - timedelta(hours=3)).isoformat(),
        "known_at": (world.now - timedelta(hours=2)).isoformat(),
        "narrative": "[A] fell.",
        "children": [str(world.rowan.pk)],
    } | more


def notification(world: cast.Cast, **more: Any) -> dict[str, Any]:
    return body(world, event="40(4)(e)", action_taken="Seen by a nurse.", harm="no", severity=2) | more


def post(user: User | None, path: str, sent: dict[str, Any], key: UUID | None = None) -> Any:
    client = Client()
    if user:
        client.force_login(user)
    headers = {"Idempotency-Key": str(key)} if key else {}
    return client.post(f"/api/v1/{path}/", sent, content_type="application/json", headers=headers)


def get(user: User, path: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(f"/api/v1/{path}")


def test_a_notification_is_recorded_once_for_its_key(world: cast.Cast) -> None:
    key, sent = uuid4(), notification(world)
    first = post(world.asha, "reg40-notifications", sent, key)
    assert first.status_code == 201, first.json()
    answer = first.json()
    assert answer["is_referral"] is False
    assert {duty["code"] for duty in answer["duties"]} == {"serious_ofsted", "serious_relevant", "in_writing"}
    again = post(world.asha, "reg40-notifications", sent, key)
    assert (again.status_code, again.json()) == (201, answer)
    other = post(world.asha, "reg40-notifications", notification(world, severity=4), key)
    assert other.status_code == 422
    with owner():
        assert Incident.objects.count() == Submission.objects.count() == 1


def test_a_key_of_somebody_else_is_another_key(world: cast.Cast) -> None:
    key = uuid4()
    first = post(world.asha, "reg40-notifications", notification(world), key)
    second = post(world.ben, "reg40-notifications", notification(world), key)
    assert first.json()["reference"] != second.json()["reference"]


def test_a_request_in_progress_is_told_so(world: cast.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "_locked", lambda name: False)
    assert post(world.asha, "reg40-notifications", notification(world), uuid4()).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_the_lock_of_a_key_is_held_by_one_transaction(django_db_blocker: Any) -> None:
    from django.db import transaction
    from psycopg2 import connect

    with transaction.atomic():
        assert idempotency._locked("the same")
        dsn = connection.get_connection_params()
        wanted = {name: dsn[name] for name in ("user", "host", "port", "password") if dsn.get(name)}
        other = connect(dbname=dsn.get("database") or dsn["dbname"], **wanted)
        try:
            with other.cursor() as elsewhere:
                elsewhere.execute("select pg_try_advisory_xact_lock(hashtextextended('the same', 40))")
                assert elsewhere.fetchone() == (False,)
        finally:
            other.close()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event": "40(9)"}, "event"),
        ({"known_at": "2099-01-01T00:00:00Z"}, "known_at"),
        ({"occurred_at": "2099-01-01T00:00:00Z"}, "occurred_at"),
        ({"children": [str(uuid4())]}, "children"),
        ({"children": []}, "children"),
        ({"severity": 6}, "severity"),
        ({"narrative": ""}, "narrative"),
        ({"event": "40(4)(d)(ii)"}, "enquiry_outcome"),
        ({"event": "40(4)(d)(ii)", "enquiry_outcome": "No harm"}, "concludes_reference"),
        ({"children": [], "child_name": "Nobody Here"}, "child_name"),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(
    world: cast.Cast, change: dict[str, Any], field: str
) -> None:
    answer = post(world.asha, "reg40-notifications", notification(world, **change), uuid4())
    assert answer.status_code == 400
    assert field in answer.json()
    with owner():
        assert not Incident.objects.exists()


def test_a_post_without_a_key_is_refused(world: cast.Cast) -> None:
    answer = post(world.asha, "reg40-notifications", notification(world))
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()


def test_the_anonymous_are_told_to_sign_in(world: cast.Cast) -> None:
    assert post(None, "reg40-notifications", notification(world), uuid4()).status_code == 401
    assert Client().get("/api/v1/incidents/").status_code == 401


@pytest.mark.parametrize("name", ["cerys", "fran", "mo", "efe", "quin"])
def test_who_may_not_record_gets_404(world: cast.Cast, name: str) -> None:
    answer = post(world.people[name], "reg40-notifications", notification(world), uuid4())
    assert answer.status_code == 404


def test_a_referral_names_a_worker_or_somebody_new(world: cast.Cast) -> None:
    known = body(world, limbs=["harmed"], adult=str(world.worker.pk))
    assert post(world.asha, "lado-referrals", known, uuid4()).status_code == 201
    new = body(world, limbs=["risk"], adult_name="Una Vance", adult_title="Cook")
    assert post(world.asha, "lado-referrals", new, uuid4()).status_code == 201
    for wrong in ({}, {"adult": str(uuid4())}):
        answer = post(world.asha, "lado-referrals", body(world, limbs=["risk"], **wrong), uuid4())
        assert answer.status_code == 400
        assert "adult" in answer.json()
    with owner():
        assert LadoDetails.objects.count() == 2


def test_complaints_and_hospital_referrals_are_recorded(world: cast.Cast) -> None:
    complaint = body(world, complaint_type="placing_authority", addressed_to_home=True)
    assert post(world.fran, "complaints", complaint, uuid4()).status_code == 201
    attendance = body(
        world, attendance="ed", explanation="none", moves_alone=False, children=[], child_name="Rowan Hill"
    )
    answer = post(world.lee, "hospital-referrals", attendance, uuid4())
    assert answer.status_code == 201
    assert {duty["code"] for duty in answer.json()["duties"]} == {
        "injury_social_care",
        "injury_paediatrician",
    }


def test_lists_hold_what_the_caller_may_open_and_no_child(world: cast.Cast) -> None:
    reference = post(world.asha, "reg40-notifications", notification(world), uuid4()).json()["reference"]
    outside = post(
        world.lee,
        "hospital-referrals",
        body(world, attendance="ed", children=[], child_name="Rowan Hill"),
        uuid4(),
    ).json()["reference"]
    listed = get(world.asha, "incidents/").json()
    assert [row["reference"] for row in listed["results"]] == [reference]
    assert "narrative" not in listed["results"][0]
    assert get(world.asha, f"incidents/{outside}/").status_code == 404
    assert get(world.cerys, f"incidents/{reference}/").status_code == 404
    assert get(world.cerys, "incidents/").json()["results"] == []
    assert len(get(world.mo, "incidents/?home=DEMO001").json()["results"]) == 2
    assert len(get(world.mo, "incidents/?stream=hospital").json()["results"]) == 1
    assert len(get(world.mo, "reg40-notifications/?page_size=1").json()["results"]) == 1
    assert get(world.mo, "incidents/?home=DEMO002").json()["results"] == []
    whole = get(world.fran, f"reg40-notifications/{reference}/").json()
    assert whole["children"] == [{"mark": "A", "child": str(world.rowan.pk)}]
    assert whole["narrative"] == "[A] fell."
    assert len(whole["duties"]) == 3
    assert get(world.mo, f"lado-referrals/{reference}/").status_code == 404


def test_no_record_is_changed_over_the_api(world: cast.Cast) -> None:
    reference = post(world.asha, "reg40-notifications", notification(world), uuid4()).json()["reference"]
    client = Client()
    client.force_login(world.asha)
    for method in ("put", "patch", "delete"):
        answer = getattr(client, method)(f"/api/v1/reg40-notifications/{reference}/")
        assert answer.status_code == 405
    assert client.post("/api/v1/incidents/", {}).status_code == 405

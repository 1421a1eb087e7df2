"""The API as its page describes it: every POST of the page works as written; rights, lists and the schema hold."""

import json
import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from events import clock
from homes import tokens
from homes.models import Home, User
from oversight.escalation.actions import open_alert
from oversight.escalation.models import Alert, Branch
from oversight.risk.actions import run_day
from tests import cast
from tests.conftest import owner, worker

PAGE = (settings.BASE_DIR / "docs" / "reference" / "api.md").read_text()
EXAMPLES = dict(re.findall(r"^## POST /api/v1/(\S+)$.*?```json\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL))
AUTHORS = {
    "reg40-notifications": "asha",
    "lado-referrals": "asha",
    "complaints": "fran",
    "hospital-referrals": "asha",
    "visits": "efe",
}


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> cast.Cast:
    monkeypatch.setattr(clock, "now", lambda: cast.NOW)
    with owner():
        built = cast.build()
        Home.objects.update(watched_from=date(2026, 1, 1))
    return built


def _as(user: User | None) -> Client:
    client = Client()
    if user:
        with owner():
            secret = tokens.make(user=user, days=1, by="tests", now=cast.NOW)
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


def _alert(world: cast.Cast) -> Alert:
    with worker():
        found = open_alert(
            picture="overseers",
            home=world.elm,
            provider=world.organisations["alder"],
            kind="change",
            pattern="harm",
            tier="escalate",
            raised_on=cast.NOW.date(),
            score=7.5,
            bar=7.35,
            now=cast.NOW,
        )
    assert found is not None
    return found


@pytest.mark.parametrize("resource", sorted(AUTHORS))
def test_each_post_of_the_page_records_as_written(world: cast.Cast, resource: str) -> None:
    sent: dict[str, Any] = json.loads(EXAMPLES[resource].replace("CHILD", str(world.rowan.pk)))
    client, headers = _as(world.people[AUTHORS[resource]]), {"Idempotency-Key": str(uuid4())}
    for address in (f"/api/v1/{resource}", f"/api/v1/{resource}/"):
        answer = client.post(address, sent, content_type="application/json", headers=headers)
        assert answer.status_code == 201, answer.json()
    listed = client.get(f"/api/v1/{resource}").json()
    assert len(listed["results"]) == 1
    assert set(listed) >= {"results", "next"}


def test_acknowledge_as_the_page_writes_it(world: cast.Cast) -> None:
    alert, key = _alert(world), str(uuid4())
    client = _as(world.fran)
    sent = json.loads(EXAMPLES["alerts/{id}/acknowledge"])
    address = f"/api/v1/alerts/{alert.reference}/acknowledge"
    answers = [
        client.post(address, sent, content_type="application/json", headers={"Idempotency-Key": key})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert (answers[0].json()["by"], answers[0].json()["organisation"]) == (
        "Fran Varley",
        "Northmoor Council",
    )
    other = client.post(
        address, {"note": "x"}, content_type="application/json", headers={"Idempotency-Key": key}
    )
    assert other.status_code == 422
    again = {"Idempotency-Key": str(uuid4())}
    first = client.post(address, sent, content_type="application/json", headers=again)
    assert (first.status_code, first.json()) == (201, answers[0].json()), "answered already, in these words"
    for person in (world.asha, world.cerys, world.nia):
        refused = _as(person).post(address, sent, content_type="application/json", headers=again)
        assert refused.status_code == 404, person
    with owner():
        assert Branch.objects.filter(alert=alert, state="acknowledged").count() == 1


def test_the_page_names_every_resource_that_takes_a_post() -> None:
    assert set(EXAMPLES) == {
        *AUTHORS,
        *(f"alerts/{{id}}/{what}" for what in ("acknowledge", "decide", "close")),
    }


def test_decide_and_close_as_the_page_writes_it(world: cast.Cast) -> None:
    alert = _alert(world)

    def sent(who: str, what: str, body: dict[str, Any] | None = None) -> Any:
        given = body or json.loads(EXAMPLES[f"alerts/{{id}}/{what}"])
        return _as(world.people[who]).post(
            f"/api/v1/alerts/{alert.reference}/{what}",
            given,
            content_type="application/json",
            headers={"Idempotency-Key": str(uuid4())},
        )

    early = sent("fran", "decide")
    assert (early.status_code, early.json()["detail"][:11]) == (400, "Acknowledge")
    with owner():
        branches = list(Branch.objects.filter(alert=alert).values_list("organisation__name", flat=True))
    people = {
        "Northmoor Council": "fran",
        "Eastvale Council": "gita",
        "Calderbrook Council": "jon",
        "Ofsted": "mo",
    }
    no = {"acts": False, "reason": "Known."}
    for name in branches:
        assert sent(people[name], "acknowledge").status_code == 201
        decided = sent(people[name], "decide", no)
        assert (decided.status_code, decided.json()["organisation"]) == (201, name)
        assert sent(people[name], "decide", no).json() == decided.json()
    crossed = sent("fran", "decide")
    assert (crossed.status_code, crossed.json()["now"]["reason"]) == (409, "Known.")
    assert sent("fran", "decide", {"acts": True, "reason": "x"}).status_code == 400
    assert sent("fran", "decide", no | {"owner": "x"}).status_code == 400
    for who in ("asha", "cerys", "nia"):
        for what in ("decide", "close"):
            assert sent(who, what).status_code == 404, who
    closed = sent("jon", "close")
    assert (closed.status_code, closed.json()["state"]) == (
        201,
        "acted_on" if "Ofsted" in branches else "closed",
    )


def test_homes_and_alerts_are_the_callers_own(world: cast.Cast) -> None:
    alert = _alert(world)
    with worker():
        run_day(day=cast.NOW.date(), now=cast.NOW)
    seen = {
        name: {row["urn"] for row in _as(world.people[name]).get("/api/v1/homes").json()["results"]}
        for name in ("asha", "cerys", "mo", "gita", "quin")
    }
    assert seen == {
        "asha": {"DEMO001"},
        "cerys": {"DEMO002"},
        "mo": {"DEMO001", "DEMO002"},
        "gita": {"DEMO001"},
        "quin": set(),
    }
    for path in (
        "homes/DEMO001",
        "homes/DEMO001/timeline",
        "homes/DEMO001/assessment",
        f"alerts/{alert.reference}",
    ):
        assert _as(world.mo).get(f"/api/v1/{path}").status_code == 200, path
        assert _as(world.cerys).get(f"/api/v1/{path}").status_code == 404, path
        assert _as(None).get(f"/api/v1/{path}").status_code == 401, path
    assert _as(world.asha).get(f"/api/v1/alerts/{alert.reference}").status_code == 404
    assert _as(world.asha).get("/api/v1/alerts").json()["results"] == []
    assert (
        _as(world.mo)
        .get("/api/v1/homes/DEMO001/assessment")
        .json()["false_alarms"]
        .startswith("in our simul")
    )
    listed = _as(world.fran).get("/api/v1/alerts").json()["results"]
    assert [row["id"] for row in listed] == [alert.reference]


def test_a_timeline_gives_counts_where_single_records_are_closed(world: cast.Cast) -> None:
    sent = json.loads(EXAMPLES["reg40-notifications"].replace("CHILD", str(world.rowan.pk)))
    headers = {"Idempotency-Key": str(uuid4())}
    _as(world.asha).post(
        "/api/v1/reg40-notifications", sent, content_type="application/json", headers=headers
    )
    with worker():
        run_day(day=cast.NOW.date(), now=cast.NOW)
    kinds = {
        name: {
            entry["kind"]
            for entry in _as(world.people[name]).get("/api/v1/homes/DEMO001/timeline").json()["entries"]
        }
        for name in ("asha", "mo", "fran", "jon")
    }
    assert kinds["asha"] >= {"record"}
    assert kinds["mo"] >= {"record"}
    assert "record" not in kinds["fran"] | kinds["jon"]
    assert "month" in kinds["fran"] & kinds["jon"]
    bad = _as(world.mo).get("/api/v1/homes/DEMO001/timeline?since=yesterday")
    assert bad.status_code == 400
    later = (cast.NOW + timedelta(days=1)).date().isoformat()
    assert _as(world.mo).get(f"/api/v1/homes/DEMO001/timeline?since={later}").json()["entries"] == []


def test_a_token_ends_and_leaves_only_its_hash(world: cast.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = _as(world.asha)
    assert client.get("/api/v1/homes").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: cast.NOW + timedelta(days=2))
    assert client.get("/api/v1/homes").status_code == 401
    wrong = Client(headers={"Authorization": "Bearer hub_nothing"})
    assert wrong.get("/api/v1/homes").status_code == 401
    assert Client(headers={"Authorization": "Basic abc"}).get("/api/v1/homes").status_code == 401


def test_the_schema_is_valid_and_for_the_signed_in(world: cast.Cast) -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    assert schema["openapi"].startswith("3.1")
    assert _as(world.asha).get("/api/v1/schema/").status_code == 200
    assert _as(None).get("/api/v1/schema/").status_code == 401

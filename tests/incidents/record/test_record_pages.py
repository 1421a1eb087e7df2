"""A record that stands: what each reader sees of it, and what may still be done with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events import clock
from events.context import acting_as
from events.models import Event
from homes.access import NotAllowedError
from homes.models import User
from incidents.lado import actions as lado_actions
from incidents.models import Duty, Incident, LadoOutcome, Reg40Details
from incidents.record import actions
from incidents.record.happening import CannotRecordError
from incidents.record.queries import history
from tests import cast
from tests.access.serving import MASKED
from tests.conftest import owner
from tests.incidents.recording.driver import Walk, day, errors
from tests.incidents.recording.test_walks import complaint, disclosure, hospital, lado, reg40


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def only() -> Incident:
    with owner():
        return Incident.objects.get()


def told(moment: Any, **more: str) -> dict[str, str]:
    typed = day("told_on", moment)
    return typed | {"told_time": f"{moment.astimezone(clock.LONDON):%H:%M}"} | more


def duty(code: str) -> Duty:
    with owner():
        return Duty.objects.get(code=code)


def test_saying_that_ofsted_was_told_keeps_the_reference_of_its_form(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    walk.through(reg40(world))
    path = f"/record/told/{duty('serious_ofsted').pk}/"
    assert "Only Ofsted’s own form notifies Ofsted" in walk.client.get(path).content.decode()
    when = world.now - timedelta(minutes=30)
    assert errors(walk.client.post(path, told(when))) == ["Enter the reference that Ofsted’s form gave you"]
    assert errors(walk.client.post(path, {"reference": "X"})) == [
        "Choose the day you told them",
        "Enter the time you told them, like 21:40",
    ]
    before = told(world.now - timedelta(days=3), reference="SI-1")
    assert "before the home came to know" in errors(walk.client.post(path, before))[0]
    answer = walk.client.post(path, told(when, reference="SI-20261"))
    assert answer["Location"] == f"/incidents/{only().reference}/"
    with owner():
        kept = Reg40Details.objects.get()
        assert Event.objects.filter(kind="incidents.duty_told").count() == 1
    assert kept.ofsted_form_reference == "SI-20261"
    assert kept.ofsted_form_submitted_at is not None
    assert "reference SI-20261" in walk.client.get(answer["Location"]).content.decode()
    assert walk.client.get(path)["Location"] == answer["Location"]


def test_who_was_told_late_needs_a_reason(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    walk.through(reg40(world, what={"event": "40(4)(e)", "harm": "harm"}))
    with owner():
        Duty.objects.filter(code="social_care").update(due_at=world.now - timedelta(hours=1))
    path = f"/record/told/{duty('social_care').pk}/"
    when = world.now - timedelta(minutes=10)
    assert errors(walk.client.post(path, told(when))) == ["They were told late. Say why, in one line"]
    assert walk.client.post(path, told(when, reason_late="No signal")).status_code == 302
    page = walk.client.get(f"/incidents/{only().reference}/").content.decode()
    assert "Late by" in page
    assert "No signal" in page


def test_when_everybody_was_told_the_record_says_so(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    walk.through(reg40(world))
    with owner():
        keys = list(Duty.objects.values_list("pk", flat=True))
    for key in keys:
        walk.client.post(f"/record/told/{key}/", told(world.now - timedelta(minutes=5), reference="R"))
    assert only().notified_at is not None


@pytest.mark.parametrize("name", ["mo", "fran", "efe", "cerys", "ines"])
def test_nobody_outside_says_whom_the_home_told(world: cast.Cast, name: str) -> None:
    Walk(world.asha, "reg40", "DEMO001").through(reg40(world))
    path = f"/record/told/{duty('serious_ofsted').pk}/"
    assert client_of(world.people[name]).get(path).status_code == 404
    with acting_as(world.people[name].pk, clock.now()), pytest.raises((NotAllowedError, Duty.DoesNotExist)):
        actions.record_told(
            duty=Duty.objects.get(code="serious_ofsted"),
            at=world.now,
            by=world.people[name].pk,
            now=clock.now(),
        )


def test_nobody_is_told_in_the_future(world: cast.Cast) -> None:
    Walk(world.asha, "reg40", "DEMO001").through(reg40(world))
    with acting_as(world.asha.pk, world.now), pytest.raises(ValueError, match="future"):
        actions.record_told(
            duty=Duty.objects.get(code="serious_ofsted"),
            at=world.now + timedelta(hours=1),
            by=world.asha.pk,
            now=world.now,
        )


def test_each_reader_sees_children_adults_and_words_by_right(world: cast.Cast) -> None:
    pages = reg40(world, "40(4)(c)", what={"event": "40(4)(c)", "harm": "harm"})
    pages["who"] = {"children": [str(world.rowan.pk), str(world.sky.pk)], "adults": [str(world.worker.pk)]}
    pages["account"] |= {"narrative": "[A] pushed [B].", f"words_{world.rowan.pk}": "I said stop."}
    Walk(world.asha, "reg40", "DEMO001").through(pages)
    path = f"/incidents/{only().reference}/"
    read = {
        name: client_of(world.people[name]).get(path).content.decode()
        for name in ("asha", "ben", "mo", "fran", "gita", "ines", "efe")
    }
    assert "RH pushed SM." in read["asha"]
    assert "RH pushed SM." in read["mo"]
    assert "RH pushed another child." in read["fran"]
    assert "another child pushed SM." in read["gita"]
    assert "another child pushed another child." in read["ines"]
    assert "not to be left at the home" in read["efe"]
    names = {name: "Wes Carter" in text for name, text in read.items()}
    assert names == {
        "asha": True,
        "ben": False,
        "mo": True,
        "fran": False,
        "gita": False,
        "ines": True,
        "efe": False,
    }
    assert "One person" in read["ben"]
    assert "I said stop." in read["fran"]
    assert "I said stop." not in read["gita"]
    for name in read:
        assert "Rowan Hill" not in read[name]


def test_a_record_from_outside_reaches_the_home_when_a_person_shares_it(world: cast.Cast) -> None:
    pages = hospital(world)
    pages["who"] = {"child_name": "Rowan Hill", "moves_alone": "no"}
    Walk(world.lee, "hospital", "DEMO001").through(pages)
    path = f"/incidents/{only().reference}/"
    assert client_of(world.asha).get(path).status_code == 404
    assert client_of(world.asha).get(f"{path}share/").status_code == 404
    regulator = client_of(world.mo)
    assert "The provider has not been shown this record." in regulator.get(path).content.decode()
    assert errors(regulator.post(f"{path}share/", {})) == ["Say why the home may know of this now"]
    assert regulator.post(f"{path}share/", {"why": "The child is safe elsewhere"}).status_code == 302
    assert "by Mo Okafor: The child is safe elsewhere" in regulator.get(path).content.decode()
    seen = client_of(world.asha).get(path).content.decode()
    assert "Shared with the provider on" in seen
    assert "The child is safe elsewhere" not in seen
    assert regulator.get(f"{path}share/").status_code == 404
    with owner():
        assert Event.objects.filter(kind="incidents.incident_shared").count() == 1
    late = regulator.post(f"{path}share/", {"why": "Again"})
    assert late.status_code == 409
    assert "Mo Okafor answered this while you were writing" in late.content.decode()
    assert regulator.post(f"{path}share/", {"why": "The child is safe elsewhere"}).status_code == 302
    with owner():
        assert Event.objects.filter(kind="incidents.incident_shared").count() == 1


def test_a_disclosure_is_never_shared(world: cast.Cast) -> None:
    Walk(world.mo, "whistleblowing", "DEMO001").through(disclosure(world.now))
    path = f"/incidents/{only().reference}/"
    assert client_of(world.mo).get(path).status_code == 200
    assert client_of(world.mo).get(f"{path}share/").status_code == 404
    with acting_as(world.mo.pk, clock.now()), pytest.raises(NotAllowedError):
        actions.share_with_provider(
            incident=Incident.objects.get(), why="No", by=world.mo.pk, now=clock.now()
        )


def test_the_lado_decides_and_sends_the_home_the_outcome(world: cast.Cast) -> None:
    Walk(world.ines, "lado", "DEMO001").through(lado(world) | {"who": {}})
    incident = only()
    path = f"/incidents/{incident.reference}/outcome/"
    assert client_of(world.asha).get(path).status_code == 404
    assert client_of(world.mo).get(path).status_code == 404
    officer = client_of(world.ines)
    officer.post(f"{path}send/")
    assert client_of(world.asha).get(f"/incidents/{incident.reference}/").status_code == 404
    assert errors(officer.post(path, {})) == ["Choose the outcome"]
    assert officer.post(path, {"outcome": "false"}).status_code == 302
    assert errors(officer.post(path, {"outcome": "malicious"})) == []
    with owner():
        incident.refresh_from_db()
        assert (
            incident.status == "recorded"
        )  # what is withdrawn is so for the home as well, which is not told yet
        assert LadoOutcome.objects.get().outcome == "false"
    assert "Send the home the outcome" in officer.get(path).content.decode()
    assert officer.post(f"{path}send/").status_code == 302
    assert "Sent to the home" in officer.get(path).content.decode()
    seen = client_of(world.asha).get(f"/incidents/{incident.reference}/").content.decode()
    assert "Withdrawn" in seen
    assert "False" in seen
    with acting_as(world.ines.pk, clock.now()), pytest.raises(CannotRecordError):
        lado_actions.record_outcome(incident=incident, outcome="guilty", by=world.ines.pk, now=clock.now())


def test_a_home_learns_what_came_of_its_own_referral_when_it_is_sent(world: cast.Cast) -> None:
    Walk(world.asha, "lado", "DEMO001").through(lado(world))
    path, manager, officer = f"/incidents/{only().reference}/", client_of(world.asha), client_of(world.ines)
    before = manager.get(path).content
    assert officer.post(f"{path}outcome/", {"outcome": "false"}).status_code == 302
    assert officer.post(f"{path}outcome/", {"outcome": "false"}).status_code == 302
    assert officer.post(f"{path}outcome/", {"outcome": "malicious"}).status_code == 409
    assert _plain(manager.get(path).content) == _plain(before)
    with acting_as(world.asha.pk, clock.now()):
        assert not LadoOutcome.objects.exists()
        assert history([world.elm.pk])[0].cleared_at is None
    for name in ("ines", "mo"):
        assert "False" in client_of(world.people[name]).get(path).content.decode()
        with acting_as(world.people[name].pk, clock.now()):
            assert history([world.elm.pk])[0].cleared_at is not None
            with pytest.raises(DatabaseError), transaction.atomic():  # nobody changes what was found
                LadoOutcome.objects.update(outcome="substantiated")
    with acting_as(world.asha.pk, clock.now()), pytest.raises(DatabaseError), transaction.atomic():
        LadoOutcome(
            incident=only(),
            home=world.elm,
            outcome="false",
            decided_at=clock.now(),
            decided_by_id=world.asha.pk,
        ).save(force_insert=True)
    assert officer.post(f"{path}outcome/send/").status_code == 302
    told = manager.get(path).content.decode()
    assert "False" in told
    assert "Withdrawn" in told
    assert only().status == "withdrawn"


def _plain(page: bytes) -> str:
    return MASKED.sub("", page.decode())


def test_an_outcome_that_clears_nobody_leaves_the_counts_alone(world: cast.Cast) -> None:
    Walk(world.asha, "lado", "DEMO001").through(lado(world))
    client_of(world.ines).post(f"/incidents/{only().reference}/outcome/", {"outcome": "substantiated"})
    assert only().status == "recorded"
    with owner():
        assert LadoOutcome.objects.get().outcome == "substantiated"


def test_the_list_is_paged_filtered_and_nobody_elses(world: cast.Cast) -> None:
    Walk(world.asha, "complaint", "DEMO001").through(complaint(world))
    with acting_as(world.asha.pk, world.now):
        for hours in range(30):
            new = actions.NewRecord(
                home=world.elm,
                stream="reg40",
                occurred_at=world.now - timedelta(hours=hours + 5),
                known_at=world.now - timedelta(hours=hours + 5),
                source="home",
                by_provider=True,
            )
            actions.save_record(
                new=new,
                details=lambda saved: Reg40Details(incident=saved, event="40(4)(e)"),
                by=world.asha.pk,
                now=world.now,
            )
    manager = client_of(world.asha)
    first = manager.get("/homes/DEMO001/records/").content.decode()
    assert first.count("/incidents/") == 25
    assert "page=2" in first
    assert manager.get("/homes/DEMO001/records/?page=2").content.decode().count("/incidents/") == 6
    assert manager.get("/homes/DEMO001/records/?stream=complaint").content.decode().count("/incidents/") == 1
    assert "Whistleblowing" not in first
    assert "Whistleblowing" in client_of(world.mo).get("/homes/DEMO001/records/").content.decode()
    assert client_of(world.gita).get("/homes/DEMO001/records/").content.decode().count("/incidents/") == 0
    assert client_of(world.kim).get("/homes/DEMO001/records/").content.decode().count("/incidents/") == 0
    for name in ("cerys", "rut", "pat", "quin"):
        assert client_of(world.people[name]).get("/homes/DEMO001/records/").status_code == 404
    with CaptureQueriesContext(connection) as few:
        manager.get("/homes/DEMO001/records/?page=2")
    with CaptureQueriesContext(connection) as many:
        manager.get("/homes/DEMO001/records/")
    assert len(few) == len(many)


def test_a_record_that_is_not_there_is_not_there(world: cast.Cast) -> None:
    assert client_of(world.asha).get("/incidents/R40-NONE-NONE/").status_code == 404
    assert client_of(world.asha).get("/incidents/R40-NONE-NONE/share/").status_code == 404

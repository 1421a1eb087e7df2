"""Every stream from the first question to the record, by each who may; nothing for those who may not."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from incidents.models import (
    AdultInvolvement,
    ComplaintDetails,
    Draft,
    Duty,
    HospitalDetails,
    Incident,
    LadoDetails,
    Reg40Details,
    WhistleblowingDetails,
)
from tests import cast
from tests.conftest import owner
from tests.incidents.recording.driver import Typed, Walk, when


def reg40(world: cast.Cast, event: str = "40(4)(e)", **more: Any) -> dict[str, Typed]:
    return {
        "what": {"event": event, "harm": "no"},
        "who": {"children": [str(world.rowan.pk)]},
        "when": when(world.now, how_known="staff"),
        "account": {
            "narrative": "[A] fell on the stairs.",
            "action_taken": "Seen by a nurse.",
            "severity": "3",
        },
        "tell": {"relevant_persons": ["placing_authority", "parents"]},
    } | more


def lado(world: cast.Cast) -> dict[str, Typed]:
    return {
        "what": {"limbs": ["harmed", "offence"], "followed_restraint": "yes"},
        "adult": {"adult": str(world.worker.pk)},
        "who": {"children": [str(world.rowan.pk)]},
        "when": when(world.now),
        "account": {"narrative": "[A] says a worker held too hard.", "action_taken": "Moved off shift."},
    }


def disclosure(now: datetime) -> dict[str, Typed]:
    return {
        "what": {
            "category": "poor_care",
            "identity": "anonymous",
            "relation": "staff",
            "about_manager": "yes",
        },
        "who": {},
        "when": when(now),
        "account": {"narrative": "Records are written afterwards."},
    }


def complaint(world: cast.Cast, **what: str) -> dict[str, Typed]:
    return {
        "what": {"complaint_type": "placing_authority", "addressed_to_home": "yes"} | what,
        "who": {"children": [str(world.rowan.pk)]},
        "when": when(world.now),
        "account": {"narrative": "Nobody answers our letters about [A].", "wanted": "An answer."},
    }


def hospital(world: cast.Cast, **who: Any) -> dict[str, Typed]:
    return {
        "what": {"attendance": "ed", "explanation": "none", "harm": "unknown"},
        "who": {"children": [str(world.rowan.pk)], "moves_alone": "no"} | who,
        "when": when(world.now),
        "account": {"narrative": "A bruise on the arm.", "severity": "2", "medicine_error": "no"},
    }


@pytest.mark.parametrize("name", ["asha", "ben", "dan"])
def test_the_homes_people_record_a_notification_and_are_told_whom_to_tell(
    world: cast.Cast, name: str
) -> None:
    walk = Walk(world.people[name], "reg40", "DEMO001")
    answer = walk.through(reg40(world))
    assert answer.status_code == 302
    assert answer["Location"] == f"/record/done/{walk.draft}/"
    page = walk.client.get(answer["Location"]).content.decode()
    with owner():
        incident, details = Incident.objects.get(), Reg40Details.objects.get()
        who = set(Duty.objects.values_list("who", flat=True))
    assert incident.reference in page
    assert "does not notify Ofsted" in page
    assert "Copy the text for Ofsted" in page
    assert "not a referral" in page
    assert incident.source == "home"
    assert incident.by_provider
    assert incident.occurred_about
    assert (incident.severity, incident.child_ids) == (3, [world.rowan.pk])
    assert details.relevant_persons == ["placing_authority", "parents"]
    assert who == {
        "Ofsted, on its own form",
        "Northmoor Council, who placed the child",
        "Parents, as the child’s plan allows",
        "Everyone you told by telephone",
    }


def test_a_death_is_told_to_all_whom_the_law_names(world: cast.Cast) -> None:
    Walk(world.asha, "reg40", "DEMO001").through(reg40(world, "40(1)"))
    with owner():
        who = list(Duty.objects.values_list("who", flat=True))
    for named in ("Ofsted", "Northmoor", "Secretary of State", "Calderbrook", "Calder Integrated Care Board"):
        assert any(named in one for one in who), named


def test_an_allegation_sends_social_care_and_the_police_first(world: cast.Cast) -> None:
    walk = Walk(world.asha, "reg40", "DEMO001")
    pages = reg40(world, "40(4)(c)", what={"event": "40(4)(c)", "harm": "crime"})
    pages["who"]["adults"] = [str(world.worker.pk)]
    walk.start()
    for step, typed in pages.items():
        walk.say(step, typed)
    check = walk.page("check/")
    places = [
        check.index(words)
        for words in (
            "children’s social care",
            "The police: 999",
            "Calderbrook Council LADO",
            "Ofsted, on its own form",
        )
    ]
    assert places == sorted(places)
    assert "Do not question the worker first." in check
    assert "Now; at the latest by" in check
    assert "Record this and start the clocks" in check
    assert walk.send().status_code == 302
    with owner():
        assert AdultInvolvement.objects.get().adult_id == world.worker.pk


def test_the_home_refers_to_the_lado(world: cast.Cast) -> None:
    walk = Walk(world.asha, "lado", "DEMO001")
    assert walk.through(lado(world)).status_code == 302
    with owner():
        incident, details = Incident.objects.get(), LadoDetails.objects.get()
        codes = set(Duty.objects.values_list("code", flat=True))
    assert (details.limbs, details.followed_restraint) == (["harmed", "offence"], True)
    assert (incident.concerns_adult, incident.restraint) == (True, True)
    assert codes == {"social_care", "police", "lado_referral", "lado_ofsted"}


def test_the_lado_records_a_referral_about_somebody_the_home_has_not_listed(world: cast.Cast) -> None:
    walk = Walk(world.ines, "lado", "DEMO001")
    pages = lado(world) | {
        "adult": {"adult": "other", "name": "Una Vance", "title": "Night worker", "is_agency": "no"},
        "who": {"child_name": "rowan hill"},
    }
    assert walk.through(pages).status_code == 302
    with owner():
        incident = Incident.objects.get()
    assert (incident.source, incident.by_provider, incident.child_ids) == ("lado", False, [world.rowan.pk])
    home = Walk(world.asha, "lado", "DEMO001")
    home.start()
    home.say("what", lado(world)["what"])
    assert "Una Vance" not in home.page("adult/")
    assert home.client.get(f"/incidents/{incident.reference}/").status_code == 404
    page = walk.client.get(f"/incidents/{incident.reference}/").content.decode()
    assert "Una Vance" in page
    assert "The provider has not been shown this record." in page


@pytest.mark.parametrize("name", ["mo", "ines", "jon", "fran"])
def test_a_disclosure_gives_its_author_a_receipt_and_opens_to_the_regulator_alone(
    world: cast.Cast, name: str
) -> None:
    walk = Walk(world.people[name], "whistleblowing", "DEMO001")
    pages = disclosure(world.now)
    answer = walk.through(pages)
    assert answer.status_code == 302
    with owner():
        incident = Incident.objects.get()
        assert WhistleblowingDetails.objects.get().about_manager is True
        assert Draft.objects.get().answers == {"receipt": {"reference": incident.reference}}
    assert incident.source == "whistleblower"
    assert incident.reference in walk.client.get(answer["Location"]).content.decode()
    opened = walk.client.get(f"/incidents/{incident.reference}/").status_code
    assert opened == (200 if name == "mo" else 404)
    for person in ("asha", "ben", "dan", "fran", "ines", "jon", "efe"):
        client = Client()
        client.force_login(world.people[person])
        assert client.get(f"/incidents/{incident.reference}/").status_code == 404, person


@pytest.mark.parametrize("name", ["fran", "hal"])
def test_a_complaint_addressed_to_the_home_reaches_it_and_one_that_is_not_does_not(
    world: cast.Cast, name: str
) -> None:
    author = world.people[name]
    assert Walk(author, "complaint", "DEMO001").through(complaint(world)).status_code == 302
    assert (
        Walk(author, "complaint", "DEMO001").through(complaint(world, addressed_to_home="no")).status_code
        == 302
    )
    with owner():
        shown = {one.shared_with_provider_at is not None: one.reference for one in Incident.objects.all()}
        assert set(ComplaintDetails.objects.values_list("complaint_type", flat=True)) == {"placing_authority"}
    client = Client()
    client.force_login(world.asha)
    assert client.get(f"/incidents/{shown[True]}/").status_code == 200
    assert client.get(f"/incidents/{shown[False]}/").status_code == 404


def test_the_subject_of_a_complaint_never_sees_it(world: cast.Cast) -> None:
    pages = complaint(world, complaint_type="parent", about_person=str(world.ben.pk))
    assert Walk(world.asha, "complaint", "DEMO001").through(pages).status_code == 302
    with owner():
        reference = Incident.objects.get().reference
    for name, status in (("asha", 200), ("dan", 200), ("ben", 404)):
        client = Client()
        client.force_login(world.people[name])
        assert client.get(f"/incidents/{reference}/").status_code == status, name
        listed = client.get("/homes/DEMO001/records/").content.decode()
        assert (reference in listed) is (status == 200)


@pytest.mark.parametrize(("name", "source"), [("asha", "home"), ("lee", "hospital")])
def test_a_hospital_referral_of_a_child_who_cannot_move_is_told_today(
    world: cast.Cast, name: str, source: str
) -> None:
    walk = Walk(world.people[name], "hospital", "DEMO001")
    pages = hospital(world)
    if name == "lee":
        pages["who"] = {"child_name": "Rowan Hill", "moves_alone": "no"}
    assert walk.through(pages).status_code == 302
    with owner():
        incident, details = Incident.objects.get(), HospitalDetails.objects.get()
        codes = set(Duty.objects.values_list("code", flat=True))
    assert (incident.source, incident.child_ids, details.moves_alone) == (source, [world.rowan.pk], False)
    assert codes == {"injury_social_care", "injury_paediatrician"}


@pytest.mark.parametrize(
    ("name", "stream"),
    [
        ("cerys", "reg40"),
        ("fran", "reg40"),
        ("mo", "reg40"),
        ("nia", "whistleblowing"),
        ("asha", "whistleblowing"),
        ("hal", "whistleblowing"),
        ("efe", "complaint"),
        ("kim", "hospital"),
        ("pat", "complaint"),
        ("lee", "lado"),
        ("quin", "reg40"),
        ("asha", "reg44"),
        ("asha", "nothing"),
    ],
)
def test_who_may_not_record_finds_nothing_there(world: cast.Cast, name: str, stream: str) -> None:
    walk = Walk(world.people[name], stream, "DEMO001")
    assert walk.client.get(f"/record/{stream}/?home=DEMO001").status_code == 404
    assert walk.start().status_code == 404
    with owner():
        assert not Draft.objects.exists()

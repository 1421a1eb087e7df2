"""Row by row of the table in hesley_hub/access/rules.py: what each capacity is served, and which fields it is not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from events import clock
from events.context import acting_as
from events.identity import new_id
from hesley_hub.access.routes import Action, Thing
from hesley_hub.access.rules import RULES, actions_of, pictures_of
from homes.history.models import Change
from homes.models import Adult, Child, Employment
from homes.roles import ROLES, Picture
from incidents.complaints.models import ComplaintDetails
from incidents.hospital.models import HospitalDetails
from incidents.lado.models import LadoDetails
from incidents.record import actions
from incidents.record.models import AdultInvolvement, Incident, Involvement
from incidents.reg40.models import Reg40Details
from incidents.whistleblowing.models import WhistleblowingDetails
from oversight.matters.models import Matter, MatterLink
from oversight.risk.models import HomeMonth
from tests import cast
from tests.access.serving import served
from tests.cast import PEOPLE, Cast
from tests.conftest import owner

pytestmark = pytest.mark.django_db
DETAILS: dict[str, Any] = {
    "reg40": lambda part: Reg40Details(event="40(4)(e)", **part),
    "lado": lambda part: LadoDetails(limbs=["harmed"], **part),
    "complaint": lambda part: ComplaintDetails(complaint_type="parent", **part),
    "hospital": lambda part: HospitalDetails(attendance="ed", **part),
    "whistleblowing": lambda part: WhistleblowingDetails(
        identity="confidential", relation="staff", category="poor_care", **part
    ),
}


@pytest.fixture
def world() -> Cast:
    with owner():
        return cast.build(clock.now())


def client_of(world: Cast, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def made(world: Cast, stream: str, *children: Child, about: Adult | None = None, **changes: Any) -> Incident:
    """A record of Elm House as the owner writes it; the home's own unless it is changed."""
    at = world.now - timedelta(hours=5)
    plain: dict[str, Any] = {
        "reference": f"T-{stream}-{new_id().hex[-12:]}",
        "home": world.elm,
        "stream": stream,
        "occurred_at": at,
        "known_at": at,
        "recorded_at": at,
        "source": "home",
        "narrative": "[A] pushed [B].",
        "recorded_by_id": world.dan.pk,
        "child_ids": [child.pk for child in children],
        "by_provider": stream != "whistleblowing",
        "concerns_adult": about is not None,
    }
    with owner():
        incident = Incident.objects.create(**plain | changes)
        part = {"incident": incident, "home": incident.home}
        sees = incident.by_provider and stream != "whistleblowing"
        DETAILS[stream](part | {"provider_sees": sees}).save(force_insert=True)
        for mark, child in zip("AB", children, strict=False):
            Involvement.objects.create(
                child=child, mark=mark, account=f"Account of {child.name}", provider_sees=sees, **part
            )
        if about is not None:
            AdultInvolvement.objects.create(adult=about, provider_sees=sees, **part)
    return incident


def everywhere(world: Cast, name: str, incident: Incident) -> str:
    """The record as its page, its document and the API serve it to somebody, in one text; 404s give nothing."""
    client, found = client_of(world, name), ""
    for path in (
        f"/incidents/{incident.reference}/",
        f"/incidents/{incident.reference}/pdf",
        f"/api/v1/incidents/{incident.reference}/",
    ):
        answer = served(client, path)
        assert answer.status in (200, 404), path
        found += answer.text if answer.status == 200 else ""
    return found


def listed(world: Cast, name: str, incident: Incident) -> set[str]:
    """The lists in which the reference stands for somebody."""
    client, urn = client_of(world, name), incident.home.urn
    pages = (
        f"/homes/{urn}/", f"/homes/{urn}/records/", f"/homes/{urn}/records/?stream={incident.stream}",
        f"/homes/{urn}/matters/", "/", "/record/", "/alerts/", "/api/v1/incidents/", f"/api/v1/incidents/?home={urn}",
        f"/api/v1/homes/{urn}/timeline/",
    )  # fmt: skip
    return {path for path in pages if incident.reference in served(client, path).text}


def test_an_authority_sees_its_own_children_in_full_and_of_others_nothing(world: Cast) -> None:
    both, others = made(world, "reg40", world.rowan, world.sky), made(world, "reg40", world.sky)
    for name, own, other in (("fran", world.rowan, world.sky), ("gita", world.sky, world.rowan)):
        shown = everywhere(world, name, both)
        assert f"{own.initials}" in shown
        assert f"Account of {own.name}" in shown
        assert "another child" in shown
        for word in (other.name, f": {other.initials}", str(other.pk)):
            assert word not in shown, name
    assert everywhere(world, "fran", others) == ""
    assert listed(world, "fran", others) == set()
    home = served(client_of(world, "fran"), "/homes/DEMO001/").text
    assert "Sky" not in home
    assert everywhere(world, "jon", both) == ""


def test_of_the_rest_an_authority_sees_the_home_by_stream_and_month_and_no_disclosure(world: Cast) -> None:
    made(world, "reg40", world.sky)
    month = (world.now - timedelta(days=40)).date().replace(day=1)
    with owner():
        for stream in ("reg40", "whistleblowing"):
            HomeMonth.objects.create(
                picture="overseers", home=world.elm, month_on=month, stream=stream, told=3, outside=1
            )
    for name, streams in (("fran", {"reg40"}), ("jon", {"reg40"}), ("kim", {"reg40"}), ("asha", set())):
        with acting_as(world.people[name].pk, world.now):
            assert set(HomeMonth.objects.values_list("stream", flat=True)) == streams, name
    entries = client_of(world, "fran").get("/api/v1/homes/DEMO001/timeline/").json()["entries"]
    assert [(one["kind"], one["stream"], one["told"]) for one in entries] == [("month", "reg40", 3)]
    page = served(client_of(world, "fran"), "/homes/DEMO001/").text
    assert "art of this rests on records held by the regulator" in page
    with acting_as(world.mo.pk, world.now):
        assert HomeMonth.objects.count() == 2


def test_the_visitor_reads_the_record_but_no_account_of_a_child_whose_case_is_closed(world: Cast) -> None:
    both = made(world, "reg40", world.rowan, world.sky)
    shown = everywhere(world, "efe", both)
    assert "Account of Rowan Hill" in shown
    assert "Account of Sky Marsh" not in shown
    assert "Account of Sky Marsh" in everywhere(world, "asha", both)


@pytest.mark.parametrize(
    ("stream", "subject"), [("complaint", "ben"), ("lado", "asha"), ("complaint", "nia")]
)
def test_whom_a_record_is_about_meets_it_nowhere(world: Cast, stream: str, subject: str) -> None:
    person = world.people[subject].person
    with owner():
        adult = Adult.objects.create(name="The subject", person=person)
    record = made(world, stream, world.rowan, about=adult if stream == "lado" else None)
    notice = made(world, "reg40", world.rowan)
    with owner():
        ComplaintDetails.objects.filter(incident=record).update(about_person=person)
        Incident.objects.filter(pk=record.pk).update(narrative="Changed later.")
        matter = Matter.objects.create(home=world.elm, opened_at=world.now)
        MatterLink.objects.create(
            matter=matter,
            home=world.elm,
            first=notice,
            second=record,
            kind=stream,
            rule_version=1,
            proposed_at=world.now,
        )
    other = "dan" if subject != "nia" else "mo"
    assert listed(world, other, record)
    assert record.reference in everywhere(world, other, record)
    assert listed(world, subject, record) == set()
    assert everywhere(world, subject, record) == ""
    assert listed(world, subject, notice)
    with acting_as(person.pk, world.now):
        assert not Change.objects.filter(of_row=record.pk).exists()
        assert not Involvement.objects.filter(incident=record).exists()
        assert not MatterLink.objects.exists()
        assert Incident.objects.filter(pk=record.pk).update(notified_at=world.now) == 0
    with acting_as(world.people[other].pk, world.now):
        assert Change.objects.filter(of_row=record.pk).count() >= 2


def test_adults_are_known_across_homes_to_the_lado_and_never_to_a_home(world: Cast) -> None:
    with owner():
        Employment.objects.create(
            adult=world.worker,
            home=world.oak,
            title="Support worker",
            starts_at=world.now - timedelta(days=9),
        )
    here = made(world, "lado", world.rowan, about=world.worker)
    there = made(
        world, "lado", world.tam, about=world.worker, home=world.oak, by_provider=False, source="lado"
    )
    area = served(client_of(world, "ines"), "/area/").text
    assert "Wes Carter" in area
    assert "Elm House, Oak House" in area
    for name in ("asha", "ben", "dan"):
        assert listed(world, name, there) == set(), name
        assert everywhere(world, name, there) == "", name
        with acting_as(world.people[name].pk, world.now):
            assert set(AdultInvolvement.objects.values_list("incident_id", flat=True)) == {here.pk}
            assert set(Employment.objects.values_list("home_id", flat=True)) == {world.elm.pk}
        assert client_of(world, name).get("/area/").status_code == 404
    with acting_as(world.cerys.pk, world.now):
        assert not AdultInvolvement.objects.exists()


def test_a_disclosure_is_the_regulators_and_keeps_nobodys_name(world: Cast) -> None:
    told = made(world, "whistleblowing", recorded_by_id=world.fran.pk, source="whistleblower")
    readers = {name for name in world.people if everywhere(world, name, told)}
    assert readers == {"mo", "nia"}
    assert {name for name in world.people if listed(world, name, told)} == {"mo", "nia"}
    fields = {field.name for field in WhistleblowingDetails._meta.get_fields() if field.concrete}
    assert fields == {
        "incident", "home", "provider_sees", "identity", "relation", "category", "about_manager", "action_taken",
    }  # fmt: skip


def test_what_a_record_said_before_it_was_shared_stays_with_the_overseers(world: Cast) -> None:
    record = made(
        world, "lado", world.rowan, about=world.worker, by_provider=False, source="lado", narrative="FIRST words.",
        recorded_by_id=world.ines.pk,
    )  # fmt: skip
    with owner():
        Incident.objects.filter(pk=record.pk).update(narrative="SECOND words.")
    assert everywhere(world, "asha", record) == ""
    with acting_as(world.ines.pk, world.now):
        actions.share_with_provider(
            incident=Incident.objects.select_related("home").get(pk=record.pk),
            why="They must act", by=world.ines.pk, now=world.now,
        )  # fmt: skip
    with owner():
        Incident.objects.filter(pk=record.pk).update(narrative="THIRD words.")
    home, overseer = everywhere(world, "asha", record), everywhere(world, "mo", record)
    assert "THIRD words." in home
    assert "FIRST words." not in home
    assert "FIRST words." in overseer
    with acting_as(world.asha.pk, world.now):
        kept = list(Change.objects.filter(of_row=record.pk))
    assert kept
    assert not any("FIRST" in str(change.fields) for change in kept)


#: Thing -> (path, what must be done to open it). Everything is of Rowan's, at Elm House.
OPENED: dict[Thing, str] = {
    Thing.HOME: "/homes/DEMO001/",
    Thing.RECORDS: "/homes/DEMO001/records/",
    Thing.CHILDREN: "/homes/DEMO001/children/",
    Thing.VISITS: "/homes/DEMO001/visits/",
    Thing.MATTERS: "/homes/DEMO001/matters/",
    Thing.RECORD: "/incidents/{record}/",
    Thing.CASE: "/children/{child}/",
    Thing.CHILD: "/children/{child}/consents/",
    Thing.AREA: "/area/",
    Thing.AUTHORITY: "/authority/",
    Thing.NATION: "/nation/",
}
#: Posts whose line says "their own children", and whose holder in the cast has none here; and what is not theirs.
NONE_HERE = {("jon", Thing.RECORD), ("lee", Thing.RECORD), ("gita", Thing.RECORD), ("kim", Thing.RECORD),
             ("kim", Thing.CHILD), ("gita", Thing.CASE), ("gita", Thing.CHILD)}  # fmt: skip


@pytest.mark.parametrize("thing", OPENED)
def test_each_line_opens_its_thing_to_its_posts_and_to_no_other(world: Cast, thing: Thing) -> None:
    record = made(world, "reg40", world.rowan, about=world.worker)
    path = OPENED[thing].format(record=record.reference, child=world.rowan.pk)
    for name, (_, role, _, home) in PEOPLE.items():
        allowed = Action.OPEN in actions_of(role, thing) and (name, thing) not in NONE_HERE
        allowed = allowed and (home != "oak" or thing in (Thing.AREA, Thing.AUTHORITY, Thing.NATION))
        status = client_of(world, name).get(path).status_code
        assert (status == 200) == allowed, f"{name} ({role}): {status}"


def test_each_line_names_a_post_and_may_do_something() -> None:
    assert {Picture(picture) for thing in Thing for picture in pictures_of(thing)} == set(Picture)
    assert all(rule.may and rule.reach for rule in RULES)
    assert {key for rule in RULES for key in rule.only} <= set(ROLES)
    assert Action.WRITE not in actions_of("family", Thing.CHILD)
    assert Action.DECIDE in actions_of("lado", Thing.RECORD)
    assert Action.DECIDE not in actions_of("cqc_inspector", Thing.MATTERS)
    assert Action.SHARE in actions_of("inspector", Thing.RECORD)
    assert Action.SHARE not in actions_of("cqc_inspector", Thing.RECORD)

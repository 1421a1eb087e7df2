"""Both consents open a child's case record to the visitor, either withdrawn closes it; a board reads what names its own."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from events import clock
from events.context import acting_as
from events.models import Event
from homes.access import NotAllowedError
from homes.consents import actions, queries
from homes.crossing import CrossedError
from homes.models import CaseConsent, Child, Placement, ResponsibleBoard
from incidents.hospital.models import HospitalDetails
from incidents.record.models import Incident, Involvement
from tests import cast
from tests.cast import Cast
from tests.conftest import owner
from voice.heard.actions import NewView, record_view
from voice.heard.models import View

pytestmark = pytest.mark.django_db
CHILD, AUTHORITY = "child", "authority"


@pytest.fixture
def world() -> Cast:
    with owner():
        return cast.build(clock.now())


def signed_in(world: Cast, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def of_sky() -> Placement:
    return Placement.objects.select_related("placing_authority", "home", "child").get(child__initials="SM")


def give(world: Cast, name: str, whose: str, *, moment: Any = None) -> CaseConsent:
    """Somebody records a consent for Sky, whom Eastvale placed."""
    now, by = moment or world.now, world.people[name].pk
    with owner():
        placement = of_sky()
    with acting_as(by, now):
        return actions.give_consent(
            placement=placement, whose=whose, spoken_by="Sky Marsh", how="talking mat", by=by, now=now
        )


def said(world: Cast) -> View:
    with acting_as(world.ben.pk, world.now):
        return record_view(
            new=NewView(
                child=world.sky,
                home=world.elm,
                said_at=world.now - timedelta(hours=1),
                method="speech",
                words="Too loud at night.",
                heard_by="Ben Castle",
            ),
            by=world.ben.pk,
            now=world.now,
        )


def opens(world: Cast, view: View, name: str = "efe", *, moment: Any = None) -> bool:
    """Whether the page, the filter and the database alone agree that the case record is open."""
    now = moment or world.now
    with acting_as(world.people[name].pk, now):
        rows = View.objects.filter(pk=view.pk).exists()
        assert rows == View.objects.visible_to(world.people[name].pk, now).filter(pk=view.pk).exists()
        page = Child.objects.case_open_to(world.people[name].pk, now).filter(pk=view.child_id).exists()
        assert page == rows
    return rows


def test_the_visitor_opens_no_case_record_without_both_consents(world: Cast) -> None:
    view = said(world)
    client = signed_in(world, "efe")
    assert not opens(world, view)
    give(world, "gita", AUTHORITY)
    assert not opens(world, view)
    assert client.get(f"/children/{world.sky.pk}/").status_code == 404
    assert client.get(f"/views/{view.pk}/").status_code == 404
    give(world, "asha", CHILD)
    assert opens(world, view)
    assert "Too loud at night" in client.get(f"/children/{world.sky.pk}/").content.decode()
    assert client.get(f"/views/{view.pk}/").status_code == 200


def test_the_childs_consent_alone_opens_nothing(world: Cast) -> None:
    view = said(world)
    give(world, "asha", CHILD)
    assert not opens(world, view)


@pytest.mark.parametrize("whose", [CHILD, AUTHORITY])
def test_a_consent_withdrawn_ends_the_right_at_once(world: Cast, whose: str) -> None:
    view = said(world)
    given = {AUTHORITY: give(world, "gita", AUTHORITY), CHILD: give(world, "asha", CHILD)}
    who = world.gita.pk if whose == AUTHORITY else world.asha.pk
    client = signed_in(world, "efe")
    assert client.get(f"/children/{world.sky.pk}/").status_code == 200
    with acting_as(who, world.now):
        actions.withdraw_consent(consent=given[whose], why="changed their mind", by=who, now=world.now)
        actions.withdraw_consent(consent=given[whose], why="changed their mind", by=who, now=world.now)
        with pytest.raises(CrossedError):
            actions.withdraw_consent(consent=given[whose], by=who, now=world.now)
    assert not opens(world, view)
    assert client.get(f"/children/{world.sky.pk}/").status_code == 404
    assert client.get(f"/views/{view.pk}/").status_code == 404
    with owner():
        assert Event.objects.filter(kind="homes.case_consent_given").count() == 2
        assert Event.objects.filter(kind="homes.case_consent_withdrawn").count() == 1
        assert CaseConsent.objects.get(pk=given[whose].pk).withdrawn_why == "changed their mind"
    again = "gita" if whose == AUTHORITY else "asha"
    give(world, again, whose)
    assert opens(world, view)


def test_consents_end_with_the_placement_and_hold_for_that_home_only(world: Cast) -> None:
    view = said(world)
    give(world, "gita", AUTHORITY)
    give(world, "asha", CHILD)
    assert opens(world, view)
    later = world.now + timedelta(days=2)
    with owner():
        Placement.objects.filter(child=world.sky).update(ends_at=world.now + timedelta(days=1))
    assert opens(world, view)
    assert not opens(world, view, moment=later)
    with owner():
        Placement.objects.create(
            child=world.sky,
            home=world.elm,
            placing_authority=world.organisations["northmoor"],
            starts_at=world.now + timedelta(days=1),
        )
    assert not opens(world, view, moment=later)


def test_nobody_but_the_visitor_needs_a_consent(world: Cast) -> None:
    view = said(world)
    readers = {name for name in world.people if opens_view(world, view, name)}
    assert readers == {"asha", "ben", "dan", "gita", "mo", "nia"}


def opens_view(world: Cast, view: View, name: str) -> bool:
    with acting_as(world.people[name].pk, world.now):
        return View.objects.filter(pk=view.pk).exists()


MAY_CONSENT = {CHILD: {"asha", "ben", "dan", "hal", "ola"}, AUTHORITY: {"fran", "hal"}}


@pytest.mark.parametrize("whose", [CHILD, AUTHORITY])
def test_who_records_which_consent(world: Cast, whose: str) -> None:
    """Of Rowan, whom Northmoor placed and for whom Hal, Ola and Pat stand; by the action and by the database alone."""
    with owner():
        CaseConsent.objects.all().delete()
        placement = Placement.objects.get(child=world.rowan)
    by_action, by_rows = set(), set()
    for name, user in world.people.items():
        with acting_as(user.pk, world.now):
            try:
                with transaction.atomic():
                    actions.give_consent(
                        placement=placement, whose=whose, spoken_by="x", by=user.pk, now=world.now
                    )
                    by_action.add(name)
                    transaction.set_rollback(True)
            except NotAllowedError:
                pass
            try:
                with transaction.atomic():
                    CaseConsent(
                        placement_id=placement.pk,
                        whose=whose,
                        spoken_by="x",
                        given_at=world.now,
                        recorded_by_id=user.pk,
                    ).save(force_insert=True)
                    by_rows.add(name)
                    transaction.set_rollback(True)
            except DatabaseError:
                pass
    assert by_action == by_rows == MAY_CONSENT[whose]


def test_nobody_consents_or_withdraws_in_anothers_name_or_place(world: Cast) -> None:
    consent = give(world, "asha", CHILD)
    for name in ("efe", "mo", "pat", "fran"):
        user = world.people[name].pk
        with acting_as(user, world.now):
            with pytest.raises(NotAllowedError):
                actions.withdraw_consent(consent=consent, by=user, now=world.now)
            blind = CaseConsent.objects.filter(withdrawn_at__isnull=True)
            assert blind.filter(pk=consent.pk).update(withdrawn_at=world.now, withdrawn_by_id=user) == 0
    with acting_as(world.asha.pk, world.now), pytest.raises(DatabaseError), transaction.atomic():
        CaseConsent.objects.filter(pk=consent.pk).update(withdrawn_at=world.now, withdrawn_by_id=world.ben.pk)


def test_what_makes_no_sense_is_refused(world: Cast) -> None:
    assert give(world, "asha", CHILD).pk == give(world, "asha", CHILD).pk, "sent twice"
    with owner():
        placement = of_sky()
    with acting_as(world.gita.pk, world.now):
        with pytest.raises(ValueError, match="who consented"):
            actions.give_consent(
                placement=placement, whose=AUTHORITY, spoken_by=" ", by=world.gita.pk, now=world.now
            )
        with pytest.raises(ValueError, match="integrated care board"):
            actions.name_board(
                child=world.sky,
                board=world.organisations["alder"],
                opened="",
                by=world.gita.pk,
                now=world.now,
            )
    with owner():
        Placement.objects.filter(pk=placement.pk).update(ends_at=world.now - timedelta(days=1))
    with pytest.raises(NotAllowedError):
        give(world, "gita", AUTHORITY)


def test_the_visitor_hears_a_child_whose_case_record_is_closed(world: Cast) -> None:
    said(world)
    client = signed_in(world, "efe")
    listed = client.get("/homes/DEMO001/children/").content.decode()
    assert f"/children/{world.sky.pk}/hear/" in listed
    assert f'"/children/{world.rowan.pk}/"' in listed
    assert "Closed to you without both consents" in listed
    assert "Too loud at night" not in listed
    heard = client.get(f"/children/{world.sky.pk}/hear/").content.decode()
    assert "The case record is closed to you" in heard
    assert "Too loud at night" not in heard
    assert "Show what I am saying" in heard
    assert f"/children/{world.sky.pk}/hear/" in client.get(f"/children/{world.sky.pk}/say/").content.decode()
    for name, status in (("kim", 404), ("mo", 404), ("gita", 200), ("asha", 200)):
        assert signed_in(world, name).get(f"/children/{world.sky.pk}/hear/").status_code == status, name
    home = client.get("/homes/DEMO001/").content.decode()
    assert "Too loud at night" not in home


def test_the_page_of_consents_takes_and_ends_them(world: Cast) -> None:
    view = said(world)
    path = f"/children/{world.sky.pk}/consents/"
    with owner():
        placement = str(of_sky().pk)
    given = {"what": "give", "placement": placement, "spoken_by": "Gita Rao"}
    authority = signed_in(world, "gita")
    assert (
        "Say who consented"
        in authority.post(path, given | {"whose": AUTHORITY, "spoken_by": ""}).content.decode()
    )
    for client, whose in ((authority, AUTHORITY), (signed_in(world, "asha"), CHILD)):
        assert client.post(path, given | {"whose": whose}).status_code == 302
        assert client.post(path, given | {"whose": whose}).status_code == 302  # it stands already
    assert opens(world, view, moment=clock.now())
    assert signed_in(world, "asha").post(path, given | {"whose": AUTHORITY}).status_code == 404
    assert signed_in(world, "efe").post(path, given | {"whose": CHILD}).status_code == 404
    assert (
        authority.post(path, given | {"whose": AUTHORITY, "placement": str(world.elm.pk)}).status_code == 404
    )
    assert authority.post(path, {"what": "more"}).status_code == 404
    page = authority.get(path)
    assert "Agreed" in page.content.decode()
    ids = re.findall(
        r' id="([^"]+)"',
        signed_in(world, "hal").get(f"/children/{world.rowan.pk}/consents/").content.decode(),
    )
    assert len(ids) == len(set(ids))
    with owner():
        consent = CaseConsent.objects.get(placement_id=placement, whose=AUTHORITY)
    taken = {"what": "withdraw", "consent": str(consent.pk), "why": "moved"}
    assert signed_in(world, "asha").post(path, taken).status_code == 404
    assert authority.post(path, taken).status_code == 302
    assert not opens(world, view, moment=clock.now())
    for name in ("kim", "cerys", "lee", "quin", "rut", "ines"):
        assert signed_in(world, name).get(path).status_code == 404, name
    for name in ("asha", "efe", "mo", "gita"):
        assert signed_in(world, name).get(path).status_code == 200, name


def hospital_record(world: Cast, children: list[Child], stream: str = "hospital") -> Incident:
    at = world.now - timedelta(hours=5)
    with owner():
        incident = Incident.objects.create(
            reference=f"H-{stream}-{len(children)}",
            home=world.elm,
            stream=stream,
            occurred_at=at,
            known_at=at,
            recorded_at=at,
            source="hospital",
            narrative="[A] was seen; [B] came along.",
            recorded_by_id=world.lee.pk,
            child_ids=[child.pk for child in children],
        )
        part = {"incident": incident, "home": world.elm, "provider_sees": False}
        HospitalDetails.objects.create(attendance="ed", **part)
        for mark, child in zip("AB", children, strict=False):
            Involvement.objects.create(child=child, mark=mark, **part)
    return incident


def name_board(
    world: Cast, by: str, child: Child, board: str = "icb", *, moment: Any = None
) -> ResponsibleBoard:
    now, user = moment or world.now, world.people[by].pk
    with acting_as(user, now):
        return actions.name_board(
            child=child,
            board=world.organisations[board],
            opened=queries.board_said(queries.board_named(child)).seal,
            by=user,
            now=now,
        )


def reads(world: Cast, incident: Incident, *, moment: Any = None) -> bool:
    now = moment or world.now
    with acting_as(world.kim.pk, now):
        rows = Incident.objects.filter(pk=incident.pk).exists()
        assert rows == Incident.objects.visible_to(world.kim.pk, now).filter(pk=incident.pk).exists()
    return rows


def test_the_board_reads_hospital_records_of_children_it_answers_for_and_no_other(world: Cast) -> None:
    both = hospital_record(world, [world.rowan, world.sky])
    other = hospital_record(world, [world.sky])
    referral = hospital_record(world, [world.rowan], "lado")
    client = signed_in(world, "kim")
    assert not reads(world, both)
    assert client.get(f"/incidents/{both.reference}/").status_code == 404
    name_board(world, "fran", world.rowan)
    assert reads(world, both)
    assert not reads(world, other)
    assert not reads(world, referral)
    page = client.get(f"/incidents/{both.reference}/").content.decode()
    assert "RH was seen; another child came along" in page
    assert ": SM" not in page
    assert "Sky" not in page
    listed = client.get("/homes/DEMO001/records/").content.decode()
    assert both.reference in listed
    assert other.reference not in listed
    found = client.get("/api/v1/incidents/").json()["results"]
    assert [one["reference"] for one in found] == [both.reference]
    assert client.get(f"/incidents/{other.reference}/pdf").status_code == 404
    assert client.get(f"/children/{world.rowan.pk}/").status_code == 404
    with acting_as(world.kim.pk, world.now):
        assert not View.objects.exists()
        assert set(Child.objects.all()) == {world.rowan}
        assert set(Involvement.objects.values_list("child_id", flat=True)) == {world.rowan.pk}


def test_a_board_answers_from_a_day_until_another_does(world: Cast) -> None:
    record = hospital_record(world, [world.rowan])
    with owner():
        elsewhere = type(world.organisations["icb"]).objects.create(name="Other Board", kind="icb")
    world.organisations["elsewhere"] = elsewhere
    first = name_board(world, "hal", world.rowan)
    later = world.now + timedelta(days=3)
    assert name_board(world, "hal", world.rowan, moment=later).pk == first.pk
    assert reads(world, record, moment=later)
    name_board(world, "fran", world.rowan, "elsewhere", moment=later)
    assert not reads(world, record, moment=later)
    with owner():
        assert list(ResponsibleBoard.objects.order_by("starts_at").values_list("ends_at", flat=True)) == [
            later,
            None,
        ]
        assert Event.objects.filter(kind="homes.responsible_board_named").count() == 2


def test_only_who_speaks_for_the_authority_names_the_board(world: Cast) -> None:
    by_action, by_rows = set(), set()
    for name, user in world.people.items():
        with acting_as(user.pk, world.now):
            try:
                with transaction.atomic():
                    actions.name_board(
                        child=world.rowan,
                        board=world.organisations["icb"],
                        opened="",
                        by=user.pk,
                        now=world.now,
                    )
                    by_action.add(name)
                    transaction.set_rollback(True)
            except NotAllowedError:
                pass
            try:
                with transaction.atomic():
                    ResponsibleBoard(
                        child=world.rowan,
                        board=world.organisations["icb"],
                        starts_at=world.now,
                        recorded_by_id=user.pk,
                    ).save(force_insert=True)
                    by_rows.add(name)
                    transaction.set_rollback(True)
            except DatabaseError:
                pass
    assert by_action == by_rows == {"fran", "hal"}


def test_the_board_is_named_on_the_page(world: Cast) -> None:
    path, board = f"/children/{world.rowan.pk}/consents/", str(world.organisations["icb"].pk)
    record = hospital_record(world, [world.rowan])
    client = signed_in(world, "fran")
    assert "No board is recorded" in client.get(path).content.decode()
    assert "Choose the integrated care board" in client.post(path, {"what": "board"}).content.decode()
    assert client.post(path, {"what": "board", "board": board}).status_code == 302
    assert "is the responsible commissioner" in client.get(path).content.decode()
    assert signed_in(world, "asha").post(path, {"what": "board", "board": board}).status_code == 404
    assert reads(world, record, moment=clock.now())


def test_closed_cases_are_those_whose_consents_are_missing(world: Cast) -> None:
    with acting_as(world.efe.pk, world.now):
        assert queries.closed_cases(world.elm, world.efe.pk, world.now) == {world.sky.pk}
    with acting_as(world.mo.pk, world.now):
        assert queries.closed_cases(world.elm, world.mo.pk, world.now) == set()

"""A made world in the database, written by the owner past every action."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from events.identity import new_id
from homes import models as homes
from incidents.complaints.models import ComplaintDetails
from incidents.hospital.models import HospitalDetails
from incidents.lado.models import LadoDetails
from incidents.record import models as records
from incidents.reg40.models import Reg40Details
from incidents.whistleblowing.models import WhistleblowingDetails
from oversight.escalation.models import Alert
from oversight.matters.models import Matter, MatterLink
from oversight.risk.models import Assessment
from oversight.visits.models import SignificantConcern, Visit, VisitReport
from tests.access.facts import NOW, Dated, Thing, World
from voice.heard.models import Done, View


def build(world: World) -> dict[str, homes.User]:
    """The world in the database, as the owner; its users by key."""
    for org, kind in world.orgs.items():
        if org not in world.part_of:
            homes.Organisation.objects.create(id=org, name=f"{kind} {org[-6:]}", kind=kind)
    for org, whole in world.part_of.items():
        homes.Organisation.objects.create(
            id=org, name=f"hospital {org[-6:]}", kind="hospital", part_of_id=whole
        )
    users = _users(world)
    homes.Home.objects.bulk_create(
        homes.Home(
            id=home.key, urn=home.urn, name=f"House {home.urn}", provider_id=home.provider, places=4, town="Town",
            host_authority_id=home.host, icb_id=home.icb, closed_on=date(2026, 11, 24) if home.closed else None,
        )
        for home in world.homes
    )  # fmt: skip
    homes.Child.objects.bulk_create(
        homes.Child(id=child.key, name=f"Name {child.token}", initials=initials_of(child.token))
        for child in world.children
    )
    _rights(world)
    _adults(world)
    makers: dict[str, Callable[[list[Thing]], None]] = {
        "view": _save_views, "visit": _save_visits, "concern": _save_concerns, "alert": _save_alerts,
        "draft": _save_drafts, "matter": _save_matters,
    }  # fmt: skip
    _save_records(world)
    for name, make in makers.items():
        make([thing for thing in (*world.things, *world.others) if thing.kind == name])
    _assess(world)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    return users


def move_on(world: World, at: datetime) -> None:
    """What no date ends by itself: accounts that are closed by then, and open at an earlier moment."""
    for who, account in world.accounts.items():
        homes.User.objects.filter(pk=who).exclude(is_active=account.live(at)).update(
            is_active=account.live(at)
        )


def initials_of(word: str) -> str:
    """Six letters that are hardly anywhere else, from a token."""
    return "".join("BCDFGHJKLMNPQRST"[int(letter, 16)] for letter in word[-6:])


def _users(world: World) -> dict[str, homes.User]:
    homes.Person.objects.bulk_create(homes.Person(id=who, name=f"Person {who[-6:]}") for who in world.people)
    users = [
        homes.User(
            id=who, person_id=who, username=f"u{who[-12:]}", password="md5$none$none", joined_at=NOW - timedelta(days=999),
            is_active=world.accounts[who].live(NOW),
        )
        for who in world.people
    ]  # fmt: skip
    homes.User.objects.bulk_create(users)
    return {str(user.pk): user for user in users}


def _rights(world: World) -> None:
    def span(dated: Dated) -> dict[str, Any]:
        return {"starts_at": dated.starts, "ends_at": dated.ends}

    homes.Post.objects.bulk_create(
        homes.Post(
            id=p.id, user_id=p.who, role=p.role, organisation_id=p.org, home_id=p.home or None, **span(p)
        )
        for p in world.posts
    )
    homes.Placement.objects.bulk_create(
        homes.Placement(
            id=s.id, child_id=s.child, home_id=s.home, placing_authority_id=s.authority, **span(s)
        )
        for s in world.stays
    )
    homes.CaseConsent.objects.bulk_create(
        homes.CaseConsent(
            placement_id=stay.id, whose=whose, spoken_by="somebody", recorded_by_id=world.people[0],
            given_at=given.starts, withdrawn_at=given.ends, withdrawn_by_id=world.people[0] if given.ends else None,
        )
        for stay in world.stays
        for whose, given in stay.consents
    )  # fmt: skip
    homes.ResponsibleBoard.objects.bulk_create(
        homes.ResponsibleBoard(child_id=b.child, board_id=b.org, recorded_by_id=world.people[0], **span(b))
        for b in world.boards
    )
    homes.ChildRelation.objects.bulk_create(
        homes.ChildRelation(user_id=t.who, child_id=t.child, capacity=t.role, **span(t)) for t in world.ties
    )
    provider = {home.key: home.provider for home in world.homes}
    homes.Appointment.objects.bulk_create(
        homes.Appointment(
            user_id=a.who, home_id=a.home, appointed_by_id=provider[a.home], nominated_by_id=a.org, **span(a)
        )
        for a in world.appointments
    )
    with connection.cursor() as cursor:
        cursor.execute("select id from auth_permission order by id limit 1")
        permission = cursor.fetchone()[0]
    homes.HomeGrant.objects.bulk_create(
        homes.HomeGrant(
            user_id=g.who, content_object_id=g.home, picture=g.picture, reason="cover", permission_id=permission,
            granted_by_id=world.people[0], **span(g),
        )
        for g in world.grants
    )  # fmt: skip


_DETAILS: dict[str, Callable[[dict[str, Any], Thing], Any]] = {
    "reg40": lambda part, thing: Reg40Details(event="40(4)(e)", action_taken=thing.token, **part),
    "lado": lambda part, thing: LadoDetails(limbs=["harmed"], action_taken=thing.token, **part),
    "whistleblowing": lambda part, thing: WhistleblowingDetails(
        identity="anonymous", relation="staff", category="poor_care", action_taken=thing.token, **part
    ),
    "complaint": lambda part, thing: ComplaintDetails(
        complaint_type="parent",
        wanted=thing.token,
        about_person_id=thing.about[0] if thing.about else None,
        **part,
    ),
    "hospital": lambda part, thing: HospitalDetails(attendance="ed", follow_up=thing.token, **part),
}


def _adults(world: World) -> None:
    """In each home somebody who works there, and has no account."""
    for adult in world.adults:
        homes.Adult.objects.create(id=adult.key, name=f"Adult {adult.token}")
        homes.Employment.objects.create(
            adult_id=adult.key,
            home_id=adult.home,
            title="Support worker",
            starts_at=NOW - timedelta(days=400),
        )


def _save_records(world: World) -> None:
    at = NOW - timedelta(days=9)
    for thing in (thing for thing in world.things if thing.kind == "record"):
        shared = thing.sees and not thing.own
        records.Incident.objects.create(
            id=thing.key, reference=thing.address, home_id=thing.home, stream=thing.stream, occurred_at=at, known_at=at,
            recorded_at=at, source="home" if thing.own else "hospital", severity=3, narrative=f"It was {thing.token}.",
            recorded_by_id=thing.by, child_ids=[UUID(child) for child in thing.children], concerns_adult=thing.adult,
            by_provider=thing.own, shared_with_provider_at=at if shared else None,
            shared_with_provider_by_id=thing.by if shared else None,
            shared_with_provider_why=f"why {thing.token}" if shared else "",
        )  # fmt: skip
        part = {"incident_id": thing.key, "home_id": thing.home, "provider_sees": thing.sees}
        _DETAILS[thing.stream](part, thing).save(force_insert=True)
        if thing.stream == "lado":
            for adult in _concerned(world, thing):
                records.AdultInvolvement.objects.create(adult_id=adult, **part)
        records.IncidentTheme.objects.create(theme="restraint", **part)
    parts = {thing.key: thing for thing in world.things}
    for told in world.accounts_told:
        part = {"incident_id": told.key, "home_id": told.home, "provider_sees": told.sees}
        mark = "AB"[parts[told.key].children.index(told.children[0])]
        records.Involvement.objects.create(
            child_id=told.children[0], mark=mark, account=f"said {told.token}", **part
        )
    for duty in world.duties:
        part = {"incident_id": duty.key, "home_id": duty.home, "provider_sees": duty.sees}
        who, due = f"told {parts[duty.key].token}", NOW + timedelta(days=1)
        records.Duty.objects.create(
            id=duty.address, code="test", who=who, legal_basis="Reg 40(4)", due_at=due, **part
        )


def _concerned(world: World, thing: Thing) -> list[str]:
    """Keys of the adults of concern: the one without an account, and whoever it is about."""
    found = [adult.key for adult in world.adults if adult.home == thing.home]
    for who in thing.about:
        adult, _ = homes.Adult.objects.get_or_create(person_id=who, defaults={"name": f"Adult {who[-6:]}"})
        found.append(str(adult.pk))
    return found


def _save_views(things: list[Thing]) -> None:
    at = NOW - timedelta(days=8)
    for thing in things:
        shared = thing.sees and not thing.own
        View.objects.create(
            id=thing.key, child_id=thing.children[0], home_id=thing.home, said_at=at, recorded_at=at, method="speech",
            words=f"I say {thing.token}", heard_by="a helper", recorded_by_id=thing.by, by_provider=thing.own,
            shared_with_provider_at=at if shared else None, shared_with_provider_by_id=thing.by if shared else None,
        )  # fmt: skip
        Done.objects.create(
            id=done_of(thing), view_id=thing.key, what=f"done {thing.token}", it_changed=True, done_at=at,
            done_by_id=thing.by,
        )  # fmt: skip


def done_of(view: Thing) -> UUID:
    """The key of what was done about a view."""
    return UUID(int=UUID(view.key).int ^ 1)


def _save_visits(things: list[Thing]) -> None:
    for thing in things:
        visit = Visit.objects.create(
            id=thing.key,
            home_id=thing.home,
            visitor_id=thing.by,
            visited_on=date(2026, 11, 12 if thing.filed else 16),
            recorded_at=NOW,
        )
        if not thing.filed:
            continue
        VisitReport.objects.create(
            visit=visit, home_id=thing.home, reference=f"V{thing.key[-12:]}", filed_at=NOW - timedelta(days=2),
            filed_by_id=thing.by, safeguarded="yes", safeguarded_reasons=f"seen {thing.token}", well_being="yes",
            well_being_reasons=thing.token,
        )  # fmt: skip


def _save_concerns(things: list[Thing]) -> None:
    for thing in things:
        SignificantConcern.objects.create(
            id=thing.key, reference=thing.address, home_id=thing.home, raised_at=NOW - timedelta(days=3),
            raised_by_id=thing.by, what=f"locked {thing.token}",
        )  # fmt: skip


def _save_alerts(things: list[Thing]) -> None:
    for number, thing in enumerate(things):
        Alert.objects.create(
            id=thing.key, reference=thing.address, picture=thing.picture, scope="home" if thing.home else "provider",
            home_id=thing.home or None, provider_id=thing.org, kind=f"rule{number}", pattern=thing.token, tier="escalate",
            skips_provider=thing.skips, told_ids=[UUID(org) for org in thing.told],
            placing_ids=[UUID(org) for org in thing.kept], opened_at=NOW - timedelta(days=4),
            raised_on=date(2026, 11, 19), set_off_by=new_id(), explanation={"sentence": thing.token},
        )  # fmt: skip


def _save_drafts(things: list[Thing]) -> None:
    for thing in things:
        records.Draft.objects.create(
            id=thing.key, user_id=thing.by, form=thing.stream, home_id=thing.home, started_at=NOW, saved_at=NOW,
            answers={"danger": {"in_danger": ["no"]}, "account": {"narrative": [f"So far {thing.token}"]}},
        )  # fmt: skip


def _save_matters(things: list[Thing]) -> None:
    for thing in things:
        first, second = thing.told
        MatterLink.objects.create(
            id=thing.key, matter=Matter.objects.create(home_id=thing.home, opened_at=NOW), home_id=thing.home,
            first_id=first, second_id=second, kind="hospital-reg40", rule_version=1, proposed_at=NOW,
        )  # fmt: skip


def _assess(world: World) -> None:
    for home in world.homes:
        for picture in ("provider", "overseers"):
            Assessment.objects.create(
                picture=picture, home_id=home.key, provider_id=home.provider, as_of=NOW - timedelta(days=1),
                assessed_on=(NOW - timedelta(days=1)).date(), engine_version="1", parameters="made", score=1.0,
            )  # fmt: skip

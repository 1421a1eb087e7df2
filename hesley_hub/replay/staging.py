"""Builds in a scratch database what a history rests on: organisations, homes, children, staff, and people to act."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from events.deadlines import start_of_day
from events.identity import new_id
from homes.models import (
    Adult,
    Appointment,
    Child,
    DutyMailbox,
    Home,
    Organisation,
    Person,
    Placement,
    Post,
    User,
)
from homes.roles import Kind
from incidents import past
from incidents.record.actions import NewRecord
from oversight.risk import engine
from oversight.risk.engine import Record
from oversight.risk.replay.reading import Histories
from oversight.visits import actions as visits
from oversight.visits.models import Visit

if TYPE_CHECKING:
    from incidents.record.models import Incident

DESKS = ("duty", "safeguarding", "lado", "senior", "director")
LONG_BEFORE = timedelta(days=3650)
#: Posts that answer alerts, by kind of organisation.
ANSWERING = {
    Kind.LOCAL_AUTHORITY: ("placing_authority", "host_authority", "lado"),
    Kind.REGULATOR: ("inspector",),
    Kind.PROVIDER: ("responsible_individual",),
}


@dataclass
class Stage:
    """The cast of a replay (pouring.Cast), with what its keys became."""

    homes: dict[str, Home] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    adults: dict[str, Adult] = field(default_factory=dict)
    visitors: list[UUID] = field(default_factory=list)
    recorder: UUID = field(default_factory=new_id)
    forms: dict[str, UUID] = field(default_factory=dict)
    turn: dict[str, int] = field(default_factory=dict)

    def home(self, urn: str) -> Home:
        return self.homes[urn]

    def child(self, key: str) -> Child:
        return self.children[key]

    def adult(self, key: str) -> Adult:
        return self.adults[key]

    def save(self, record: Record, new: NewRecord, now: datetime) -> "Incident":
        return past.record_past(new=new, by=self.recorder, now=now)

    def visitor(self, record: Record) -> UUID:
        """Two visits to a home on one day are two visitors'."""
        return self.visitors[self.turn.get(record.reference, 0)]

    def by_provider(self, record: Record) -> bool:
        return record.source == "home"

    def shared_why(self, record: Record) -> str:
        return ""

    def narrative(self, record: Record) -> str:
        return ""

    def client_id(self, record: Record) -> UUID:
        return self.forms.setdefault(record.reference, new_id())

    def report(self, record: Record, visit: Visit) -> visits.NewReport:
        opinion = next(iter(record.details() & {"yes", "partly", "no"}), "yes")
        return visits.NewReport(
            visit=visit,
            safeguarded=opinion,
            safeguarded_reasons="As the history has it.",
            well_being="yes",
            well_being_reasons="The history does not say.",
            reference=record.reference,
        )


def set_stage(histories: Histories) -> Stage:
    """Everything but the records. People who act hold their posts from long before the first day."""
    first = min((home.begins_on for home in histories.homes), default=histories.until)
    starts_at = start_of_day(first) - LONG_BEFORE
    bodies = _organisations(histories)
    stage = Stage()
    stage.homes = _homes(histories.homes, bodies)
    _people(histories, bodies, stage, starts_at)
    living = [one for theirs in histories.placements.values() for one in theirs]
    everything = [record for theirs in histories.records.values() for record in theirs]
    children = [one.child for one in living]
    children += [key for record in everything for key in record.child.split(";") if key]
    stage.children = {key: Child(name=key[:120], initials=key[:6]) for key in dict.fromkeys(children)}
    Child.objects.bulk_create(stage.children.values(), batch_size=2000)
    adults = dict.fromkeys(key for record in everything for key in record.adult.split(";") if key)
    stage.adults = {key: Adult(name=key[:120]) for key in adults}
    Adult.objects.bulk_create(stage.adults.values(), batch_size=2000)
    _place(living, bodies, stage)
    return stage


Bodies = dict[tuple[Kind, str], Organisation]


def _organisations(histories: Histories) -> Bodies:
    names: list[tuple[Kind, str]] = [(Kind.REGULATOR, "Ofsted"), (Kind.VISITOR_BODY, "Visitors")]
    for home in histories.homes:
        names.append((Kind.PROVIDER, home.provider))
        if home.local_authority:
            names.append((Kind.LOCAL_AUTHORITY, home.local_authority))
    for theirs in histories.placements.values():
        names += [(Kind.LOCAL_AUTHORITY, one.placing_authority) for one in theirs]
    found = {pair: Organisation(name=pair[1], kind=pair[0].value) for pair in dict.fromkeys(names)}
    Organisation.objects.bulk_create(found.values(), batch_size=2000)
    DutyMailbox.objects.bulk_create(
        (
            DutyMailbox(organisation=body, desk=desk, email=f"{desk}@{number}.example")
            for number, body in enumerate(found.values())
            for desk in DESKS
        ),
        batch_size=2000,
    )
    return found


def _homes(homes: Sequence[engine.Home], bodies: Bodies) -> dict[str, Home]:
    found = {
        home.urn: Home(
            urn=home.urn,
            name=home.name[:160],
            provider=bodies[Kind.PROVIDER, home.provider],
            kind=home.kind,
            places=home.places,
            host_authority=bodies.get((Kind.LOCAL_AUTHORITY, home.local_authority)),
            opened_on=home.opened_on,
            watched_from=home.watched_from,
        )
        for home in homes
    }
    Home.objects.bulk_create(found.values(), batch_size=2000)
    return found


def _people(histories: Histories, bodies: Bodies, stage: Stage, starts_at: datetime) -> None:
    """One who records, visitors enough, and one to answer for each organisation that may be told."""
    roles = [(body, role) for (kind, _), body in bodies.items() for role in ANSWERING.get(kind, ())]
    stage.turn = _turns(histories)
    count = 1 + max(stage.turn.values(), default=0)
    stage.visitors = [new_id() for _ in range(count)]
    accounts = [stage.recorder, *stage.visitors, *(new_id() for _ in roles)]
    Person.objects.bulk_create((Person(id=one, name="Replay") for one in accounts), batch_size=2000)
    User.objects.bulk_create(
        (
            User(id=one, person_id=one, username=f"replay-{number}", joined_at=starts_at)
            for number, one in enumerate(accounts)
        ),
        batch_size=2000,
    )
    Appointment.objects.bulk_create(
        (
            Appointment(user_id=visitor, home=home, appointed_by_id=home.provider_id, starts_at=starts_at)
            for visitor in stage.visitors
            for home in stage.homes.values()
        ),
        batch_size=5000,
    )
    Post.objects.bulk_create(
        (
            Post(user_id=user, role=role, organisation=body, starts_at=starts_at)
            for user, (body, role) in zip(accounts[1 + count :], roles, strict=True)
        ),
        batch_size=5000,
    )


def _turns(histories: Histories) -> dict[str, int]:
    """For each visit that is not the first to its home on its day: how many came before it."""
    seen: dict[tuple[str, date], int] = {}
    turns = {}
    for urn, records in histories.records.items():
        for record in records:
            if record.stream == "reg44":
                before = seen.get((urn, record.occurred_on), 0)
                seen[urn, record.occurred_on] = before + 1
                if before:
                    turns[record.reference] = before
    return turns


def _place(living: Iterable[engine.Placement], bodies: Bodies, stage: Stage) -> None:
    Placement.objects.bulk_create(
        (
            Placement(
                child=stage.children[one.child],
                home=stage.homes[one.urn],
                placing_authority=bodies[Kind.LOCAL_AUTHORITY, one.placing_authority],
                starts_at=start_of_day(one.starts_on),
                ends_at=start_of_day(one.ends_on) if one.ends_on else None,
                miles=min(round(one.miles), 32767) if one.miles is not None else None,
            )
            for one in living
            if one.ends_on is None or one.ends_on > one.starts_on
        ),
        batch_size=5000,
    )

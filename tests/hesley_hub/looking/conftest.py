"""A world with something of everything in it, for tests of who looked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from events import clock, outbox, relay
from events.context import acting_as
from homes.models import User
from incidents.complaints.models import ComplaintDetails
from incidents.hospital.models import HospitalDetails
from incidents.lado.models import LadoDetails
from incidents.record import actions as recording
from incidents.record.models import Duty, Incident, Stream
from incidents.reg40.models import Reg40Details
from incidents.whistleblowing.models import WhistleblowingDetails
from oversight.escalation.models import Alert
from oversight.matters.models import MatterLink
from oversight.visits import actions as visiting
from oversight.visits.models import SignificantConcern, Visit
from tests import cast
from tests.cast import Cast
from tests.conftest import owner, worker
from voice.heard import actions as hearing
from voice.heard.models import View

DETAILS: dict[Stream, Any] = {
    Stream.REG40: lambda saved: Reg40Details(incident=saved, event="40(4)(e)"),
    Stream.LADO: lambda saved: LadoDetails(incident=saved),
    Stream.HOSPITAL: lambda saved: HospitalDetails(incident=saved, attendance="ed"),
    Stream.COMPLAINT: lambda saved: ComplaintDetails(incident=saved, complaint_type="child_home"),
    Stream.WHISTLEBLOWING: lambda saved: WhistleblowingDetails(
        incident=saved, identity="anonymous", relation="staff", category="poor_care"
    ),
}


@dataclass
class Everything:
    """The cast, and one or more of each kind of thing."""

    world: Cast
    incidents: dict[Stream, Incident] = field(default_factory=dict)
    visit: Visit = field(init=False)
    concern: SignificantConcern = field(init=False)
    view: View = field(init=False)
    alerts: list[Alert] = field(default_factory=list)
    links: list[UUID] = field(default_factory=list)
    duties: list[UUID] = field(default_factory=list)


def record(world: Cast, by: User, stream: Stream, source: str) -> Incident:
    """A record about Rowan at Elm House."""
    now = world.now
    with acting_as(by.pk, now):
        return recording.save_record(
            new=recording.NewRecord(
                home=world.elm,
                stream=stream,
                occurred_at=now - timedelta(hours=3),
                known_at=now - timedelta(hours=2),
                source=source,
                by_provider=source == "home",
                narrative="A was found outside.",
                children=[recording.ChildPart(child=world.rowan)],
            ),
            details=DETAILS[stream],
            duties=[
                recording.DutyOwed(
                    code="reg40.ofsted",
                    version=1,
                    who="Ofsted",
                    organisation=world.organisations["ofsted"],
                    legal_basis="reg 40(4)",
                    without_delay=True,
                    due_at=now + timedelta(hours=24),
                )
            ]
            if stream == Stream.REG40
            else [],
            by=by.pk,
            now=now,
        )


@pytest.fixture
def everything(db: None) -> Iterator[Everything]:
    token = outbox.prompts.set(False)
    with owner():
        world = cast.build(clock.now() - timedelta(minutes=5))
    found = Everything(world)
    for stream, person, source in (
        (Stream.REG40, world.asha, "home"),
        (Stream.LADO, world.ines, "lado"),
        (Stream.HOSPITAL, world.lee, "hospital"),
        (Stream.WHISTLEBLOWING, world.mo, "whistleblower"),
        (Stream.COMPLAINT, world.fran, "placing_authority"),
    ):
        found.incidents[stream] = record(world, person, stream, source)
    _visited(found)
    with worker():
        relay.drain(now=world.now)
    with owner():
        found.alerts = list(Alert.objects.all())
        found.links = list(MatterLink.objects.values_list("pk", flat=True))
        found.duties = list(Duty.objects.values_list("pk", flat=True))
    yield found
    outbox.prompts.reset(token)


def _visited(found: Everything) -> None:
    world, now = found.world, found.world.now
    efe = world.efe.pk
    with acting_as(efe, now):
        found.visit = visiting.record_visit(
            new=visiting.NewVisit(home=world.elm, visited_on=now.date() - timedelta(days=1)), by=efe, now=now
        )
        visiting.file_report(
            new=visiting.NewReport(
                visit=found.visit,
                safeguarded="partly",
                safeguarded_reasons="Nights are thinly staffed.",
                well_being="yes",
                well_being_reasons="Children go out each day.",
            ),
            by=efe,
            now=now,
        )
        found.concern = visiting.raise_significant_concern(
            new=visiting.NewConcern(home=world.elm, what="Locked doors at night."), by=efe, now=now
        )
    asha = world.asha.pk
    with acting_as(asha, now):
        found.view = hearing.record_view(
            new=hearing.NewView(
                child=world.rowan,
                home=world.elm,
                said_at=now - timedelta(hours=1),
                method="speech",
                words="Knock before you come in.",
                heard_by="Asha Rahman",
            ),
            by=asha,
            now=now,
        )

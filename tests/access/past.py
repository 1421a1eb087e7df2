"""A past of Elm House for tests of who may see what: what the home recorded, and what only others know."""

from datetime import timedelta

from events import outbox, relay
from events.context import acting_as
from homes.models import Child, User
from incidents.complaints.actions import Complaint, record_complaint
from incidents.hospital.actions import Attendance, record_attendance
from incidents.lado.actions import Referral, record_referral
from incidents.record.actions import ChildPart
from incidents.record.happening import Happening
from incidents.record.models import Incident
from incidents.reg40.actions import Notification, record_notification
from incidents.whistleblowing.actions import Disclosure, record_disclosure
from tests.cast import Cast
from tests.conftest import worker
from tests.oversight.visits import world as visits
from voice.heard import actions as voice


def settle(world: Cast) -> None:
    """Handle all that happened, as the worker does: standings, months, alerts, matters."""
    with worker():
        relay.drain(now=world.now)


def happening(world: Cast, days: float, child: Child | None = None, **more: object) -> Happening:
    at = world.now - timedelta(days=days)
    children = [ChildPart(child=child or world.rowan)]
    return Happening(home=world.elm, occurred_at=at, known_at=at, children=children, **more)  # type: ignore[arg-type]


def by(user: User, world: Cast) -> dict[str, object]:
    return {"by": user.pk, "now": world.now}


def own(world: Cast) -> None:
    """What the home recorded itself, a visit with its report, what a child told its staff."""
    asha, now = world.asha.pk, world.now
    with acting_as(asha, now):
        for days in (3, 40, 200):
            told = happening(world, days, narrative="Rowan fell.", severity=3)
            record_notification(notification=Notification(happening=told, event="40(4)(e)"), by=asha, now=now)
        record_referral(
            referral=Referral(happening=happening(world, 30, adults=[world.worker]), limbs=["harmed"]),
            by=asha,
            now=now,
        )
        record_attendance(
            attendance=Attendance(happening=happening(world, 20, world.sky), attendance="ed"),
            by=asha,
            now=now,
        )
        record_complaint(
            complaint=Complaint(happening=happening(world, 60), complaint_type="parent"), by=asha, now=now
        )
        voice.record_view(new=_said(world, "More football."), by=asha, now=now)
    visits.report(world)
    settle(world)


def _said(world: Cast, words: str) -> voice.NewView:
    return voice.NewView(
        child=world.rowan,
        home=world.elm,
        said_at=world.now - timedelta(days=2),
        method="speech",
        words=words,
        heard_by="a helper",
    )


def disclosed(world: Cast, days: float = 6) -> Incident:
    """A disclosure that the regulator received."""
    with acting_as(world.mo.pk, world.now):
        return record_disclosure(
            disclosure=Disclosure(
                happening=happening(world, days, narrative="Nights are not safe."),
                identity="anonymous",
                relation="staff",
                category="poor_care",
            ),
            by=world.mo.pk,
            now=world.now,
        )


def attended(world: Cast, days: float = 90, child: Child | None = None) -> Incident:
    """A hospital's own record, near no notice of the home's unless days say so."""
    with acting_as(world.lee.pk, world.now):
        return record_attendance(
            attendance=Attendance(
                happening=happening(world, days, child, narrative="A burn."), attendance="ed"
            ),
            by=world.lee.pk,
            now=world.now,
        )


def complained(world: Cast, days: float = 70) -> Incident:
    """A placing authority's complaint that was not addressed to the home."""
    with acting_as(world.fran.pk, world.now):
        return record_complaint(
            complaint=Complaint(happening=happening(world, days), complaint_type="placing_authority"),
            by=world.fran.pk,
            now=world.now,
        )


def referred(world: Cast, days: float = 110) -> Incident:
    """A referral that reached the LADO from outside."""
    with acting_as(world.ines.pk, world.now):
        return record_referral(
            referral=Referral(
                happening=happening(world, days, adults=[world.worker], narrative="Pushed."), limbs=["harmed"]
            ),
            by=world.ines.pk,
            now=world.now,
        )


def told_outside(world: Cast) -> None:
    """What a child told an advocate."""
    with acting_as(world.ola.pk, world.now):
        voice.record_view(new=_said(world, "They shout."), by=world.ola.pk, now=world.now)


def quiet_outbox() -> None:
    outbox.prompts.set(False)

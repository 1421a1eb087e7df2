"""A past of Elm House for tests of who may see what: what the home recorded, and what only others know."""

from datetime import timedelta

from events import outbox, relay
from events.context import acting_as
from homes.models import Child, Home, Person, Placement, Post, User
from incidents.complaints.actions import Complaint, record_complaint
from incidents.hospital.actions import Attendance, record_attendance
from incidents.lado.actions import Referral, record_referral
from incidents.record.actions import ChildPart
from incidents.record.happening import Happening
from incidents.record.models import Incident
from incidents.reg40.actions import Notification, record_notification
from incidents.whistleblowing.actions import Disclosure, record_disclosure
from tests.cast import Cast
from tests.conftest import owner, worker
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


def wider(world: Cast) -> Home:
    """A deputy at Elm, a home of the same provider that closed with its records holder, a LADO from elsewhere.

    Elm and Oak are watched, so that the engine looks at them. Call it as the owner, before anything is recorded.
    """
    start = world.now - timedelta(days=1200)
    Home.objects.update(opened_on=start.date(), watched_from=start.date() + timedelta(days=300))
    for home in (world.elm, world.oak):
        home.refresh_from_db()
    fir = Home.objects.create(
        urn="DEMO003", name="Fir House", provider=world.organisations["alder"], places=3, town="Calderbrook",
        host_authority=world.organisations["calderbrook"], icb=world.organisations["icb"], opened_on=start.date(),
    )  # fmt: skip
    for name, role, organisation, place in (
        ("una", "deputy_manager", "alder", world.elm),
        ("gus", "registered_manager", "alder", fir),
        ("vera", "records_holder", "alder", fir),
        ("ivy", "lado", "northmoor", None),
    ):
        person = Person.objects.create(name=f"{name.title()} Field")
        user = User.objects.create(
            id=person.pk, person=person, username=name, email=f"{name}@cast.example", joined_at=start
        )
        world.people[name] = user
        body = world.organisations[organisation]
        Post.objects.create(user=user, role=role, organisation=body, home=place, starts_at=start)
    Placement.objects.create(
        child=world.rowan, home=fir, placing_authority=world.organisations["northmoor"], starts_at=start,
        ends_at=world.now - timedelta(days=11),
    )  # fmt: skip
    return fir


def closed(world: Cast, fir: Home) -> None:
    """What was recorded at Fir House while it was open; then it closed."""
    now = world.now
    world.now = now - timedelta(days=60)
    with acting_as(world.gus.pk, world.now):
        told = Happening(
            home=fir, occurred_at=world.now, known_at=world.now, narrative="A window broke.",
            children=[ChildPart(child=world.rowan)],
        )  # fmt: skip
        record_notification(
            notification=Notification(happening=told, event="40(4)(e)"), by=world.gus.pk, now=world.now
        )
    settle(world)
    world.now = now
    with owner():
        Home.objects.filter(pk=fir.pk).update(closed_on=(now - timedelta(days=10)).date())
        fir.refresh_from_db()


def quiet_outbox() -> None:
    outbox.prompts.set(False)

"""A past made by hand for the cast's Elm House, so that pages can be looked at without engine or handlers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from events.identity import new_id
from homes.models import Home, User
from incidents.record.models import Duty, Incident
from oversight.escalation.models import Acknowledgement, Alert, Branch, Escalation, Step
from oversight.risk.models import Assessment, HomeMonth
from oversight.visits.models import Visit, VisitReport
from tests.cast import Cast
from voice.heard.models import View

PARTS = [
    {"stream": "lado", "seen": 6, "expected": 1.1, "contribution": 3.9, "shown": 3.9},
    {"stream": "whistleblowing", "seen": 2, "expected": 0.1, "contribution": 2.4, "shown": 2.4},
    {"stream": "complaint", "seen": 3, "expected": 0.6, "contribution": 1.2, "shown": 1.2},
    {"stream": "hospital", "seen": 1, "expected": 1.6, "contribution": -0.3, "shown": -0.3},
]
#: The provider's picture holds no disclosure: none seen.
OWN_PARTS = [
    {**part, "seen": 0, "contribution": 0.2} if part["stream"] == "whistleblowing" else part for part in PARTS
]


def record(
    cast: Cast,
    home: Home,
    by: User,
    stream: str,
    occurred: datetime,
    *,
    told: bool,
    severity: int = 3,
    **options: Any,
) -> Incident:
    """A record, not yet saved; its reference is its key."""
    key = new_id()
    return Incident(
        id=key,
        reference=f"T-{key.hex[-12:]}",
        home=home,
        stream=stream,
        occurred_at=occurred,
        known_at=occurred,
        recorded_at=occurred,
        source="home" if told else "hospital",
        severity=severity,
        recorded_by_id=by.pk,
        by_provider=told,
        **options,
    )


def records(cast: Cast, count: int, *, home: Home | None = None) -> None:
    """``count`` records of the home's own, spread over three years in all streams it may record."""
    streams = ("reg40", "lado", "complaint", "hospital")
    start = cast.now - timedelta(days=1000)
    step = timedelta(days=990) / max(count, 1)
    Incident.objects.bulk_create(
        record(
            cast, home or cast.elm, cast.asha, streams[n % 4], start + step * n, told=True, severity=n % 5 + 1
        )
        for n in range(count)
    )


def from_outside(cast: Cast) -> None:
    """Whistleblowing, a hospital referral nobody shared, what a child told an advocate, and what all that moved."""
    when = cast.now - timedelta(days=20)
    Incident.objects.bulk_create(
        [
            record(cast, cast.elm, cast.mo, "whistleblowing", when, told=False, severity=4),
            record(cast, cast.elm, cast.lee, "hospital", when, told=False, child_ids=[cast.rowan.pk]),
        ]
    )
    view(cast, cast.ola, "I do not like nights", told=False)
    alert(cast, picture="overseers", pattern="staff_conduct", tier="escalate")
    assessment(cast, "overseers", 8.2)
    month = cast.now.date().replace(day=1)
    for stream in ("whistleblowing", "hospital"):
        HomeMonth.objects.create(picture="overseers", home=cast.elm, month_on=month, stream=stream, outside=1)


def view(cast: Cast, by: User, words: str, *, told: bool) -> View:
    return View.objects.create(
        child=cast.rowan,
        home=cast.elm,
        said_at=cast.now - timedelta(days=9),
        recorded_at=cast.now - timedelta(days=9),
        method="speech",
        words=words,
        heard_by="a helper",
        heard_from_outside=not told,
        recorded_by_id=by.pk,
        by_provider=told,
    )


def alert(
    cast: Cast,
    *,
    picture: str,
    pattern: str,
    tier: str,
    kind: str = "change",
    home: Home | None = None,
    answered_by: User | None = None,
    told: tuple[str, ...] = ("northmoor", "ofsted"),
) -> Alert:
    """An alert two weeks old with a waiting branch for each organisation told, or one answer."""
    place = home or cast.elm
    opened = cast.now - timedelta(days=14)
    made = Alert.objects.create(
        reference=f"ALT-{new_id().hex[-8:]}",
        picture=picture,
        scope="home",
        home=place,
        provider=place.provider,
        kind=kind,
        pattern=pattern,
        tier=tier,
        told_ids=[cast.organisations[key].pk for key in told],
        opened_at=opened,
        raised_on=opened.date(),
        began_on=opened.date() - timedelta(days=80),
        score=7.8,
        bar=7.35,
        explanation={"pattern": pattern, "parts": PARTS if picture == "overseers" else OWN_PARTS},
    )
    escalation = Escalation.objects.create(
        alert=made, tier=tier, policy={}, opened_at=opened, pattern=pattern, raised_on=opened.date()
    )
    for place_in_line, key in enumerate(told):
        branch = Branch.objects.create(
            alert=made,
            escalation=escalation,
            organisation=cast.organisations[key],
            desk="duty",
            due_at=opened + timedelta(days=2),
        )
        Step.objects.create(
            alert=made,
            branch=branch,
            organisation=branch.organisation,
            number=1,
            desk="duty",
            opened_at=opened,
            due_at=branch.due_at,
        )
        if answered_by is not None and place_in_line == 0:
            Acknowledgement.objects.create(
                alert=made,
                branch=branch,
                by_id=answered_by.pk,
                organisation=branch.organisation,
                post="inspector",
                at=opened + timedelta(days=1),
                decide_by=opened + timedelta(days=15),
            )
            Branch.objects.filter(pk=branch.pk).update(state="acknowledged")
    return made


def answer(cast: Cast, branch: Branch, by: User, at: datetime) -> None:
    Acknowledgement.objects.create(
        alert=branch.alert,
        branch=branch,
        by_id=by.pk,
        organisation=branch.organisation,
        post="inspector",
        at=at,
        decide_by=at + timedelta(days=14),
    )
    Branch.objects.filter(pk=branch.pk).update(state="acknowledged")


def assessment(cast: Cast, picture: str, score: float, home: Home | None = None) -> Assessment:
    place = home or cast.elm
    return Assessment.objects.create(
        picture=picture,
        home=place,
        provider=place.provider,
        as_of=cast.now,
        assessed_on=cast.now.date(),
        engine_version="1.0.0",
        parameters="0" * 16,
        score=score,
        tier="escalate" if score > 7.35 else "",
        explanation={},
    )


def visit(cast: Cast, on: date, opinion: str = "yes") -> Visit:
    made = Visit.objects.create(
        home=cast.elm, visitor_id=cast.efe.pk, visited_on=on, recorded_at=cast.now - timedelta(days=1)
    )
    VisitReport.objects.create(
        visit=made,
        home=cast.elm,
        reference=f"V44-{new_id().hex[-8:]}",
        filed_at=cast.now - timedelta(days=1),
        filed_by_id=cast.efe.pk,
        safeguarded=opinion,
        safeguarded_reasons="seen and heard",
        well_being="yes",
        well_being_reasons="seen and heard",
    )
    return made


def owed_duty(cast: Cast, who: str, due_at: datetime) -> Duty:
    incident = record(cast, cast.elm, cast.asha, "reg40", cast.now - timedelta(days=3), told=True)
    incident.save(force_insert=True)
    return Duty.objects.create(
        incident=incident,
        home=cast.elm,
        provider_sees=True,
        code="test",
        who=who,
        legal_basis="Reg 40(4)",
        due_at=due_at,
    )


def settle() -> None:
    """Check what the database would check at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


@dataclass(frozen=True)
class Months:
    """Thirteen months of counts."""

    told: int
    outside: int = 0


def months(cast: Cast, home: Home, picture: str, streams: dict[str, Months]) -> None:
    year, month = cast.now.year, cast.now.month
    for back in range(13):
        index = year * 12 + month - 1 - back
        first = date(index // 12, index % 12 + 1, 1)
        HomeMonth.objects.bulk_create(
            HomeMonth(
                picture=picture,
                home=home,
                month_on=first,
                stream=stream,
                told=found.told,
                outside=found.outside,
            )
            for stream, found in streams.items()
        )

"""What an action refuses whoever calls it, and what Ofsted's text says."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from events.context import acting_as
from incidents.complaints.actions import Complaint, record_complaint
from incidents.hospital.actions import Attendance, record_attendance
from incidents.lado.actions import Referral, record_referral
from incidents.models import Duty, Incident
from incidents.record.actions import AlreadyRecordedError, ChildPart
from incidents.record.happening import CannotRecordError, Happening
from incidents.reg40.actions import Notification, record_notification, record_ofsted_form
from incidents.reg40.ofsted_text import text_for_ofsted
from incidents.whistleblowing.actions import Disclosure, record_disclosure
from tests import cast
from tests.conftest import owner

pytestmark = pytest.mark.django_db


def happening(world: cast.Cast, **more: Any) -> Happening:
    base: dict[str, Any] = {
        "home": world.elm,
        "occurred_at": world.now - timedelta(hours=2),
        "known_at": world.now - timedelta(hours=1),
        "narrative": "[A] fell.",
        "children": [ChildPart(child=world.rowan)],
    }
    return Happening(**(base | more))


def notification(world: cast.Cast, **more: Any) -> Notification:
    return replace(
        Notification(happening=happening(world), event="40(4)(e)", action_taken="[A] was comforted."), **more
    )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"occurred_at": timedelta(hours=1)}, "occurred_at"),
        ({"known_at": timedelta(hours=1)}, "known_at"),
        ({"known_at": timedelta(hours=-3)}, "known_at"),
    ],
)
def test_times_that_cannot_be(world: cast.Cast, more: dict[str, timedelta], field: str) -> None:
    times = {name: world.now + length for name, length in more.items()}
    with pytest.raises(CannotRecordError) as refused:
        happening(world, **times).check(world.now)
    assert refused.value.field == field


def test_severity_has_five_steps(world: cast.Cast) -> None:
    with pytest.raises(CannotRecordError, match="1 to 5"):
        happening(world, severity=6).check(world.now)


def test_an_unknown_choice_is_refused_in_every_stream(world: cast.Cast) -> None:
    so = happening(world)
    now, asha, mo = world.now, world.asha.pk, world.mo.pk
    with acting_as(asha, now):
        with pytest.raises(CannotRecordError):
            record_notification(notification=notification(world, event="40(2)"), by=asha, now=now)
        with pytest.raises(CannotRecordError):
            record_referral(referral=Referral(happening=so, limbs=[]), by=asha, now=now)
        with pytest.raises(CannotRecordError, match="each person apart"):
            record_referral(referral=Referral(happening=so, limbs=["risk"]), by=asha, now=now)
        with pytest.raises(CannotRecordError):
            record_complaint(complaint=Complaint(happening=so, complaint_type="x"), by=asha, now=now)
        with pytest.raises(CannotRecordError):
            record_attendance(attendance=Attendance(happening=so, attendance="x"), by=asha, now=now)
        with pytest.raises(CannotRecordError):
            record_attendance(
                attendance=Attendance(happening=so, attendance="ed", explanation="x"), by=asha, now=now
            )
        nobody = happening(world, children=[])
        with pytest.raises(CannotRecordError):
            record_attendance(attendance=Attendance(happening=nobody, attendance="ed"), by=asha, now=now)
    with acting_as(mo, now), pytest.raises(CannotRecordError):
        record_disclosure(
            disclosure=Disclosure(happening=so, identity="x", relation="staff", category="breach"),
            by=mo,
            now=now,
        )
    with owner():
        assert not Incident.objects.exists()


def test_the_same_account_is_recorded_once(world: cast.Cast) -> None:
    told = notification(world)
    with acting_as(world.asha.pk, world.now):
        record_notification(notification=told, by=world.asha.pk, now=world.now)
        with pytest.raises(AlreadyRecordedError):
            record_notification(notification=told, by=world.asha.pk, now=world.now)


def test_the_text_for_ofsted_names_nobody(world: cast.Cast) -> None:
    told = notification(
        world,
        event="40(4)(d)(ii)",
        happening=happening(world, occurred_about=True, adults=[world.worker]),
        enquiry_outcome="Nothing more to do for [A].",
        concludes_reference="SI-1",
        relevant_persons=["placing_authority"],
    )
    with acting_as(world.asha.pk, world.now):
        incident = record_notification(notification=told, by=world.asha.pk, now=world.now)
        text = text_for_ofsted(Incident.objects.get(pk=incident.pk))
    assert "URN: DEMO001" in text
    assert "RH fell." in text
    assert "RH was comforted." in text
    assert "Outcome of the enquiry: Nothing more to do for RH." in text
    assert "Reference of the earlier notification: SI-1" in text
    assert "- Northmoor Council, who placed the child" in text
    assert incident.reference in text
    for name in ("Rowan", "Hill", "Wes", "Carter", "- Ofsted"):
        assert name not in text


def test_ofsteds_form_has_a_reference(world: cast.Cast) -> None:
    with acting_as(world.asha.pk, world.now):
        record_notification(notification=notification(world), by=world.asha.pk, now=world.now)
        with pytest.raises(CannotRecordError, match="reference"):
            record_ofsted_form(
                duty=Duty.objects.get(code="serious_ofsted"),
                reference="",
                at=world.now,
                by=world.asha.pk,
                now=world.now,
            )

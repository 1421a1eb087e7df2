"""Words that stand in every name and text of a home's past, looked for where no page is: e-mails, caches, the queue."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from django.test import Client
from pytest_django import Settings

from events import relay
from events.context import acting_as
from hesley_hub.settings import _cache_location
from homes.models import Adult, Child, Person
from incidents.complaints.actions import Complaint, record_complaint
from incidents.hospital.actions import Attendance, record_attendance
from incidents.lado.actions import Referral, record_referral
from incidents.record.actions import ChildPart, share_with_provider
from incidents.record.models import Incident
from incidents.reg40.actions import Notification, record_notification
from incidents.whistleblowing.actions import Disclosure, record_disclosure
from oversight.escalation import climbing, delivering
from oversight.escalation.channels.email.sending import Outgoing
from oversight.escalation.models import Alert, OperatorAlarm
from tests import cast
from tests.access import past
from tests.access.serving import served, signed_in
from tests.cast import Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.test_delivering import Sink
from tests.oversight.visits import world as visits
from voice.heard import actions as voice

pytestmark = pytest.mark.django_db

KINDS = (
    "child", "adult", "person", "narrative", "account", "action", "wanted", "why", "view", "report", "concern"
)  # fmt: skip
WORDS = {kind: f"zq{kind}{number:02}zq" for number, kind in enumerate(KINDS)}


def named(world: Cast) -> None:
    """Canaries in the names of children, adults and people."""
    with owner():
        for child in Child.objects.all():
            Child.objects.filter(pk=child.pk).update(name=f"{child.name} {WORDS['child']}")
        Adult.objects.update(name=f"Wes {WORDS['adult']}")
        for person in Person.objects.all():
            Person.objects.filter(pk=person.pk).update(name=f"{person.name} {WORDS['person']}")


def recorded(world: Cast) -> list[Incident]:
    """One record of each stream, with what alarms people most; a view, a report and a concern."""
    told = replace(
        past.happening(world, 1, narrative=f"It was {WORDS['narrative']}.", severity=5),
        children=[ChildPart(child=world.rowan, account=WORDS["account"])],
    )
    allegation = past.happening(world, 2, narrative=WORDS["narrative"], severity=4, adults=[world.worker])
    asha, mo, lee, fran = world.asha.pk, world.mo.pk, world.lee.pk, world.fran.pk
    with acting_as(asha, world.now):
        death = Notification(happening=told, event="40(4)(a)", action_taken=WORDS["action"])
        found = [
            record_notification(notification=death, by=asha, now=world.now),
            record_referral(
                referral=Referral(happening=allegation, limbs=["harmed"]), by=asha, now=world.now
            ),
        ]
    with acting_as(mo, world.now):
        heard = Disclosure(happening=told, identity="anonymous", relation="staff", category="poor_care")
        found.append(record_disclosure(disclosure=heard, by=mo, now=world.now))
    with acting_as(lee, world.now):
        found.append(
            record_attendance(attendance=Attendance(happening=told, attendance="ed"), by=lee, now=world.now)
        )
    with acting_as(fran, world.now):
        complaint = Complaint(happening=told, complaint_type="placing_authority", wanted=WORDS["wanted"])
        found.append(record_complaint(complaint=complaint, by=fran, now=world.now))
        share_with_provider(incident=found[-1], why=WORDS["why"], by=fran, now=world.now)
    with acting_as(asha, world.now):
        said = voice.NewView(
            child=world.rowan, home=world.elm, said_at=world.now - timedelta(hours=5), method="speech",
            words=WORDS["view"], heard_by="a helper", feels_unsafe=True,
        )  # fmt: skip
        voice.record_view(new=said, by=asha, now=world.now)
    visits.report(world, safeguarded="no", safeguarded_reasons=WORDS["report"])
    visits.concern(world, what=WORDS["concern"])
    return found


def mailed(world: Cast, days: tuple[float, ...]) -> list[Outgoing]:
    """Every e-mail that the past gives rise to, while nobody answers: told, climbed, told again."""
    sink = Sink()
    for day in days:
        now = world.now + timedelta(days=day)
        with worker():
            relay.drain(now=now)
            climbing.climb(now=now)
            relay.drain(now=now)
            delivering.deliver_all(now=now, send=sink)
    return sink.got


def in_valkey(address: str) -> str:
    """Every key of the test session's Valkey with its value, whatever its kind."""
    server = redis.Redis.from_url(address)
    found = []
    for key in server.scan_iter(count=1000):
        found += [key, server.dump(key) or b""]
    return b"\n".join(found).decode("latin-1")


@pytest.fixture
def world(db: None) -> Cast:
    past.quiet_outbox()
    with owner():
        built = cast.build()
    named(built)
    return built


def test_no_email_holds_a_name_or_a_text(world: Cast) -> None:
    records = recorded(world)
    mails = mailed(world, (0, 1, 3, 8))
    told = {mail.address.partition("@")[2] for mail in mails}
    assert {
        "ofsted.example", "northmoor.example", "eastvale.example", "calderbrook.example", "alder.example"
    } <= told  # fmt: skip
    with owner():
        assert Alert.objects.count() >= 3
        assert not OperatorAlarm.objects.exists()
    page = served(signed_in(world.mo), f"/incidents/{records[0].reference}/").text
    assert WORDS["narrative"] in page  # the canary sings where it may
    found = [
        (mail.address, kind) for mail in mails for kind, word in WORDS.items() if word in str(vars(mail))
    ]
    assert found == []


def test_neither_cache_nor_queue_keeps_a_name_or_a_text(world: Cast, settings: Settings) -> None:
    address = _cache_location(os.environ["REDIS_URL"])
    backend = "hesley_hub.sign_in.cache.SharedCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": address}}
    records = recorded(world)
    mailed(world, (0, 1))
    for name in ("asha", "mo", "fran", "efe"):
        client = signed_in(world.people[name])
        for path in (
            "",
            "homes/DEMO001/",
            f"children/{world.rowan.pk}/",
            f"incidents/{records[-1].reference}/",
        ):
            assert served(client, f"/{path}").status in (200, 404)
    tried = Client()
    for _ in range(3):
        tried.post("/sign-in/", {"login": "asha", "password": f"no {WORDS['child']}"})
    kept = in_valkey(address)
    assert "failed" in kept  # the tries were counted there
    assert [kind for kind, word in WORDS.items() if word in kept] == []

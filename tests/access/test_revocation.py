"""When a right ends, the next request, an open link to a PDF and an e-mail in the queue are refused."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from events import clock
from homes.models import Appointment, HomeGrant, Placement, Post, User
from oversight.escalation import delivering
from oversight.escalation.models import Attempt, Delivery
from tests import cast
from tests.access import past
from tests.access.serving import signed_in
from tests.cast import Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import opened
from tests.oversight.escalation.test_delivering import Sink


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    held = clock.now().replace(microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: held)
    return held


@pytest.fixture
def world(db: None, now: datetime) -> Cast:
    with owner():
        return cast.build(now)


def grant(world: Cast) -> HomeGrant:
    with owner():
        made = HomeGrant(
            user=world.cerys,
            content_object=world.elm,
            permission=Permission.objects.filter(content_type__model="home").first(),
            picture="provider",
            starts_at=world.now - timedelta(hours=1),
            ends_at=world.now + timedelta(hours=1),
            reason="cover",
            granted_by_id=world.quin.pk,
        )
        made.save(force_insert=True)
        return made


def post_ends(world: Cast) -> User:
    Post.objects.filter(user=world.asha).update(ends_at=world.now)
    return world.asha


def placement_ends(world: Cast) -> User:
    Placement.objects.filter(child=world.rowan).update(ends_at=world.now)
    return world.fran


def account_closes(world: Cast) -> User:
    User.objects.filter(pk=world.mo.pk).update(is_active=False)
    return world.mo


def appointment_ends(world: Cast) -> User:
    Appointment.objects.filter(user=world.efe).update(ends_at=world.now)
    return world.efe


def grant_ends(world: Cast) -> User:
    HomeGrant.objects.update(ends_at=world.now)
    return world.cerys


def answers(client: Client, links: list[str]) -> list[int]:
    return [client.get(link).status_code for link in links]


@pytest.mark.parametrize("ends", [post_ends, placement_ends, account_closes, appointment_ends, grant_ends])
def test_the_next_request_and_the_open_pdf_are_refused(
    world: Cast, ends: Callable[[Cast], User], now: datetime
) -> None:
    record = past.complained(world)
    with owner():
        type(record).objects.filter(pk=record.pk).update(
            shared_with_provider_at=now, shared_with_provider_by_id=world.fran.pk
        )
    grant(world)
    page, home = f"/incidents/{record.reference}/", "/homes/DEMO001/"
    links = [page, f"/incidents/{record.reference}/pdf", home, "/api/v1/homes/DEMO001/timeline/"]
    who = {
        post_ends: world.asha,
        placement_ends: world.fran,
        account_closes: world.mo,
        appointment_ends: world.efe,
        grant_ends: world.cerys,
    }[ends]
    client = signed_in(who)
    assert answers(client, links) == [200, 200, 200, 200]
    with owner():
        assert ends(world) == who
    refused = [302, 302, 302, 401] if ends is account_closes else [404, 404, 404, 404]
    assert answers(client, links) == refused


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("left", [True, False])
def test_an_email_in_the_queue_is_withheld_once_its_reason_is_gone(now: datetime, left: bool) -> None:
    with owner():
        world = cast.build(now)
    opened(world, tier="escalate")
    later = now + timedelta(hours=1)
    if left:
        with owner():
            Placement.objects.filter(child=world.sky).update(ends_at=now + timedelta(minutes=30))
    sink = Sink()
    with worker():
        delivering.deliver_all(now=later, send=sink)
    with owner():
        theirs = Delivery.objects.filter(organisation=world.organisations["eastvale"])
        assert theirs.exists()
        assert set(theirs.values_list("state", flat=True)) == ({"dead"} if left else {"sent"})
        results = set(Attempt.objects.filter(delivery__in=theirs).values_list("result", flat=True))
        others = Delivery.objects.exclude(organisation=world.organisations["eastvale"])
        assert set(others.values_list("state", flat=True)) == {"sent"}
    assert results == ({delivering.WITHHELD} if left else {"sent"})
    addresses = {mail.address for mail in sink.got}
    assert addresses
    assert any("eastvale" in address for address in addresses) is not left

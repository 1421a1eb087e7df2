"""When a right ends, the next request, an open link to a PDF and an e-mail in the queue are refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from events import clock
from events.context import acting_as
from homes import tokens
from homes.models import Appointment, ChildRelation, DutyMailbox, HomeGrant, Invitation, Placement, Post, User
from homes.people.actions import bring_in, close_account, token_of
from oversight.escalation import claiming, delivering
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


def tie_ends(world: Cast) -> User:
    ChildRelation.objects.filter(user=world.hal).update(ends_at=world.now)
    return world.hal


#: What ends, and whose right ends with it.
ENDS: dict[Callable[[Cast], User], str] = {
    post_ends: "asha",
    placement_ends: "fran",
    account_closes: "mo",
    appointment_ends: "efe",
    grant_ends: "cerys",
    tie_ends: "hal",
}


@dataclass
class Ways:
    """Every way by which somebody reads: two open sessions, a token of the API, and what a browser kept."""

    sessions: list[Client]
    token: str
    links: list[str]
    kept: dict[str, dict[str, str]] = field(default_factory=dict)

    def answers(self) -> set[int]:
        """The status of every link by every way; what came with an answer is sent back with the next request."""
        found = set()
        for link in self.links:
            for client in self.sessions:
                answer = client.get(link, headers=self.kept.get(link, {}))
                found.add(answer.status_code)
                if answer.status_code == 200:
                    assert "no-store" in answer.headers["Cache-Control"], link
                    self.kept[link] = _conditions(answer)
            if link.startswith("/api/"):
                bearer = {"Authorization": f"Bearer {self.token}"} | self.kept.get(link, {})
                found.add(Client().get(link, headers=bearer).status_code)
        return found


def _conditions(answer: Any) -> dict[str, str]:
    """What a browser asks with, so that an answer it keeps need not be sent again."""
    pairs = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
    return {asked: answer.headers[name] for name, asked in pairs.items() if name in answer.headers}


def ways(world: Cast, user: User, now: datetime) -> Ways:
    """To a record that was shared, its PDF, the home, its lists and its API."""
    record = past.complained(world)
    with owner():
        type(record).objects.filter(pk=record.pk).update(
            shared_with_provider_at=now, shared_with_provider_by_id=world.fran.pk
        )
        secret = tokens.make(user=user, days=1, by="test", now=now)
    page = f"/incidents/{record.reference}/"
    links = [
        *(page, f"{page}pdf", "/homes/DEMO001/", "/homes/DEMO001/records/", "/homes/DEMO001/children/"),
        *(f"/children/{world.rowan.pk}/", "/api/v1/homes/DEMO001/timeline/", f"/api/v1{page}"),
    ]
    return Ways([signed_in(user), signed_in(user)], secret, links)


@pytest.mark.parametrize("ends", ENDS, ids=lambda ends: ends.__name__)
def test_every_open_way_is_refused_at_the_next_request(
    world: Cast, ends: Callable[[Cast], User], now: datetime
) -> None:
    grant(world)
    open_ways = ways(world, world.people[ENDS[ends]], now)
    assert open_ways.answers() == {200}
    assert open_ways.answers() == {200}  # asked again with what the browser kept
    with owner():
        ends(world)
    refused = {302, 401} if ends is account_closes else {404}
    assert open_ways.answers() == refused


@pytest.mark.parametrize(
    "ends", [one for one in ENDS if one is not account_closes], ids=lambda one: one.__name__
)
def test_a_right_that_runs_out_needs_nobody_to_end_it(
    world: Cast, ends: Callable[[Cast], User], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant(world)
    open_ways = ways(world, world.people[ENDS[ends]], now)
    soon = now + timedelta(minutes=10)
    world.now = soon
    with owner():
        ends(world)  # it is known beforehand when
    assert open_ways.answers() == {200}
    monkeypatch.setattr(clock, "now", lambda: soon - timedelta(microseconds=1))
    assert open_ways.answers() == {200}
    monkeypatch.setattr(clock, "now", lambda: soon)
    assert open_ways.answers() == {404}


def test_a_closed_account_cannot_be_opened_by_a_link_that_waits_in_the_post(
    world: Cast, now: datetime
) -> None:
    with acting_as(world.dan.pk, now):
        post = bring_in(
            name="Una Field", email="una@cast.example", role="staff", organisation=world.organisations["alder"],
            home=world.elm, starts_at=now, ends_at=None, by=world.dan.pk, now=now,
        )  # fmt: skip
        link = f"/sign-in/invited/{token_of(Invitation.objects.get().pk)}/"
    assert Client().get(link).status_code == 200
    with acting_as(world.dan.pk, now):
        close_account(user=post.user, by=world.dan.pk, now=now)
    assert Client().get(link).status_code != 200


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
    assert results == ({claiming.WITHHELD} if left else {"sent"})
    addresses = {mail.address for mail in sink.got}
    assert addresses
    assert any("eastvale" in address for address in addresses) is not left
    with owner():  # to desks, never to a person: nobody's post, account or grant is a reason to be told
        assert addresses <= set(DutyMailbox.objects.values_list("email", flat=True))

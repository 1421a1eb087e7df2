"""Joining, moving, leaving, two people for a mailbox, and glass that mends itself."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, connection, transaction

from events.context import acting_as
from events.models import Event
from hesley_hub.sign_in import telling
from homes import tokens
from homes.access import NotAllowedError, pictures
from homes.models import (
    AccessHome,
    DutyMailbox,
    Home,
    HomeGrant,
    Invitation,
    MailboxChange,
    Post,
    User,
)
from homes.people import actions, facts, queries
from homes.people.actions import NotPossibleError
from homes.roles import Picture
from incidents.hospital.actions import Attendance, record_attendance
from incidents.models import Incident
from incidents.record import rights
from incidents.record.actions import ChildPart
from incidents.record.happening import Happening
from oversight.escalation.models import Delivery
from tests import cast
from tests.cast import NOW, Cast
from tests.conftest import owner, worker

pytestmark = pytest.mark.django_db
REASON = "A neighbour rang: a child is screaming"


@pytest.fixture
def world() -> Cast:
    with owner():
        return cast.build()


def _bring_in(world: Cast, by: User, **changes: Any) -> Post:
    asked: dict[str, Any] = {
        "name": "Una Field",
        "email": "Una@cast.example",
        "role": "staff",
        "organisation": world.organisations["alder"],
        "home": world.elm,
        "starts_at": NOW,
        "ends_at": None,
    }
    with acting_as(by.pk, NOW):
        return actions.bring_in(**asked | changes, by=by.pk, now=NOW)


def _kinds() -> list[str]:
    with owner():
        return list(Event.objects.order_by("recorded_at", "id").values_list("kind", flat=True))


def test_somebody_new_is_invited_once_and_holds_the_post_from_then(world: Cast) -> None:
    post = _bring_in(world, world.dan)
    assert _kinds() == ["homes.post_given", "homes.person_invited"]
    with worker():
        invitation = Invitation.objects.get()
        for _ in range(2):
            telling.mail_invitation(facts.PersonInvited(invitation_id=invitation.pk), now=NOW)
        mail = Delivery.objects.get()
    assert mail.address == "una@cast.example"
    token = mail.body.split("/sign-in/invited/")[1].split("/")[0]
    with acting_as(None, NOW + timedelta(hours=71)):
        person = actions.invited_by(token)
        assert person is not None
        assert person.pk == post.user_id
        user = actions.take_up(token=token, password="three plain words", now=NOW + timedelta(hours=71))
        assert user.check_password("three plain words")
        assert actions.invited_by(token) is None
        with pytest.raises(NotAllowedError):
            actions.take_up(token=token, password="another three words", now=NOW)
    assert pictures_of(user, world.elm) == {Picture.PROVIDER}


def pictures_of(user: User, home: Home, at: Any = NOW) -> set[Picture]:
    with acting_as(user.pk, at):
        return set(pictures(user.pk, home.pk, at))


def test_a_link_is_worth_nothing_when_forged_or_after_72_hours(world: Cast) -> None:
    _bring_in(world, world.dan)
    with owner():
        token = actions.token_of(Invitation.objects.get().pk)
    with acting_as(None, NOW + timedelta(hours=72)):
        assert actions.invited_by(token) is None
    with acting_as(None, NOW):
        assert actions.invited_by(token + "x") is None
        with pytest.raises(NotAllowedError):
            actions.take_up(token="x", password="three plain words", now=NOW)


@pytest.mark.parametrize(
    ("who", "role", "organisation", "home"),
    [
        ("asha", "staff", "alder", "elm"),  # a manager invites nobody
        ("dan", "staff", "larch", "oak"),  # another provider
        ("dan", "staff", "alder", "oak"),  # another provider's home
        ("dan", "responsible_individual", "alder", None),
        ("dan", "inspector", "ofsted", None),
        ("mo", "inspector", "ofsted", None),
    ],
)
def test_nobody_gives_a_post_that_is_not_theirs_to_give(
    world: Cast, who: str, role: str, organisation: str, home: str | None
) -> None:
    place = getattr(world, home) if home else None
    with pytest.raises(NotAllowedError):
        _bring_in(
            world, world.people[who], role=role, organisation=world.organisations[organisation], home=place
        )
    by = world.people[who]
    with acting_as(by.pk, NOW), pytest.raises(DatabaseError), transaction.atomic():
        Post(
            user=world.ben,
            role=role,
            organisation=world.organisations[organisation],
            home=place,
            starts_at=NOW,
        ).save(force_insert=True)
    assert not User.objects.filter(email="una@cast.example").exists()


def test_an_administrator_gives_posts_to_others_and_never_to_themselves(world: Cast) -> None:
    _bring_in(world, world.quin, role="inspector", organisation=world.organisations["ofsted"], home=None)
    with pytest.raises(NotPossibleError):
        _bring_in(
            world,
            world.quin,
            role="inspector",
            organisation=world.organisations["ofsted"],
            home=None,
            email="quin@cast.example",
        )
    with acting_as(world.quin.pk, NOW), pytest.raises(DatabaseError), transaction.atomic():
        Post(
            user=world.quin, role="inspector", organisation=world.organisations["ofsted"], starts_at=NOW
        ).save(force_insert=True)


def test_a_post_fits_its_organisation(world: Cast) -> None:
    with pytest.raises(NotPossibleError):
        _bring_in(world, world.quin, role="lado")
    with pytest.raises(NotPossibleError):
        _bring_in(world, world.quin, home=world.oak)


def test_a_mover_keeps_the_account_and_is_sent_no_link(world: Cast) -> None:
    post = _bring_in(
        world, world.quin, email="BEN@cast.example", organisation=world.organisations["larch"], home=world.oak
    )
    assert post.user_id == world.ben.pk
    with owner():
        assert not Invitation.objects.exists()
    assert pictures_of(world.ben, world.oak) == {Picture.PROVIDER}


def test_an_ended_post_ends_its_rights_at_once(world: Cast) -> None:
    with owner():
        post = Post.objects.get(user=world.ben)
    assert pictures_of(world.ben, world.elm) == {Picture.PROVIDER}
    with acting_as(world.dan.pk, NOW):
        actions.end_post(post=post, at=NOW, by=world.dan.pk, now=NOW)
    assert pictures_of(world.ben, world.elm) == set()
    assert _kinds() == ["homes.post_ended"]
    with acting_as(world.dan.pk, NOW + timedelta(days=1)), pytest.raises(NotAllowedError):
        actions.end_post(post=post, at=NOW + timedelta(days=9), by=world.dan.pk, now=NOW + timedelta(days=1))


def test_a_post_is_ended_by_who_answers_for_it_and_never_in_the_past(world: Cast) -> None:
    with owner():
        post = Post.objects.get(user=world.asha)
    for who in ("asha", "cerys", "mo", "ben"):
        with acting_as(world.people[who].pk, NOW), pytest.raises(NotAllowedError):
            actions.end_post(post=post, at=NOW, by=world.people[who].pk, now=NOW)
        with acting_as(world.people[who].pk, NOW), pytest.raises(NotAllowedError):
            actions.review_post(post=post, by=world.people[who].pk, now=NOW)
    with acting_as(world.dan.pk, NOW):
        with pytest.raises(NotPossibleError):
            actions.end_post(post=post, at=NOW - timedelta(seconds=1), by=world.dan.pk, now=NOW)
        actions.review_post(post=post, by=world.dan.pk, now=NOW)
        assert Post.objects.get(pk=post.pk).reviewed_at == NOW


def test_a_leaver_loses_password_factors_keys_links_and_posts(world: Cast) -> None:
    with owner():
        secret = tokens.make(user=world.ben, days=1, by="test", now=NOW - timedelta(hours=1))
        Authenticator.objects.create(user=world.ben, type="totp", data={"secret": "x"})
    with acting_as(world.dan.pk, NOW):
        invitation = actions.invite(user=world.ben, by=world.dan.pk, now=NOW)
        actions.close_account(user=world.ben, by=world.dan.pk, now=NOW)
    after = NOW + timedelta(seconds=1)
    with acting_as(None, after):
        assert actions.invited_by(actions.token_of(invitation.pk)) is None
    with owner():
        gone = User.objects.get(pk=world.ben.pk)
        assert not gone.is_active
        assert not gone.has_usable_password()
        assert tokens.user_of(secret, now=after) is None
        assert not Authenticator.objects.exists()
        assert not AccessHome.objects.filter(user=gone).exists()
        assert Post.objects.get(user=gone).ends_at == NOW
    # The same person comes back by a new invitation; what was closed stays closed.
    with acting_as(world.dan.pk, after):
        again = actions.invite(user=gone, by=world.dan.pk, now=after)
        actions.take_up(token=actions.token_of(again.pk), password="four quite plain words", now=after)
    with owner():
        assert User.objects.get(pk=gone.pk).is_active
        assert tokens.user_of(secret, now=after) is None


@pytest.mark.parametrize(("who", "whom"), [("dan", "dan"), ("dan", "cerys"), ("asha", "ben"), ("dan", "mo")])
def test_an_account_is_closed_by_who_answers_for_all_its_posts(world: Cast, who: str, whom: str) -> None:
    by = world.people[who]
    with acting_as(by.pk, NOW), pytest.raises(NotAllowedError):
        actions.close_account(user=world.people[whom], by=by.pk, now=NOW)
    with acting_as(by.pk, NOW), pytest.raises(NotAllowedError):
        actions.invite(user=world.people[whom], by=by.pk, now=NOW)
    with (
        acting_as(by.pk, NOW),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("select homes_close_account(%s)", [world.people[whom].pk])


def _propose(world: Cast, who: str, email: str = "new@alder.example") -> MailboxChange:
    by = world.people[who]
    with acting_as(by.pk, NOW):
        return actions.propose_mailbox(
            organisation=world.organisations["alder"],
            desk="duty",
            hours="always",
            email=email,
            opened=queries.desks(world.organisations["alder"]).seal,
            by=by.pk,
            now=NOW,
        )


def _address(world: Cast) -> str:
    return DutyMailbox.objects.get(organisation=world.organisations["alder"], desk="duty").email


def _decide(world: Cast, who: str, change: MailboxChange, confirmed: bool = True) -> None:
    by = world.people[who]
    with acting_as(by.pk, NOW):
        actions.decide_mailbox(change=change, confirmed=confirmed, by=by.pk, now=NOW)


def test_a_mailbox_changes_when_a_second_person_confirms(world: Cast) -> None:
    change = _propose(world, "dan")
    assert _address(world) == "duty@alder.example"
    with pytest.raises(NotAllowedError):
        _decide(world, "dan", change)
    for stranger in ("cerys", "mo", "ben"):
        with pytest.raises(NotAllowedError):
            _decide(world, stranger, change)
    with pytest.raises(NotPossibleError):
        _propose(world, "asha")
    assert _address(world) == "duty@alder.example"
    _decide(world, "asha", change)
    assert _address(world) == "new@alder.example"
    with pytest.raises(NotPossibleError):
        _decide(world, "asha", change)
    assert _kinds() == ["homes.mailbox_change_proposed", "homes.mailbox_change_decided"]
    with worker():
        telling.tell_of_mailbox_change(facts.MailboxChangeProposed(change_id=change.pk), now=NOW)
        telling.tell_of_mailbox_decision(
            facts.MailboxChangeDecided(change_id=change.pk, confirmed=True), now=NOW
        )
        told = sorted(Delivery.objects.values_list("address", flat=True))
    assert told == ["duty@alder.example", "duty@alder.example", "new@alder.example"]


def test_one_of_the_two_may_be_the_administrator_but_not_both(world: Cast) -> None:
    _decide(world, "dan", _propose(world, "quin"))
    assert _address(world) == "new@alder.example"
    _decide(world, "quin", _propose(world, "asha", "newer@alder.example"))
    assert _address(world) == "newer@alder.example"
    with owner():
        other = User.objects.get(pk=world.rut.pk)
        Post.objects.create(
            user=other, role="administrator", organisation=world.organisations["hub"], starts_at=cast.LONG_AGO
        )
    change = _propose(world, "quin", "mine@hub.example")
    with pytest.raises(NotAllowedError):
        _decide(world, "rut", change)
    _decide(world, "rut", change, confirmed=False)
    assert _address(world) == "newer@alder.example"


@pytest.mark.parametrize("who", ["cerys", "mo", "ben", "pat"])
def test_nobody_outside_proposes_or_writes_a_mailbox(world: Cast, who: str) -> None:
    with pytest.raises(NotAllowedError):
        _propose(world, who)
    with acting_as(world.people[who].pk, NOW):
        assert not MailboxChange.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            DutyMailbox.objects.update(email="mine@x.example")


def _break(world: Cast, who: str, hours: float = 4, reason: str = REASON) -> HomeGrant:
    by = world.people[who]
    with acting_as(by.pk, NOW):
        posts = list(Post.objects.filter(user=by))
        return actions.break_glass(
            home=world.oak, posts=posts, reason=reason, lasts=timedelta(hours=hours), by=by.pk, now=NOW
        )


def test_broken_glass_opens_for_its_hours_and_those_responsible_are_told(world: Cast) -> None:
    assert pictures_of(world.gita, world.oak) == set()
    grant = _break(world, "gita")
    assert pictures_of(world.gita, world.oak) == {Picture.AUTHORITY}
    assert pictures_of(world.gita, world.oak, NOW + timedelta(hours=4)) == set()
    with worker():
        for _ in range(2):
            telling.tell_of_broken_glass(
                facts.GlassBroken(home_id=world.oak.pk, grant_id=grant.pk, ends_at=grant.ends_at), now=NOW
            )
        told = list(Delivery.objects.values_list("address", "body"))
    assert sorted(address for address, _ in told) == [
        "duty@cqc.example",
        "duty@eastvale.example",
        "duty@ofsted.example",
        "safeguarding@calderbrook.example",
    ]
    assert not any(REASON in body or world.oak.name in body for _, body in told)
    for who in ("quin", "mo"):
        with acting_as(world.people[who].pk, NOW):
            assert HomeGrant.objects.get().reason == REASON
    for who in ("cerys", "jon", "fran"):
        with acting_as(world.people[who].pk, NOW):
            assert not HomeGrant.objects.exists()


@pytest.mark.parametrize("who", ["cerys", "asha", "efe", "pat", "quin", "lee", "ola"])
def test_only_professional_overseers_break_glass(world: Cast, who: str) -> None:
    with pytest.raises(NotAllowedError):
        _break(world, who)


def test_glass_needs_a_reason_and_at_most_a_day_in_the_database_too(world: Cast) -> None:
    for hours, reason in ((25, REASON), (0, REASON), (4, "because"), (4, "r" * 301)):
        with pytest.raises(NotPossibleError):
            _break(world, "gita", hours, reason)
    grant = _break(world, "gita", 24)
    for change in (
        {"ends_at": NOW + timedelta(hours=25)},
        {"reason": "because"},
        {"picture": "regulator"},
        {"user_id": world.fran.pk},
        {"starts_at": NOW - timedelta(days=1), "ends_at": NOW},
    ):
        row = HomeGrant(
            user_id=change.get("user_id", world.gita.pk),
            content_object=world.oak,
            permission_id=grant.permission_id,
            picture=change.get("picture", "authority"),
            starts_at=change.get("starts_at", NOW),
            ends_at=change.get("ends_at", NOW + timedelta(hours=1)),
            reason=change.get("reason", REASON),
            granted_by_id=world.gita.pk,
        )
        with acting_as(world.gita.pk, NOW), pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)


def test_a_closed_home_is_read_by_one_records_holder_alone(world: Cast) -> None:
    closed = NOW.date() - timedelta(days=10)
    with owner():
        Home.objects.filter(pk=world.elm.pk).update(closed_on=closed)
    for who in ("asha", "ben", "dan"):
        assert pictures_of(world.people[who], world.elm) == set()
    assert pictures_of(world.mo, world.elm) == {Picture.REGULATOR}
    post = _bring_in(world, world.dan, role="records_holder", email="asha@cast.example")
    assert pictures_of(world.asha, world.elm) == {Picture.PROVIDER}
    assert pictures_of(world.asha, world.elm, NOW + timedelta(days=366 * 15)) == set()
    with pytest.raises(NotPossibleError):
        _bring_in(world, world.dan, role="records_holder", email="ben@cast.example")
    with acting_as(world.dan.pk, NOW):
        actions.end_post(post=post, at=NOW + timedelta(hours=1), by=world.dan.pk, now=NOW)
    later = NOW + timedelta(hours=1)
    _bring_in(world, world.dan, role="records_holder", email="ben@cast.example", starts_at=later)
    assert pictures_of(world.asha, world.elm, later) == set()
    assert pictures_of(world.ben, world.elm, later) == {Picture.PROVIDER}


def test_two_holders_at_once_are_refused_by_the_database_itself(
    world: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owner():
        Home.objects.update(closed_on=NOW.date() - timedelta(days=10))
    first = _bring_in(world, world.dan, role="records_holder", email="asha@cast.example")
    with monkeypatch.context() as patched:  # as if both were asked for in the same moment
        patched.setattr(actions, "_one_holder", lambda home, starts_at: None)
        with pytest.raises(NotPossibleError, match="has a records holder"):
            _bring_in(world, world.dan, role="records_holder", email="ben@cast.example")

    def another(home: Home, user: User, **span: Any) -> None:
        with owner(), transaction.atomic():
            Post.objects.create(
                user=user, role="records_holder", organisation=home.provider, home=home, **span
            )

    another(world.oak, world.cerys, starts_at=NOW)
    with pytest.raises(DatabaseError, match="one_records_holder_at_a_time"):
        another(
            world.elm, world.ben, starts_at=NOW - timedelta(days=9), ends_at=NOW + timedelta(microseconds=1)
        )
    another(world.elm, world.ben, starts_at=NOW - timedelta(days=9), ends_at=first.starts_at)
    with owner():
        assert Post.objects.filter(role="records_holder").count() == 3


def test_a_closed_home_is_shown_nothing_new(world: Cast) -> None:
    happening = Happening(
        home=world.elm,
        occurred_at=NOW - timedelta(hours=2),
        known_at=NOW - timedelta(hours=1),
        narrative="[A] fell.",
        children=[ChildPart(child=world.rowan)],
    )
    told = Attendance(happening=happening, attendance="ed")
    with acting_as(world.lee.pk, NOW):
        record_attendance(attendance=told, by=world.lee.pk, now=NOW)
    with acting_as(world.mo.pk, NOW):
        assert rights.may_share(world.mo.pk, Incident.objects.get(), NOW)
    with owner():
        Home.objects.filter(pk=world.elm.pk).update(closed_on=NOW.date() - timedelta(days=1))
    with acting_as(world.mo.pk, NOW):
        incident = Incident.objects.get()
        assert not rights.may_share(world.mo.pk, incident, NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            Incident.objects.filter(pk=incident.pk).update(
                shared_with_provider_at=NOW,
                shared_with_provider_by_id=world.mo.pk,
                shared_with_provider_why="the home has closed",
            )

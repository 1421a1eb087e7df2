import pytest
from django.core.management import call_command
from django.test import Client

from events import world as worlds
from events.world import WorldUnmarkedError
from hesley_hub.demo import people, world
from homes.models import (
    AccessChild,
    AccessHome,
    CaseConsent,
    Child,
    DutyMailbox,
    Home,
    Organisation,
    Placement,
    Post,
    ResponsibleBoard,
    User,
)
from homes.roles import ROLES, Kind
from tests.conftest import owner
from tests.hesley_hub.demo.conftest import NOW, mark_demo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_country")]


def test_each_demo_person_signs_in_with_the_password_that_is_printed() -> None:
    with owner():
        mark_demo()
        world.seed(now=NOW)
    for person in people.PEOPLE:
        client = Client()
        assert client.login(username=person.username, password=f"demo-{person.username}"), person.username


def test_with_one_password_for_all_the_known_ones_do_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    with owner():
        mark_demo()
        world.seed(now=NOW)
        monkeypatch.setenv(world.PASSWORD_FOR_ALL, "a new one each start")
        world.seed(now=NOW)
    assert not Client().login(username="manager", password="demo-manager")
    assert not Client().login(username="ofsted", password="demo-ofsted")
    assert Client().login(username="ofsted", password="a new one each start")


def test_seeding_twice_changes_nothing() -> None:
    kinds = (Organisation, Home, Child, Placement, Post, User, DutyMailbox)
    with owner():
        mark_demo()
        world.seed(now=NOW)
        before = [set(kind.objects.values_list("pk", flat=True)) for kind in kinds]
        passwords = dict(User.objects.values_list("username", "password"))
        world.seed(now=NOW)
        assert [set(kind.objects.values_list("pk", flat=True)) for kind in kinds] == before
        assert dict(User.objects.values_list("username", "password")) == passwords


def test_a_world_that_is_no_demonstration_is_left_alone() -> None:
    with owner(), pytest.raises(WorldUnmarkedError):
        world.seed(now=NOW)
    assert not Home.objects.exists()


def test_posts_open_the_homes_that_they_should() -> None:
    with owner():
        mark_demo()
        world.seed(now=NOW)
        homes = {
            person.username: set(
                AccessHome.objects.in_force(User.objects.get(username=person.username).pk, NOW).values_list(
                    "home__urn", flat=True
                )
            )
            for person in people.PEOPLE
        }
        helpers = AccessChild.objects.filter(user__username__in=people.OF_ONE_CHILD)
        assert len({access.child_id for access in helpers}) == 1
    assert homes["manager"] == homes["staff"] == {"DEMO001"}
    assert homes["manager2"] == {"DEMO002"}
    assert homes["ofsted"] == homes["cqc"] == {"DEMO001", "DEMO002", "DEMO003"}
    assert homes["ri"] == homes["host"] == homes["lado"] == {"DEMO001", "DEMO003"}
    assert "DEMO001" in homes["authority"] & homes["authority2"] & homes["icb"] & homes["visitor"]
    assert homes["socialworker"] == homes["family"] == homes["advocate"] == {"DEMO001"}
    assert homes["admin"] == set()


def test_every_kind_of_organisation_is_there_and_authorities_are_reached_at_night() -> None:
    with owner():
        mark_demo()
        world.seed(now=NOW)
    assert set(Organisation.objects.values_list("kind", flat=True)) == set(Kind)
    assert {post.role for post in people.PEOPLE} == set(ROLES) - {"deputy_manager", "records_holder"}
    for authority in Organisation.objects.filter(kind="local_authority"):
        hours = set(authority.mailboxes.filter(desk="duty").values_list("hours", flat=True))
        assert hours == {"working", "out_of_hours"}


def test_the_command_prints_everybody(capsys: pytest.CaptureFixture[str]) -> None:
    with owner():
        mark_demo()
        call_command("demo_seed")
    printed = capsys.readouterr().out
    assert all(f"{person.username} " in printed for person in people.PEOPLE)
    assert "password demo-ofsted" in printed
    assert worlds.kind() == "demo"


def test_most_children_let_the_visitor_read_their_case_and_every_child_has_a_board() -> None:
    with owner():
        mark_demo()
        world.seed(now=NOW)
        children = Child.objects.count()
        assert ResponsibleBoard.objects.count() == children
        for whose in CaseConsent.Whose.values:
            assert children / 2 < CaseConsent.objects.filter(whose=whose).count() <= children

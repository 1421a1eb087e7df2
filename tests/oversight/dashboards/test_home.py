import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.dashboards import history

HOME = "/homes/DEMO001/"
OPENS = {
    "asha", "ben", "dan", "fran", "gita", "hal", "ines", "jon", "kim", "lee", "mo", "nia", "efe", "rut", "ola", "pat",
}  # fmt: skip


def shown(client: Client, cast: Cast, name: str, address: str = HOME) -> str:
    client.force_login(cast.people[name])
    answer = client.get(address)
    assert answer.status_code == 200, (name, answer.status_code)
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode())


@pytest.fixture
def past(world: Cast) -> Cast:
    with owner():
        history.records(world, 60)
        history.view(world, world.asha, "Dee knocks", told=True)
        history.visit(world, world.now.date() - timedelta(days=40))
        history.visit(world, world.now.date() - timedelta(days=10), "partly")
        history.owed_duty(world, "Ofsted", world.now - timedelta(days=2))
        history.alert(world, picture="provider", pattern="general_rise", tier="look", told=("alder",))
        history.settle()
    return world


def test_who_may_open_the_page_and_who_finds_nothing(past: Cast, client: Client) -> None:
    opened = set()
    for name, person in past.people.items():
        client.force_login(person)
        status = client.get(HOME).status_code
        assert status in (200, 404)
        if status == 200:
            opened.add(name)
    assert opened == OPENS
    assert client.get("/homes/NOSUCH/").status_code == 404


def test_the_provider_sees_its_own_picture_whatever_others_say(past: Cast, client: Client) -> None:
    before = {name: shown(client, past, name) for name in ("asha", "ben", "dan")}
    with owner():
        history.from_outside(past)
        history.settle()
    for name, page in before.items():
        assert shown(client, past, name) == page, name
    assert "Dee knocks" in before["asha"]
    assert "General rise" in before["asha"]
    assert "histleblowing" not in before["asha"]
    assert "held by the regulator" not in before["asha"]


def test_the_regulator_sees_all_of_it_with_the_childs_words_first(past: Cast, client: Client) -> None:
    with owner():
        history.from_outside(past)
        history.settle()
    page = shown(client, past, "mo")
    assert page.index("I do not like nights") < page.index("hub-standing") < page.index("Everything known")
    assert "LADO referrals: 6 since 21 Aug 2026, where about 1.1 would be usual" in page
    assert "Whistleblowing disclosures: 2" in page
    assert "Northmoor Council, 14 days" in page
    assert "not yet measured on real homes" in page
    assert "<strong>2 of 63 records</strong>" in page
    assert "General rise" not in page


def test_a_placing_authority_sees_months_and_never_whistleblowing(past: Cast, client: Client) -> None:
    with owner():
        history.from_outside(past)
        history.months(past, past.elm, "overseers", {"lado": history.Months(2, 1)})
        history.settle()
    page = shown(client, past, "fran")
    assert "Whistleblowing disclosures" not in page
    assert ">Whistleblowing<" not in page
    assert "records held by the regulator" in page
    assert "13 only outside" in page
    assert "Your children here" in page
    assert "I do not like nights" in page
    other = shown(client, past, "gita")
    assert "I do not like nights" not in other


def test_others_see_only_what_is_theirs(past: Cast, client: Client) -> None:
    with owner():
        history.from_outside(past)
        history.settle()
    visitor = shown(client, past, "efe")
    assert "Staff conduct" not in visitor
    assert "Not to be left at the home" in visitor
    assert "Everything known" in visitor
    for name in ("lee", "rut", "pat", "ola"):
        page = shown(client, past, name)
        assert "Everything known" not in page, name
        assert "Staff conduct" not in page, name
    counts = shown(client, past, "kim")
    assert "Counts by month" in counts
    assert "Staff conduct" not in counts


def test_a_home_with_nothing_says_so(world: Cast, client: Client) -> None:
    page = shown(client, world, "mo", "/homes/DEMO002/")
    assert "That does not mean safe" in page
    assert "1 of 1 child not heard for six weeks" in page
    assert "too few to draw limits" in page
    assert "No clock is running" in page


def test_many_answers_are_counted_not_listed(world: Cast, client: Client) -> None:
    told = ("ofsted", "northmoor", "eastvale", "calderbrook", "icb")
    with owner():
        made = history.alert(world, picture="overseers", pattern="harm", tier="look", told=told)
        for day, branch in enumerate(made.branchs.order_by("due_at", "id")):
            history.answer(world, branch, world.mo, world.now - timedelta(days=9 - day))
        history.settle()
    page = shown(client, world, "mo")
    assert "And 2 more" in page
    assert page.count("Mo Okafor, ") == 3
    assert "Not answered by" not in page


def queries(client: Client, cast: Cast, name: str) -> int:
    """Statements that read data: neither savepoints nor the context of row-level security."""
    client.force_login(cast.people[name])
    client.get("/")  # the kind of world is asked for once in the life of a process
    with CaptureQueriesContext(connection) as found:
        assert client.get(HOME).status_code == 200
    reads = [one["sql"] for one in found if not re.match(r"(RELEASE |ROLLBACK )?SAVEPOINT", one["sql"])]
    return len([sql for sql in reads if "set_config" not in sql])


def test_queries_do_not_grow_with_the_records(world: Cast, client: Client) -> None:
    with owner():
        history.records(world, 100)
        history.from_outside(world)
        history.view(world, world.asha, "Dee knocks", told=True)
    few = {name: queries(client, world, name) for name in ("mo", "asha", "fran")}
    with owner():
        history.records(world, 9_900)
    assert {name: queries(client, world, name) for name in few} == few
    assert max(few.values()) <= 12

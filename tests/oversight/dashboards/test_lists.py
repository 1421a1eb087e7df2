import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.identity import new_id
from homes.models import Home, Placement
from incidents.record.models import AdultInvolvement
from oversight.escalation.models import Alert, Branch
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.dashboards import history
from tests.oversight.dashboards.test_home import shown

LISTS = {
    "dan": "/provider/",
    "fran": "/authority/",
    "jon": "/area/",
    "ines": "/area/",
    "kim": "/area/",
    "mo": "/nation/",
}


def more_homes(cast: Cast, count: int) -> list[Home]:
    made = Home.objects.bulk_create(
        Home(
            urn=f"DEMO9{n:03}",
            name=f"House {n:03}",
            provider=cast.organisations["alder"],
            host_authority=cast.organisations["calderbrook"],
            icb=cast.organisations["icb"],
            places=4,
            town="Calderbrook",
        )
        for n in range(count)
    )
    for home in made:
        history.months(cast, home, "overseers", {"reg40": history.Months(2), "hospital": history.Months(1)})
    return made


@pytest.mark.parametrize("name", sorted(LISTS))
def test_each_list_opens_for_its_post_and_for_nobody_else(world: Cast, client: Client, name: str) -> None:
    assert "Elm House" in shown(client, world, name, LISTS[name])
    for other in ("asha", "efe", "ola", "quin"):
        client.force_login(world.people[other])
        assert client.get(LISTS[name]).status_code == 404, other


def test_the_nation_ranks_filters_and_searches(world: Cast, client: Client) -> None:
    with owner():
        history.alert(world, picture="overseers", pattern="harm", tier="look", home=world.oak)
        history.alert(
            world, picture="overseers", pattern="death", tier="regulator", kind="rule", answered_by=world.mo,
            told=("ofsted",),
        )  # fmt: skip
        history.alert(
            world, picture="overseers", pattern="no_visit", tier="look", kind="missing_report", home=world.oak
        )
        calm = more_homes(world, 1)[0]
        history.assessment(world, "overseers", 1.0, calm)
        history.alert(world, picture="provider", pattern="steep_rise", tier="escalate", home=calm)
    page = shown(client, world, "mo", "/nation/")
    names = re.findall(r'class="hub-table__name" href="[^"]+">([^<]+)<', page)
    assert names == ["Elm House", "Oak House", "House 000"]
    assert "Steep rise</span>" not in page
    assert "Mo Okafor, Northmoor Council" not in page
    assert "Mo Okafor, Ofsted, 10 Nov 2026" in page
    assert "No one, 14 days" in page
    assert "2 of 3 homes at Look or above" in page
    assert "expect about 0 to be ordinary homes" in page
    for query, expected in (
        ("words=oak", ["Oak House"]),
        ("words=DEMO9000", ["House 000"]),
        ("words=larch", ["Oak House"]),
        ("level=look", ["Elm House", "Oak House"]),
        ("level=quiet", ["Oak House"]),
        ("level=unanswered", ["Elm House", "Oak House"]),
        ("pattern=harm", ["Oak House"]),
        (f"area={world.organisations['calderbrook'].pk}", ["Elm House", "Oak House", "House 000"]),
        (f"area={new_id()}", ["Elm House", "Oak House", "House 000"]),
        ("level=nonsense", ["Elm House", "Oak House", "House 000"]),
    ):
        page = shown(client, world, "mo", f"/nation/?{query}")
        assert re.findall(r'class="hub-table__name" href="[^"]+">([^<]+)<', page) == expected, query


def test_a_month_long_past_and_answered_makes_no_home_quiet(world: Cast, client: Client) -> None:
    with owner():
        made = history.alert(
            world, picture="overseers", pattern="no_visit", tier="look", kind="missing_report",
            told=("ofsted",), answered_by=world.mo,
        )  # fmt: skip
        Alert.objects.filter(pk=made.pk).update(state="acknowledged")
    assert "Elm House" in shown(client, world, "mo", "/nation/?level=quiet")
    with owner():
        Alert.objects.filter(pk=made.pk).update(raised_on=world.now.date() - timedelta(days=63))
    assert "Elm House" not in shown(client, world, "mo", "/nation/?level=quiet")
    assert "Usual" in shown(client, world, "mo", "/homes/DEMO001/")
    with owner():
        Alert.objects.filter(pk=made.pk).update(state="open")
        Branch.objects.filter(alert=made).update(state="waiting")
    assert "Elm House" in shown(client, world, "mo", "/nation/?level=quiet")
    assert "Quiet" in shown(client, world, "mo", "/homes/DEMO001/")


def test_the_csv_is_the_list_with_cells_no_spreadsheet_runs(world: Cast, client: Client) -> None:
    with owner():
        Home.objects.filter(pk=world.oak.pk).update(name="=1+1")
    client.force_login(world.mo)
    assert client.get("/nation/homes.csv").headers["Location"].startswith("/account/again/")
    client.post("/account/again/", {"password": "cast-mo"})
    answer = client.get("/nation/homes.csv?words=DEMO00")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert [row[1] for row in rows] == ["URN", "DEMO002", "DEMO001"]
    assert rows[1][2] == "'=1+1"
    client.force_login(world.dan)
    assert client.get("/nation/homes.csv").status_code == 404


def test_lists_are_paged_and_cost_the_same_for_many_homes(world: Cast, client: Client) -> None:
    counts = {}
    for homes in (3, 60):
        with owner():
            more_homes_named(world, homes)
        for name, address in LISTS.items():
            client.force_login(world.people[name])
            client.get("/")
            with CaptureQueriesContext(connection) as found:
                assert client.get(address).status_code == 200
            reads = [one["sql"] for one in found if not re.match(r"(RELEASE )?SAVEPOINT", one["sql"])]
            counts.setdefault(name, []).append(len(reads))
    assert all(few == many for few, many in counts.values()), counts
    page = shown(client, world, "mo", "/nation/?page=2&level=all")
    assert '<td class="hub-number hub-rank hub-cell--wide" data-label="Rank">26</td>' in page
    assert "level=all&amp;page=3" in page or "page=3&amp;level=all" in page


def more_homes_named(cast: Cast, count: int) -> None:
    start = Home.objects.count()
    made = Home.objects.bulk_create(
        Home(
            urn=f"DEMO8{start + n:03}",
            name=f"Hall {start + n:03}",
            provider=cast.organisations["alder"],
            host_authority=cast.organisations["calderbrook"],
            icb=cast.organisations["icb"],
            places=4,
        )
        for n in range(count)
    )
    for home in made:
        Placement.objects.create(
            child=cast.tam,
            home=home,
            placing_authority=cast.organisations["northmoor"],
            starts_at=cast.now - timedelta(days=90),
        )


def test_a_provider_is_shown_in_two_pictures(world: Cast, client: Client) -> None:
    before = shown(client, world, "dan", "/provider/")
    assert "Asha Rahman" in before
    with owner():
        history.from_outside(world)
        history.settle()
    assert shown(client, world, "dan", "/provider/") == before
    key = world.organisations["alder"].pk
    page = shown(client, world, "mo", f"/providers/{key}/")
    assert "Staff conduct" in page
    client.force_login(world.dan)
    assert client.get(f"/providers/{key}/").status_code == 404
    client.force_login(world.mo)
    assert client.get(f"/providers/{world.organisations['ofsted'].pk}/").status_code == 404


def test_an_authority_reads_what_it_owes_and_what_its_own_children_say(world: Cast, client: Client) -> None:
    with owner():
        history.from_outside(world)
        history.view(world, world.asha, "It was Saturday", told=True)
        history.settle()
    page = shown(client, world, "fran", "/authority/")
    assert "2 children in 2 homes. 2 live more than 50 miles away." in page
    assert "12 days late" in page
    assert "Acknowledge: staff conduct at Elm House" in page
    assert "Not by Northmoor Council, 14 days" in page
    assert "I do not like nights" in page
    assert "TR, never heard here." in page
    other = shown(client, world, "gita", "/authority/")
    assert "1 child in 1 home" in other
    assert "Oak House" not in other
    assert "I do not like nights" not in other
    assert "It was Saturday" not in other


def test_a_lado_sees_adults_across_homes_and_only_told_alerts(world: Cast, client: Client) -> None:
    with owner():
        made = [
            history.record(world, home, world.asha, "lado", world.now - timedelta(days=9), told=True,
                           concerns_adult=True)
            for home in (world.elm, world.oak)
        ]  # fmt: skip
        for incident in made:
            incident.save(force_insert=True)
            AdultInvolvement.objects.create(
                incident=incident, home=incident.home, provider_sees=True, adult=world.worker
            )
        history.alert(world, picture="overseers", pattern="harm", tier="look")
        history.alert(
            world,
            picture="overseers",
            pattern="staff_conduct",
            tier="escalate",
            home=world.oak,
            told=("calderbrook",),
        )
        history.settle()
    page = shown(client, world, "ines", "/area/")
    assert "Wes Carter" in page
    assert "Elm House, Oak House" in page
    assert "Staff conduct" in page
    assert "Harm</span>" not in page
    assert "Wes Carter" not in shown(client, world, "jon", "/area/")


def test_a_board_sees_counts_without_levels(world: Cast, client: Client) -> None:
    with owner():
        history.months(
            world,
            world.elm,
            "overseers",
            {"hospital": history.Months(3), "whistleblowing": history.Months(9)},
        )
        history.alert(world, picture="overseers", pattern="harm", tier="look")
    page = shown(client, world, "kim", "/area/")
    assert "13 months: 39 told" in page
    assert "117" not in page
    assert "hub-level" not in page

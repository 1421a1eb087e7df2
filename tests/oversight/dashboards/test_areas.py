"""Where children live: the same numbers in page, drawing, table, document, file and API, none under five in any."""

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from events import clock
from homes.models import Child, Home, Organisation, Placement
from oversight.dashboards.charts.shares import shares
from oversight.dashboards.living import BREAKDOWNS, Living, by_area
from oversight.dashboards.small_numbers import KEPT_BACK, NOTE, Counts, shown
from tests import cast
from tests.access.serving import served
from tests.cast import Cast
from tests.conftest import owner

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def world() -> Cast:
    """Three more areas with children near and far; Calderbrook's three all live far."""
    with owner():
        built = cast.build(clock.now())
        for name, near, far in (
            ("Aldmouth Council", 14, 3),
            ("Brackwell Council", 8, 9),
            ("Carrick Council", 20, 2),
        ):
            area = Organisation.objects.create(name=name, kind="local_authority")
            home = Home.objects.create(
                urn=f"DEMO{name[:3].upper()}", name=name, provider=built.organisations["alder"], places=40,
                host_authority=area, icb=built.organisations["icb"],
            )  # fmt: skip
            for number in range(near + far):
                child = Child.objects.create(
                    name=f"{name} {number}", initials="XX", born_on=date(2012, 1, 1), communicates_by="speech"
                )
                Placement.objects.create(
                    child=child, home=home, placing_authority=area, miles=5 if number < near else 80,
                    starts_at=built.now - timedelta(days=9),
                )  # fmt: skip
    return built


def client_of(world: Cast, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


@pytest.fixture
def _proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oversight.dashboards.areas.ask_again", lambda request: None)


@pytest.mark.usefixtures("_proved")
def test_every_surface_shows_the_same_numbers_and_none_under_five(world: Cast) -> None:
    client = client_of(world, "mo")
    api: dict[str, Any] = client.get("/api/v1/children-by-area/?by=miles").json()
    assert api["rows"] == ["Brackwell Council", "Carrick Council", "Other areas"]
    assert api["columns"] == ["Up to 20 miles", "Over 50 miles"]
    flat = [number for row in api["cells"] for number in row]
    flat += api["row_totals"] + api["column_totals"] + [api["total"]]
    assert None in flat
    assert all(number is None or number >= 5 for number in flat)
    assert api["total"] == 59
    said = {KEPT_BACK if number is None else str(number) for number in flat}
    page = client.get("/nation/children/?by=miles").content.decode()
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    cells = re.findall(r'<td class="hub-number">([^<]+)</td>', table)
    assert set(cells) == said
    drawing = page[page.index("<svg", page.index("hub-chart--wide")) :]
    drawn = re.findall(r">(\d+)</text>", drawing[: drawing.index("</svg>")])
    assert drawn == [str(number) for number in api["row_totals"]]
    rows = list(csv.reader(io.StringIO(client.get("/nation/children.csv?by=miles").content.decode())))
    assert rows[0] == ["Area", *api["columns"], "All"]
    assert rows[-1] == [NOTE]
    assert [cell for row in rows[1:-1] for cell in row[1:]] == cells
    paper = served(client, "/nation/children/pdf?by=miles")
    assert paper.status == 200
    assert paper.text.lower().count(KEPT_BACK) >= cells.count(KEPT_BACK)
    assert "Calderbrook" not in paper.text + page + str(rows)


@pytest.mark.usefixtures("_proved")
def test_the_tables_of_one_day_have_the_same_areas_and_totals(world: Cast) -> None:
    client = client_of(world, "nia")
    found = [client.get(f"/api/v1/children-by-area/?by={by}").json() for by in BREAKDOWNS]
    assert len({(*one["rows"], *one["row_totals"], one["total"]) for one in found}) == 1
    assert client.get("/api/v1/children-by-area/").json()["by"] == "miles"
    assert client.get("/api/v1/children-by-area/?by=name").status_code == 400
    assert client.get("/nation/children/?by=name").status_code == 404


def test_only_the_regulator_counts_children_of_the_nation(world: Cast) -> None:
    paths = ("/nation/children/", "/nation/children.csv", "/nation/children/pdf", "/api/v1/children-by-area/")
    for name in set(world.people) - {"mo", "nia"}:
        client = client_of(world, name)
        assert {client.get(path).status_code for path in paths} == {404}, name
    assert client_of(world, "mo").get("/nation/children.csv").status_code == 302  # asked once more who it is


@pytest.mark.usefixtures("_proved")
def test_too_few_children_are_not_counted_at_all(db: None) -> None:
    with owner():
        world = cast.build(clock.now())
    client = client_of(world, "mo")
    for path in ("/nation/children/", "/nation/children/pdf"):
        assert "Fewer than five children" in served(client, path).text
    assert list(csv.reader(io.StringIO(client.get("/nation/children.csv").content.decode()))) == [[NOTE]]
    assert client.get("/api/v1/children-by-area/").json()["total"] is None


def test_each_child_stands_in_one_column() -> None:
    children = [
        Living("A", miles, born, said)
        for miles in (None, 20, 21, 50, 51)
        for born in (None, date(2014, 11, 24), date(2014, 11, 23), date(2009, 1, 1), date(2000, 1, 1))
        for said in ("", "speech", "Speech ", "PECS")
    ]
    wanted = {
        "miles": (20, 40, 20, 20),
        "age": (20, 20, 20, 20, 20),
        "communication": (50, 25, 25),
    }
    for by, totals in wanted.items():
        table = by_area(children, by, TODAY)
        assert table is not None
        assert table.cells == (totals,), by
    assert by_area([], "miles", TODAY) is None
    with pytest.raises(KeyError):
        by_area(children, "name", TODAY)


def test_the_drawing_says_no_number_that_is_kept_back() -> None:
    table = shown(Counts(("A", "B<"), ("x", "y"), ((3, 0), (900, 800))))
    svg = shares(table)
    assert "B&lt;" in svg
    assert svg.count(KEPT_BACK) >= 1
    assert not {"3", "903"} & set(re.findall(r">(\d+)</text>", svg))

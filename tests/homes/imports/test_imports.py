from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client

from events.context import acting_as
from events.models import Event
from homes.access import NotAllowedError
from homes.imports.actions import Imported, import_homes
from homes.imports.reading import HomeRead, plain, read_homes
from homes.models import AccessHome, Home, Organisation
from tests import cast
from tests.cast import Cast
from tests.conftest import owner

LIST = """Children's homes as at 30 September 2026,,,,,,,
,,,,,,,
Local authority,Setting name,URN,Provider type,Maximum users,Registration date,Organisation which owns the provider,Town
Northmoor Council,The Lindens,DEMO500,Children's Home,4,01/04/2019,Kestrel Care,Marsh End
Eastvale Council,Tarn Bank,DEMO501,Residential special school (registered as a children's home),30,2018-09-01,Kestrel Care,
Eastvale Council,Quay House,DEMO502,Floating home,2.0,3 May 2020,Own Homes,Quay
Eastvale Council,Foster Link,DEMO503,Independent Fostering Agency,,,Foster Link,
"""


@pytest.fixture
def world(db: None) -> Cast:
    with owner():
        return cast.build()


def _file(text: str) -> BytesIO:
    file = BytesIO(text.encode())
    file.name = "homes.csv"
    return file


def test_a_list_is_read_wherever_its_columns_stand() -> None:
    read = read_homes(LIST.encode())
    assert not read.problems
    assert read.passed_over == 1
    assert [(home.urn, home.kind, home.places) for home in read.homes] == [
        ("DEMO500", "home", 4),
        ("DEMO501", "residential_school", 30),
        ("DEMO502", "other", 2),
    ]
    assert read.warnings == ["line 6, column kind: 'Floating home' is not a kind we know; taken as other"]
    first = read.homes[0]
    assert (first.local_authority, first.town, str(first.opened_on)) == (
        "Northmoor Council", "Marsh End", "2019-04-01",
    )  # fmt: skip
    turned = (
        "Owner;x".replace(";x", "") + ",Places,Kind,Name,URN\nKestrel Care,4,secure,The Lindens,demo500\n"
    )
    assert read_homes(b"\xef\xbb\xbf" + turned.encode()).homes == [
        HomeRead("DEMO500", "The Lindens", "Kestrel Care", 4, "secure")
    ]
    assert (
        read_homes("URN,Name,Owner,Places\nDEMO500,Café,Kestrel,4".encode("cp1252")).homes[0].name == "Café"
    )
    assert read_homes(b"URN,Name,Owner,Places\nDEMO500,A,B,4").homes[0].kind == "other"
    assert not read_homes(b"URN,Name,Owner,Places\nDEMO500,A,B,4").warnings


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("X,A,B,4,,", "line 2, column urn: found 'X', expected 4 to 20 letters and figures"),
        ("DEMO1,,B,4,,", "line 2, column name: found '', expected a name of up to 160 letters"),
        ("DEMO1,A,,4,,", "line 2, column provider: found '', expected a name"),
        ("DEMO1,A,B,0,,", "line 2, column places: found '0', expected a whole number from 1 to 999"),
        ("DEMO1,A,B,four,,", "line 2, column places: found 'four'"),
        ("DEMO1,A,B,4,soon,", "line 2, column opened_on: found 'soon', expected a date like"),
        ("DEMO1,A,B,4,2020-02-01,2020-01-01", "line 2, column closed_on: found '2020-01-01', expected a day after"),
        ("DEMO1,A,B,4,,\nDEMO1,A,B,4,,", "line 3, column urn: found 'DEMO1', expected each URN once; it stands in line 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_place(row: str, said: str) -> None:
    read = read_homes(f"URN,Name,Owner,Places,Registration date,Date closed\n{row}".encode())
    assert len(read.problems) == 1
    assert str(read.problems[0]).startswith(said)


def test_a_file_without_headings_or_without_a_needed_one_says_which() -> None:
    assert "a row of headings" in str(read_homes(b"some,words\n1,2").problems[0])
    assert "a row of headings" in str(read_homes(b"").problems[0])
    problem = read_homes(b"URN,Name,Owner\nDEMO1,A,B").problems[0]
    assert (problem.line, problem.column) == (1, "places")
    assert "maximumusers or maxusers or places" in problem.expected
    assert plain("Local-Authority (name)") == "localauthorityname"


def test_an_administrator_brings_in_homes_and_the_regulator_sees_them(world: Cast, client: Client) -> None:
    client.force_login(world.quin)
    answer = client.post("/homes/import/", {"file": _file(LIST)})
    assert answer.status_code == 302
    page = client.get("/homes/import/").content.decode()
    assert "3 homes added, 0 corrected, 0 as before. 1 lines are no homes" in page
    again = _file(LIST.replace("The Lindens", "The Limes").replace("Marsh End", ""))
    client.post("/homes/import/", {"file": again})
    assert "0 homes added, 1 corrected, 2 as before" in client.get("/homes/import/").content.decode()
    home = Home.objects.get(urn="DEMO500")
    assert (home.name, home.town) == ("The Limes", "Marsh End")
    assert home.host_authority == world.organisations["northmoor"]
    assert home.provider.name == "Kestrel Care"
    with owner():
        assert AccessHome.objects.filter(home=home, user=world.mo).exists()
        assert Event.objects.filter(kind="homes.homes_imported", by_id=world.quin.pk).count() == 2


def test_a_bad_list_saves_nothing_and_shows_each_line(world: Cast, client: Client) -> None:
    client.force_login(world.quin)
    bad = LIST.replace("DEMO501", "?")
    answer = client.post("/homes/import/", {"file": _file(bad)})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Nothing was saved: 1 places could not be read" in page
    assert "4 to 20 letters and figures" in page
    assert not Home.objects.filter(urn="DEMO500").exists()
    assert "Choose a CSV file" in client.post("/homes/import/", {}).content.decode()


def test_nobody_else_may(world: Cast, client: Client) -> None:
    for name in ("asha", "mo", "dan"):
        client.force_login(world.people[name])
        assert client.get("/homes/import/").status_code == 404
        with acting_as(world.people[name].pk, world.now), pytest.raises(NotAllowedError):
            import_homes(homes=[], by=world.people[name].pk, now=world.now)
        with pytest.raises(DatabaseError), transaction.atomic(), acting_as(world.people[name].pk, world.now):
            Organisation.objects.create(name="Mine", kind="provider")


def test_the_command_reads_a_file_or_says_what_is_wrong(
    world: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "homes.csv"
    file.write_text(LIST)
    with owner():
        call_command("import_homes", str(file))
        assert "3 added, 0 corrected, 0 as before; 1 lines are no homes" in capsys.readouterr().out
        assert import_homes(homes=read_homes(LIST.encode()).homes, by=None, now=world.now) == Imported(
            0, 0, 3
        )
        file.write_text(LIST.replace("DEMO501", "?"))
        with pytest.raises(CommandError) as wrong:
            call_command("import_homes", str(file))
        assert wrong.value.returncode == 2
        assert f"{file}: line 5, column urn: found '?'" in capsys.readouterr().err
        with pytest.raises(CommandError, match="No such file"):
            call_command("import_homes", str(tmp_path / "none.csv"))

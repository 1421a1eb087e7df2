"""The one upload: a list of homes. What is no CSV is refused by name, by size and by its bytes, and nothing is kept."""

import gzip
import io
import os
import tempfile
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver
from pytest_django.fixtures import Settings

from homes.imports import forms, reading
from homes.models import Home, Organisation
from tests import cast
from tests.access.addresses import patterns
from tests.cast import Cast
from tests.conftest import owner

HEAD = "URN,Name,Owner,Places\n"
GOOD = (HEAD + "DEMO500,The Lindens,Kestrel Care,4\n").encode()
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def zipped(*, times: int = 1) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("homes.csv", GOOD * times)
    return made.getvalue()


#: (what it is, its name, its bytes, a word of what is said); None: nothing refuses its name, so its rows are read.
FILES = [
    ("an archive", "homes.csv", zipped(), "no CSV"),
    ("an archive that unpacks to a gigabyte", "homes.csv", zipped(times=20_000), "no CSV"),
    ("a packed list", "homes.csv", gzip.compress(GOOD), "no CSV"),
    ("an archive by its name", "homes.zip", GOOD, "ends in .csv"),
    ("a workbook by its name", "homes.xlsx", zipped(), "ends in .csv"),
    ("an old workbook", "homes.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + GOOD, "no CSV"),
    ("a PDF", "homes.csv", b"%PDF-1.7\n" + GOOD, "no CSV"),
    ("a picture that is a CSV too", "homes.csv", b"GIF89a," + GOOD, "no CSV"),
    ("a PNG", "homes.csv", b"\x89PNG\r\n\x1a\n", "no CSV"),
    ("a program", "homes.csv", b"MZ\x90\x00", "no CSV"),
    ("a page", "homes.csv", b"<!doctype html><script>alert(1)</script>", "no CSV"),
    ("a drawing", "homes.csv", b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no CSV"),
    ("an XML with entities", "homes.csv", b"  <?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "no CSV"),
    ("UTF-16", "homes.csv", GOOD.decode().encode("utf-16"), "no CSV"),
    ("UTF-16 without its mark", "homes.csv", GOOD.decode().encode("utf-16-le"), "no text has"),
    ("a NUL", "homes.csv", GOOD.replace(b"Lindens", b"Lin\0dens"), "no text has"),
    ("two endings", "homes.csv.exe", GOOD, "ends in .csv"),
    ("no ending", "homes", GOOD, "ends in .csv"),
    ("a name that hides its ending", "homes\u202evsc.exe", GOOD, "ends in .csv"),
    ("nothing", "homes.csv", b"", "empty"),
    ("the test file of virus scanners", "homes.csv", EICAR, "a row of headings"),
    ("a cell of a million signs", "homes.csv", (HEAD + "DEMO500," + "x" * 1_000_000 + ",K,4\n").encode(), "131,072"),
    ("a line of a thousand cells", "homes.csv", (HEAD + "," * 1000 + "x\n").encode(), "at most 200 cells"),
    ("text that turns around", "homes.csv", (HEAD + "DEMO500,A \u202egnirps,K,4\n").encode(), "up to 160 letters"),
    ("a sign of no width", "homes.csv", (HEAD + "DEMO500,A,K\u200bare,4\n").encode(), "up to 160 letters"),
    ("a control sign", "homes.csv", (HEAD + "DEMO500,A\x1b[31m,K,4\n").encode(), "up to 160 letters"),
    ("a council of a thousand letters", "homes.csv", ("URN,Name,Owner,Places,LA\nDEMO500,A,K,4," + "x" * 1000).encode(), "up to 160"),
]  # fmt: skip


@pytest.fixture
def world(db: None) -> Cast:
    with owner():
        return cast.build()


@pytest.fixture
def client(world: Cast) -> Client:
    client = Client()
    client.force_login(world.quin)
    return client


def sent(client: Client, name: str, content: bytes) -> tuple[int, str]:
    answer = client.post("/homes/import/", {"file": SimpleUploadedFile(name, content)})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(("what", "name", "content", "said"), FILES, ids=[one[0] for one in FILES])
def test_what_is_no_list_saves_nothing(
    client: Client, what: str, name: str, content: bytes, said: str
) -> None:
    status, page = sent(client, name, content)
    assert status in (200, 422)
    assert said in page
    assert "<script>alert" not in page
    assert "onload=" not in page
    assert Home.objects.count() == 2
    assert not Organisation.objects.filter(name="Kestrel Care").exists()


def test_a_list_is_taken_whatever_it_is_called_before_its_ending(client: Client) -> None:
    status, _ = sent(client, "../../etc/cron.d/homes.CSV", GOOD)
    assert status == 302
    assert Home.objects.filter(urn="DEMO500").exists()


def test_names_that_look_like_code_stay_words(client: Client) -> None:
    hostile = '=HYPERLINK(""http://evil.example"") <script>alert(1)</script>'
    status, _ = sent(client, "homes.csv", (HEAD + f'DEMO500,"{hostile}",Kestrel Care,4\n').encode())
    assert status == 302
    assert Home.objects.get(urn="DEMO500").name.startswith("=HYPERLINK")


def test_a_larger_file_and_a_longer_list_are_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MOST_BYTES", 50)
    assert "smaller than 20 MB" in sent(client, "homes.csv", GOOD + b"x" * 50)[1]
    monkeypatch.undo()
    monkeypatch.setattr(reading, "MOST_LINES", 3)
    rows = "".join(f"DEMO50{number},A,K,4\n" for number in range(5))
    status, page = sent(client, "homes.csv", (HEAD + rows).encode())
    assert (status, "at most 3 lines" in page) == (422, True)
    assert Home.objects.count() == 2


def test_nothing_of_a_file_stays_on_the_disk(client: Client, settings: Settings) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    before = set(os.listdir(tempfile.gettempdir()))
    sent(client, "homes.csv", GOOD)
    assert not {name for name in set(os.listdir(tempfile.gettempdir())) - before if ".upload" in name}
    assert not settings.MEDIA_ROOT
    assert not settings.MEDIA_URL.strip("/")


def test_no_other_page_takes_a_file_and_none_serves_one() -> None:
    assert get_resolver()
    assert not [
        name for name in patterns() if "media" in name or "download" in name.replace("mfa_download", "")
    ]


def test_the_command_refuses_the_same(world: Cast, tmp_path: os.PathLike[str]) -> None:
    file = os.path.join(tmp_path, "homes.csv")
    with open(file, "wb") as out:
        out.write(zipped())
    with owner(), pytest.raises(CommandError, match="no CSV") as wrong:
        call_command("import_homes", file)
    assert wrong.value.returncode == 2

"""The hostile inputs through forms, API, import, and back in page, PDF, CSV and mail: refused whole, or kept as words."""

import csv
import io
import json
from email import message_from_bytes
from email.policy import SMTP
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from events import clock
from homes import tokens
from homes.models import Home, User
from incidents.record.models import Draft, Incident
from oversight.dashboards.csv_cells import FORMULA, safe_cell
from oversight.escalation.channels.email.sending import NotSentError, Outgoing, as_message, by_smtp
from tests.conftest import owner
from tests.hesley_hub.hardening.conftest import SignIn
from tests.hesley_hub.hardening.harmless import strange
from tests.hesley_hub.hardening.hostile import COMPLAINT, REFUSED, REQUESTS, TEXTS, TO, Sent
from tests.hesley_hub.looking.conftest import Everything
from voice.heard.models import View

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
PRINTED = ("script", "picture from elsewhere", "file as picture", "drawing", "style", "link that attaches", "right to left",
           "the longest plane", "long line of marks", "font")  # fmt: skip


@pytest.fixture(autouse=True)
def _no_budget(settings: Settings) -> None:
    settings.HUB_PAGES_AN_HOUR = settings.HUB_ROWS_AN_HOUR = settings.HUB_FILES_A_DAY = 10_000


def caller(user: User) -> Client:
    with owner():
        secret = tokens.make(user=user, days=1, by="tests", now=clock.now())
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})


def posted(client: Client, text: str) -> tuple[int, str]:
    """Status and reference of a complaint with this text."""
    body = json.dumps(COMPLAINT | {"narrative": text, "wanted": text[:500]})
    answer = client.post(TO, body, content_type="application/json", headers={"Idempotency-Key": str(uuid4())})
    assert answer.headers["Content-Type"] == "application/json"
    return answer.status_code, str(answer.json().get("reference", ""))


def test_there_are_enough() -> None:
    assert len(TEXTS) + len(REFUSED) + len(REQUESTS) >= 130


def test_texts_over_the_api_come_back_as_words_everywhere(everything: Everything, signed_in: SignIn) -> None:
    client, page = caller(everything.world.fran), signed_in("fran")
    for name, text in TEXTS.items():
        status, reference = posted(client, text)
        assert status == 201, (name, status)
        with owner():
            assert Incident.objects.get(reference=reference).narrative == text.strip(), name
        answer = page.get(f"/incidents/{reference}/")
        assert answer.status_code == 200, name
        assert strange(answer.content.decode()) == [], name
        given = client.get(f"/api/v1/complaints/{reference}/")
        assert given.status_code == 200, name
        assert given.headers["Content-Type"] == "application/json"
        if name in PRINTED:
            printed = page.get(f"/incidents/{reference}/pdf")
            assert printed.status_code == 200, name
            assert not PdfReader(io.BytesIO(printed.content)).attachments, name
            assert b"/URI (http" not in printed.content
            assert b"root:" not in printed.content
    listed = page.get("/homes/DEMO001/records/")
    assert strange(listed.content.decode()) == []


def test_what_no_record_can_hold_is_refused_whole(everything: Everything) -> None:
    client = caller(everything.world.fran)
    with owner():
        before = Incident.objects.count()
    for name, text in REFUSED.items():
        assert posted(client, text)[0] == 400, name
    with owner():
        assert Incident.objects.count() == before


def test_requests_are_answered_and_break_nothing(everything: Everything, signed_in: SignIn) -> None:
    with owner():
        records = Incident.objects.count()
    for name, sent in REQUESTS.items():
        cache.clear()
        answer = answered(sent, everything, signed_in)
        assert answer.status_code in sent.status, (name, answer.status_code)
        for word in (b"Traceback", b"root:", b"SECRET_KEY"):
            assert word not in answer.content, name
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            assert strange(answer.content.decode()) == [], name
        records += answer.status_code == 201
        with owner():
            assert Incident.objects.count() == records, name
    with owner():
        assert not Incident.objects.filter(status="withdrawn").exists()


def answered(sent: Sent, everything: Everything, signed_in: SignIn) -> Any:
    if "sign-in" in sent.path:
        client = Client(raise_request_exception=False)
    else:
        client = caller(everything.world.fran) if sent.path.startswith("/api/") else signed_in("fran")
    for cookie, value in sent.cookies.items():
        client.cookies[cookie] = value
        client.cookies[cookie].set(cookie, value, value)
    headers = {"Idempotency-Key": str(uuid4())} | sent.headers
    return client.generic(sent.method, sent.path, sent.body, sent.kind, headers=headers)


def test_texts_typed_into_forms_come_back_as_words(everything: Everything, signed_in: SignIn) -> None:
    client = signed_in("asha")
    child = everything.world.rowan.pk
    kept = 0
    for name, text in {**TEXTS, "nul": REFUSED["nul"], "too long": REFUSED["too long"]}.items():
        typed = {"words": text, "heard_by": text[:100], "method": text[:20], "home": text[:30]}
        answer = client.post(f"/children/{child}/say/", typed)
        assert answer.status_code in (200, 302, 400, 422), (name, answer.status_code)
        assert strange(answer.content.decode()) == [], name
        kept += answer.status_code == 302
        note = client.post("/sign-in/", {"login": text, "password": text, "next": text})
        assert note.status_code < 500, name
        assert strange(note.content.decode()) == [], name
    with owner():
        assert View.objects.count() == 1 + kept


def test_texts_left_in_a_draft_come_back_as_words(everything: Everything, signed_in: SignIn) -> None:
    client = signed_in("asha")
    begun = client.post("/record/reg40/", {"home": "DEMO001", "in_danger": "no"})
    assert begun.status_code == 302
    with owner():
        draft = Draft.objects.get()
    step = f"/record/draft/{draft.pk}/what/"
    for name, text in {**TEXTS, **REFUSED}.items():
        if name == "half a pair":
            continue  # no browser can encode it; the requests above send its bytes
        answer = client.post(step, {"narrative": text, "occurred_time": text[:50]})
        assert answer.status_code < 500, (name, answer.status_code)
        again = client.get(step)
        assert again.status_code in (200, 302, 404), name
        assert strange(again.content.decode()) == [], name


def test_names_from_a_list_come_back_as_words_and_as_cells(everything: Everything, signed_in: SignIn) -> None:
    keeper, reader = signed_in("quin"), signed_in("mo")
    taken = []
    for number, (name, text) in enumerate({**TEXTS, "nul": REFUSED["nul"]}.items()):
        sheet = io.StringIO()
        csv.writer(sheet).writerows(
            [["URN", "Name", "Owner", "Places", "LA", "Town"], [f"DEMO9{number:02}", text, text, 4, "", ""]]
        )
        file = SimpleUploadedFile("homes.csv", sheet.getvalue().encode())
        answer = keeper.post("/homes/import/", {"file": file})
        assert answer.status_code in (200, 302, 422), (name, answer.status_code)
        assert strange(answer.content.decode()) == [], name
        home = Home.objects.filter(urn=f"DEMO9{number:02}").first()
        assert (home is not None) == (answer.status_code == 302), name
        if home is not None:
            assert home.name == " ".join(text.split()), name
            assert home.name.isprintable(), name
            taken.append(home)
    assert len(taken) > 30
    sheet_of_all = reader.get(reverse("nation-csv"))
    rows = list(csv.reader(io.StringIO(sheet_of_all.content.decode())))
    assert len(rows) >= len(taken) + 3
    for row in rows[1:]:
        assert not [cell for cell in row if cell.lstrip().startswith(FORMULA)], row
    for path in (reverse("nation"), f"/homes/{taken[0].urn}/", "/api/v1/homes/?page_size=100"):
        shown = reader.get(path)
        assert shown.status_code == 200, path
        if path.startswith("/api/"):
            assert shown.headers["Content-Type"] == "application/json"
        else:
            assert strange(shown.content.decode()) == [], path


@pytest.mark.parametrize("text", [*TEXTS.values(), *REFUSED.values()], ids=[*TEXTS, *REFUSED])
def test_a_cell_of_any_text_is_no_formula(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.lstrip().startswith(FORMULA)
    assert "\x00" not in cell
    assert cell in (text.replace("\x00", ""), "'" + text.replace("\x00", ""))


@pytest.mark.parametrize("sign", [*FORMULA, "\t", "\r", "\n"])
def test_every_sign_that_begins_a_formula_is_put_behind_an_apostrophe(sign: str) -> None:
    for text in (f"{sign}1+1", f" {sign}1+1", f"\x00{sign}1+1", f"\x0b{sign}1"):
        if sign in "\t\r\n" and not text.startswith(sign):
            continue
        assert safe_cell(text).startswith("'"), repr(text)
    assert safe_cell(-5) == "-5"
    assert safe_cell(0.5) == "0.5"


@pytest.mark.parametrize("name", [*TEXTS, "nul"])
def test_a_mail_of_any_text_has_our_headers_and_one_recipient(name: str, settings: Settings) -> None:
    text = (TEXTS | REFUSED)[name]
    mail = Outgoing("duty@northmoor.example", f"About {text}", text, "<1@hub.example>")
    message = as_message(mail, clock.now())
    read = message_from_bytes(message.as_bytes(policy=SMTP), policy=SMTP)
    assert set(read.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert read["To"].addresses[0].addr_spec == "duty@northmoor.example"
    assert len(read["To"].addresses) == 1
    assert read.get_content_type() == "text/plain"
    assert "\n" not in str(read["Subject"])


@pytest.mark.parametrize(
    "address",
    ["a@b.example\r\nBcc: c@evil.example", "a@b.example, c@evil.example", "a@b.example;c@evil.example", "<a@b.example> c@evil.example", "a@b.example\x00"],
)  # fmt: skip
def test_two_recipients_in_one_address_are_nobody(address: str) -> None:
    with pytest.raises(NotSentError) as refused:
        by_smtp(Outgoing(address, "s", "b", "<1@hub.example>"), clock.now(), urlsplit("smtp://127.0.0.1:1"))
    assert refused.value.permanent

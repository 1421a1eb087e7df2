import io
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from pypdf import PdfReader

from incidents.record import actions
from incidents.record.models import Stream
from incidents.reg40.models import Reg40Details
from oversight.dashboards.documents import rendering
from oversight.escalation.models import Alert
from oversight.visits.models import SignificantConcern, Visit
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.dashboards import history


def text_of(client: Client, cast: Cast, name: str, address: str) -> tuple[str, PdfReader]:
    client.force_login(cast.people[name])
    answer = client.get(address)
    assert answer.status_code == 200, (name, answer.content[:500])
    assert answer.headers["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split()), reader


@pytest.fixture
def alert(world: Cast) -> Alert:
    with owner():
        history.records(world, 40)
        made = history.alert(
            world, picture="overseers", pattern="staff_conduct", tier="escalate", answered_by=world.mo,
            told=("ofsted", "northmoor"),
        )  # fmt: skip
        history.visit(world, world.now.date() - timedelta(days=10))
    return made


def test_an_alert_on_paper_says_what_its_page_says(world: Cast, alert: Alert, client: Client) -> None:
    text, reader = text_of(client, world, "mo", f"/alerts/{alert.reference}/pdf")
    assert "Elm House" in text
    assert "LADO referrals: 6" in text
    assert "Whistleblowing disclosures: 2" in text
    assert "Confidential" in text
    assert "Simulated" in text
    assert alert.reference in text
    assert "a reason to look, not a finding" in text
    fonts = {str(font) for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert "Atkinson-Hyperlegible-Next" in " ".join(
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    ), fonts
    assert reader.metadata is not None
    assert reader.metadata.title == f"Alert {alert.reference}"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    other, _ = text_of(client, world, "fran", f"/alerts/{alert.reference}/pdf")
    assert "Whistleblowing disclosures" not in other
    assert "records held by the regulator" in other
    for name in ("asha", "dan", "efe", "lee", "cerys"):
        client.force_login(world.people[name])
        assert client.get(f"/alerts/{alert.reference}/pdf").status_code == 404, name


def test_a_providers_alert_needs_no_home(world: Cast, alert: Alert, client: Client) -> None:
    with owner():
        Alert.objects.filter(pk=alert.pk).update(home=None, scope="provider")
    text, _ = text_of(client, world, "mo", f"/alerts/{alert.reference}/pdf")
    assert "Across all homes of the provider" in text


def test_a_record_on_paper_keeps_to_the_rights_of_its_reader(world: Cast, client: Client) -> None:
    with owner():
        incident = actions.save_record(
            new=actions.NewRecord(
                home=world.elm,
                stream=Stream.REG40,
                occurred_at=world.now - timedelta(hours=3),
                known_at=world.now - timedelta(hours=2),
                source="home",
                by_provider=True,
                narrative="[A] fell on the stairs",
                children=[actions.ChildPart(child=world.rowan)],
            ),
            details=lambda saved: Reg40Details(incident=saved, event="40(4)(e)"),
            by=world.asha.pk,
            now=world.now,
        )
    text, _ = text_of(client, world, "asha", f"/incidents/{incident.reference}/pdf")
    assert "fell on the stairs" in text
    assert "RH" in text
    assert "Rowan" not in text
    visitor, _ = text_of(client, world, "efe", f"/incidents/{incident.reference}/pdf")
    assert "Not to be left at the home" in visitor
    for name in ("cerys", "gita", "kim", "lee"):
        client.force_login(world.people[name])
        assert client.get(f"/incidents/{incident.reference}/pdf").status_code == 404, name


def test_a_visit_report_on_paper_has_a_version_for_each_reader(
    world: Cast, alert: Alert, client: Client
) -> None:
    with owner():
        visit = Visit.objects.get()
        SignificantConcern.objects.create(
            reference="SC-TEST", home=world.elm, visit=visit, raised_at=world.now, raised_by_id=world.efe.pk,
            what="Doors were locked at night",
        )  # fmt: skip
    address = f"/visits/{visit.pk}/pdf"
    regulator, _ = text_of(client, world, "mo", address)
    assert "Doors were locked at night" in regulator
    own, _ = text_of(client, world, "asha", address)
    assert "The provider’s copy" in own
    assert "Doors were locked" not in own
    for name in ("cerys", "lee", "rut", "kim"):
        client.force_login(world.people[name])
        assert client.get(address).status_code == 404, name
    client.force_login(world.mo)
    assert client.get(f"/visits/{UUID(int=1)}/pdf").status_code == 404


def test_a_document_fetches_nothing_but_our_own_face() -> None:
    fetcher = rendering._fetcher()
    assert fetcher.fetch(f"{rendering.OURS}{rendering.FONTS[0]}").read(4) == b"wOF2"
    for url in (
        "http://127.0.0.1/x", "https://documents.invalid/x", "file:///etc/passwd", "data:text/plain,x", f"{rendering.OURS}hub.css",
        rendering.FONTS[0],
    ):  # fmt: skip
        with pytest.raises(ValueError, match="fetches nothing"):
            fetcher.fetch(url)


def test_without_pango_the_page_says_what_to_install(
    world: Cast, alert: Alert, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import builtins

    real = builtins.__import__

    def lacking(name: str, *args: object, **options: object) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **options)  # type: ignore[arg-type]

    client.force_login(world.mo)
    monkeypatch.setattr(builtins, "__import__", lacking)
    answer = client.get(f"/alerts/{alert.reference}/pdf")
    monkeypatch.undo()
    assert answer.status_code == 503
    assert "apt-get install -y --no-install-recommends libpango" in answer.content.decode()

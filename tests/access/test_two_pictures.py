"""Every byte that the provider's people are served, before and after somebody outside records something."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from events import clock, outbox
from hesley_hub.access.routes import Thing
from homes.models import Child, Home, Organisation, Person
from incidents.record.models import Duty, Incident
from oversight.escalation.models import Alert
from oversight.matters.models import MatterLink
from oversight.visits.models import SignificantConcern, Visit
from tests import cast
from tests.access import past
from tests.access.addresses import Address, Things, filled
from tests.access.serving import Served, all_served, served, signed_in
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.visits import world as visits
from voice.heard.models import View

pytestmark = pytest.mark.django_db

PROVIDERS = ("asha", "dan")
#: Open to anybody, and of the hub as a whole: how long anything has waited; the API's schema.
OF_THE_HUB = ("/health/", "/api/v1/schema/")


@pytest.fixture(autouse=True)
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[datetime]:
    """The clock stands still, and nobody waits for prompts."""
    now = clock.now().replace(microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)
    token = outbox.prompts.set(False)
    yield now
    outbox.prompts.reset(token)


@pytest.fixture
def world(db: None, held: datetime) -> Cast:
    with owner():
        built = cast.build(held)
    past.own(built)
    return built


def things() -> Things:
    """The keys of everything there is."""
    with owner():
        links = [(str(link.pk), link.home.urn) for link in MatterLink.objects.select_related("home")]
        records = list(Incident.objects.values_list("reference", flat=True))
        visited = [str(key) for key in Visit.objects.values_list("pk", flat=True)]
        homes = list(Home.objects.values_list("urn", flat=True))
        children = [str(key) for key in Child.objects.values_list("pk", flat=True)]
        return Things(
            keys={
                **dict.fromkeys(
                    (Thing.HOME, Thing.RECORDS, Thing.CHILDREN, Thing.VISITS, Thing.MATTERS), homes
                ),
                **dict.fromkeys((Thing.CHILD, Thing.LOOKS_AT_CHILD), children),
                **dict.fromkeys((Thing.VISIT, Thing.REPORT), visited),
                Thing.RECORD: records,
                Thing.PROVIDER: [str(key) for key in Organisation.objects.values_list("pk", flat=True)],
                Thing.ALERT: list(Alert.objects.values_list("reference", flat=True)),
                Thing.VIEW: [str(key) for key in View.objects.values_list("pk", flat=True)],
                Thing.CONCERN: list(SignificantConcern.objects.values_list("reference", flat=True)),
                Thing.LOOKS_OF_PERSON: [str(key) for key in Person.objects.values_list("pk", flat=True)],
                Thing.DUTY: [str(key) for key in Duty.objects.values_list("pk", flat=True)],
                Thing.MATTER: [key for key, _ in links],
                Thing.STREAM: ["reg40", "lado", "complaint", "hospital", "whistleblowing"],
            },
            home_of=dict(links),
        )


def addresses(known: Things) -> list[Address]:
    """All of them; of the PDFs one of each kind and stream, because each takes a while."""
    found: list[Address] = []
    printed: set[str] = set()
    for address in filled(known):
        if address.path.startswith(OF_THE_HUB):
            continue
        if address.path.endswith("/pdf"):
            kind = address.route + address.about[:3]
            if kind in printed:
                continue
            printed.add(kind)
        found.append(address)
    return found


def pictures(
    world: Cast, where: list[Address], people: tuple[str, ...] = PROVIDERS
) -> dict[str, dict[str, Served]]:
    return {name: all_served(world.people[name], where) for name in people}


def differ(
    before: dict[str, dict[str, Served]], after: dict[str, dict[str, Served]]
) -> list[tuple[str, str]]:
    return [
        (name, path)
        for name, pages in after.items()
        for path, page in pages.items()
        if path in before[name] and page != before[name][path]
    ]


def refused(after: dict[str, dict[str, Served]], keys: list[str]) -> list[tuple[str, str]]:
    """Addresses of the new things that were answered with anything but 404 or 405."""
    return [
        (name, path)
        for name, pages in after.items()
        for path, page in pages.items()
        if any(key in path for key in keys) and page.status not in (404, 405)
    ]


def outsiders_looked(world: Cast, records: list[Incident]) -> None:
    """Those outside open what they recorded; their looks stay."""
    for name in ("mo", "lee", "ines", "fran"):
        client = signed_in(world.people[name])
        for record in records:
            served(client, f"/incidents/{record.reference}/")
        served(client, f"/children/{world.rowan.pk}/")


def test_one_disclosure_and_one_unmatched_hospital_record_move_no_byte(world: Cast) -> None:
    known = addresses(things())
    before = pictures(world, known)
    assert sum(page.status == 200 for page in before["asha"].values()) > 40
    records = [past.disclosed(world), past.attended(world)]
    past.settle(world)
    outsiders_looked(world, records)
    now_known = addresses(things())
    assert len(now_known) > len(known)
    after = pictures(world, now_known)
    assert differ(before, after) == []
    assert refused(after, [record.reference for record in records]) == []
    seen = all_served(world.mo, [address for address in now_known if address.route == "record:record"])
    assert all(seen[f"/incidents/{record.reference}/"].status == 200 for record in records)


def test_all_that_outsiders_can_record_moves_no_byte_until_it_is_shared(world: Cast) -> None:
    known = addresses(things())
    before = pictures(world, known)
    records = [past.referred(world), past.complained(world), past.attended(world, 3.5), past.disclosed(world)]
    past.told_outside(world)
    visits.concern(world)
    past.settle(world)
    outsiders_looked(world, records)
    assert differ(before, pictures(world, addresses(things()))) == []

"""As many looks as pages seen; a page without its look is not shown; recording never waits for one."""

import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from itertools import product
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from events import clock, relay
from events.context import acting_as
from events.identity import new_id
from hesley_hub.looking.routes import ROUTES, UNKNOWN, Kept, NotKept, rule_of
from homes.looking.models import Look
from homes.looking.seen import saw, shown
from homes.models import Home, HomeGrant, Post
from incidents.record.models import Draft, Incident, Stream
from incidents.recording import actions as drafting
from oversight.escalation.models import OperatorAlarm
from tests.cast import PEOPLE
from tests.conftest import owner, worker
from tests.hesley_hub.looking.conftest import Everything

pytestmark = pytest.mark.django_db


def _routes(
    resolver: URLResolver, spaces: tuple[str, ...] = (), before: str = ""
) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _routes(entry, inner, before + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or entry.lookup_str)), before + str(entry.pattern)


def test_every_route_says_whether_it_is_a_look_and_why() -> None:
    """A new address belongs into hesley_hub/looking/routes.py."""
    names = {name for name, _ in _routes(get_resolver())}
    assert names - set(ROUTES) == set(), "say in hesley_hub/looking/routes.py whether this is a look"
    assert set(ROUTES) - names == set(), "these routes are gone"
    for name, rule in ROUTES.items():
        if isinstance(rule, NotKept):
            assert len(rule.because) > 10, name
        else:
            assert rule.purpose.startswith("to "), name
    assert rule_of("something new") is UNKNOWN


def _addresses(found: Everything, *, streams: int) -> list[tuple[str, str]]:
    """Every address with the keys that may fit it, by route; records of so many streams."""
    world = found.world
    alerts = [alert.reference for alert in found.alerts[:streams]]
    incidents = [incident.reference for incident in found.incidents.values()][:streams]
    keys: dict[str, list[object]] = {
        "child": [world.rowan.pk, world.tam.pk],
        "view": [found.view.pk],
        "visit": [found.visit.pk],
        "provider": [world.organisations["alder"].pk],
        "record:told": list(found.duties)[:1],
        "person": [world.asha.pk],
        "matter-decide": found.links[:1],
    }
    addresses = []
    for name, pattern in _routes(get_resolver()):
        kind = next((key for key in keys if name.startswith(key)), "")
        uuids = keys.get(kind, [new_id()])
        plain = (
            re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<str:\1>", pattern)
            .replace("^", "")
            .replace("$", "")
            .replace("/?", "/")
        )
        choices = []
        for converter, label in re.findall(r"<(\w+):(\w+)>", plain):
            if converter == "uuid":
                choices.append(uuids)
            elif label == "pk":
                choices.append([found.visit.pk])
            elif label == "urn":
                choices.append(["DEMO001", "DEMO002"] if name == "home" else ["DEMO001"])
            elif label in ("reference", "id"):
                choices.append(
                    alerts
                    if "alert" in name
                    else [found.concern.reference]
                    if "concern" in name
                    else incidents
                )
            else:
                choices.append(["who", "safeguarded"])
        for chosen in product(*choices):
            words = iter(chosen)
            addresses.append(
                (name, "/" + re.sub(r"<\w+:\w+>", lambda _, words=words: str(next(words)), plain))
            )
    # What is taken away comes first: the pages of one's own account end the proof of who one is.
    return sorted(addresses, key=lambda one: not one[0].endswith("-csv"))


def _leave_out(name: str, username: str) -> bool:
    """Documents and the schema are slow to make: one reader is enough."""
    return (name.endswith("-pdf") and username != "nia") or name in ("account_logout", "api-schema")


@pytest.mark.timeout(600)
def test_a_crawl_as_every_role_leaves_as_many_looks_as_pages_seen(everything: Everything) -> None:
    seen_routes: set[str] = set()
    for username in PEOPLE:
        user = everything.world.people[username]
        client = _client(everything, username)
        seen = []
        addresses = _addresses(everything, streams=5 if username in ("mo", "ines") else 1)
        assert len(addresses) > 60
        for name, address in addresses:
            if _leave_out(name, username):
                continue
            answer = client.get(address)
            assert answer.status_code in (200, 302, 404, 405, 422), (username, address, answer.status_code)
            if answer.status_code == 200 and isinstance(rule_of(name), Kept):
                seen.append(name)
        with owner():
            kept = list(
                Look.objects.filter(viewer=user.pk).order_by("at", "id").values_list("route", flat=True)
            )
        assert kept == seen, username
        seen_routes |= set(seen)
    unseen = {name for name, rule in ROUTES.items() if isinstance(rule, Kept)} - seen_routes
    # Pages of recording need a draft; their looks are tested below.
    assert {name for name in unseen if not name.startswith(("recording:", "visit-"))} <= {
        "matter-decide",
        "api-assessment",
    }


def _client(everything: Everything, username: str) -> Client:
    """Somebody who signed in a moment ago, so that nothing asks once more who they are."""
    client = Client()
    client.force_login(everything.world.people[username])
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": clock.unmoved().timestamp()}]
    session["account_authentication_methods_user"] = str(everything.world.people[username].pk)
    session.save()
    return client


def _looks(username: str, everything: Everything) -> list[Look]:
    with owner():
        return list(Look.objects.filter(viewer=everything.world.people[username].pk).order_by("at"))


def test_a_look_says_who_in_which_post_saw_whom_and_why(everything: Everything) -> None:
    incident = everything.incidents[Stream.REG40]
    answer = _client(everything, "asha").get(f"/incidents/{incident.reference}/")
    (look,) = _looks("asha", everything)
    world = everything.world
    assert (look.post, look.organisation) == ("Registered manager", "Alder Vale Care")
    assert look.organisation_id == world.organisations["alder"].pk
    assert (look.what, look.method, look.route) == ("record", "view", "record:record")
    assert look.subjects == [incident.pk, world.rowan.pk]
    assert (look.home, look.held, look.purpose) == (world.elm.pk, False, "to read one record")
    assert str(look.request) == answer.headers["X-Request-Id"]
    assert abs(look.at - clock.now()) < timedelta(minutes=2)
    assert look.login
    assert look.transaction > 0


def test_a_disclosure_is_held_and_a_filtered_list_is_a_search(everything: Everything) -> None:
    client = _client(everything, "mo")
    client.get(f"/incidents/{everything.incidents[Stream.WHISTLEBLOWING].reference}/")
    client.get("/homes/DEMO001/records/?stream=lado&page=1")
    client.get("/homes/DEMO001/records/?page=1")
    client.get("/api/v1/incidents/")
    client.head("/homes/DEMO001/records/")
    client.get("/homes/DEMO999/records/")
    looks = _looks("mo", everything)
    assert [(look.method, look.held) for look in looks] == [
        ("view", True),
        ("search", False),
        ("list", True),
        ("api", True),
    ]
    assert looks[1].subjects == [everything.incidents[Stream.LADO].pk]


def test_a_grant_in_force_is_the_purpose(everything: Everything) -> None:
    world = everything.world
    with owner():
        HomeGrant.objects.create(
            user=world.cerys,
            permission_id=_permission(),
            content_object=world.elm,
            picture="provider",
            starts_at=world.now - timedelta(hours=1),
            ends_at=world.now + timedelta(hours=3),
            reason="cover while Asha is away",
            granted_by=world.asha.person,
        )
    _client(everything, "cerys").get("/homes/DEMO001/records/")
    (look,) = _looks("cerys", everything)
    assert look.purpose == "by grant: cover while Asha is away"
    assert look.organisation == "Larch Homes"


def _permission() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.id from auth_permission p join django_content_type c on c.id = p.content_type_id where c.model = 'home' limit 1"
        )
        return int(cursor.fetchone()[0])


def _refuse_looks() -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute("revoke insert on homes_look from hub_web")


def test_what_cannot_be_kept_is_not_shown(everything: Everything, caplog: pytest.LogCaptureFixture) -> None:
    incident = everything.incidents[Stream.REG40]
    client = _client(everything, "asha")
    _refuse_looks()
    answer = client.get(f"/incidents/{incident.reference}/")
    assert answer.status_code == 503
    assert b"found outside" not in answer.content
    assert "not kept: ProgrammingError" in caplog.text
    api = client.get(f"/api/v1/incidents/{incident.reference}/")
    assert (api.status_code, api.headers["Content-Type"]) == (503, "application/json")
    assert "Not shown" in api.json()["detail"]
    assert client.get("/").status_code == 200


def _draft(everything: Everything) -> Draft:
    asha, world = everything.world.asha.pk, everything.world
    with acting_as(asha, world.now):
        return drafting.start_draft(
            home=world.elm, form="reg40", answers={"danger": {"in_danger": ["no"]}}, by=asha, now=world.now
        )


def test_recording_goes_on_without_its_look_and_the_operator_is_told(everything: Everything) -> None:
    draft = _draft(everything)
    client = _client(everything, "asha")
    address = f"/record/draft/{draft.pk}/{_first_step()}/"
    assert client.get(address).status_code == 200
    (look,) = _looks("asha", everything)
    assert set(look.subjects) == {everything.world.rowan.pk, everything.world.sky.pk}
    _refuse_looks()
    assert client.get(address).status_code == 200
    sent = client.post(address, {})
    assert sent.status_code in (200, 422)
    with worker():
        relay.drain(now=everything.world.now)
    with owner():
        alarms = list(OperatorAlarm.objects.filter(kind="look_not_kept"))
    assert len(alarms) == 2
    assert "recording:step" in alarms[0].about
    assert "Rowan" not in alarms[0].about


def _first_step() -> str:
    from incidents.registry import FLOWS

    return FLOWS["reg40"].steps[0].key


def test_where_not_even_the_operator_can_be_told_recording_goes_on(
    everything: Everything, caplog: pytest.LogCaptureFixture
) -> None:
    draft = _draft(everything)
    client = _client(everything, "asha")
    _refuse_looks()
    with owner(), connection.cursor() as cursor:
        cursor.execute("revoke insert on events_event from hub_web")
    assert client.get(f"/record/draft/{draft.pk}/{_first_step()}/").status_code == 200
    assert "could not be told" in caplog.text


def test_a_form_that_comes_back_shows_again_and_is_kept(everything: Everything) -> None:
    reference = everything.incidents[Stream.HOSPITAL].reference
    client = _client(everything, "mo")
    assert client.post(f"/incidents/{reference}/share/", {"why": ""}).status_code == 200
    assert [look.route for look in _looks("mo", everything)] == ["record:share"]


def test_what_a_view_shows_is_collected_once(rf: object) -> None:
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    assert shown(request) == []
    key = new_id()
    saw(request, what=Look.What.CHILD, subjects=[key])
    saw(request, what=Look.What.VIEW, subjects=[key], held=True)
    assert [one.what for one in shown(request)] == ["child", "view"]


# Who may read the looks


def test_who_has_seen_this_child(everything: Everything) -> None:
    world = everything.world
    whistle = everything.incidents[Stream.WHISTLEBLOWING].reference
    _client(everything, "mo").get(f"/incidents/{whistle}/")
    _client(everything, "mo").get(f"/incidents/{everything.incidents[Stream.HOSPITAL].reference}/")
    _client(everything, "ben").get(f"/children/{world.rowan.pk}/")
    _client(everything, "lee").get(f"/incidents/{everything.incidents[Stream.HOSPITAL].reference}/")
    address = f"/children/{world.rowan.pk}/looks/"

    whole = _client(everything, "fran").get(address)
    assert whole.status_code == 200
    text = whole.content.decode()
    assert "Mo Okafor" in text
    assert "Ben Castle" in text
    assert "Lee Moss" in text
    assert text.count("Mo Okafor") == 1, "the look at the disclosure is the regulator's"
    assert b"Everybody who opened" in _client(everything, "hal").get(address).content

    for username in ("asha", "dan"):
        own = _client(everything, username).get(address).content.decode()
        assert "Ben Castle" in own
        assert "Mo Okafor" not in own
        assert "Lee Moss" not in own

    for username in ("ben", "cerys", "gita", "mo", "ines", "jon", "kim", "lee", "efe", "ola", "pat", "quin"):
        assert _client(everything, username).get(address).status_code == 404, username


def test_what_a_person_has_seen(everything: Everything) -> None:
    world = everything.world
    _client(everything, "ben").get(f"/children/{world.rowan.pk}/")
    address = f"/looking/person/{world.ben.pk}/"
    for username in ("ben", "asha", "dan"):
        answer = _client(everything, username).get(address)
        assert answer.status_code == 200, username
        assert b"to hear a child" in answer.content, username
    for username in ("cerys", "fran", "mo", "quin", "gita"):
        assert _client(everything, username).get(address).status_code == 404, username
    assert _client(everything, "mo").get(f"/looking/person/{new_id()}/").status_code == 404


def test_an_organisation_downloads_its_own(everything: Everything) -> None:
    world = everything.world
    with owner():
        Home.objects.filter(pk=world.elm.pk).update(name="=Elm")
    _client(everything, "ben").get("/homes/DEMO001/records/")
    _client(everything, "mo").get("/homes/DEMO001/records/")
    client = _client(everything, "dan")
    rows = list(csv.reader(StringIO(client.get("/looking/looks.csv").content.decode())))
    assert rows[0][:3] == ["When", "Who", "Post"]
    assert [row[1] for row in rows[1:]] == ["Ben Castle"]
    assert rows[1][7] == "'=Elm"
    (look,) = _looks("dan", everything)
    assert (look.method, look.what) == ("export", "looks")
    page = _client(everything, "dan").get("/looking/").content.decode()
    assert f"/looking/person/{world.ben.pk}/" in page
    assert "What you have seen." in _client(everything, "ben").get("/looking/").content.decode()


def test_a_manager_reads_looks_at_the_own_home_only(everything: Everything) -> None:
    """Dan's looks at another home of the provider are not the manager's business."""
    world = everything.world
    with owner():
        other = Home.objects.create(
            urn="DEMO003",
            name="Ash House",
            provider=world.organisations["alder"],
            places=3,
            town="Calderbrook",
        )
    dan = _client(everything, "dan")
    dan.get("/homes/DEMO003/")
    dan.get("/homes/DEMO001/")
    with acting_as(world.asha.pk, clock.now()):
        homes = set(Look.objects.exclude(viewer=world.asha.pk).values_list("home", flat=True))
    assert homes == {world.elm.pk}
    assert other.pk not in homes


def test_the_database_keeps_looks_in_ones_own_name_only(everything: Everything) -> None:
    world = everything.world

    def forged(**changes: object) -> Look:
        plain: dict[str, object] = {
            "as_of": world.now - timedelta(days=9),
            "viewer": world.asha.pk,
            "purpose": "x",
            "route": "r",
            "method": "view",
            "what": "child",
            "request": new_id(),
            "at": world.now - timedelta(days=9),
            "login": "somebody",
            "transaction": 1,
        }
        return Look(**plain | changes)

    with acting_as(world.asha.pk, world.now):
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            forged(viewer=world.ben.pk).save(force_insert=True)
        forged().save(force_insert=True)
        kept = Look.objects.get()
        assert kept.as_of == world.now
        assert kept.at > world.now
        assert kept.login != "somebody"
        assert kept.transaction > 1
        for statement in ("update homes_look set purpose = 'y'", "delete from homes_look"):
            with (
                pytest.raises(Exception, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_rights_to_looks_end_with_the_post(everything: Everything) -> None:
    world = everything.world
    _client(everything, "ben").get(f"/children/{world.rowan.pk}/")
    address = f"/looking/person/{world.ben.pk}/"
    assert _client(everything, "asha").get(address).status_code == 200
    with owner():
        Post.objects.filter(user=world.asha).update(ends_at=clock.now() - timedelta(seconds=1))
    assert _client(everything, "asha").get(address).status_code == 404
    assert Incident.objects.filter(pk=UUID(int=0)).exists() is False

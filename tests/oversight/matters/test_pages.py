"""Matters over HTTP: for the regulator only."""

import pytest
from django.test import Client

from events import clock
from events.identity import new_id
from homes.models import Home
from incidents.record.models import Stream
from oversight.matters.models import MatterLink
from tests import cast
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.matters.test_matters import ago, only_link, proposed, recorded
from tests.sealed import send

pytestmark = pytest.mark.django_db

HOME = "/homes/DEMO001/"
PAGE = f"{HOME}matters/"


@pytest.fixture
def world() -> Cast:
    with owner():
        built = cast.build(clock.now())
        Home.objects.update(opened_on="2020-01-01")
    built.elm.refresh_from_db()
    return built


def signed_in(world: Cast, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def test_only_the_regulator_opens_matters(world: Cast) -> None:
    opened = {name for name in world.people if signed_in(world, name).get(PAGE).status_code == 200}
    assert opened == {"mo", "nia"}
    assert signed_in(world, "mo").get("/homes/NONE/matters/").status_code == 404
    link = f'href="{PAGE}"'
    shown = {name for name in world.people if link in signed_in(world, name).get(HOME).content.decode()}
    assert shown == {"mo", "nia"}, "whoever is led there may go there"


def test_a_missing_notice_is_shown_by_who_made_the_record(world: Cast) -> None:
    recorded(world, Stream.LADO, "home", ago(world, 30), reference="LAD-HOME")
    recorded(world, Stream.HOSPITAL, "hospital", ago(world, 60), reference="HOS-OUT")
    recorded(world, Stream.LADO, "lado", ago(world, 2), reference="LAD-NEW", child=world.sky)
    page = signed_in(world, "nia").get(PAGE).content.decode()
    assert page.index("Duty missed?") < page.index("LAD-HOME") < page.index("HOS-OUT") < page.index("LAD-NEW")
    assert "a question, not a finding" in page
    assert "No two records" in page


def test_a_decision_overrules_the_rule_and_says_who_made_it(world: Cast) -> None:
    recorded(world, Stream.REG40, "home", ago(world, 30))
    recorded(world, Stream.LADO, "home", ago(world, 29))
    proposed(world)
    link = f"{PAGE}{only_link().pk}/"
    mo = signed_in(world, "mo")
    assert "Proposed by the rule" in mo.get(PAGE).content.decode()
    assert "1 day" in mo.get(PAGE).content.decode()
    assert mo.get(link).status_code == 200
    wrong = mo.post(link, {}).content.decode()
    assert "Say whether the two records are about the same thing" in wrong
    assert "Enter your reason" in wrong
    assert mo.post(link, {"decision": "different", "reason": "Another child"}).status_code == 302
    shown = mo.get(PAGE).content.decode()
    assert "Not the same: Another child. Mo Okafor" in shown
    send(mo, link, {"decision": "same", "reason": "The same after all"})
    with owner():
        assert MatterLink.objects.get().state == "confirmed"
    assert "The same: The same after all" in mo.get(PAGE).content.decode()
    nia = signed_in(world, "nia")
    assert "Decide" not in nia.get(PAGE).content.decode().replace("Decision", "").replace("decision", "")
    assert nia.post(link, {"decision": "same", "reason": "x"}).status_code == 404
    assert mo.get(f"{PAGE}{new_id()}/").status_code == 404

"""A form sent twice gives the first answer, and makes nothing twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from events.context import acting_as
from events.models import Event
from homes.models import HomeGrant, Post
from incidents.models import Draft
from tests.cast import Cast
from tests.conftest import owner
from tests.edits.conftest import heard
from voice.heard.models import Done

Desk = Callable[[str], Client]
pytestmark = pytest.mark.django_db


def twice(client: Client, path: str, sent: dict[str, Any], there: str = "") -> tuple[str, str]:
    """Where the two answers lead; the page is opened once."""
    form = client.get(there or path).context["form"]
    typed = sent | {"client_id": str(form["client_id"].value())}
    answers = [client.post(path, typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    return answers[0]["Location"], answers[1]["Location"]


def test_one_draft(world: Cast, at_desk: Desk) -> None:
    first, second = twice(
        at_desk("asha"), "/record/reg40/?home=DEMO001", {"home": "DEMO001", "in_danger": "no"}
    )
    assert first == second
    with owner():
        assert Draft.objects.count() == 1
    at_desk("asha").post("/record/reg40/", {"home": "DEMO001", "in_danger": "no"})
    with owner():
        assert Draft.objects.count() == 2, "another form is another draft"


def test_what_was_done_about_a_view_is_recorded_once(world: Cast, at_desk: Desk) -> None:
    with acting_as(world.ola.pk, world.now):
        view = heard(world)
    page = f"/views/{view.pk}/"
    twice(at_desk("ola"), f"{page}done/", {"what": "A sign", "it_changed": "yes", "told": "no"}, page)
    with owner():
        assert Done.objects.count() == 1
        assert Event.objects.filter(kind="voice.view_answered").count() == 1


def test_one_post_and_one_invitation(world: Cast, signed_in: Desk) -> None:
    sent = {
        "name": "Una Birch",
        "email": "una@cast.example",
        "role": "staff",
        "organisation": str(world.organisations["alder"].pk),
        "urn": "DEMO001",
    }
    twice(signed_in("dan"), "/hub/people/new/", sent)
    with owner():
        assert Post.objects.filter(user__email="una@cast.example").count() == 1
        assert Event.objects.filter(kind="homes.person_invited").count() == 1


def test_glass_is_broken_once(world: Cast, signed_in: Desk) -> None:
    gita = signed_in("gita")
    sent = {"reason": "A neighbour rang: a child is screaming", "hours": "4"}
    for _ in range(2):
        assert gita.post("/homes/DEMO002/break-glass/", sent)["Location"] == "/homes/DEMO002/"
    with owner():
        assert HomeGrant.objects.count() == 1
        assert Event.objects.filter(kind="homes.glass_broken").count() == 1
    gita.post("/homes/DEMO002/break-glass/", sent | {"hours": "12"})
    with owner():
        assert HomeGrant.objects.count() == 2

"""Whoever reported is told what came of it, in words a person released, and never that there was an alert."""

import pytest
from django.test import Client

from events import clock
from events.context import acting_as
from homes.access import NotAllowedError
from homes.models import User
from incidents.record.models import Incident, Stream
from incidents.record.replies.models import Reply
from oversight.escalation.deciding import actions
from oversight.escalation.deciding.actions import NotReadyError
from oversight.escalation.models import Alert
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.escalation.conftest import opened, record

WORDS = "Thank you. The home was visited, and two more staff work at night."


@pytest.fixture(autouse=True)
def at(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: world.now)


def page(user: User, path: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def reply(world: Cast, alert: Alert, incident: Incident, by: User, words: str = WORDS) -> None:
    with acting_as(by.pk, world.now):
        actions.tell_reporter(alert=alert, reference=incident.reference, words=words, by=by.pk, now=world.now)


def test_the_author_reads_the_words_on_their_record_and_nobody_else_does(world: Cast) -> None:
    incident = record(world, world.ben)
    alert = opened(world, evidence=[incident.reference])
    path = f"/incidents/{incident.reference}/"
    before = page(world.asha, path)
    client = Client()
    client.force_login(world.fran)
    assert "Tell whoever reported" in page(world.fran, f"/alerts/{alert.reference}/")
    form = page(world.fran, f"/alerts/{alert.reference}/reply/")
    assert incident.reference in form
    sent = {"record": incident.reference, "words": WORDS}
    for _ in range(2):
        assert client.post(f"/alerts/{alert.reference}/reply/", sent).status_code == 302
    with owner():
        assert Reply.objects.count() == 1
    read = page(world.ben, path)
    assert WORDS in read
    assert "Northmoor Council" in read
    assert alert.reference not in read
    assert "What came of it" in page(world.fran, path)  # who wrote it
    assert WORDS not in page(world.asha, path)
    assert page(world.asha, path).count("<h2>") == before.count("<h2>")
    assert "What came of it" not in page(world.mo, path)


@pytest.mark.parametrize("words", ["The ALERT is closed.", "It was escalated.", "See AL-1234-ABCD."])
def test_words_that_speak_of_an_alert_are_refused(world: Cast, words: str) -> None:
    incident = record(world, world.asha)
    alert = opened(world, evidence=[incident.reference])
    with pytest.raises(NotReadyError):
        reply(world, alert, incident, world.fran, words)
    client = Client()
    client.force_login(world.fran)
    sent = {"record": incident.reference, "words": words}
    answer = client.post(f"/alerts/{alert.reference}/reply/", sent)
    assert answer.status_code == 422
    assert "without a word of an alert" in answer.content.decode()


def test_a_disclosure_another_record_and_ones_own_are_not_replied_to(world: Cast) -> None:
    spoken = record(world, world.mo, Stream.WHISTLEBLOWING, source="whistleblower")
    own = record(world, world.jon, Stream.LADO, source="lado")
    plain = record(world, world.asha)
    alert = opened(world, tier="regulator", evidence=[spoken.reference, own.reference])
    for incident, by in ((spoken, world.mo), (plain, world.mo), (own, world.jon)):
        with pytest.raises(NotAllowedError):
            reply(world, alert, incident, by)
    with pytest.raises(NotAllowedError):
        reply(world, alert, own, world.nia)  # reads everything, was told of nothing
    with owner():
        assert not Reply.objects.exists()


def test_where_nothing_can_be_replied_to_the_page_leads_back(world: Cast) -> None:
    alert = opened(world)
    client = Client()
    client.force_login(world.fran)
    assert client.get(f"/alerts/{alert.reference}/reply/").status_code == 302
    assert "Tell whoever reported" not in page(world.fran, f"/alerts/{alert.reference}/")

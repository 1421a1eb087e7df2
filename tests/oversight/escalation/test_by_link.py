"""A desk where nobody has an account says by link that it was reached: once, without proof, and the ladder goes on."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from homes.models import Post
from oversight.escalation.by_link import links
from oversight.escalation.by_link.models import LinkAnswer
from oversight.escalation.claiming import claim_one
from oversight.escalation.models import Alert, Branch, Delivery, Step
from tests.cast import Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import opened
from tests.oversight.escalation.test_ladders import climb

pytestmark = pytest.mark.django_db
SAID = {"name": "Robin Ash", "post": "Duty social worker"}


@pytest.fixture
def alert(world: Cast) -> Alert:
    """An urgent alert of which Northmoor is told, where nobody holds a post any more."""
    with owner():
        Post.objects.filter(organisation__name="Northmoor Council").update(
            ends_at=world.now - timedelta(days=1)
        )
    return opened(world, tier="regulator")


def mail_to(name: str) -> Delivery:
    with owner():
        return Delivery.objects.select_related("step").get(organisation__name=name, step__number=1)


def answers() -> list[tuple[str, str]]:
    with owner():
        return list(LinkAnswer.objects.values_list("name_said", "post_said"))


def address(delivery: Delivery) -> str:
    return f"/answer/{links.sign(delivery.pk)}/"


@pytest.mark.django_db(transaction=True)
def test_the_link_is_put_in_as_the_mail_leaves_and_only_where_nobody_can_sign_in(
    world: Cast, alert: Alert
) -> None:
    mail = mail_to("Northmoor Council")
    assert links.PLACE in mail.body
    assert links.PLACE not in mail_to("Ofsted").body
    leaving = {}
    with worker():
        while claim := claim_one(now=world.now):
            leaving[claim.mail.address] = claim.mail.body
    text = leaving[mail.address]
    assert links.PLACE not in text
    found = re.search(r"https?://[^/]+(/answer/\S+/)", text)
    assert found
    assert found[1] == address(mail)
    assert not any("/answer/" in body for to, body in leaving.items() if to != mail.address)


def test_opening_the_link_changes_nothing_and_tells_of_no_child(world: Cast, alert: Alert) -> None:
    page = address(mail_to("Northmoor Council"))
    for _ in range(2):
        answer = Client().get(page)
        text = answer.content.decode()
        assert answer.status_code == 200
    assert alert.reference in text
    assert "Northmoor Council is asked to answer by" in text
    for unsaid in ("Elm", "Alder", "Rowan", "DEMO001", "harm", alert.pattern):
        assert unsaid not in text
    assert answers() == []


def test_it_is_recorded_once_and_proves_nothing(world: Cast, alert: Alert) -> None:
    mail = mail_to("Northmoor Council")
    page, browser = address(mail), Client()
    assert browser.post(page, {"name": " ", "post": ""}).status_code == 422
    assert answers() == []
    for name in ("Robin Ash", "Somebody Else"):
        assert browser.post(page, SAID | {"name": name}).status_code == 302
    assert answers() == [("Robin Ash", "Duty social worker")]
    assert "identity not proven" in browser.get(page).content.decode()
    with owner():
        assert Branch.objects.get(steps=mail.step).state == Branch.State.WAITING
    reader = Client()
    reader.force_login(world.mo)
    text = reader.get(f"/alerts/{alert.reference}/").content.decode()
    assert "Answered by link, identity not proven" in text
    assert "Robin Ash, Duty social worker, as they said, Northmoor Council" in text


def test_a_word_that_the_hub_did_not_write_leads_nowhere(world: Cast, alert: Alert) -> None:
    mail = mail_to("Northmoor Council")
    for word in (str(mail.pk), f"{mail.pk}:x", address(mail).split("/")[2] + "x", "x"):
        assert Client().get(f"/answer/{word}/").status_code == 404
        assert Client().post(f"/answer/{word}/", SAID).status_code == 404
    with owner():
        other = links.sign(alert.pk)
    assert Client().get(f"/answer/{other}/").status_code == 404
    assert answers() == []


def test_the_desk_is_not_written_to_again_and_the_ladder_goes_on(world: Cast, alert: Alert) -> None:
    mail = mail_to("Northmoor Council")
    Client().post(address(mail), SAID)
    now = world.now
    with owner():
        branch = Branch.objects.get(steps=mail.step)
    desks = []
    for _ in range(4):
        now += timedelta(days=1)
        climb(now)
        with owner():
            desks.append(Step.objects.filter(branch=branch).order_by("-number")[0].desk)
    assert desks == ["director"] * 4, "the only other desk of Northmoor that has a mailbox"


def test_where_every_desk_was_reached_by_link_they_are_asked_again(world: Cast, alert: Alert) -> None:
    now = world.now
    for _ in range(6):
        with owner():
            waiting = Delivery.objects.filter(organisation__name="Northmoor Council", link_answer=None)
            pages = [address(mail) for mail in waiting]
        for page in pages:
            Client().post(page, SAID)
        now += timedelta(days=1)
        assert climb(now) > 0
    with owner():
        newest = Step.objects.filter(organisation__name="Northmoor Council").order_by("-number")[0]
        assert newest.deliveries.exists()


def test_a_link_does_nothing_once_its_branch_is_answered(world: Cast, alert: Alert) -> None:
    mail = mail_to("Northmoor Council")
    with owner():
        Branch.objects.filter(steps=mail.step).update(state=Branch.State.OVERTAKEN)
    assert "nothing left to answer" in Client().get(address(mail)).content.decode()
    Client().post(address(mail), SAID)
    assert answers() == []

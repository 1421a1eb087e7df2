"""Two real connections at the same moment: exactly one writes, and the other is told."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from events.context import acting_as
from homes.consents import actions as consents
from homes.crossing import CrossedError
from homes.models import CaseConsent, Organisation, Placement
from homes.people import actions as people
from homes.people import queries as desks
from homes.people.actions import NotPossibleError
from incidents.lado import actions as lado
from incidents.models import Draft, Duty, Incident
from incidents.record import actions as records
from incidents.record.models import Stream
from incidents.recording import actions as recording
from oversight.escalation import actions as escalation
from oversight.escalation.deciding import actions as deciding
from oversight.matters import actions as matters
from oversight.matters.models import MatterLink
from oversight.visits import actions as visits
from oversight.visits.models import VisitDraft
from tests.cast import Cast
from tests.conftest import owner
from tests.edits.conftest import heard
from tests.oversight.escalation.conftest import opened, record
from tests.oversight.escalation.test_ladders import branch_of
from tests.oversight.matters.test_matters import ago, only_link, proposed, recorded
from voice.heard import actions as voice

pytestmark = pytest.mark.django_db(transaction=True)
Write = Callable[[UUID, str], object]
LONGEST = 20.0


@dataclass
class Told:
    """What came of two writers: the words of those who wrote, and of those who were told."""

    wrote: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def attempt(self, write: Callable[[], object], words: str) -> None:
        try:
            write()
        except (CrossedError, NotPossibleError):
            self.told.append(words)
        else:
            self.wrote.append(words)


def _blocked() -> bool:
    with owner(), connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where not granted")
        return bool(cursor.fetchone()[0])


def race(world: Cast, first: str, second: str, write: Write) -> Told:
    """``first`` writes and holds the row until ``second`` waits for it in a connection of its own; then commits."""
    told = Told()
    holds, go_on = threading.Event(), threading.Event()

    def one(name: str, words: str, *, holding: bool) -> None:
        person = world.people[name].pk
        try:
            with acting_as(person, world.now):
                told.attempt(lambda: write(person, words), words)
                if holding:
                    holds.set()
                    go_on.wait(LONGEST)
        finally:
            holds.set()
            connection.close()

    with ThreadPoolExecutor(2) as desks_of_two:
        before = desks_of_two.submit(one, first, "first", holding=True)
        assert holds.wait(LONGEST)
        after = desks_of_two.submit(one, second, "second", holding=False)
        until = time.monotonic() + LONGEST
        while not _blocked() and not after.done() and time.monotonic() < until:
            time.sleep(0.02)
        waited = not after.done()
        go_on.set()
        before.result(LONGEST)
        after.result(LONGEST)
    assert waited, "the second did not wait for the first"
    return told


def _matter(world: Cast) -> Write:
    recorded(world, Stream.REG40, "home", ago(world, 30))
    recorded(world, Stream.LADO, "home", ago(world, 29))
    proposed(world)
    link = only_link()
    return lambda by, words: matters.refuse(link=link, reason=words, by=by, now=world.now)


def _share(world: Cast) -> Write:
    incident = record(world, world.lee, Stream.HOSPITAL, source="hospital")
    return lambda by, words: records.share_with_provider(
        incident=Incident.objects.get(pk=incident.pk), why=words, by=by, now=world.now
    )


def _told(world: Cast) -> Write:
    incident = record(world, world.asha)
    with owner():
        duty = Duty.objects.create(
            incident=incident,
            home=world.elm,
            provider_sees=True,
            code="social_care",
            who="The authority",
            legal_basis="reg 40",
            due_at=world.now,
        )
    return lambda by, words: records.record_told(
        duty=Duty.objects.get(pk=duty.pk), at=world.now, reference=words, by=by, now=world.now
    )


def _outcome(world: Cast) -> Write:
    incident = record(world, world.ines, Stream.LADO, source="lado")
    outcome = {"first": "substantiated", "second": "unfounded"}
    return lambda by, words: lado.record_outcome(
        incident=Incident.objects.get(pk=incident.pk), outcome=outcome[words], by=by, now=world.now
    )


def _child(world: Cast) -> tuple[Write, Write]:
    with acting_as(world.ola.pk, world.now):
        view = heard(world)
        done = voice.record_done(view=view, what="A sign", it_changed=True, by=world.ola.pk, now=world.now)
    return (
        lambda by, words: voice.tell_child(done=done, at=world.now, how=words, by=by, now=world.now),
        lambda by, words: voice.share_with_provider(view=view, why=words, by=by, now=world.now),
    )


def _desk(world: Cast) -> Write:
    alder = world.organisations["alder"]
    return lambda by, words: people.propose_mailbox(
        organisation=alder,
        desk="duty",
        hours="always",
        email=f"{words}@alder.example",
        opened=desks.desks(alder).seal,
        by=by,
        now=world.now,
    )


def _draft(world: Cast) -> Write:
    with acting_as(world.asha.pk, world.now):
        draft = recording.start_draft(
            home=world.elm, form="reg40", answers={}, by=world.asha.pk, now=world.now
        )
    return lambda by, words: recording.save_step(
        draft=Draft.objects.get(pk=draft.pk),
        step="account",
        typed={"narrative": [words], "opened": [f".{words}"]},
        now=world.now,
    )


def _part(world: Cast) -> Write:
    with acting_as(world.efe.pk, world.now):
        new = visits.NewVisit(home=world.elm, visited_on=world.now.date())
        visit = visits.record_visit(new=new, by=world.efe.pk, now=world.now)
        VisitDraft(
            user_id=world.efe.pk, home=world.elm, visit=visit, started_at=world.now, saved_at=world.now
        ).save()
    return lambda by, words: visits.save_draft(
        home=world.elm,
        visit=visit,
        part="records",
        typed={"records": [words], "opened": [f".{words}"]},
        done=True,
        by=by,
        now=world.now + timedelta(seconds=1),
    )


def _board(world: Cast) -> Write:
    with owner():
        boards = {words: Organisation.objects.create(name=words, kind="icb") for words in ("first", "second")}
    return lambda by, words: consents.name_board(
        child=world.rowan, board=boards[words], opened="", by=by, now=world.now
    )


def _consent(world: Cast) -> Write:
    with owner():
        placement = Placement.objects.get(child=world.rowan)
        CaseConsent.objects.all().delete()
    return lambda by, words: consents.give_consent(
        placement=placement, whose="authority", spoken_by=words, by=by, now=world.now
    )


def _withdrawal(world: Cast) -> Write:
    with owner():
        key = CaseConsent.objects.get(placement__child=world.rowan, whose="authority").pk
    return lambda by, words: consents.withdraw_consent(
        consent=CaseConsent.objects.select_related("placement").get(pk=key), why=words, by=by, now=world.now
    )


def _deciding(world: Cast) -> tuple[Write, Write]:
    """Two inspectors: on the regulator's branch, and on how the provider is told."""
    alert = opened(world, tier="regulator")
    branch = branch_of(alert, "Ofsted")
    with acting_as(world.mo.pk, world.now):
        escalation.acknowledge(alert=alert, branch=branch, note="Read.", by=world.mo.pk, now=world.now)

    def decide(by: UUID, words: str) -> object:
        decision = deciding.NewDecision(acts=False, reason=words)
        return deciding.decide(alert=alert, branch=branch, decision=decision, opened="", by=by, now=world.now)

    def tell(by: UUID, words: str) -> object:
        telling = deciding.NewTelling("meeting", world.now.date(), "The manager", words)
        return deciding.record_provider_told(alert=alert, telling=telling, opened="", by=by, now=world.now)

    return decide, tell


RACES: dict[str, tuple[str, str, Callable[[Cast], Write]]] = {
    "matter": ("mo", "vi", _matter),
    "share": ("mo", "fran", _share),
    "told": ("asha", "ben", _told),
    "outcome": ("ines", "ivo", _outcome),
    "child told": ("ola", "hal", lambda world: _child(world)[0]),
    "view shared": ("ola", "hal", lambda world: _child(world)[1]),
    "desk": ("dan", "asha", _desk),
    "board": ("fran", "hal", _board),
    "consent": ("fran", "hal", _consent),
    "withdrawal": ("fran", "hal", _withdrawal),
    "draft": ("asha", "asha", _draft),
    "report": ("efe", "efe", _part),
    "decision": ("mo", "vi", lambda world: _deciding(world)[0]),
    "provider told": ("mo", "vi", lambda world: _deciding(world)[1]),
}


@pytest.mark.parametrize("kind", RACES)
def test_one_writes_and_the_other_is_told(world: Cast, kind: str) -> None:
    first, second, made = RACES[kind]
    told = race(world, first, second, made(world))
    assert (told.wrote, told.told) == (["first"], ["second"])


def test_many_forms_sent_at_once_leave_one_decision(world: Cast) -> None:
    """Eight browsers in eight connections, each with words of its own, all opened before anybody decided."""
    _matter(world)
    path = f"/homes/DEMO001/matters/{only_link().pk}/"
    start, answers = threading.Barrier(8), dict[int, int]()

    def send(number: int) -> None:
        try:
            client = Client()
            client.force_login(world.people["mo" if number % 2 else "vi"])
            start.wait(LONGEST)
            sent = {"decision": "same", "reason": f"Reason {number}"}
            answers[number] = client.post(path, sent).status_code
        finally:
            connection.close()

    writers = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(3 * LONGEST)
    assert sorted(answers.values()) == [302] + [409] * 7
    with owner():
        won = next(number for number, status in answers.items() if status == 302)
        assert MatterLink.objects.get().reason == f"Reason {won}"

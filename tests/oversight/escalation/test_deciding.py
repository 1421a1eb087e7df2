"""After the answer: the decision, its clock, the outcome, telling the provider, closing."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from events import clock
from events.context import acting_as
from homes.access import NotAllowedError
from homes.crossing import CrossedError
from homes.models import User
from oversight.escalation import actions as escalation
from oversight.escalation.actions import AlreadyAnsweredError
from oversight.escalation.deciding import actions
from oversight.escalation.deciding.actions import NewDecision, NewOutcome, NewTelling, NotReadyError
from oversight.escalation.deciding.models import Closing, Decision, Outcome, ProviderTold
from oversight.escalation.models import Acknowledgement, Alert, Branch, Delivery
from tests.cast import Cast
from tests.conftest import owner
from tests.oversight.escalation.conftest import opened, raised
from tests.oversight.escalation.test_actions import kinds_of_events
from tests.oversight.escalation.test_ladders import climb, steps_of

NO = NewDecision(acts=False, reason="Nothing here that is not known.")
PEOPLE = {
    "Northmoor Council": "fran",
    "Eastvale Council": "gita",
    "Calderbrook Council": "jon",
    "Ofsted": "mo",
}


def acts(world: Cast, action: str = "See each child alone") -> NewDecision:
    due = (world.now + timedelta(days=7)).date()
    return NewDecision(acts=True, reason="Two sources.", action=action, owner="A. Marsh", due_on=due)


def branch_of(alert: Alert, name: str) -> Branch:
    with owner():
        gone = ("overtaken", "lapsed")
        return Branch.objects.exclude(state__in=gone).get(alert=alert, organisation__name=name)


def answer(world: Cast, alert: Alert, name: str, at: datetime | None = None) -> None:
    user, now = world.people[PEOPLE[name]], at or world.now
    with acting_as(user.pk, now):
        escalation.acknowledge(alert=alert, branch=branch_of(alert, name), note="Read.", by=user.pk, now=now)


def decide(
    world: Cast,
    alert: Alert,
    name: str,
    decision: NewDecision = NO,
    *,
    by: str = "",
    opened: str = "",
    at: datetime | None = None,
) -> Decision:
    user, now = world.people[by or PEOPLE[name]], at or world.now
    with acting_as(user.pk, now):
        return actions.decide(
            alert=alert, branch=branch_of(alert, name), decision=decision, opened=opened, by=user.pk, now=now
        )


def close(world: Cast, alert: Alert, by: str, reason: str = "All done.") -> Closing:
    user = world.people[by]
    with acting_as(user.pk, world.now):
        return actions.close(alert=alert, reason=reason, by=user.pk, now=world.now)


def state_of(alert: Alert) -> str:
    with owner():
        return Alert.objects.get(pk=alert.pk).state


def decided_by_all(world: Cast, alert: Alert, names: Iterable[str]) -> None:
    for name in names:
        answer(world, alert, name)
        decide(world, alert, name)


LOOKERS = ("Northmoor Council", "Eastvale Council", "Calderbrook Council")


def test_a_look_goes_from_open_to_closed(world: Cast) -> None:
    alert = opened(world)
    seen = [state_of(alert)]
    for name in LOOKERS:
        answer(world, alert, name)
    seen.append(state_of(alert))
    decision = decide(world, alert, "Northmoor Council", acts(world))
    for name in LOOKERS[1:]:
        decide(world, alert, name)
    seen.append(state_of(alert))
    with pytest.raises(NotReadyError, match="Northmoor Council"):
        close(world, alert, "jon")
    with acting_as(world.fran.pk, world.now):
        actions.record_outcome(
            decision=decision,
            outcome=NewOutcome("better", "Seen twice.", world.now.date()),
            by=world.fran.pk,
            now=world.now,
        )
    close(world, alert, "jon")
    seen.append(state_of(alert))
    assert seen == ["open", "acknowledged", "acted_on", "closed"]
    assert kinds_of_events()[-2:] == ["oversight.outcome_measured", "oversight.alert_closed"]
    assert kinds_of_events().count("oversight.alert_decided") == 3


def test_without_a_decision_in_time_the_branch_climbs_from_the_next_desk_until_there_is_one(
    world: Cast,
) -> None:
    alert = opened(world)
    name = "Northmoor Council"
    answer(world, alert, name)
    with owner():
        due = Acknowledgement.objects.get().decide_by
    assert due == datetime(2026, 12, 7, 17, tzinfo=world.now.tzinfo)  # ten working days
    climb(due - timedelta(seconds=1))
    branch = branch_of(alert, name)
    assert (branch.state, steps_of(branch)) == ("acknowledged", ["duty"])
    for number in range(3):
        with owner():
            at = max(Branch.objects.get(pk=branch.pk).climbs_at(), due)
        climb(at)
        assert steps_of(branch) == ["duty", "senior", "director", "duty"][: number + 2]
    assert (branch_of(alert, name).state, state_of(alert)) == ("waiting", "open")
    # Saying once more that it was read stops nothing now.
    answer(world, alert, name)
    assert branch_of(alert, name).state == "waiting"
    with owner():
        mail = Delivery.objects.filter(step__branch=branch).order_by("owed_since").last()
    assert mail is not None
    assert "PLEASE RECORD A DECISION BY" in mail.body
    decide(world, alert, name, at=at)
    assert branch_of(alert, name).state == "decided"
    with owner():
        steps = len(steps_of(branch))
    climb(at + timedelta(days=400))
    assert len(steps_of(branch)) == steps


def test_a_decision_needs_an_answer_first_and_is_made_for_ones_own_organisation(world: Cast) -> None:
    alert = opened(world)
    with pytest.raises(NotReadyError, match="Acknowledge"):
        decide(world, alert, "Northmoor Council")
    answer(world, alert, "Northmoor Council")
    for by in ("gita", "hal", "jon", "nia"):
        with pytest.raises(NotAllowedError):
            decide(world, alert, "Northmoor Council", by=by)
    with owner():
        assert not Decision.objects.exists()


def test_a_later_decision_supersedes_and_whoever_writes_past_it_is_told(world: Cast) -> None:
    alert = opened(world)
    name = "Northmoor Council"
    answer(world, alert, name)
    first = decide(world, alert, name, NO)
    assert decide(world, alert, name, NO).pk == first.pk  # sent twice is once
    with pytest.raises(CrossedError) as crossed:
        decide(world, alert, name, acts(world))
    assert crossed.value.standing.says["reason"] == NO.reason
    second = decide(world, alert, name, acts(world), opened=actions.standing_of(first).seal)
    assert (second.number, branch_of(alert, name).state) == (2, "decided")
    with acting_as(world.fran.pk, world.now):
        assert [one.pk for one in actions.standing_decisions(alert)] == [second.pk]
        with pytest.raises(NotReadyError):
            actions.record_outcome(
                decision=first,
                outcome=NewOutcome("same", "x", world.now.date()),
                by=world.fran.pk,
                now=world.now,
            )


def test_an_outcome_is_recorded_once_by_the_organisation_that_decided(world: Cast) -> None:
    alert = opened(world)
    answer(world, alert, "Northmoor Council")
    decision = decide(world, alert, "Northmoor Council", acts(world))
    outcome = NewOutcome("partly", "Nights are quieter.", world.now.date())

    def measure(by: User, what: NewOutcome = outcome) -> Outcome:
        with acting_as(by.pk, world.now):
            return actions.record_outcome(decision=decision, outcome=what, by=by.pk, now=world.now)

    with pytest.raises(NotAllowedError):
        measure(world.gita)
    first = measure(world.fran)
    assert measure(world.fran).pk == first.pk
    with pytest.raises(CrossedError) as crossed:
        measure(world.fran, NewOutcome("worse", "x", world.now.date()))
    assert crossed.value.final


def test_at_the_regulators_tier_two_different_people_close(world: Cast) -> None:
    alert = opened(world, tier="regulator")
    decided_by_all(world, alert, PEOPLE)
    first = close(world, alert, "mo")
    assert close(world, alert, "mo", "again").pk == first.pk
    assert state_of(alert) == "acted_on"
    with pytest.raises(NotAllowedError):
        close(world, alert, "nia")  # reads everything, answers for nobody
    close(world, alert, "fran")
    assert state_of(alert) == "closed"
    with owner():
        assert Closing.objects.count() == 2


def test_nothing_is_closed_while_somebody_waits_and_the_database_says_so_too(world: Cast) -> None:
    alert = opened(world, tier="regulator")
    answer(world, alert, "Ofsted")
    decide(world, alert, "Ofsted")
    with pytest.raises(NotReadyError, match="answered and decided"):
        close(world, alert, "mo")
    with acting_as(world.mo.pk, world.now), pytest.raises(DatabaseError), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(state="closed")
    decided_by_all(world, alert, LOOKERS)
    close(world, alert, "mo")
    with acting_as(world.mo.pk, world.now), pytest.raises(DatabaseError), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(state="closed")  # one signature of two


def test_a_closed_alert_opens_again_at_a_higher_tier_and_takes_no_decision_meanwhile(world: Cast) -> None:
    alert = opened(world)
    decided_by_all(world, alert, LOOKERS)
    close(world, alert, "jon")
    with pytest.raises(NotReadyError, match="closed"):
        decide(world, alert, "Northmoor Council", acts(world))
    with pytest.raises(NotReadyError, match="closed"):
        close(world, alert, "fran")
    assert raised(world, tier="look", score=6.9) is None
    assert state_of(alert) == "closed"
    old = branch_of(alert, "Northmoor Council")
    assert raised(world, tier="escalate", bar=7.352, score=7.5) is not None
    assert state_of(alert) == "open"
    with owner():
        assert Branch.objects.get(pk=old.pk).state == "decided"
        assert Branch.objects.filter(alert=alert, state="waiting").count() == 3


def test_what_was_answered_below_is_owed_a_decision_above(world: Cast) -> None:
    alert = opened(world)
    answer(world, alert, "Northmoor Council")
    old = branch_of(alert, "Northmoor Council")
    raised(world, tier="escalate", bar=7.352, score=7.5)
    with acting_as(world.fran.pk, world.now), pytest.raises(AlreadyAnsweredError):
        actions.decide(alert=alert, branch=old, decision=NO, opened="", by=world.fran.pk, now=world.now)
    climb(world.now + timedelta(days=400))
    assert steps_of(old) == ["duty"]


def test_at_escalate_whoever_never_answers_is_climbed_past_to_the_regulator_who_may_answer(
    world: Cast,
) -> None:
    alert = opened(world, tier="escalate")
    branch = branch_of(alert, "Northmoor Council")
    now = world.now
    with acting_as(world.mo.pk, now), pytest.raises(NotAllowedError):
        escalation.acknowledge(alert=alert, branch=branch, note="n", by=world.mo.pk, now=now)
    for _ in range(2):
        with owner():
            now = Branch.objects.get(pk=branch.pk).due_at
        climb(now)
    assert steps_of(branch) == ["duty", "senior", "regulator"]
    with owner():
        mail = Delivery.objects.get(step__branch=branch, step__desk="regulator")
        assert (mail.address, mail.organisation.name) == ("duty@ofsted.example", "Ofsted")  # type: ignore[union-attr]
        assert "another organisation that must answer has not" in mail.body
        assert "their duty desk is told" in mail.body
        assert Alert.objects.get().tier == "escalate"
    with acting_as(world.mo.pk, now):
        found = escalation.acknowledge(alert=alert, branch=branch, note="n", by=world.mo.pk, now=now)
        assert found.organisation_id == world.organisations["ofsted"].pk
    made = decide(world, alert, "Northmoor Council", by="mo", at=now)
    assert made.organisation_id == world.organisations["ofsted"].pk
    with owner():
        assert Branch.objects.get(pk=branch.pk).state == "decided"
        assert Branch.objects.filter(alert=alert, state="waiting").count() == 2


TELLING = NewTelling("meeting", date(2026, 11, 30), "The responsible individual", "That we visit.")


def test_how_the_provider_is_told_is_recorded_by_those_told_and_read_by_overseers(world: Cast) -> None:
    alert = opened(world, pattern="staff_conduct")
    for name in ("nia", "kim", "asha"):
        user = world.people[name]
        with acting_as(user.pk, world.now), pytest.raises((NotAllowedError, Alert.DoesNotExist)):
            actions.record_provider_told(alert=alert, telling=TELLING, opened="", by=user.pk, now=world.now)
    with acting_as(world.jon.pk, world.now):
        first = actions.record_provider_told(
            alert=alert, telling=TELLING, opened="", by=world.jon.pk, now=world.now
        )
        again = actions.record_provider_told(
            alert=alert, telling=TELLING, opened="", by=world.jon.pk, now=world.now
        )
        assert again.pk == first.pk
    with acting_as(world.fran.pk, world.now):
        other = NewTelling("not_yet", TELLING.told_on, "Nobody", "Nothing yet.")
        with pytest.raises(CrossedError):
            actions.record_provider_told(
                alert=alert, telling=other, opened="", by=world.fran.pk, now=world.now
            )
        seal = actions.telling_seal(first)
        actions.record_provider_told(alert=alert, telling=other, opened=seal, by=world.fran.pk, now=world.now)
        assert ProviderTold.objects.count() == 2
    for user in (world.asha, world.dan):
        with acting_as(user.pk, world.now):
            assert not ProviderTold.objects.exists()


def test_nobody_records_on_the_providers_picture_how_the_provider_is_told(world: Cast) -> None:
    alert = opened(world, picture="provider", pattern="harm")
    with acting_as(world.asha.pk, world.now), pytest.raises(NotAllowedError):
        actions.record_provider_told(alert=alert, telling=TELLING, opened="", by=world.asha.pk, now=world.now)


def test_what_was_decided_cannot_be_changed_by_the_website(world: Cast) -> None:
    alert = opened(world)
    answer(world, alert, "Northmoor Council")
    decide(world, alert, "Northmoor Council")
    for model in (Decision, Outcome, ProviderTold, Closing):
        with acting_as(world.fran.pk, world.now), pytest.raises(ProgrammingError), transaction.atomic():
            model._default_manager.update(post="x")


class TestPages:
    """The same life, on pages."""

    @pytest.fixture(autouse=True)
    def at(self, world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "now", lambda: world.now)

    @staticmethod
    def client(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def send(self, user: User, path: str, **data: Any) -> Any:
        return self.client(user).post(path, data)

    def page(self, user: User, path: str) -> str:
        answer = self.client(user).get(path)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_one_thing_to_do_first_and_everything_done_on_the_timeline(self, world: Cast) -> None:
        alert = opened(world)
        path = f"/alerts/{alert.reference}/"
        assert 'href="#acknowledge">Acknowledge' in self.page(world.fran, path)
        for name in LOOKERS:
            answer(world, alert, name)
        page = self.page(world.fran, path)
        assert "Record your decision" in page
        assert "Calderbrook Council, Eastvale Council and Northmoor Council have not decided." in page
        given = {
            "branch": str(branch_of(alert, "Northmoor Council").pk),
            "acts": "yes",
            "reason": "Two children said so.",
            "action": "See each child alone",
            "owner": "A. Marsh, team manager",
            "due_on_day": "7",
            "due_on_month": "12",
            "due_on_year": "2026",
        }
        form = self.page(world.fran, f"{path}decide/")
        assert "Record your decision" in form
        refused = self.send(world.fran, f"{path}decide/", **{**given, "action": "", "due_on_day": ""})
        assert refused.status_code == 422
        assert "Say what will be done" in refused.content.decode()
        assert self.send(world.fran, f"{path}decide/", **given).status_code == 302
        for name in LOOKERS[1:]:
            decide(world, alert, name)
        page = self.page(world.fran, path)
        assert "Record what came of it" in page
        assert "Decided: See each child alone" in page
        assert "By whom: A. Marsh, team manager" in page
        assert "Decided: no action" in self.page(world.mo, path)
        sent = {"result": "better", "what": "Quieter nights.", "measured_on_choice": "today"}
        done = self.send(world.fran, f"{path}outcome/", **sent)
        assert done.status_code == 302
        with owner():
            assert Outcome.objects.get().measured_on == world.now.date()
        page = self.page(world.jon, path)
        assert "Outcome: Children are safer or better off" in page
        assert "Close this alert" in page
        assert "Close this alert" in self.page(world.jon, f"{path}close/")
        assert self.send(world.jon, f"{path}close/", reason="").status_code == 422
        assert self.send(world.jon, f"{path}close/", reason="Measured.").status_code == 302
        page = self.page(world.fran, path)
        assert "Closed" in page
        assert "Decide anew" not in page

    def test_the_second_person_reads_why_the_first_would_close(self, world: Cast) -> None:
        alert = opened(world, tier="regulator")
        decided_by_all(world, alert, PEOPLE)
        path = f"/alerts/{alert.reference}/close/"
        assert "Ask to close it" in self.page(world.mo, path)
        self.send(world.mo, path, reason="All children moved.")
        assert self.client(world.mo).get(path).status_code == 302
        page = self.page(world.fran, path)
        assert "Confirm and close" in page
        assert "All children moved." in page
        self.send(world.fran, path, reason="I agree.")
        assert state_of(alert) == "closed"

    def test_two_who_decide_at_once_are_shown_both_texts(self, world: Cast) -> None:
        alert = opened(world)
        answer(world, alert, "Northmoor Council")
        path = f"/alerts/{alert.reference}/decide/"
        branch = str(branch_of(alert, "Northmoor Council").pk)
        assert self.send(world.fran, path, branch=branch, acts="no", reason="First.").status_code == 302
        late = self.send(world.fran, path, branch=branch, acts="no", reason="Second.")
        assert late.status_code == 409
        assert "First." in late.content.decode()
        assert "Second." in late.content.decode()

    def test_pages_of_a_reader_who_was_not_told_lead_back(self, world: Cast) -> None:
        alert = opened(world)
        for what in ("decide", "outcome", "provider", "close"):
            found = self.client(world.nia).get(f"/alerts/{alert.reference}/{what}/")
            assert (found.status_code, found["Location"]) == (302, f"/alerts/{alert.reference}/")
            assert self.client(world.cerys).get(f"/alerts/{alert.reference}/{what}/").status_code == 404
        assert "Record your decision" not in self.page(world.nia, f"/alerts/{alert.reference}/")

    def test_how_the_provider_is_told_stands_on_the_overseers_page_only(self, world: Cast) -> None:
        alert = opened(world, pattern="staff_conduct")
        path = f"/alerts/{alert.reference}/"
        assert "Telling the provider" in self.page(world.jon, f"{path}provider/")
        given = {
            "how": "meeting",
            "told_on_day": "30",
            "told_on_month": "11",
            "told_on_year": "2026",
            "who": "The responsible individual",
            "may_say": "That we will visit.",
        }
        assert self.send(world.jon, f"{path}provider/", **given).status_code == 302
        page = self.page(world.fran, path)
        assert "How the provider is told" in page
        assert "That we will visit." in page

"""Alerts as pages: who sees what, who may answer, and what a page must not give away."""

import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from events import clock, health
from events.context import acting_as
from events.identity import new_id
from events.models import Event
from events.relay import HandlingParked
from homes.models import User
from incidents.record.models import Stream
from oversight.escalation import actions, alarms, handlers, operator_views
from oversight.escalation.models import Acknowledgement, Alert, Branch, OperatorAlarm, Seen
from tests.cast import Cast
from tests.conftest import owner, worker
from tests.oversight.escalation.conftest import death, drain, opened, raised, record
from tests.oversight.escalation.test_ladders import branch_of, climb, steps_of

PARTS = [
    {"stream": "lado", "seen": 6, "expected": 1.1, "multiplier": 4.0, "contribution": 3.9, "shown": 3.9},
    {
        "stream": "whistleblowing",
        "seen": 2,
        "expected": 0.14,
        "multiplier": 6.0,
        "contribution": 2.4,
        "shown": 2.4,
    },
    {"stream": "complaint", "seen": 3, "expected": 0.6, "multiplier": 2.5, "contribution": 1.2, "shown": 1.2},
    {"stream": "reg44", "seen": 2, "expected": 0.9, "multiplier": 1.5, "contribution": 0.4, "shown": 0.4},
    {"stream": "reg40", "seen": 4, "expected": 4.2, "multiplier": 1.0, "contribution": 0.0, "shown": 0.0},
    {
        "stream": "hospital",
        "seen": 1,
        "expected": 1.6,
        "multiplier": 1.0,
        "contribution": -0.3,
        "shown": -0.3,
    },
]
EXPLANATION = {
    "pattern": "staff_conduct",
    "words": "allegations about adults and whistleblowing rise",
    "since": "2026-08-12",
    "parts": PARTS,
    "remainder": 0.2,
    "remainder_shown": 0.2,
    "score": 7.8,
    "shown": 7.8,
    "bars": [["look", 6.254], ["escalate", 7.352], ["regulator", 8.556]],
    "weeks_to_clear": 12,
    "episode_end_weeks": 13,
}


@pytest.fixture(autouse=True)
def at(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock is the cast's."""
    monkeypatch.setattr(clock, "now", lambda: world.now)


def get(user: User, path: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(path)


def post(user: User, path: str, **data: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(path, data)


def told(world: Cast) -> Alert:
    """An alert at escalate that rests on a home's record, an unshared hospital record and a disclosure."""
    told_by_home = record(world, world.asha)
    lado = record(world, world.ines, Stream.LADO, source="lado")
    outside = record(world, world.lee, Stream.HOSPITAL, source="hospital")
    spoken = record(world, world.mo, Stream.WHISTLEBLOWING, source="whistleblower")
    references = [found.reference for found in (told_by_home, lado, outside, spoken)]
    return opened(
        world,
        tier="escalate",
        pattern="staff_conduct",
        evidence=references,
        explanation=EXPLANATION,
        score=7.8,
        bar=7.352,
    )


def test_a_death_is_shown_to_the_regulator_and_answered(world: Cast) -> None:
    incident = death(world)
    drain(world.now)
    with owner():
        alert = Alert.objects.get(picture="overseers")
    path = f"/alerts/{alert.reference}/"
    page = get(world.mo, path).content.decode()
    assert "A child has died, Elm House" in page
    assert "reg 40(1)" in page
    assert f'href="/incidents/{incident.reference}/"' in page
    assert "Acknowledge as Mo Okafor" in page
    assert "Today 14:00" in page
    branch = branch_of(alert, "Ofsted")
    answered = post(world.mo, f"{path}acknowledge/", branch=str(branch.pk), note="We visit tomorrow.")
    assert (answered.status_code, answered["Location"]) == (302, path)
    page = get(world.fran, path).content.decode()
    assert "Duty desk. Mo Okafor" in page
    assert "Mo Okafor, Ofsted inspector, Ofsted, 23 Nov 2026, 10:00" in page
    assert "We visit tomorrow." in page
    page = get(world.mo, path).content.decode()
    assert "Acknowledge as" not in page
    with owner():
        assert Acknowledgement.objects.get().organisation.name == "Ofsted"


def test_opening_a_page_records_that_it_was_seen_and_nothing_else(world: Cast) -> None:
    alert = opened(world)
    with owner():
        before = Alert.objects.values().get(), list(Branch.objects.order_by("pk").values())
    for _ in range(2):
        assert get(world.fran, f"/alerts/{alert.reference}/").status_code == 200
    with owner():
        assert (Alert.objects.values().get(), list(Branch.objects.order_by("pk").values())) == before
        assert Seen.objects.get().by_id == world.fran.pk
    assert "Northmoor Council" in get(world.mo, f"/alerts/{alert.reference}/").content.decode()


@pytest.mark.parametrize(
    "name", ["asha", "dan", "cerys", "efe", "pat", "ola", "quin", "ines", "kim", "rut", "lee"]
)
def test_an_overseers_alert_does_not_exist_for_others(world: Cast, name: str) -> None:
    alert = opened(world)
    user = world.people[name]
    for path in ("", "not-me/"):
        assert get(user, f"/alerts/{alert.reference}/{path}").status_code == 404
    branch = branch_of(alert, "Northmoor Council")
    assert (
        post(user, f"/alerts/{alert.reference}/acknowledge/", branch=str(branch.pk), note="n").status_code
        == 404
    )
    assert alert.reference not in get(user, "/alerts/").content.decode()
    with owner():
        assert not Acknowledgement.objects.exists()


def test_anonymous_is_sent_to_sign_in(world: Cast) -> None:
    alert = opened(world)
    for path in ("/alerts/", f"/alerts/{alert.reference}/", "/hub/alarms/"):
        answer = Client().get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")


def test_the_providers_own_alert_is_shown_to_its_people_only(world: Cast) -> None:
    alert = opened(world, picture="provider", pattern="harm", explanation=EXPLANATION)
    path = f"/alerts/{alert.reference}/"
    page = get(world.asha, path).content.decode()
    assert "Acknowledge as Asha Rahman" in page
    assert "histleblowing" not in page
    assert "held elsewhere" not in page
    assert "regulator" not in page
    assert "Acknowledge as" not in get(world.ben, path).content.decode()
    for name in ("mo", "fran", "jon", "cerys"):
        assert get(world.people[name], path).status_code == 404
    branch = branch_of(alert, "Alder Vale Care")
    post(world.asha, f"{path}acknowledge/", branch=str(branch.pk), note="I speak with the team today.")
    with owner():
        assert Alert.objects.get(pk=alert.pk).state == "acknowledged"
    page = get(world.dan, path).content.decode()
    assert "Alder Vale Care has not decided." in page
    assert "Record your decision" in page


def test_nothing_of_the_overseers_reaches_the_providers_pages(world: Cast) -> None:
    opened(world, picture="provider", pattern="harm")
    client = Client()
    client.force_login(world.asha)

    def page() -> str:
        return re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", client.get("/alerts/").content.decode())

    before = page()
    assert "csrfmiddlewaretoken" in before
    outside = record(world, world.lee, Stream.HOSPITAL, source="hospital")
    spoken = record(world, world.mo, Stream.WHISTLEBLOWING, source="whistleblower")
    opened(world, tier="regulator", evidence=[outside.reference, spoken.reference])
    drain(world.now)
    assert page() == before


def test_the_regulator_sees_disclosures_and_an_authority_only_that_there_are_records(world: Cast) -> None:
    alert = told(world)
    path = f"/alerts/{alert.reference}/"
    regulator = get(world.mo, path).content.decode()
    assert "Whistleblowing" in regulator
    assert regulator.count("/incidents/") == 4
    authority = get(world.gita, path).content.decode()
    assert "histleblow" not in authority
    assert "disclosure" not in authority.lower()
    assert "Part of this rests on records held by the regulator." in authority
    assert "/incidents/" not in authority  # none of them is about Eastvale's child
    assert "Nov 2026</td>" in authority
    assert "23 Nov 2026</td>" not in authority
    own = get(world.fran, path).content.decode()
    assert own.count("/incidents/") == 3
    assert "histleblow" not in own


def test_lado_and_board_see_no_record_that_they_may_not_open(world: Cast) -> None:
    alert = told(world)
    path = f"/alerts/{alert.reference}/"
    lado = get(world.ines, path).content.decode()
    assert lado.count("/incidents/") == 1
    assert "Acknowledge as Ines Whitlock" in lado
    board = get(world.kim, path).content.decode()
    assert "/incidents/" not in board
    assert "No record that you may read" in board
    assert "Acknowledge as Kim Lowe" in board


def test_why_is_drawn_with_what_speaks_against_and_its_false_alarm_rate(world: Cast) -> None:
    page = get(world.mo, f"/alerts/{told(world).reference}/").content.decode()
    assert "Seen against expected" in page
    assert "Hospital referrals: 1, fewer than this pattern would bring (1.6 usual)." in page
    assert "It would clear after about 25 weeks" in page
    assert "in our simulations about once in 8 years; not yet measured on real homes" in page
    assert "An alert is a reason to look, not a finding." in page


def test_an_alert_that_nothing_speaks_against_and_that_would_not_clear(world: Cast) -> None:
    explanation = {**EXPLANATION, "parts": PARTS[:3], "weeks_to_clear": None}
    alert = opened(world, explanation=explanation)
    page = get(world.mo, f"/alerts/{alert.reference}/").content.decode()
    assert "No stream speaks against it." in page
    assert "would not clear within two years" in page


def test_an_answer_needs_words(world: Cast) -> None:
    alert = opened(world)
    branch = branch_of(alert, "Northmoor Council")
    answer = post(world.fran, f"/alerts/{alert.reference}/acknowledge/", branch=str(branch.pk), note="")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Say what you will do, and by when" in page
    assert "Error: " in page
    with owner():
        assert not Acknowledgement.objects.exists()


def test_an_answer_for_another_organisation_is_refused(world: Cast) -> None:
    alert = opened(world)
    branch = branch_of(alert, "Eastvale Council")
    answer = post(world.fran, f"/alerts/{alert.reference}/acknowledge/", branch=str(branch.pk), note="n")
    assert answer.status_code == 422
    with owner():
        assert not Acknowledgement.objects.exists()


def test_an_answer_twice_or_by_a_reader_changes_nothing(world: Cast) -> None:
    alert = opened(world, tier="regulator")
    path = f"/alerts/{alert.reference}/acknowledge/"
    branch = str(branch_of(alert, "Ofsted").pk)
    for user in (world.mo, world.mo, world.nia):
        assert post(user, path, branch=branch, note="n").status_code == 302
    with owner():
        assert Acknowledgement.objects.get().by_id == world.mo.pk


def test_an_answer_that_a_higher_level_overtakes_says_so(
    world: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = opened(world)
    branch = branch_of(alert, "Northmoor Council")

    def overtaken(**given: object) -> None:
        raise actions.AlreadyAnsweredError

    monkeypatch.setattr(actions, "acknowledge", overtaken)
    client = Client()
    client.force_login(world.fran)
    page = client.post(
        f"/alerts/{alert.reference}/acknowledge/", {"branch": str(branch.pk), "note": "n"}, follow=True
    )
    assert "has reached a higher level meanwhile" in page.content.decode()


def test_not_the_right_person(world: Cast) -> None:
    alert = opened(world)
    path = f"/alerts/{alert.reference}/not-me/"
    assert "Tell the next desk now" in get(world.fran, path).content.decode()
    assert "Nothing here waits for an answer from you." in get(world.mo, path).content.decode()
    assert post(world.mo, path).status_code == 302
    assert post(world.fran, path).status_code == 302
    drain(world.now)
    assert steps_of(branch_of(alert, "Northmoor Council")) == ["duty", "senior"]
    assert steps_of(branch_of(alert, "Eastvale Council")) == ["duty"]


def test_the_ladder_shows_late_steps_and_earlier_tiers(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = opened(world)
    raised(world, tier="escalate")
    climb(world.now + timedelta(days=10))
    monkeypatch.setattr(clock, "now", lambda: world.now + timedelta(days=10))
    page = get(world.mo, f"/alerts/{alert.reference}/").content.decode()
    assert "Step 1. People with a duty" in page
    assert "Step 2. Heads of service" in page
    assert "Earlier, at Look" in page
    assert "0 of 3 answered" in page


def test_the_list_puts_what_waits_for_me_first_and_costs_the_same_for_many(world: Cast) -> None:
    first = opened(world)
    opened(world, kind="peer", now=world.now + timedelta(minutes=1))
    with acting_as(world.fran.pk, world.now):
        actions.acknowledge(
            alert=first,
            branch=branch_of(first, "Northmoor Council"),
            note="n",
            by=world.fran.pk,
            now=world.now,
        )
    client = Client()
    client.force_login(world.fran)
    client.get("/alerts/")  # a session's first page notes when it began
    with CaptureQueriesContext(connection) as few:
        page = client.get("/alerts/").content.decode()
    assert page.index("waits for your organisation") < page.index(first.reference)
    assert "1 of 3 answered" in page
    for number in range(12):
        opened(world, kind=f"kind {number}")
    with CaptureQueriesContext(connection) as many:
        page = client.get("/alerts/").content.decode()
    assert "14 alerts" in page
    assert len(many) == len(few)


def test_an_empty_list_does_not_say_safe(world: Cast) -> None:
    assert "That does not mean safe." in get(world.mo, "/alerts/").content.decode()


def test_a_provider_as_a_whole(world: Cast) -> None:
    alert = opened(world, home=None, kind="provider", explanation=EXPLANATION)
    page = get(world.mo, f"/alerts/{alert.reference}/").content.decode()
    assert "across the homes of Alder Vale Care" in page


def test_a_missing_visit_is_quiet_and_has_no_records(world: Cast) -> None:
    alert = opened(world, kind="missing_report", pattern="no_visit", score=None, bar=None)
    page = get(world.mo, f"/alerts/{alert.reference}/").content.decode()
    assert "Quiet" in page
    assert "It is about something that has not come." in page


def test_a_rule_that_only_we_word(world: Cast) -> None:
    alert = opened(
        world,
        kind="rule",
        pattern="well_being_no",
        explanation={"sentence": "The visitor says so."},
        score=None,
    )
    assert "The visitor says so." in get(world.mo, f"/alerts/{alert.reference}/").content.decode()


def test_the_operators_alarms_are_for_the_administrator(world: Cast) -> None:
    with worker():
        assert alarms.raise_alarm(kind="no_mailbox", about="Northmoor Council, duty desk", now=world.now)
        assert (
            alarms.raise_alarm(kind="no_mailbox", about="Northmoor Council, duty desk", now=world.now) is None
        )
        with pytest.raises(KeyError):
            alarms.raise_alarm(kind="nonsense", about="", now=world.now)
    page = get(world.quin, "/hub/alarms/").content.decode()
    assert "Northmoor Council, duty desk" in page
    assert "has no mailbox" in page
    for name in ("mo", "asha", "fran"):
        assert get(world.people[name], "/hub/alarms/").status_code == 404
        assert "The hub itself needs you" not in get(world.people[name], "/").content.decode()
    assert "The hub itself needs you" in get(world.quin, "/").content.decode()
    with owner():
        key = OperatorAlarm.objects.get().pk
    for name in ("mo", "asha", "fran"):
        assert post(world.people[name], f"/hub/alarms/{key}/clear/").status_code == 404
    with owner():
        assert OperatorAlarm.objects.get().cleared_at is None
    client = Client()
    client.force_login(world.quin)
    for words in ("It is noted that you put this right.", "Somebody had put this right already."):
        assert words in client.post(f"/hub/alarms/{key}/clear/", follow=True).content.decode()
    with owner():
        cleared = OperatorAlarm.objects.get()
        assert (cleared.cleared_at is not None, cleared.cleared_by_id) == (True, world.quin.person_id)
        assert Event.objects.filter(kind="oversight.operator_alarm_cleared").count() == 1
    assert "The hub itself needs you" not in get(world.quin, "/").content.decode()
    with worker():
        assert alarms.raise_alarm(kind="no_mailbox", about="Northmoor Council, duty desk", now=world.now)


def test_the_administrator_sees_what_has_waited_longest(world: Cast) -> None:
    opened(world)
    page = get(world.quin, "/hub/alarms/").content.decode()
    assert "Ladders that wait for an answer" in page
    assert "nothing waits" in page
    assert "never" in page
    with acting_as(world.quin.pk, world.now):
        found = health.arrears()
        assert (found.unanswered, found.dead, found.bounced) == (3, 0, 0)
        assert found.oldest_unanswered_step is not None
    with acting_as(world.mo.pk, world.now):
        assert health.arrears() == health.Arrears(None, 0, 0, 0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1.9, "1 second"),
        (60, "1 minute"),
        (7300, "2 hours"),
        (86_400 * 3, "3 days"),
        (None, "-"),
    ],
)
def test_ages_in_words(seconds: float | None, words: str) -> None:
    assert operator_views._age(seconds, "-") == words


def test_a_parked_handling_alarms_the_operator(world: Cast) -> None:
    with worker():
        handlers.alarm_on_parked(
            HandlingParked(handling_id=new_id(), handler="a.b", event_kind="c.d"), now=world.now
        )
    assert "a.b on c.d" in get(world.quin, "/hub/alarms/").content.decode()


def with_marks(alert: Alert, **changes: Any) -> None:
    """What an alert keeps once marks are looked at, its start is dated and its records lack some."""
    missing = [
        {"mark": "adult", "stream": "lado", "missing": 4, "of": 6},
        {"mark": "severity", "stream": "lado", "missing": 1, "of": 1},
        {"mark": "severity", "stream": "whistleblowing", "missing": 2, "of": 2},
    ]
    marks = [{"mark": "same_adult", "contribution": 1.1}, {"mark": "severity", "contribution": -0.4}]
    with owner():
        found = Alert.objects.get(pk=alert.pk)
        extra = {"began_between": ["2026-07-24", "2026-09-06"], "missing": missing, "marks": marks}
        found.explanation = found.explanation | extra | {"remainder": -0.5} | changes
        Alert.objects.filter(pk=alert.pk).update(
            explanation=found.explanation, pattern="staff_conduct_marked"
        )


def test_the_four_answers_stand_first_and_are_the_readers(world: Cast) -> None:
    alert = told(world)
    with_marks(alert)
    path = f"/alerts/{alert.reference}/"
    page = get(world.mo, path).content.decode()
    assert page.index('class="hub-answers"') < page.index("Why: seen against expected")
    assert re.findall(r"<dt>(.*?)</dt>", page)[:4] == [
        "What happened", "Since when", "What speaks against it", "How often this is chance",
    ]  # fmt: skip
    assert "More was said against staff, and the same adult was named again and again." in page
    assert "we are about 80% sure that it was from 24 Jul 2026 to 6 Sep 2026." in page
    other = get(world.fran, path).content.decode()
    assert "More was said against staff: 6 LADO referrals where 1.1 is the norm, and 3 complaints" in other
    assert "Same adult" not in other


def test_paper_says_the_same_four_answers_as_the_page(world: Cast) -> None:
    alert = told(world)
    with_marks(alert)
    for user in (world.mo, world.fran):
        page = get(user, f"/alerts/{alert.reference}/").content.decode()
        reader = PdfReader(io.BytesIO(get(user, f"/alerts/{alert.reference}/pdf").content))
        paper = " ".join(" ".join(each.extract_text() for each in reader.pages).split())
        answers = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)[:4]
        assert len(answers) == 4
        for question, sentence in answers:
            assert f"{question} {unescape(sentence)}" in paper


def test_shares_add_up_to_the_total_for_every_reader(world: Cast) -> None:
    alert = told(world)
    with_marks(alert)
    for user in (world.mo, world.fran):
        page = get(user, f"/alerts/{alert.reference}/").content.decode()
        rows = re.findall(r'<tr><th scope="row">([^<]*)</th>.*?<td>([+−]?\d+\.\d)</td></tr>', page)
        shares = [
            float(value.replace("−", "-")) for _, value in rows[: [name for name, _ in rows].index("Total")]
        ]
        assert sum(shares) == pytest.approx(7.8)
        assert dict(rows)["Total"] == "7.8"


def test_what_records_lack_is_said_of_those_that_the_reader_may_know_of(world: Cast) -> None:
    alert = told(world)
    with_marks(alert)
    path = f"/alerts/{alert.reference}/"
    page = get(world.mo, path).content.decode()
    assert "The adult concerned: missing on 4 of 6 records; that part is silent." in page
    assert "How grave it was: missing on 3 of 3 records; that part is silent." in page
    assert "These details do not add to the total yet." not in page
    assert "missing on 1 of 1 record; that" in get(world.fran, path).content.decode()
    with_marks(alert, marks=[])
    assert "These details do not add to the total yet." in get(world.mo, path).content.decode()


def test_a_mark_that_is_the_providers_own_affair_goes_with_the_rest(world: Cast) -> None:
    alert = opened(world, picture="provider", pattern="harm", explanation=EXPLANATION)
    with_marks(alert)
    page = get(world.asha, f"/alerts/{alert.reference}/").content.decode()
    assert "Start date, and the rest" in page
    assert "Same adult" not in page
    assert "Start date uncertain" not in page


def test_a_rate_that_was_measured_takes_the_place_of_the_simulated_one(world: Cast) -> None:
    rate = {"version": 1, "source": "own history", "alarms": 4, "years": 44.0, "homes": 50}
    alert = told(world)
    with_marks(alert, measured={"look": rate, "escalate": rate})
    page = get(world.mo, f"/alerts/{alert.reference}/").content.decode()
    assert (
        "Chance alone brings a home like this one here about once in 11 years, as past records show." in page
    )
    assert "An ordinary home reaches Look about once in 11 years, as past records show." in page
    assert "in our simulations" not in page


def test_a_rule_gives_four_answers_too(world: Cast) -> None:
    alert = opened(
        world, kind="missing_report", pattern="no_visit", score=None, bar=None, began_on=world.now.date()
    )
    page = get(world.mo, f"/alerts/{alert.reference}/").content.decode()
    assert "There is no record of the visit that was due in November 2026." in page
    assert "This is a rule, not a chance: each month with no visit brings an alert." in page

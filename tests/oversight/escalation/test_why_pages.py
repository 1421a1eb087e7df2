"""Why an alert stands, as its readers see it on the page and on paper: the same words, each what they may know."""

import io
import re
from html import unescape

import pytest
from pypdf import PdfReader

from tests.cast import Cast
from tests.oversight.escalation.conftest import opened
from tests.oversight.escalation.pages import EXPLANATION, PARTS, get, told, with_marks

pytestmark = pytest.mark.usefixtures("at_the_casts_time")


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


def test_a_rule_that_only_we_word(world: Cast) -> None:
    alert = opened(
        world,
        kind="rule",
        pattern="well_being_no",
        explanation={"sentence": "The visitor says so."},
        score=None,
    )
    assert "The visitor says so." in get(world.mo, f"/alerts/{alert.reference}/").content.decode()


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
        section = page[page.index('id="context-heading"') : page.index('id="records-heading"')]
        lines = re.findall(r"<li>(.*?)</li>", section)
        assert len(lines) >= 8
        for line in lines:
            assert unescape(line) in paper


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
    assert "The adult is not named on 4 of 6 records." in page
    assert "How grave it was is not given on 3 of 3 records." in page
    assert "it does not mean that all is well" in page
    assert "How grave it was is not given on the only record." in get(world.fran, path).content.decode()


def test_marks_are_told_in_numbers_beside_the_score_and_disclosures_to_the_regulator_only(
    world: Cast,
) -> None:
    alert = told(world)
    with_marks(alert, marks=[])
    path = f"/alerts/{alert.reference}/"
    regulator, authority, board = (
        get(user, path).content.decode() for user in (world.mo, world.fran, world.kim)
    )
    assert "What else the records show" in regulator
    for page in (regulator, authority, board):
        assert (
            "5 of 7 events that others told of had no notice from the home; about 1 in 6 is the norm" in page
        )
        assert "It points the same way, and it is not counted in the score." in page
    assert "8 of 13 records were graded serious or worse" in regulator
    assert "8 records, and 2 in as long a time before." in regulator
    for page in (authority, board):
        assert "6 of 11 records were graded serious or worse" in page
        assert "6 records, and 2 in as long a time before." in page
    for words in ("one theme: peer on peer", "are about one child"):
        assert words in regulator
        assert words not in authority
        assert words not in board


def test_the_provider_is_not_told_what_questions_its_honesty(world: Cast) -> None:
    alert = opened(world, picture="provider", pattern="harm", explanation=EXPLANATION)
    with_marks(alert, marks=[])
    page = get(world.asha, f"/alerts/{alert.reference}/").content.decode()
    assert "3 events came after a restraint" in page
    for words in ("had no notice from", "The home called", "same adult", "The visitor had no concern"):
        assert words not in page


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

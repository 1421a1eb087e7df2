import io
import math
from itertools import pairwise

import numpy as np
import pytest

from oversight.risk.engine.marks import _share
from oversight.risk.replay.hesley import hesley, totals
from oversight.risk.replay.ordinary_providers import Practice, Volume, ordinary_providers
from oversight.risk.replay.unmatched import (
    LATE_WEEKS,
    ODDS,
    RULES,
    bar_for,
    cases,
    chart,
    evidence_of,
    in_time,
    replays,
    rows,
    weeks_before,
    yearly_rate,
)
from oversight.risk.replay.unmatched_table import unmatched_table

WEEKS = 168
EVERY = cases(totals())[0]


def test_an_event_weighs_what_four_times_the_odds_say() -> None:
    """A share of 1/5 is odds of 1 to 4; four times that are evens."""
    adds = evidence_of(0.2)
    assert adds.unmatched == pytest.approx(math.log(0.5 / 0.2))
    assert adds.matched == pytest.approx(math.log(0.5 / 0.8))


def test_the_evidence_is_the_engine_s_where_the_share_is_fixed() -> None:
    """Its weights are divided by a dispersion and its share learned: with neither, both are the same."""
    adds = evidence_of(0.25)
    for unmatched, events in ((0, 1), (1, 1), (3, 7)):
        (engine,) = _share((unmatched, events), (0.0, 0.0), prior=(0.25, 10.0), odds=4.0, dispersion=1.0)
        assert unmatched * adds.unmatched + (events - unmatched) * adds.matched == pytest.approx(engine)
    assert (ODDS, LATE_WEEKS) == (4.0, 2)


def test_the_chart_by_hand_over_four_weeks() -> None:
    """Ratios of 5/2 and 5/8: (0 + 1) 5/2, then (5/2 + 1) 5/8, then a quiet week, then two and one."""
    unmatched, matched = np.array([[1, 0, 0, 2]]), np.array([[0, 1, 0, 1]])
    third = (2.5 + 1) * 0.625 + 1
    fourth = (third + 1) * 2.5**2 * 0.625
    highest = np.exp(chart(matched, unmatched, 0.2))
    assert highest[0].tolist() == pytest.approx([2.5, 2.5, third, fourth])
    assert weeks_before(np.log(highest), math.log(3.0)).tolist() == [2]
    assert weeks_before(np.log(highest), 99.0).tolist() == [4]


def test_the_bar_is_the_lowest_that_keeps_the_rate() -> None:
    drawn = ordinary_providers(Practice(0.25), Volume(), 300, WEEKS, np.random.default_rng(1))
    highest = chart(drawn.matched, drawn.unmatched, 0.25)
    for yearly in (0.1, 0.01):
        bar = bar_for(highest, yearly)
        assert yearly_rate(highest, bar) <= yearly < yearly_rate(highest, bar - 0.01)


def test_a_rate_counts_time_up_to_the_first_alarm() -> None:
    highest = np.array([[0.0, 2.0, 2.0, 2.0], [0.0, 0.0, 0.0, 0.0]])
    assert yearly_rate(highest, 1.0) == pytest.approx(1 / (6 / (365.25 / 7)))
    assert yearly_rate(highest, 3.0) == 0.0


def test_the_totals_are_exactly_those_published() -> None:
    assert [(case.events, case.unmatched) for case in cases(totals())] == [
        (293, 185),
        (232, 124),
        (186, 78),
        (155, 47),
    ]
    for law in ("even", "rising"):
        matched, unmatched = replays(EVERY, law, 7, WEEKS, np.random.default_rng(2))
        assert matched.shape == (7, WEEKS)
        assert set(matched.sum(axis=1).tolist()) == {108}
        assert set(unmatched.sum(axis=1).tolist()) == {185}


def test_rising_is_one_to_five() -> None:
    _, even = replays(EVERY, "even", 400, WEEKS, np.random.default_rng(3))
    _, rising = replays(EVERY, "rising", 400, WEEKS, np.random.default_rng(3))
    tenth = WEEKS // 10
    assert even[:, -tenth:].sum() / even[:, :tenth].sum() == pytest.approx(1, abs=0.1)
    # Mean weights of the first and last 16 of 168 weeks on a line from 1 to 5: 1.18 and 4.82
    assert rising[:, -tenth:].sum() / rising[:, :tenth].sum() == pytest.approx(4.82 / 1.18, rel=0.1)


def test_ordinary_providers_have_the_assumed_volume_and_share() -> None:
    drawn = ordinary_providers(Practice(0.25, drift=0.0), Volume(), 1500, WEEKS, np.random.default_rng(4))
    every = (drawn.matched + drawn.unmatched).sum(axis=1) / (WEEKS * 7 / 365.25)
    assert every.mean() == pytest.approx(92, rel=0.05)
    assert (every.std() / every.mean()) ** 2 == pytest.approx(1 / 3, rel=0.2)
    assert drawn.shares.mean() == pytest.approx(0.26, abs=0.015)
    # nine in ten of Beta(2.5, 7.5) stay below .43; changes of manager and chance widen that
    assert 0.43 <= float(np.quantile(drawn.shares, 0.9)) <= 0.48


def test_homes_differ_more_where_they_are_said_to_and_share_one_practice_where_they_do() -> None:
    def spread(practice: Practice) -> float:
        drawn = ordinary_providers(practice, Volume(), 400, WEEKS, np.random.default_rng(5))
        share = drawn.unmatched.sum(axis=1) / (drawn.matched + drawn.unmatched).sum(axis=1)
        return float(share.std())

    assert spread(Practice(0.25, 5)) > spread(Practice(0.25, 10)) > spread(Practice(0.25, 20))
    assert spread(Practice(0.25, alike=1.0)) > 1.4 * spread(Practice(0.25, alike=0.0))


def test_a_stricter_rule_is_later_and_rarer_and_every_lead_has_its_chance() -> None:
    found = rows(EVERY, Practice(0.25), Volume(), WEEKS, (400, 40), 1)
    assert len(found) == len(RULES)
    for looser, stricter in pairwise(found[:3]):
        assert looser.bar < stricter.bar
        assert looser.chance > stricter.chance
        assert looser.leads[0].months > stricter.leads[0].months
    assert all(row.leads[0].months > row.leads[1].months for row in found[:3])  # even, then rising
    assert all(0 < row.chance < 1 for row in found[:4])
    assert found[3].null == 0.25 < found[4].null == found[5].null
    assert found[0].chance == pytest.approx(0.27, abs=0.08)
    assert found[2].leads[0].found == 1.0


def test_nothing_is_found_where_so_many_missing_notices_are_ordinary() -> None:
    found = rows(EVERY, Practice(0.7), Volume(), WEEKS, (200, 20), 1)
    assert [lead for row in (found[0], found[4]) for lead in row.leads] == [(0.0, 0.0)] * 4
    assert found[0].chance > 0.1


def test_the_last_week_is_not_before_the_last_day() -> None:
    """Of 168 weeks the events of the first 165 are judged, two weeks late, before the last day."""
    assert in_time(WEEKS) == 165


def test_the_table_gives_the_chance_in_every_row_and_the_same_bytes() -> None:
    def told() -> str:
        out = io.StringIO()
        unmatched_table(out, 1, totals())
        return out.getvalue()

    text = told()
    assert text == told()
    lines = [
        line for line in text.splitlines() if line.startswith(("  15%", "  25%", "  40%", "  55%", "  70%"))
    ]
    assert len(lines) == len(RULES) * (15 + 4 * 3)
    assert all(line.endswith("%") and line.count("%") == 5 for line in lines)
    assert "185 of 293 without a notice (63%)" in text
    assert "234 of 293 without a notice (80%)" in text
    assert "500 ordinary providers set the bars, 500 others give the chance; 20 replays" in text
    for words in ("What this is not", "no marks on records", "before 21 March 2021", "38.6 months"):
        assert words in text


def test_the_command_tells_it_after_the_counts() -> None:
    out = io.StringIO()
    assert hesley(1, out, variants=(), providers=1) == 0
    text = out.getvalue()
    assert text.startswith("1 reconstructions of 452 events")
    assert text.index("median lead in months") < text.index("Events without the home's own notice")

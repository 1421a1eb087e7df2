import math
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.risk.engine import (
    DEFAULT,
    STREAMS,
    Fits,
    Home,
    Placement,
    QuarterFit,
    Record,
    assess,
    assess_many,
    assess_provider,
    provider_raises_from,
    raises_from,
)
from oversight.risk.engine.priors import SHIPPED, StreamFit
from tests.oversight.risk.making import START, day, home, record

LAST = 420

rows = st.lists(
    st.builds(
        lambda stream, occurred, lag, source, child, detail: (stream, occurred, lag, source, child, detail),
        st.sampled_from(STREAMS),
        st.integers(0, LAST),
        st.sampled_from([0, 0, 1, 9, 70, 200]),
        st.sampled_from(["home", "lado", "hospital"]),
        st.sampled_from(["", "C1", "C2"]),
        st.sampled_from(["yes", "partly"]),
    ),
    max_size=25,
)


def made(drawn: list[tuple[str, int, int, str, str, str]]) -> list[Record]:
    return [
        record(
            f"r{number:02d}",
            stream,
            at,
            at + lag,
            source,
            child=child,
            detail=detail if stream == "reg44" else "",
        )
        for number, (stream, at, lag, source, child, detail) in enumerate(drawn)
    ]


def cluster(stream: str = "lado", number: int = 8, start: int = 300) -> list[Record]:
    return [record(f"{stream}{n}", stream, start + 5 * n) for n in range(number)]


def test_the_first_day_worked_by_hand() -> None:
    # One quiet day: only the prior, five children, dt = 1/7 week.
    result = assess(home(), [], [], START)
    expected = 0.0
    for pattern in DEFAULT.patterns:
        total = 0.0
        for fit, rho in zip(SHIPPED[:5], pattern.multipliers[:5], strict=True):
            e = 1 / 7
            total += -fit.shape * math.log((fit.rate + rho * e) / (fit.rate + e)) / fit.dispersion
        expected += pattern.weight / 7 * math.exp(total)
    assert result.score == pytest.approx(math.log(expected), rel=1e-12)


def test_a_burst_raises_the_score_and_names_its_pattern() -> None:
    before, after = (assess(home(), rows, [], day(340)) for rows in ([], cluster()))
    assert after.score > before.score + 3
    assert after.pattern == "staff_conduct"
    assert after.began_on == day(300)
    assert after.evidence == tuple(f"lado{n}" for n in range(8))
    assert after.tier is not None
    assert after.raises


@settings(max_examples=30, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_in_which_records_come_changes_no_bit(
    drawn: list[tuple[str, int, int, str, str, str]], chance: Random
) -> None:
    ours = made(drawn)
    shuffled = list(ours)
    chance.shuffle(shuffled)
    assert assess(home(), ours, [], day(LAST)) == assess(home(), shuffled, [], day(LAST))


@settings(max_examples=30, deadline=None)
@given(rows, st.integers(30, LAST))
def test_what_is_not_yet_known_changes_no_bit(
    drawn: list[tuple[str, int, int, str, str, str]], as_of: int
) -> None:
    ours = made(drawn)
    known = [one for one in ours if one.recorded_on <= day(as_of)]
    assert assess(home(), ours, [], day(as_of)) == assess(home(), known, [], day(as_of))


@settings(max_examples=30, deadline=None)
@given(rows)
def test_an_explanation_adds_up(drawn: list[tuple[str, int, int, str, str, str]]) -> None:
    result = assess(home(), made(drawn), [], day(LAST))
    told = result.explanation
    assert told is not None
    assert sum(part.contribution for part in told.parts) + told.remainder == pytest.approx(
        result.score, abs=1e-9
    )
    shown = round(sum(part.shown for part in told.parts) + told.remainder_shown, 1)
    assert shown == told.shown
    assert told.shown == round(result.score, 1)


def test_an_explanation_says_what_was_seen_expected_and_against() -> None:
    told = assess(home(), [*cluster(), record("h", "hospital", 310)], [], day(327)).explanation
    assert told is not None
    parts = {part.stream: part for part in told.parts}
    assert parts["lado"].seen == 6
    # Some 41 quiet weeks behind the guard: a quiet home altogether, and quiet in this stream.
    usual = sum(one.shape / one.rate / one.dispersion for one in SHIPPED[:5]) * 41
    expected = 1.15 / (40 * (4 + usual) / 4 + 41 / 1.3) * 28 / 7
    assert parts["lado"].expected == pytest.approx(expected, rel=0.05)
    assert parts["hospital"].contribution == 0.0, "staff conduct says nothing of hospital referrals"
    assert parts["complaint"].against
    assert "complaint" in told.speaks_against()
    assert "lado" not in told.speaks_against()
    assert told.since == day(300)
    assert told.bars == DEFAULT.bars()
    assert abs(told.remainder) < 3.0


def test_a_home_that_records_much_in_one_stream_is_expected_to_in_others() -> None:
    much = [record(f"n{number}", "reg40", 4 * number) for number in range(75)]
    few = much[:5]
    busy, quiet = (assess(home(), [*theirs, *cluster()], [], day(340)).explanation for theirs in (much, few))
    assert busy is not None
    assert quiet is not None
    complaints = [
        next(part.expected for part in told.parts if part.stream == "complaint") for told in (busy, quiet)
    ]
    assert complaints[0] > 1.5 * complaints[1]
    visits = [next(part.expected for part in told.parts if part.stream == "reg44") for told in (busy, quiet)]
    assert visits[0] == visits[1], "how many visits there are does not depend on it"


def test_an_explanation_says_how_long_it_takes_to_clear() -> None:
    told = assess(home(places=20), cluster(number=4), [], day(330)).explanation
    assert told is not None
    assert told.weeks_below_look is not None
    assert told.weeks_to_clear is None or told.weeks_to_clear >= told.weeks_below_look
    calm = assess(home(), [], [], day(10)).explanation
    assert calm is not None
    assert (calm.weeks_below_look, calm.weeks_to_clear) == (0, 0)


def test_silence_has_a_pattern_of_its_own() -> None:
    ours = [record(f"r{n}", "reg40", 9 * n) for n in range(40)]
    result = assess(home(), ours, [], day(600))
    assert result.pattern == "reports_stop"
    assert result.began_on > day(340)
    assert result.score > DEFAULT.look


def test_the_providers_picture_is_not_moved_by_what_it_does_not_hold() -> None:
    own = [record(f"own{n}", "reg40", 20 * n) for n in range(15)]
    unseen = [
        record("w", "whistleblowing", 200, source="whistleblower"),
        record("h", "hospital", 210, source="hospital"),
    ]
    seen = assess(home(), [*own, *unseen], [], day(LAST), picture="provider")
    assert seen == assess(home(), own, [], day(LAST), picture="provider")
    assert assess(home(), [*own, *unseen], [], day(LAST)).score != seen.score


def test_many_are_assessed_with_the_bits_of_one() -> None:
    homes = [
        home(),
        home("DEMO2", opened_on=day(100)),
        home("DEMO3", places=12),
        home("DEMO4", opened_on=day(500)),
    ]
    records = {"DEMO1": cluster(), "DEMO3": [replace(one, urn="DEMO3") for one in cluster("hospital")]}
    placements = {"DEMO3": [Placement(f"C{n}", "DEMO3", "A", START) for n in range(9)]}
    fits = Fits((QuarterFit(date(2022, 7, 1), {("home", "7-12"): (StreamFit(2.0, 9.0, 1.4),) * 6}),))
    together = assess_many(homes, records, placements, day(LAST), fits, explained=True)
    alone = [
        assess(one, records.get(one.urn, []), placements.get(one.urn, []), day(LAST), fits)
        for one in homes[:3]
    ]
    assert together == alone


def test_a_fit_moves_only_the_days_from_its_quarter() -> None:
    fits = Fits((QuarterFit(date(2022, 7, 1), {("home", "4-6"): (StreamFit(2.0, 40.0, 1.0),) * 6}),))
    plain = assess(home(), cluster(), [], day(340), series=True).series
    moved = assess(home(), cluster(), [], day(340), fits, series=True).series
    change = (date(2022, 7, 1) - START).days
    assert plain[:change] == moved[:change]
    assert plain[change] != moved[change]
    assert plain[0][0] == START
    assert plain[-1][0] == day(340)


def test_the_last_day_of_the_series_is_the_score() -> None:
    result = assess(home(), cluster(), [], day(340), series=True)
    assert result.series[-1] == (day(340), result.score)
    early = assess(home(), [one for one in cluster() if one.occurred_on <= day(310)], [], day(310))
    assert dict(result.series)[day(310)] == early.score


def test_evidence_leaves_out_what_was_withdrawn_unknown_or_of_other_streams() -> None:
    ours = [
        *cluster(),
        record("gone", "lado", 320, withdrawn=330),
        record("later", "lado", 320, recorded=360),
        record("other", "hospital", 320),
        record("calm", "reg44", 320, source="visitor", detail="yes"),
        record("worry", "reg44", 321, source="visitor", detail="partly"),
    ]
    evidence = assess(home(), ours, [], day(345)).evidence
    assert set(evidence) == {*(f"lado{n}" for n in range(8)), "worry"}


def test_the_first_weeks_raise_nothing() -> None:
    assert raises_from(home()) == START + timedelta(weeks=26)
    assert not assess(home(), [], [], day(181)).raises
    assert assess(home(), [], [], day(182)).raises


def test_a_home_that_has_not_begun_cannot_be_assessed() -> None:
    with pytest.raises(ValueError, match="had not begun"):
        assess(home(), [], [], START - timedelta(days=1))


def test_pooled_evidence_of_two_small_rises_exceeds_each() -> None:
    homes = [home(), home("DEMO2")]
    records = {
        "DEMO1": cluster(number=3),
        "DEMO2": [replace(one, urn="DEMO2", reference=f"{one.reference}b") for one in cluster(number=3)],
    }
    single = assess(homes[0], records["DEMO1"], [], day(320))
    pooled = assess_provider("Provider", homes, records, {}, day(320))
    assert pooled.score > single.score
    assert pooled.scope == "provider"
    assert pooled.key == "Provider"
    assert pooled.evidence == ("lado0", "lado0b", "lado1", "lado1b", "lado2", "lado2b")
    told = pooled.explanation
    assert told is not None
    assert {part.stream: part.seen for part in told.parts}["lado"] == 6
    assert pooled == assess_provider("Provider", homes[::-1], records, {}, day(320))


def test_a_sibling_counts_from_its_own_first_day() -> None:
    late = home("DEMO2", opened_on=day(200))
    early = assess_provider("Provider", [home(), late], {"DEMO1": cluster()}, {}, day(330), series=True)
    alone = assess(home(), cluster(), [], day(330), series=True)
    assert early.series[:200] == alone.series[:200]
    assert early.series[-1] != alone.series[-1]
    assert provider_raises_from([home(), late]) == day(200) + timedelta(weeks=26)


def test_a_provider_chart_needs_two_homes_that_have_begun() -> None:
    with pytest.raises(ValueError, match="fewer than two homes"):
        assess_provider("Provider", [home(), home("DEMO2", opened_on=day(900))], {}, {}, day(300))
    assert provider_raises_from([home()]) is None


def test_history_begins_when_the_hub_began_to_watch() -> None:
    old = Home("DEMO1", "", "P", 5, opened_on=date(1995, 1, 1), watched_from=START)
    assert assess(old, cluster(), [], day(330)) == assess(home(provider="P"), cluster(), [], day(330))

"""The evidence of marks, channel by channel: a fair bet where nothing changed, nothing where a mark is missing."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.risk.engine import DEFAULT, Decision, Home, Record, assess, assess_many, assess_provider
from oversight.risk.engine.evidence import Floats
from oversight.risk.engine.marks import mark_evidence
from oversight.risk.engine.parameters import MARKED, MARKED_PATTERNS, MARKS, MarkSettings
from oversight.risk.engine.walking import Walk

STARTS = date(2020, 1, 6)
ELM = Home("DEMO001", "Elm House", "Alder", 5, opened_on=STARTS)
DAYS = 800
FAIR = replace(
    MarkSettings(),
    unmatched_dispersion=1.0, late_dispersion=1.0, own_dispersion=1.0, outside_dispersion=1.0,
    repeated_dispersion=1.0, restraint_dispersion=1.0,
)  # fmt: skip


def record(number: int, day: int, stream: str = "reg40", source: str = "home", **marks: object) -> Record:
    known = day + int(str(marks.pop("late", 0)))
    return Record(
        f"R{number:03d}", ELM.urn, stream, STARTS + timedelta(days=day), STARTS + timedelta(days=known), source,
        **marks,  # type: ignore[arg-type]
    )  # fmt: skip


def evidence(
    records: Sequence[Record],
    marks: MarkSettings = FAIR,
    days: int = DAYS,
    decisions: Sequence[Decision] = (),
) -> dict[str, Floats]:
    present = np.full(days, 5, dtype=np.int64)
    made = mark_evidence(records, decisions, STARTS.toordinal(), present, 5, ELM.places, marks)
    return dict(zip(MARKS, made, strict=True))


def test_without_records_only_the_quiet_of_injuries_speaks() -> None:
    found = evidence([])
    assert found["restraint"].max() < 0
    for mark in set(MARKS) - {"restraint"}:
        assert not found[mark].any(), mark


def test_records_without_marks_add_nothing() -> None:
    found = evidence([record(1, 10, "complaint", "parent"), record(2, 400, "reg44", "visitor", detail="yes")])
    for mark in set(MARKS) - {"restraint"}:
        assert not found[mark].any(), mark


def fair(chances: Sequence[float], ratios: Sequence[float]) -> float:
    return sum(chance * math.exp(ratio) for chance, ratio in zip(chances, ratios, strict=True))


def test_each_channel_is_a_fair_bet_where_all_is_as_usual() -> None:
    event = record(1, 300, "lado", "lado", child="C1")
    notice = record(2, 300, "reg40", "home", child="C1")
    judged = 300 + 14
    ratios = [evidence([event])["unmatched"][judged], evidence([event, notice])["unmatched"][judged]]
    assert fair([0.15, 0.85], ratios) == pytest.approx(1)
    visits = [record(1, 300, "reg44", "visitor", recommendations=1, repeated=n) for n in (1, 0)]
    assert fair([0.25, 0.75], [evidence([one])["repeated"][300] for one in visits]) == pytest.approx(1)
    usual = FAIR.severity_usual
    for source, mark in (
        ("home", "severity"),
        ("police", "severity"),
        ("home", "softened"),
        ("police", "softened"),
    ):
        levels = [record(1, 300, "lado", source, severity=level) for level in range(1, 6)]
        assert fair(usual, [evidence([one])[mark][300] for one in levels]) == pytest.approx(1), (source, mark)
    names = [record(1, 300, "lado", "lado", adult="A1"), record(2, 340, "lado", "lado", adult="A2")]
    again = record(2, 340, "lado", "lado", adult="A1")
    roster = ELM.places * FAIR.adults_per_place
    first = evidence(names[:1])["same_adult"][300]
    assert first == pytest.approx(0), "whoever is named first is nobody in particular"
    same, other = evidence([names[0], again])["same_adult"][340], evidence(names)["same_adult"][340]
    assert fair([1 / roster, 1 - 1 / roster], [same, other]) == pytest.approx(1)
    assert same > 0 > other


def test_late_notices_speak_by_how_late_they_are() -> None:
    def at(late: int) -> float:
        return float(evidence([record(1, 300, late=late)])["late"][300])

    assert at(0) < 0 < at(30)
    shift = FAIR.late_shift
    assert at(5) == pytest.approx(shift * (math.log(6) - FAIR.late_mean) - shift**2 / 2)
    assert evidence([record(1, 300, "lado", "home", late=30)])["late"].max() == 0, "only notices"


def test_restraint_injuries_are_counted_like_a_stream() -> None:
    one = evidence([record(1, 300, restraint=True)])["restraint"]
    none = evidence([])["restraint"]
    e = 5 / 35
    shape, rate = FAIR.restraint_shape, FAIR.restraint_shape * 365.25 / 7 / FAIR.restraint_yearly
    lived = sum(2.0 ** (-(300 - 56 - day) / (156 * 7)) for day in range(300 - 56 + 1)) * e
    quiet = math.log((rate + lived + 2.5 * e) / (rate + lived + e))
    assert none[300] == pytest.approx(-shape * quiet, rel=1e-4)
    assert one[300] == pytest.approx(math.log(2.5) - (shape + 1) * quiet, rel=1e-4)
    np.testing.assert_array_equal(one[:300], none[:300])
    assert one[300 + 56 :].max() < 0
    np.testing.assert_array_equal(one[301:356], none[301:356])
    assert (one[357:] < none[357:]).all(), "an injury that is usual by now makes quiet speak the louder"


def test_what_a_home_showed_before_becomes_its_usual() -> None:
    usual = [record(n, 10 * n, "lado", "lado", child=f"C{n}") for n in range(1, 40)]
    ratio = evidence(usual)["unmatched"]
    told = [ratio[10 * n + 14] for n in range(1, 40)]
    assert told[0] == told[4] > told[20] > told[38] > 0
    assert told[0] == pytest.approx(math.log(4 / (1 + 3 * 0.15)))


def test_a_matter_told_by_the_home_in_time_is_no_missing_notice() -> None:
    event = record(1, 300, "lado", "lado", child="C1")
    late = record(2, 300, "reg40", "home", child="C1", late=15)
    assert evidence([event, late])["unmatched"][314] > 0
    own = record(2, 300, "lado", "home", child="C1")
    assert evidence([event, own])["unmatched"][314] < 0
    parted = Decision("R001", "R002", same=False, known_on=STARTS)
    assert evidence([event, own], decisions=[parted])["unmatched"][314] == pytest.approx(
        math.log(4 / 1.45) + math.log((1 - 4 * 0.15 / 1.45) / 0.85)
    ), "two matters: one told by the home, one not"
    assert not evidence([event], days=314)["unmatched"].any(), "judged on the fourteenth day, not before"


def test_an_adult_named_twice_in_a_month_is_named_once() -> None:
    twice = [record(1, 300, "lado", "lado", adult="A1"), record(2, 310, "complaint", "parent", adult="A1;A2")]
    found = evidence(twice)["same_adult"]
    assert found[310] == pytest.approx(
        evidence([twice[0], record(2, 310, "complaint", "parent", adult="A2")])["same_adult"][310]
    )
    once = evidence(twice[:1])["same_adult"]
    assert not once.any()


made = st.builds(
    lambda number, day, stream, source, late, severity, adult, restraint: record(
        number, day, stream, source, late=late, severity=severity, adult=adult, child=f"C{number % 3}",
        restraint=restraint,
    ),
    st.integers(0, 10**6), st.integers(0, 500), st.sampled_from(["reg40", "lado", "hospital", "complaint"]),
    st.sampled_from(["home", "lado", "police", "hospital"]), st.integers(0, 40),
    st.none() | st.integers(1, 5), st.sampled_from(["", "A1", "A2", "A1;A3"]), st.booleans(),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(made, max_size=25, unique_by=lambda one: one.reference), st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference(records: list[Record], chance: object) -> None:
    shuffled = list(records)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    ours, theirs = evidence(records, MarkSettings()), evidence(shuffled, MarkSettings())
    for mark in MARKS:
        assert ours[mark].tobytes() == theirs[mark].tobytes(), mark
        assert np.isfinite(ours[mark]).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(made, max_size=25, unique_by=lambda one: one.reference), st.integers(60, 500))
def test_a_day_rests_on_nothing_that_happens_later(records: list[Record], day: int) -> None:
    """Once everything is known: reconciliation judges two weeks late, and a matter joins records some days apart."""
    whole = evidence(records)
    before = evidence([one for one in records if (one.occurred_on - STARTS).days <= day])
    for mark in set(MARKS) - {"unmatched"}:
        np.testing.assert_allclose(whole[mark][: day + 1], before[mark][: day + 1], atol=1e-12, err_msg=mark)


def test_the_marked_patterns_share_one_budget() -> None:
    assert sum(pattern.weight for pattern in MARKED_PATTERNS) == pytest.approx(1)
    assert len({pattern.name for pattern in MARKED_PATTERNS}) == len(MARKED_PATTERNS)
    assert {mark for pattern in MARKED_PATTERNS for mark in pattern.marks} == set(MARKS)
    assert DEFAULT.marks is None
    assert not any(pattern.marks for pattern in DEFAULT.patterns), "marks explain until they are calibrated"


def concealing() -> list[Record]:
    outside = [record(n, 400 + 12 * n, "lado", "lado", child=f"C{n}", severity=4) for n in range(12)]
    visits = [
        record(
            100 + n,
            15 + 30 * n,
            "reg44",
            "visitor",
            detail="yes",
            recommendations=3,
            repeated=3 if n > 12 else 0,
        )
        for n in range(18)
    ]
    return [*outside, *visits]


def test_marks_raise_the_score_and_their_parts_add_up() -> None:
    as_of = STARTS + timedelta(days=590)
    counted = assess(ELM, concealing(), (), as_of)
    marked = assess(ELM, concealing(), (), as_of, parameters=MARKED)
    assert marked.score > counted.score + 1
    told = marked.explanation
    assert told is not None
    assert {part.mark for part in told.marks} == {"unmatched", "late", "softened", "repeated"}
    parts = sum(part.contribution for part in told.parts) + sum(part.contribution for part in told.marks)
    assert parts + told.remainder == pytest.approx(marked.score)
    shown = sum(part.shown for part in told.parts) + sum(part.shown for part in told.marks)
    assert shown + told.remainder_shown == pytest.approx(told.shown)


def test_many_homes_and_a_provider_are_assessed_with_their_marks() -> None:
    as_of = STARTS + timedelta(days=590)
    oak = replace(ELM, urn="DEMO002")
    theirs = {"DEMO001": concealing(), "DEMO002": [replace(one, urn="DEMO002") for one in concealing()]}
    many = assess_many([ELM, oak], theirs, {}, as_of, parameters=MARKED)
    alone = assess(ELM, concealing(), (), as_of, parameters=MARKED)
    assert [one.score for one in many] == [alone.score] * 2
    both = assess_provider("Alder", [ELM, oak], theirs, {}, as_of, parameters=MARKED)
    assert both.score > alone.score
    assert both.explanation is not None
    assert alone.explanation is not None
    ours, joined = alone.explanation.marks, both.explanation.marks
    assert [one.contribution * 2 for one in ours] == pytest.approx([one.contribution for one in joined])


def test_marks_are_walked_with_their_records() -> None:
    with pytest.raises(ValueError, match="none were given"):
        Walk([ELM], {}, {}, STARTS, parameters=MARKED)

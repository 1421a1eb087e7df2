"""The four answers: every sentence that can be made is one plain sentence, and says what its data say."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations, product
from typing import Any

import pytest

from oversight.dashboards.wording import FALSE_ALARM
from oversight.escalation.answers import QUESTIONS, Told, answers, shown_marks
from oversight.escalation.plain_words import (
    MARK_CLAUSES,
    MARK_NAMES,
    MARKS_AGAINST,
    RULE_WORDS,
    SIMULATED_YEARS,
    STREAM_NOUNS,
)
from oversight.escalation.rules import RULES
from oversight.risk.engine.parameters import MARKED_PATTERNS, MARKS, Pattern
from oversight.risk.engine.records import STREAMS
from tests.oversight.escalation.reading import WORD, grade, sentences, syllables

BEGAN, RAISED = date(2026, 9, 28), date(2026, 11, 9)
BETWEEN = ["2025-12-24", "2026-10-16"]
COUNTS = [(6, 1.1), (1, 9.34), (0, 12.6), (31, 112.4), (1, 0.01), (2, 2.0)]
#: What somebody who opens the hub for the first time cannot know.
JARGON = {
    "pattern", "patterns", "bar", "bars", "score", "scores", "stream", "streams", "threshold", "multiplier", "nats",
    "evidence", "baseline", "expected", "contribution", "remainder", "tier", "tiers", "mark", "marks", "calibrated",
    "simulation", "simulations", "statistic", "significant", "rate", "picture", "matter", "episode", "dispersion",
    "concealed", "unmatched", "likelihood", "probability", "signal", "outlier", "escalate", "regulation",
}  # fmt: skip


def explanation(pattern: Pattern, weights: dict[str, float], seen: int = 6, expected: float = 1.1) -> Any:
    """An explanation whose streams and marks have these contributions and nought elsewhere."""
    return {
        "parts": [
            {
                "stream": stream,
                "seen": seen,
                "expected": expected,
                "multiplier": multiplier,
                "contribution": weights.get(stream, 0.0),
            }
            for stream, multiplier in zip(STREAMS, pattern.multipliers, strict=True)
        ],
        "marks": [{"mark": mark, "contribution": weights.get(mark, 0.0)} for mark in pattern.marks],
    }


def pattern_of(name: str) -> Pattern:
    return next(pattern for pattern in MARKED_PATTERNS if pattern.name == name)


def every_way(pattern: Pattern) -> Iterator[Told]:
    """Every two streams for it, every stream and mark for and against, every count, reader and level."""
    readers = [("overseers", True), ("overseers", False), ("provider", False)]
    weights: list[dict[str, float]] = [
        {first: 2.0, second: 1.0} for first, second in combinations(STREAMS, 2)
    ]
    weights += [{one: 2.0} for one in STREAMS]
    weights += [{one: -2.0} for one in STREAMS]
    weights += [{mark: way, "lado": 1.0} for mark in pattern.marks for way in (3.0, -3.0)]
    weights += [{first: 3.0, second: 2.0} for first, second in combinations(pattern.marks, 2)]
    for each, (seen, expected), across in product(weights, COUNTS, (False, True)):
        for picture, regulator in readers:
            yield Told(
                pattern.name,
                explanation(pattern, each, seen, expected),
                BEGAN,
                RAISED,
                "look" if seen else "escalate",
                picture,
                regulator,
                across,
            )
    plain = explanation(pattern, {})
    for between in (BETWEEN, [BETWEEN[0], BETWEEN[0]]):
        yield Told(pattern.name, {**plain, "began_between": between}, BEGAN, RAISED)
    yield Told(pattern.name, plain, None, RAISED)


def assert_plain(sentence: str) -> None:
    assert sentences(sentence) == 1, sentence
    assert sentence.endswith("."), sentence
    assert sentence[0].isupper(), sentence
    assert grade(sentence) <= 8.0, (grade(sentence), sentence)
    assert not JARGON & set(sentence.lower().replace(".", " ").replace(",", " ").split()), sentence


@pytest.mark.parametrize("pattern", MARKED_PATTERNS, ids=lambda pattern: pattern.name)
def test_every_sentence_of_every_pattern_is_one_plain_sentence(pattern: Pattern) -> None:
    said = {answer.sentence for told in every_way(pattern) for answer in answers(told)}
    assert len(said) > 20
    for sentence in said:
        assert_plain(sentence)
        assert "Something has changed" not in sentence


@pytest.mark.parametrize("rule", [*RULES, "death", "concern", "opinion_no", "one_to_come"])
@pytest.mark.parametrize("began", [BEGAN, None])
def test_every_sentence_of_every_rule_is_one_plain_sentence(rule: str, began: date | None) -> None:
    said = answers(Told(rule, {"rule": rule, "records": []}, began, RAISED))
    assert tuple(answer.question for answer in said) == QUESTIONS
    for answer in said:
        assert_plain(answer.sentence)
    assert said[3].sentence.startswith("This is a rule, not a chance: ")


def test_nothing_of_engine_or_rules_is_without_words() -> None:
    assert set(RULE_WORDS) == set(RULES)
    assert set(STREAM_NOUNS) == set(STREAMS)
    assert set(MARK_CLAUSES) == set(MARKS_AGAINST) == set(MARK_NAMES) == set(MARKS)
    assert f"once in {SIMULATED_YEARS} years" in FALSE_ALARM


def said(told: Told) -> list[str]:
    return [answer.sentence for answer in answers(told)]


def test_four_answers_of_a_count() -> None:
    found = explanation(pattern_of("staff_conduct"), {"lado": 3.9, "whistleblowing": 2.4, "hospital": -0.3})
    found["parts"][4] |= {"seen": 1, "expected": 1.6}
    told = Told("staff_conduct", {**found, "began_between": BETWEEN}, BEGAN, RAISED, regulator=True)
    assert said(told) == [
        "More was said against staff: 6 LADO referrals where 1.1 is the norm.",
        "It began on about 28 Sep 2026, and we are about 80% sure that it was from 24 Dec 2025 to 16 Oct 2026.",
        "Trips to hospital did not go up: there was 1, where 1.6 would be the norm.",
        "Chance alone brings a home where all is well here about once in 8 years in our tests, "
        "and real homes may not be the same.",
    ]


def test_a_second_stream_is_told_where_its_name_is_short() -> None:
    short = explanation(pattern_of("staff_conduct"), {"lado": 3.9, "complaint": 2.4})
    assert said(Told("staff_conduct", short, BEGAN, RAISED))[0] == (
        "More was said against staff: 6 LADO referrals where 1.1 is the norm, and 6 complaints where 1.1 is."
    )
    long = explanation(pattern_of("staff_conduct"), {"lado": 2.4, "whistleblowing": 3.9})
    assert said(Told("staff_conduct", long, BEGAN, RAISED, regulator=True))[0] == (
        "More was said against staff: 6 whistleblowing disclosures where 1.1 is the norm."
    )


def test_a_silence_and_what_speaks_against_it() -> None:
    found = explanation(pattern_of("reports_stop"), {"reg40": 2.0, "hospital": -1.0}, 0, 9.3)
    found["parts"][4] |= {"seen": 3, "expected": 2.0}
    first, _, against, _ = said(Told("reports_stop", found, BEGAN, RAISED))
    assert first == "The home's own reports fell: no Reg 40 notices where 9.3 is the norm."
    assert against == "Trips to hospital did not fall: there were 3, where 2.0 would be the norm."
    found["parts"][4] |= {"seen": 1}
    assert said(Told("reports_stop", found, BEGAN, RAISED))[2].startswith("Trips to hospital fell less")
    found["parts"][4]["contribution"] = 0.0
    assert "a calm time" in said(Told("reports_stop", found, BEGAN, RAISED))[2]


def test_a_rise_smaller_than_the_pattern_would_bring_speaks_against() -> None:
    found = explanation(pattern_of("steep_rise"), {"lado": 2.0, "complaint": -0.4}, 3, 2.0)
    against = said(Told("steep_rise", found, BEGAN, RAISED))[2]
    assert against == (
        "Complaints went up less than this would make them: there were 3, where 2.0 would be the norm."
    )


def test_all_homes_of_a_provider_are_homes() -> None:
    found = explanation(pattern_of("reports_stop"), {"reg40": 2.0}, 1, 9.3)
    first, _, _, chance = said(Told("reports_stop", found, BEGAN, RAISED, across=True))
    assert first == "The homes' own reports fell: 1 Reg 40 notice where 9.3 is the norm."
    assert "no one has yet tried it on groups of homes" in chance


@pytest.mark.parametrize(
    ("source", "alarms", "years", "ending"),
    [
        ("simulated", 41, 400.0, "here about once in 10 years, as our tests show."),
        ("own history", 41, 400.0, "here about once in 10 years, as past records show."),
        ("own history", 0, 123.4, "here less than once in 123 years, as past records show."),
        ("own history", 9, 10.0, "here about once a year, as past records show."),
    ],
)
def test_a_measured_rate_is_told_in_place_of_ours(
    source: str, alarms: int, years: float, ending: str
) -> None:
    rate = {"version": 1, "source": source, "alarms": alarms, "years": years, "homes": 50}
    found = {**explanation(pattern_of("harm"), {}), "measured": {"escalate": rate}}
    chance = said(Told("harm", found, BEGAN, RAISED, "escalate"))[3]
    assert chance == f"Chance alone brings a home like this one {ending}"
    assert_plain(chance)
    assert "8 years in our tests" in said(Told("harm", found, BEGAN, RAISED, "look"))[3]
    assert "groups of homes" in said(Told("harm", found, BEGAN, RAISED, "escalate", across=True))[3]


def test_the_strongest_mark_is_told_and_the_strongest_of_all_speaks_against() -> None:
    weights = {"severity": 0.5, "same_adult": 1.5, "restraint": -0.7, "hospital": -0.2}
    found = explanation(pattern_of("staff_conduct_marked"), weights)
    told = Told("staff_conduct_marked", found, BEGAN, RAISED, regulator=True)
    assert said(told)[2] == "No more people than before were hurt in restraints."
    assert said(told)[0] == "More was said against staff, and the same adult was named again and again."


@pytest.mark.parametrize("name", ["staff_conduct_marked", "conduct_marks", "harm_marked", "same_adult"])
def test_what_a_disclosure_may_have_moved_is_the_regulators(name: str) -> None:
    pattern = pattern_of(name)
    disclosed = explanation(pattern, dict.fromkeys((*STREAMS, *pattern.marks), 1.0))
    assert not shown_marks(Told(name, disclosed, BEGAN, RAISED))
    assert len(shown_marks(Told(name, disclosed, BEGAN, RAISED, regulator=True))) == len(pattern.marks)
    silent = explanation(pattern, dict.fromkeys(pattern.marks, 1.0), seen=0)
    assert len(shown_marks(Told(name, silent, BEGAN, RAISED))) == len(pattern.marks)


@pytest.mark.parametrize("pattern", MARKED_PATTERNS, ids=lambda pattern: pattern.name)
def test_disclosures_move_no_word_for_others(pattern: Pattern) -> None:
    """On the provider's picture, and for overseers other than the regulator, the streams' own figures may not move."""
    calm = explanation(pattern, {"lado": 1.0})
    moved = explanation(pattern, {"lado": 1.0, "whistleblowing": 5.0})
    for picture, regulator in (("overseers", False), ("provider", False), ("provider", True)):
        first, second = (
            Told(pattern.name, one, BEGAN, RAISED, "look", picture, regulator) for one in (calm, moved)
        )
        assert said(first) == said(second)
        assert "whistle" not in " ".join(said(second))


def test_the_provider_is_not_told_what_one_adult_is_named_for() -> None:
    found = explanation(pattern_of("steep_rise_marked"), {"same_adult": 3.0, "severity": 1.0}, seen=0)
    told = Told("steep_rise_marked", found, BEGAN, RAISED, picture="provider")
    assert {mark["mark"] for mark in shown_marks(told)} == {"severity", "repeated", "restraint"}
    assert "adult" not in " ".join(said(told))


def test_a_pattern_to_come_still_has_four_answers() -> None:
    assert said(Told("brand_new", {"parts": []}, BEGAN, RAISED))[0] == "Something has changed here."


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("home", 1), ("homes'", 1), ("notices", 3), ("cases", 2), ("named", 1), ("noted", 2), ("people", 2), ("we", 1),
        ("hospital", 3), ("complaints", 2), ("LADO", 2), ("2026", 1), ("9.3", 1), ("visits", 2), ("the", 1),
    ],
)  # fmt: skip
def test_the_measure_counts_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_measure_tells_plain_from_hard() -> None:
    assert len(WORD.findall("The home's 9.3, on 3 May.")) == 6
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45, abs=0.01)
    hard = "Statistically significant multivariate deterioration necessitates immediate organisational consideration."
    assert grade(hard) > 20
    assert sentences("It was 9.3. It fell.") == 2

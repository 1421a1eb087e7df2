"""Four answers on every alert, one sentence each: what happened, since when, what speaks against it, how often it is chance.

Pure: data in, sentences out, the same on the page and on paper. The reader's picture is applied before a word is made.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from oversight.dashboards.wording import day_words
from oversight.escalation.plain_words import (
    ANY_RULE,
    LONG_NAMES,
    MARK_CLAUSES,
    MARKS_AGAINST,
    MARKS_ALONE,
    PATTERN_CLAUSES,
    RULE_WORDS,
    SIMULATED_YEARS,
    STREAM_NOUNS,
)

HOME = re.compile(r"\b([Tt]he home)('?)s?\b")
QUESTIONS = ("What happened", "Since when", "What speaks against it", "How often this is chance")
#: Marks that may rest on a disclosure, of which only the regulator knows.
HELD_MARKS = frozenset({"severity", "softened", "restraint", "same_adult"})
#: What questions the home's own conduct or honesty is told to the provider by a person, never by the hub.
PROVIDER_NOT_TOLD = frozenset({"same_adult", "unmatched", "softened"})


@dataclass(frozen=True)
class Told:
    """What the answers are about. explanation: as an alert keeps it; regulator: whether disclosures may be named."""

    pattern: str
    explanation: Mapping[str, Any]
    began_on: date | None
    raised_on: date
    tier: str = "look"
    picture: str = "overseers"
    regulator: bool = False
    across: bool = False  # all homes of a provider

    @property
    def names_disclosures(self) -> bool:
        return self.regulator and self.picture == "overseers"


@dataclass(frozen=True)
class Answer:
    """One question and its sentence."""

    question: str
    sentence: str


def answers(told: Told) -> tuple[Answer, ...]:
    """The four answers, in the order of QUESTIONS."""
    if "parts" in told.explanation:
        said = (_what(told), _since(told), _against(told), _chance(told))
    else:
        said = _of_a_rule(told)
    return tuple(Answer(question, one) for question, one in zip(QUESTIONS, said, strict=True))


def may_hear_of(stream: str, told: Told) -> bool:
    """Whether this reader may know that there are records of this stream."""
    return stream != "whistleblowing" or told.names_disclosures


def shown_parts(told: Told) -> list[Mapping[str, Any]]:
    """The streams that this reader may know of."""
    parts: Sequence[Mapping[str, Any]] = told.explanation.get("parts") or ()
    return [part for part in parts if part["stream"] in STREAM_NOUNS and may_hear_of(part["stream"], told)]


def shown_marks(told: Told) -> list[Mapping[str, Any]]:
    """The marks that this reader may know of: none that a disclosure may have moved, unless they may know of it."""
    marks: Sequence[Mapping[str, Any]] = told.explanation.get("marks") or ()
    disclosed = any(
        part["stream"] == "whistleblowing" and int(part["seen"])
        for part in told.explanation.get("parts") or ()
    )
    kept_back = HELD_MARKS if disclosed and not told.names_disclosures else frozenset()
    if told.picture == "provider":
        kept_back |= PROVIDER_NOT_TOLD
    return [mark for mark in marks if mark["mark"] in MARK_CLAUSES and mark["mark"] not in kept_back]


def _what(told: Told) -> str:
    clause = PATTERN_CLAUSES.get(told.pattern)
    raised = sorted((one for one in shown_marks(told) if _weight(one) > 0), key=_weight, reverse=True)
    named = [MARK_CLAUSES[str(one["mark"])] for one in raised]
    if clause is None:
        by_name = MARK_CLAUSES.get(told.pattern)
        first = by_name or (
            named[0] if named else MARKS_ALONE.get(told.pattern, "Something has changed here")
        )
        return f"{in_number(first[0].upper() + first[1:], told)}."
    if named:
        return f"{in_number(f'{clause}, and {named[0]}', told)}."
    counted = _counted(told)
    return f"{in_number(clause, told)}: {counted}." if counted else f"{in_number(clause, told)}."


def _counted(told: Told) -> str:
    """6 LADO referrals where 1.1 is the norm, and 3 complaints where 0.6 is; empty where nothing may be said.

    One stream only where two names together would be too much for one sentence.
    """
    parts = sorted((part for part in shown_parts(told) if _weight(part) > 0), key=_weight, reverse=True)[:2]
    if LONG_NAMES & {part["stream"] for part in parts}:
        parts = parts[:1]
    norms = [_about(float(part["expected"])) for part in parts]
    if not parts:
        return ""
    first = f"{_seen(parts[0])} where {norms[0]} is the norm"
    return f"{first}, and {_seen(parts[1])} where {norms[1]} is" if parts[1:] else first


def _seen(part: Mapping[str, Any]) -> str:
    seen = int(part["seen"])
    return f"{seen or 'no'} {STREAM_NOUNS[str(part['stream'])][0 if seen == 1 else 1]}"


def _about(expected: float) -> str:
    if expected < 0.05:
        return "none"
    return f"{expected:.1f}" if expected < 10 else f"{expected:.0f}"


def _since(told: Told) -> str:
    if told.began_on is None:
        return "The records do not show the day on which it began."
    began = day_words(told.began_on)
    between = told.explanation.get("began_between")
    if not between:
        return f"It most likely began on about {began}, but that day is only our best guess."
    first, last = (day_words(date.fromisoformat(day)) for day in between)
    if first == last:
        return f"It most likely began on {began}, and we are all but sure of the day."
    return f"It began on about {began}, and we are about 80% sure that it was from {first} to {last}."


def _against(told: Told) -> str:
    parts = [(_weight(part), _stream_against(part)) for part in shown_parts(told)]
    marks = [(_weight(mark), MARKS_AGAINST[str(mark["mark"])]) for mark in shown_marks(told)]
    found = sorted((one for one in (*parts, *marks) if round(one[0], 1) < 0), key=lambda one: one[0])
    if found:
        return f"{in_number(found[0][1], told)}."
    if told.pattern.startswith("reports_stop"):
        return "Nothing on record speaks against it, but a calm time can look the same."
    return "Nothing on record speaks against it, but good homes that tell more can look the same."


def _stream_against(part: Mapping[str, Any]) -> str:
    seen, expected = int(part["seen"]), float(part["expected"])
    noun = STREAM_NOUNS[str(part["stream"])][1]
    name = noun[0].upper() + noun[1:]
    figures = f"there {'was' if seen == 1 else 'were'} {seen}, where {_about(expected)} would be the norm"
    if float(part.get("multiplier") or 1.0) < 1:
        did = "did not fall" if seen >= expected else "fell less than this would make them"
    else:
        did = "did not go up" if seen <= expected else "went up less than this would make them"
    return f"{name} {did}: {figures}"


def _chance(told: Told) -> str:
    years = f"about once in {SIMULATED_YEARS} years in our tests"
    if told.across:
        return f"Chance alone brings one home here {years}, but no one has yet tried it on groups of homes."
    found = measured(told.explanation, told.tier)
    if found:
        return f"Chance alone brings a home like this one here {found}."
    if told.tier == "look":
        return (
            f"Chance alone brings a home where all is well here {years}, and real homes may not be the same."
        )
    return f"Chance alone brings a home where all is well to Look {years}, and to this level less often."


def measured(explanation: Mapping[str, Any], tier: str) -> str:
    """How often homes of its kind and size, which did not set the bar, reach this level; empty where it is nominal."""
    found = (explanation.get("measured") or {}).get(tier)
    if not found:
        return ""
    by = "as our tests show" if found["source"] == "simulated" else "as past records show"
    years, alarms = float(found["years"]), int(found["alarms"])
    if not alarms:
        return f"less than once in {years:.0f} years, {by}"
    each = round(years / alarms)
    return f"about once in {each} years, {by}" if each > 1 else f"about once a year, {by}"


def _of_a_rule(told: Told) -> tuple[str, str, str, str]:
    words = RULE_WORDS.get(told.pattern, ANY_RULE)
    facts = {
        "day": day_words(told.began_on) or "a day that is not known",
        "month": f"{told.began_on:%B %Y}" if told.began_on else "the month",
        "due": day_words(told.raised_on),
    }
    since = words.since.format(**facts)
    if told.began_on is None and "{day}" in words.since:
        since = "The records do not show the day on which it began."
    return words.what.format(**facts), since, words.against, words.chance


def in_number(clause: str, told: Told) -> str:
    """The clause about the home, or about the homes where the alert is about all of a provider's."""
    return HOME.sub(r"\1s\2", clause) if told.across else clause


def _weight(part: Mapping[str, Any]) -> float:
    return float(part.get("contribution") or 0.0)

"""Levels, patterns and alerts in words for people: what was seen, where what was expected, since when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

#: The fixed order of the streams, with the name that stands in a lane and in a sentence.
STREAMS = {
    "reg40": ("Reg 40", "Reg 40 notifications"),
    "lado": ("LADO", "LADO referrals"),
    "whistleblowing": ("Whistleblowing", "Whistleblowing disclosures"),
    "complaint": ("Complaints", "Complaints"),
    "hospital": ("Hospital", "Hospital referrals"),
    "reg44": ("Reg 44", "Visits with concerns"),
}
PATTERNS = {
    "general_rise": "General rise",
    "steep_rise": "Steep rise",
    "staff_conduct": "Staff conduct",
    "harm": "Harm",
    "outside_voices": "Outside voices",
    "reports_stop": "Reports stop",
    "closed_culture": "Closed culture",
    "reports_stop_concealed": "Reports stop",
    "closed_culture_concealed": "Closed culture",
    "concealment": "Not told, or told late",
    "staff_conduct_marked": "Staff conduct",
    "staff_conduct_mild": "Staff conduct",
    "conduct_marks": "Staff conduct",
    "general_rise_marked": "General rise",
    "steep_rise_marked": "Steep rise",
    "harm_marked": "Harm",
    "unmatched": "Not told by the home",
    "late": "Told late",
    "severity": "Graver records",
    "repeated": "Advice repeated",
    "restraint": "Restraint injuries",
    "same_adult": "Same adult named",
    "death": "A child died",
    "concern": "Visitor raised a concern",
    "opinion_no": "Not safeguarded",
    "no_visit": "No visit",
    "no_report": "No report",
}
RULES = {
    "death": "A child has died.",
    "concern": "The visitor raised a significant concern.",
    "opinion_no": "The visitor’s opinion is that the children are not safeguarded.",
    "no_visit": "No visit under regulation 44 was recorded for {month}.",
    "no_report": "The report of the visit of {month} has not come.",
}
NOTHING_UNUSUAL = "Nothing unusual was reported. That does not mean safe."
FALSE_ALARM = "in our simulations about once in 8 years; not yet measured on real homes"
HELD_BY_REGULATOR = "Part of this rests on records held by the regulator."
LEVEL_RANK = {"urgent": 4, "escalate": 3, "look": 2, "quiet": 1, "usual": 0}


def level_of_alert(kind: str, tier: str) -> str:
    """The level that people see: a missing visit or report is quiet, the regulator's tier is urgent."""
    if kind == "missing_report":
        return "quiet"
    return "urgent" if tier == "regulator" else tier


def day_words(day: date | datetime | None) -> str:
    """9 Nov 2026; empty for None."""
    if day is None:
        return ""
    local = timezone.localtime(day) if isinstance(day, datetime) else day
    return f"{local.day} {local:%b %Y}"


def days_words(days: int) -> str:
    return f"{days} day" if days == 1 else f"{days} days"


def pattern_words(pattern: str) -> str:
    return PATTERNS.get(pattern, pattern.replace("_", " ").capitalize())


def alert_sentence(
    pattern: str, began_on: date | None, explanation: Mapping[str, Any], *, whistleblowing: bool
) -> str:
    """One or two sentences: what set the alert off. whistleblowing: whether the reader may know of disclosures."""
    if pattern in RULES:
        return RULES[pattern].format(month=f"{began_on:%B %Y}" if began_on else "the month")
    parts = _parts(explanation)
    shown = [part for part in parts if whistleblowing or part["stream"] != "whistleblowing"]
    falling = pattern == "reports_stop"
    telling = [part for part in shown if _weight(part) > 0][:2]
    since = f" since {day_words(began_on)}" if began_on else ""
    if not telling:
        first = f"The pattern “{pattern_words(pattern).lower()}” has been seen{since}."
    else:
        first = f"{_told(telling[0], falling, since)}."
        if len(telling) > 1:
            first += f" {_told(telling[1], falling, '')}."
    hidden = [part for part in parts if part not in shown]
    held = any(_weight(part) > 0 and int(part.get("seen") or 0) for part in hidden)
    return f"{first} {HELD_BY_REGULATOR}" if held else first


def _parts(explanation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    parts: Sequence[Mapping[str, Any]] = explanation.get("parts") or ()
    known = [part for part in parts if part.get("stream") in STREAMS]
    return sorted(known, key=_weight, reverse=True)


def _weight(part: Mapping[str, Any]) -> float:
    return float(part.get("contribution") or 0.0)


def _told(part: Mapping[str, Any], falling: bool, since: str) -> str:
    seen, expected = int(part.get("seen") or 0), float(part.get("expected") or 0.0)
    only = "only " if falling else ""
    comma = "," if since else ""
    about = f"{expected:.1f}" if expected < 10 else f"{expected:.0f}"
    return f"{STREAMS[str(part['stream'])][1]}: {only}{seen}{since}{comma} where about {about} would be usual"

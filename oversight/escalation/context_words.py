"""What stands beside the four answers, in plain words: marks in numbers, what records share, and where they are silent.

It explains and never alarms. Pure: data in, sentences out; the reader's picture is applied before a word is made.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from oversight.dashboards.wording import day_words
from oversight.escalation.answers import PROVIDER_NOT_TOLD, Told, in_number, may_hear_of, shown_marks
from oversight.escalation.plain_words import LACKING, MARKS_SILENT, POINTS

#: The visitor's content speaks against voices from outside where these are at least so many and so many times as before.
RISE_FROM, RISE_TIMES = 3, 1.5
CHANGED = "The manager or the way to record changed on {day}, and that alone can move what stands here."
SILENCE = "Where the records are silent, it does not mean that all is well."


def mark_lines(told: Told) -> list[str]:
    """For each mark that saw anything since the start: seen against usual, where it points, whether it counts.

    Above all of them, what may move them without harm: a new manager or recording system.
    """
    counted = {str(mark["mark"]) for mark in told.explanation.get("marks") or ()}
    lines = []
    for mark in _marks(told):
        if mark["of"]:
            counts = "it counts in the score" if mark["mark"] in counted else "it is not counted in the score"
            said = in_number(_SENTENCES[str(mark["mark"])](mark), told)
            lines.append(f"{said}. {POINTS[int(mark['points'])]}, and {counts}.")
    changed = told.explanation.get("changed_on")
    return (
        [CHANGED.format(day=day_words(date.fromisoformat(changed))), *lines] if changed and lines else lines
    )


def shared_lines(told: Told, *, opens_all: bool) -> list[str]:
    """Where the visitor and others disagree, and what the records have in common.

    opens_all: whether the reader may open every record behind the alert; a theme and a child are told to nobody else.
    """
    lines = _disagreement(told)
    shared = told.explanation.get("shared") or {}
    if opens_all and "theme" in shared:
        one = shared["theme"]
        theme = str(one["theme"]).replace("_", " ")
        lines.append(f"{one['seen']} of {one['of']} records behind this share one theme: {theme}.")
    if opens_all and "child" in shared:
        one = shared["child"]
        lines.append(f"{one['seen']} of {one['of']} records behind this are about one child.")
    return lines


def missing_lines(told: Told) -> list[str]:
    """Which marks the records since the start lack, and which had nothing to go by, as far as the reader may know."""
    lines = []
    lacked: set[str] = set()
    for mark, words in LACKING.items():
        rows = [
            row
            for row in told.explanation.get("missing") or ()
            if row["mark"] == mark and may_hear_of(row["stream"], told)
        ]
        missing, of = sum(row["missing"] for row in rows), sum(row["of"] for row in rows)
        if missing:
            lines.append(words.one if of == 1 else words.many.format(missing=missing, of=of))
        if missing == of and of:
            lacked.update(words.silences)
    silent = [mark["mark"] for mark in _marks(told) if not mark["of"] and mark["mark"] not in lacked]
    lines += [f"{in_number(MARKS_SILENT[mark], told)}." for mark in silent if mark in MARKS_SILENT]
    return [*lines, SILENCE] if lines else []


def _view(told: Told) -> Mapping[str, Any]:
    """The numbers with disclosures for those who may know of them, else without."""
    context = told.explanation.get("context") or {}
    whole: Mapping[str, Any] = context.get("all") or {}
    return whole if whole and told.names_disclosures else context.get("open") or {}


def _marks(told: Told) -> list[Mapping[str, Any]]:
    """A mark that counts is shown with numbers only where its share is shown, too."""
    held = {str(mark["mark"]) for mark in told.explanation.get("marks") or ()}
    held -= {str(mark["mark"]) for mark in shown_marks(told)}
    if told.picture == "provider":
        held |= PROVIDER_NOT_TOLD
    marks: Sequence[Mapping[str, Any]] = _view(told).get("marks") or ()
    return [mark for mark in marks if mark["mark"] in _SENTENCES and mark["mark"] not in held]


def _disagreement(told: Told) -> list[str]:
    visits = _view(told).get("visits")
    if told.picture == "provider" or not visits or not visits["visits"]:
        return []
    outside, before = int(visits["outside"]), int(visits["before"])
    if visits["content"] < visits["visits"] or outside < max(RISE_FROM, RISE_TIMES * before):
        return []
    when = "on the one visit" if visits["visits"] == 1 else f"on any of {visits['visits']} visits"
    return [
        f"The visitor had no concern {when} since then. Others told of more: {outside} records, and {before} in as "
        "long a time before."
    ]


def _norm(mark: Mapping[str, Any]) -> str:
    share = float(mark["expected"]) / int(mark["of"])
    if share < 0.02:
        return "hardly any"
    if share > 0.4:
        return "about half" if share < 0.7 else "most"
    return f"about 1 in {round(1 / share)}"


def _of(mark: Mapping[str, Any], one: str, many: str) -> str:
    of = int(mark["of"])
    return f"{round(mark['seen'])} of {of} {one if of == 1 else many}"


def _unmatched(mark: Mapping[str, Any]) -> str:
    events = _of(mark, "event", "events")
    return f"{events} that others told of had no notice from the home; {_norm(mark)} is the norm here"


def _late(mark: Mapping[str, Any]) -> str:
    return f"The home's notices took {_days(mark['seen'])}; {_days(mark['expected'])} is the norm here"


def _days(days: float) -> str:
    whole = round(days)
    return "less than a day" if whole < 1 else "about a day" if whole == 1 else f"about {whole} days"


def _softened(mark: Mapping[str, Any]) -> str:
    own = f"The home called {round(mark['seen'])} of its {mark['of']} records serious; {_norm(mark)} is the norm"
    graver, of = mark["others"] or (0, 0)
    return f"{own}, and others called {graver} of {of} so" if of else own


def _severity(mark: Mapping[str, Any]) -> str:
    return f"{_of(mark, 'record', 'records')} were graded serious or worse; {_norm(mark)} is the norm here"


def _repeated(mark: Mapping[str, Any]) -> str:
    advice = _of(mark, "piece of advice", "pieces of advice")
    return f"{advice} had been given before; {_norm(mark)} is the norm here"


def _restraint(mark: Mapping[str, Any]) -> str:
    seen, expected = round(mark["seen"]), float(mark["expected"])
    events = "1 event" if seen == 1 else f"{seen or 'No'} events"
    norm = "none" if expected < 0.05 else f"{expected:.1f}"
    return f"{events} came after a restraint, where {norm} would be the norm"


def _same_adult(mark: Mapping[str, Any]) -> str:
    seen = round(mark["seen"])
    if seen < 2:
        return "No adult was named more than once"
    return f"The same adult was named {seen} times out of {mark['of']}; {_norm(mark)} is the norm here"


_SENTENCES = {
    "unmatched": _unmatched,
    "late": _late,
    "softened": _softened,
    "severity": _severity,
    "repeated": _repeated,
    "restraint": _restraint,
    "same_adult": _same_adult,
}

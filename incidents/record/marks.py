"""Children in free text by marks, [A] and [B], so that a text can be read by people who may not know who they are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homes.models import Child

MARKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ANOTHER = "another child"
_MARK = re.compile(r"\[([A-Z])\]")
#: Shorter parts of a name are too often ordinary words.
SHORTEST_PART = 3


@dataclass(frozen=True)
class Named:
    """A child whose name stands in a text, and the words that name the child."""

    child: Child
    said: str


def names_in(text: str, children: Sequence[Child]) -> list[Named]:
    """The children whose full name, first name (however written) or surname (as a name) stands in the text."""
    found = []
    for child in children:
        match = next((hit for pattern in _patterns(child) if (hit := pattern.search(text))), None)
        if match:
            found.append(Named(child, match[0]))
    return found


def with_marks(text: str, children: Sequence[Child]) -> str:
    """The text with each child's names replaced by the child's mark; children stand in the order of their marks."""
    for place, child in enumerate(children[: len(MARKS)]):
        for pattern in _patterns(child):
            text = pattern.sub(f"[{MARKS[place]}]", text)
    return text


def rendered(text: str, known: Mapping[str, str]) -> str:
    """The text as it may be read: a mark becomes what ``known`` says (mark to initials), else "another child"."""
    return _MARK.sub(lambda hit: known.get(hit[1], ANOTHER), text)


def moved(text: str, before: Sequence[str], after: Sequence[str]) -> str:
    """The text after the choice of children changed from ``before`` to ``after`` (keys in the order of marks)."""
    letters = {
        MARKS[place]: f"[{MARKS[after.index(key)]}]" if key in after else ANOTHER
        for place, key in enumerate(before[: len(MARKS)])
    }
    return _MARK.sub(lambda hit: letters.get(hit[1], hit[0]), text)


def _patterns(child: Child) -> list[re.Pattern[str]]:
    parts = child.name.split()
    patterns = [_whole(child.name, re.IGNORECASE)] if len(parts) > 1 else []
    if parts and len(parts[0]) >= SHORTEST_PART:
        patterns.append(_whole(parts[0], re.IGNORECASE))
    if len(parts) > 1 and len(parts[-1]) >= SHORTEST_PART:
        patterns.append(_whole(parts[-1], re.NOFLAG))
    return patterns


def _whole(words: str, flags: re.RegexFlag) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", flags)

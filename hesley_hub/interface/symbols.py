"""Our own drawings for children: one sprite, read once, drawn into pages one by one."""

import re
from functools import cache
from pathlib import Path

SPRITE = Path(__file__).resolve().parents[2] / "static" / "svg" / "symbols.svg"
ONE = re.compile(r'<symbol id="([a-z]+)" viewBox="0 0 64 64">(.*?)</symbol>')

#: Name of each drawing and the word that stands under it unless a child knows another.
WORDS = {
    "unsafe": "I feel unsafe",
    "happy": "Good",
    "ok": "OK",
    "sad": "Sad",
    "scared": "Scared",
    "angry": "Angry",
    "tired": "Tired",
    "unsure": "I don’t know",
    "other": "Something else",
    "staff": "Staff",
    "night": "Night",
    "room": "My room",
    "friend": "People I live with",
    "family": "Family",
    "home": "Home",
    "food": "Food",
    "hurt": "Hurt",
    "school": "School",
    "outside": "Outside",
    "phone": "Phone",
    "nothing": "Nothing",
    "aloud": "Read to me",
}


@cache
def drawings() -> dict[str, str]:
    """Name -> SVG elements on a 64 by 64 grid."""
    found = ONE.findall(SPRITE.read_text(encoding="utf-8"))
    return {name: shapes.replace('class="dot"', 'fill="currentColor"') for name, shapes in found}


def drawing(name: str) -> str:
    """The whole SVG of one symbol, hidden from readers, since its word always stands beside it.

    A name without a drawing gives the speech bubble: a child's own symbol set may hold more than ours.
    """
    shapes = drawings().get(name) or drawings()["other"]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64" fill="none" '
        'stroke="currentColor" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round" '
        f'aria-hidden="true" focusable="false">{shapes}</svg>'
    )

"""How hard a sentence is to read: the Flesch-Kincaid grade (Kincaid and others 1975), on our own count of syllables.

Words are runs of letters (a hyphen parts them, an apostrophe does not); a figure counts as one word of one syllable, as
usual for this measure. Syllables: groups of vowels (a e i o u y), less a silent final "e" (not after a consonant and
"l") and the silent "e" of "-ed" (not after t or d) and "-es" (not after s, z, x, c, g, ch, sh); "io", "ia" and "ea" in
the middle are one group, as they are in a dictionary's count more often than not. At least one.
"""

import re

WORD = re.compile(r"[A-Za-z’']+|\d[\d.,]*\d|\d")
GROUPS = re.compile(r"[aeiouy]+")
END = re.compile(r"[.!?](?:\s|$)")


def syllables(word: str) -> int:
    """Syllables of one word; a figure has one."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if not letters:
        return 1
    groups = len(GROUPS.findall(letters))
    silent = (
        (letters.endswith("e") and not re.search(r"[^aeiouy]le$|[aeiouy]e$", letters))
        or re.search(r"[^aeiouytd]ed$", letters)
        or re.search(r"[^aeiouyszxcgh]es$", letters)
    )
    return max(groups - (1 if silent else 0), 1)


def sentences(text: str) -> int:
    """How many sentences a text has: ends that are followed by a space or nothing."""
    return len(END.findall(text))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text of at least one sentence."""
    words = WORD.findall(text)
    return 0.39 * len(words) / sentences(text) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59

"""Cells of a CSV that a spreadsheet reads as text (OWASP, CSV injection)."""

from collections.abc import Iterable

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> str:
    """The value as text; a leading sign that would start a formula is put behind an apostrophe."""
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text


def safe_row(values: Iterable[object]) -> list[str]:
    return [safe_cell(value) for value in values]

"""Cells of a CSV that a spreadsheet reads as text (OWASP, CSV injection)."""

from collections.abc import Iterable

#: What begins a formula: as it is, full-width (a spreadsheet may take it for the narrow sign), or behind a blank.
FORMULA = tuple("=+-@|%＝＋－＠")
CONTROL = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])


def safe_cell(value: object) -> str:
    """The value as text without control signs; one that could start a formula is put behind an apostrophe.

    A number stays a number.
    """
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    plain = text.translate(CONTROL)
    opens = text[:1] in ("\t", "\r", "\n") or plain.lstrip().startswith(FORMULA)
    return f"'{plain}" if opens else plain


def safe_row(values: Iterable[object]) -> list[str]:
    return [safe_cell(value) for value in values]

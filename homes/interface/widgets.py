"""Widgets that GOV.UK has and Django lacks: a day in three boxes, today or yesterday, choices with hints."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms

Parts = dict[str, str]

DAY_PARTS = ("day", "month", "year")


def _parts_of(value: object) -> Parts:
    if isinstance(value, date):
        return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
    if isinstance(value, Mapping):
        return {str(part): str(typed) for part, typed in value.items()}
    return {}


class Radios(forms.RadioSelect):
    """Radios whose choices may carry a hint, and may reveal another field of the same form.

    `hints` is value -> words under the choice; `reveals` is value -> name of the field shown when it is chosen.
    """

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Sequence[tuple[Any, Any]] = (),
        *,
        hints: Mapping[str, str] | None = None,
        reveals: Mapping[str, str] | None = None,
        inline: bool = False,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = dict(hints or {})
        self.reveals = dict(reveals or {})
        self.inline = inline


class Checkboxes(forms.CheckboxSelectMultiple):
    """Checkboxes with hints and reveals, as Radios."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Sequence[tuple[Any, Any]] = (),
        *,
        hints: Mapping[str, str] | None = None,
        reveals: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = dict(hints or {})
        self.reveals = dict(reveals or {})


class DayWidget(forms.Widget):
    """A day in three boxes, posted as NAME_day, NAME_month, NAME_year; its raw value is a dict of the three texts."""

    use_fieldset = True
    part_names: ClassVar[tuple[str, ...]] = DAY_PARTS

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Parts:
        return {part: str(data.get(f"{name}_{part}") or "").strip() for part in self.part_names}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in self.part_names)

    def id_for_label(self, id_: str | None, index: int | str | None = None) -> str:
        return ""

    def parts(self, value: object) -> Parts:
        """Texts for the boxes of a stored date or of what was typed."""
        return _parts_of(value)


class DayChoiceWidget(DayWidget):
    """Today, yesterday, or another day typed in three boxes; posted as NAME_choice beside the three."""

    part_names = ("choice", *DAY_PARTS)

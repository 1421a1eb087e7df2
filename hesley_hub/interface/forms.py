"""Django's own form rendering with GOV.UK markup: the renderer, and what a field tells its template."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

from homes.interface.fields import DayChoiceField
from homes.interface.widgets import DayWidget

#: Most particular first: a multiple choice of checkboxes is also a radio select in Django.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (DayWidget, "day"),
)
CLASSES = {"select": "govuk-select", "textarea": "govuk-textarea", "input": "govuk-input"}


@dataclass(frozen=True)
class Choice:
    """One radio or checkbox. `reveals` is the field shown when it is chosen, if any."""

    id: str
    value: str
    label: str
    chosen: bool
    hint: str
    reveals: BoundField | None


@dataclass(frozen=True)
class Box:
    """One box of a day."""

    id: str
    name: str
    label: str
    value: str
    width: int


class HubBoundField(BoundField):
    """A bound field that knows its GOV.UK component."""

    @property
    def kind(self) -> str:
        if isinstance(self.field, DayChoiceField):
            return "day_choice"
        return next((kind for widget, kind in KINDS if isinstance(self.field.widget, widget)), "input")

    @property
    def first_id(self) -> str:
        """The id that a link in the error summary goes to."""
        if self.kind in ("radios", "checkboxes", "day_choice"):
            return f"{self.auto_id}_0"
        return f"{self.auto_id}_day" if self.kind == "day" else str(self.auto_id)

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}_helptext" if self.help_text else ""

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}_error" if self.errors else ""

    @property
    def described_by(self) -> str:
        counted = f"{self.auto_id}-info" if self.counted else ""
        return " ".join(part for part in (self.hint_id, self.error_id, counted) if part)

    @property
    def counted(self) -> int:
        """The most characters allowed in a textarea; 0 where there is no limit."""
        return int(getattr(self.field, "max_length", None) or 0) if self.kind == "textarea" else 0

    @property
    def inline(self) -> bool:
        return bool(getattr(self.field.widget, "inline", False))

    @property
    def revealed(self) -> bool:
        """True where a choice of another field shows this one, so the form itself must not."""
        return any(
            self.name in getattr(field.widget, "reveals", {}).values() for field in self.form.fields.values()
        )

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        built = dict(super().build_widget_attrs(attrs, widget))
        built.pop("required", None)
        look = CLASSES.get(self.kind)
        if look is None or (widget or self.field.widget).is_hidden:
            return built
        failing = f"{look}--error" if self.errors else ""
        counting = "govuk-js-character-count" if self.counted else ""
        own = str((widget or self.field.widget).attrs.get("class", ""))
        built["class"] = " ".join(part for part in (look, failing, counting, own) if part)
        if self.described_by:
            built["aria-describedby"] = self.described_by
        return built

    @property
    def choices(self) -> Iterator[Choice]:
        hints = getattr(self.field.widget, "hints", {})
        reveals = getattr(self.field.widget, "reveals", {})
        for option in self.subwidgets:
            value = str(option.data["value"])
            shown = reveals.get(value)
            yield Choice(
                id=str(option.data["attrs"].get("id", "")),
                value=value,
                label=str(option.data["label"]),
                chosen=bool(option.data["selected"]),
                hint=str(hints.get(value, "")),
                reveals=self.form[shown] if shown else None,
            )

    @property
    def days(self) -> list[Choice]:
        """Today, yesterday and another day, of a day choice."""
        field = self.field
        if not isinstance(field, DayChoiceField) or field.today is None:
            return []
        chosen = field.choice_of(self.value())
        yesterday = field.today.fromordinal(field.today.toordinal() - 1)
        words = {
            "today": f"Today, {field.today:%A} {field.today.day} {field.today:%B}",
            "yesterday": f"Yesterday, {yesterday:%A} {yesterday.day} {yesterday:%B}",
            "other": "Another day",
        }
        return [
            Choice(f"{self.auto_id}_{place}", value, label, value == chosen, "", None)
            for place, (value, label) in enumerate(words.items())
        ]

    @property
    def boxes(self) -> list[Box]:
        """The three boxes of a day, or of the other day of a day choice."""
        widget = self.field.widget
        if not isinstance(widget, DayWidget):
            return []
        value = self.value()
        if isinstance(self.field, DayChoiceField) and self.field.choice_of(value) != "other":
            value = None
        typed = widget.parts(value)
        return [
            Box(
                f"{self.auto_id}_{part}",
                f"{self.html_name}_{part}",
                part.capitalize(),
                typed.get(part, ""),
                width,
            )
            for part, width in (("day", 2), ("month", 2), ("year", 4))
        ]


class HubRenderer(TemplatesSetting):
    """Named by the setting FORM_RENDERER."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/group.html"
    bound_field_class = HubBoundField


def error_lines(form: forms.BaseForm) -> list[tuple[str, str]]:
    """(id to link to or empty, message) for the error summary, in the order of the form's fields."""
    if not form.is_bound:
        return []
    lines = [("", str(message)) for message in form.non_field_errors()]
    for bound in form:
        target = bound.first_id if isinstance(bound, HubBoundField) else bound.id_for_label
        lines += [(target, str(message)) for message in bound.errors]
    return lines

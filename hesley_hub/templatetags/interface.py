"""Template tags of the hub: {% load interface %}. Each has an example in docs/reference/interface.md."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hesley_hub.interface.forms import error_lines
from hesley_hub.interface.symbols import WORDS, drawing
from oversight.dashboards.charts.palette import LEVEL_COLOUR, LEVEL_WORD, PAPER
from oversight.dashboards.charts.shapes import level_of, level_shape
from oversight.dashboards.charts.sparkline import corner

register = template.Library()

#: Levels whose tag is filled, so that its shape is white. Colours are written out for the PDF engine.
SOLID = ("escalate", "urgent")


@register.simple_tag
def level(name: str, size: str = "") -> SafeString:
    """A level tag: the shape hidden from readers, the word as text. `size` may be "big"."""
    shown = level_of(name)
    colour = PAPER if shown in SOLID else LEVEL_COLOUR[shown]
    shape = SafeString(level_shape(shown, colour, knock=LEVEL_COLOUR[shown]))
    big = SafeString(" hub-level--big") if size == "big" else ""
    return format_html(
        '<span class="hub-level hub-level--{}{}"><svg viewBox="0 0 16 16" width="16" height="16" '
        'aria-hidden="true" focusable="false">{}</svg>{}</span>',
        shown,
        big,
        shape,
        LEVEL_WORD[shown],
    )


@register.simple_tag
def badge(count: int, words: str = "to see to") -> SafeString:
    """A number in a badge, with words only readers hear; nothing for nought."""
    if not count:
        return SafeString("")
    return format_html(
        ' <span class="hub-badge">{}<span class="govuk-visually-hidden"> {}</span></span>', count, words
    )


@register.simple_tag
def symbol(name: str) -> SafeString:
    """One drawing for children."""
    return SafeString(drawing(name))


@register.simple_tag
def drawn(svg: str) -> SafeString:
    """SVG made by our own drawing functions, which escape every text they are given."""
    if not svg.startswith("<svg "):
        raise ValueError("only a drawing of ours goes into a page unescaped")
    return SafeString(svg)


@register.simple_tag
def rule_mark(rule: str) -> SafeString:
    """The mark of a chart's rule (beyond, quiet, missing), hidden from readers; nothing for any other text."""
    shape = corner(rule, 7, 7)
    if not shape:
        return SafeString("")
    return format_html(
        '<svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" focusable="false">{}</svg> ',
        SafeString(shape),
    )


@register.filter
def symbol_words(names: Iterable[str]) -> str:
    """The chosen symbols as a line of words, with a dash between them."""
    words = [WORDS.get(name, name) for name in names]
    return " – ".join(word if word.startswith("I ") else word.lower() for word in words)


@register.filter
def symbol_word(name: str) -> str:
    """The word under one drawing."""
    return WORDS.get(name, name)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*of_forms: forms.BaseForm) -> dict[str, Any]:
    """What is wrong, with a link to each place; nothing while nothing is."""
    return {"lines": [line for form in of_forms for line in error_lines(form)]}


@register.inclusion_tag("django/forms/group.html")
def question(field: Any, caption: str = "") -> dict[str, Any]:
    """The one question of a page: its label is the page's heading."""
    return {"field": field, "heading": True, "caption": caption}


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """9 Nov 2026."""
    if not value:
        return ""
    local = _local(value)
    return f"{local.day} {local:%b %Y}"


@register.filter
def day_month(value: date | datetime | None) -> str:
    """9 Nov, where the year stands nearby."""
    if not value:
        return ""
    local = _local(value)
    return f"{local.day} {local:%b}"


@register.filter
def clock(value: datetime | None) -> str:
    """14:02, as the clock on the wall says in England."""
    return f"{_local(value):%H:%M}" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """9 Nov 2026, 14:02."""
    return f"{day(value)}, {clock(value)}" if value else ""


@register.filter
def weekday(value: date | datetime | None) -> str:
    """Sun 22 Nov 2026."""
    return f"{_local(value):%a} {day(value)}" if value else ""

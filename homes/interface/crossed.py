"""A form that comes back because somebody changed the same thing: both texts, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from secrets import token_hex
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from events.clock import LONDON
from homes.crossing import OPENED, CrossedError, Typed, seal_of, without_seal

#: The answer to a form that crossed with another.
STATUS = 409
YES_NO = {True: "Yes", False: "No"}


@dataclass(frozen=True)
class Both:
    """One question: what it says now, and what the reader wrote."""

    label: str
    now: str
    yours: str


@dataclass(frozen=True)
class Crossed:
    """What ``components/crossed.html`` shows. who: empty where the reader wrote both."""

    who: str
    when: datetime | None
    rows: list[Both]
    final: bool


def opened(request: HttpRequest) -> str:
    """The seal that a form was opened with."""
    return request.POST.get(OPENED, "")[:80]


def new_page(page: Typed) -> str:
    """The seal of one part of a draft, as one open page carries it."""
    return f"{seal_of(without_seal(page))}.{token_hex(8)}"


def crossed(form: forms.Form, problem: CrossedError) -> dict[str, Any]:
    """Context for the form's page: the two texts, and the seal with which it can be sent again on purpose."""
    standing = problem.standing
    return {
        "crossed": Crossed(standing.who, standing.when, both(form, standing.says), problem.final),
        "opened": standing.seal,
    }


def crossed_page(form: forms.Form, problem: CrossedError) -> dict[str, Any]:
    """As ``crossed`` for one part of a draft, which is kept as typed."""
    standing = problem.standing
    kept = MultiValueDict({name: list(texts) for name, texts in standing.says.items()})
    says = {
        name: field.widget.value_from_datadict(kept, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }
    rows = both(form, says)
    return {"crossed": Crossed("", standing.when, rows, False), "opened": new_page(standing.says)}


def both(form: forms.Form, says: Mapping[str, Any]) -> list[Both]:
    """The questions of a bound form on which the two texts differ."""
    read = {} if not form.is_valid() else form.cleaned_data
    rows = []
    for bound in form:
        if bound.is_hidden or bound.name not in says:
            continue
        field = bound.field
        now = in_words(field, says.get(bound.name))
        yours = in_words(field, read.get(bound.name, bound.value()))
        if now != yours and in_words(field, bound.value()) != now:
            rows.append(Both(str(bound.label), now, yours))
    return rows


def in_words(field: forms.Field, value: Any) -> str:
    """An answer, cleaned or as typed, as a person reads it; empty where there is none."""
    if isinstance(value, bool):
        return YES_NO[value]
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        local = value.astimezone(LONDON)
        return f"{local.day} {local:%b %Y}, {local:%H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Mapping):
        parts = {name: str(text) for name, text in value.items() if text}
        choice = parts.pop("choice", "other")
        return " ".join(parts.values()) if choice == "other" else choice.capitalize()
    words = {str(key): str(label) for key, label in getattr(field, "choices", ()) if key}
    if isinstance(value, list | tuple):
        return ", ".join(words.get(str(one), str(one)) for one in value)
    return words.get(str(value), str(value))

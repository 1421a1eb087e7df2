"""The history of rows in words, for the page of what they belong to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from events.clock import LONDON
from homes.history.models import Change
from homes.models import Organisation, Person

#: Columns that tell a reader nothing.
SILENT = ("id", "client_id", "home_id", "incident_id", "view_id", "report_id")
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d")
_KEY = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")


@dataclass(frozen=True)
class Difference:
    """One column of a change: its name, and what it said before and after; empty for nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One change: when, by whom, to what, and each difference."""

    when: datetime
    who: str
    what: str
    kind: str
    differences: tuple[Difference, ...] = ()


def timeline(rows: Iterable[UUID], *, provider: bool, titles: Mapping[str, str]) -> list[Line]:
    """What happened to these rows, newest first, as far as the database shows it to whoever asks. Three queries.

    provider: the reader is one of the provider's people, who read only what they could read at the time. titles: what
    a row of each table is called.
    """
    found = Change.objects.filter(of_row__in=list(rows)).order_by("-id")
    changes = list(found.filter(provider_saw=True) if provider else found)
    names = _names(changes)
    return [
        Line(
            when=change.as_of or change.at,
            who=_who(change, names),
            what=titles.get(change.of_table, change.of_table),
            kind=change.get_kind_display(),
            differences=_differences(change, names),
        )
        for change in changes
    ]


def who_said(row: UUID, column: str) -> str:
    """Name of whoever last changed one column of a row; "Somebody" where the reader may not know."""
    change = Change.objects.filter(of_row=row, kind=Change.Kind.CHANGED, fields__has_key=column).order_by(
        "-id"
    )
    viewer = change.values_list("viewer", flat=True).first()
    person = Person.objects.filter(pk=viewer).first() if viewer else None
    return person.name if person else "Somebody"


def _names(changes: Sequence[Change]) -> dict[str, str]:
    """Names of the people and organisations that changes speak of, by key as text."""
    keys = {str(change.viewer) for change in changes if change.viewer}
    for change in changes:
        for pair in change.fields.values() if change.kind == Change.Kind.CHANGED else ():
            keys |= {str(value) for value in pair if isinstance(value, str) and _KEY.match(value)}
    people = {str(person.pk): person.name for person in Person.objects.filter(pk__in=keys)}
    return people | {str(one.pk): one.name for one in Organisation.objects.filter(pk__in=keys)}


def _who(change: Change, names: dict[str, str]) -> str:
    if change.viewer:
        return names.get(str(change.viewer), "somebody")
    return "the hub itself" if change.login == "hub_worker" else f"login {change.login}, past the website"


def _differences(change: Change, names: dict[str, str]) -> tuple[Difference, ...]:
    if change.kind != Change.Kind.CHANGED:
        return ()
    return tuple(
        Difference(_label(name), _said(pair[0], names), _said(pair[1], names))
        for name, pair in sorted(change.fields.items())
        if name not in SILENT
    )


def _label(column: str) -> str:
    return column.removesuffix("_id").replace("_", " ").capitalize()


def _said(value: Any, names: dict[str, str]) -> str:
    """A value of the database as a person reads it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_said(one, names) for one in value)
    text = str(value)
    if _KEY.match(text):
        return names.get(text, "somebody or something else")
    if _MOMENT.match(text):
        local = datetime.fromisoformat(text).astimezone(LONDON)
        return f"{local:%a} {local.day} {local:%b %Y}, {local:%H:%M}"
    return text

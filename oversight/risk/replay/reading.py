"""The three CSV files of a replay, read strictly: a row that cannot be read stops the run before anything is written."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TextIO

from oversight.risk.engine.records import KINDS, SOURCES, STREAMS, Home, Placement, Record

HOMES_REQUIRED = ("urn", "provider", "places", "kind")
HOMES_OPTIONAL = ("name", "local_authority", "opened_on", "changed_on")
EVENTS_REQUIRED = ("reference", "urn", "stream", "occurred_on", "recorded_on", "source")
EVENTS_OPTIONAL = (
    *("child", "adult", "severity", "themes", "detail", "restraint", "recommendations", "repeated"),
)
PLACEMENTS_REQUIRED = ("child", "urn", "placing_authority", "from")
FIRST_YEAR = {"opened_on": 1700}  # a home may be old; its records may not
PLACEMENTS_OPTIONAL = ("to", "miles")

_NO_PERSON = frozenset({"agency", "unknown"})
_REFERENCE_FAULT = re.compile(r"[;\r\n]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_MILES = re.compile(r"\d{1,5}(\.\d+)?", re.ASCII)
_DETAILS = {
    "reg40": (frozenset({"death"}), "death or nothing"),
    "reg44": (frozenset({"yes", "partly", "no", "concern"}), "yes, partly or no, and concern, parted by ;"),
}


@dataclass(slots=True)
class UnreadableError(Exception):
    """What could not be read: where, what was found and what was expected."""

    file: str
    line: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}, column {self.column}" if self.line else self.file
        return f"{where}: found {self.found}, expected {self.expected}"


@dataclass(frozen=True, slots=True)
class Histories:
    """What a replay runs on. `until` is its last day; `warnings` are for people."""

    homes: tuple[Home, ...]
    records: dict[str, list[Record]]
    placements: dict[str, list[Placement]]
    until: date
    warnings: tuple[str, ...]


class _Table:
    """One CSV file, row by row, with the place of everything in it for messages."""

    def __init__(self, path: Path, required: Sequence[str], optional: Sequence[str]) -> None:
        self.path = path
        self.name = path.name
        self.line = 1
        self._columns = (*required, *optional)
        self._required = required

    def rows(self) -> Iterator[list[str]]:
        """The fields in the order of the columns asked for; missing optional ones are empty."""
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                yield from self._read(file)
        except OSError as fault:
            raise UnreadableError(
                self.name, 0, "", fault.strerror or "no file", "a CSV file that can be read"
            ) from fault
        except UnicodeDecodeError as fault:
            raise UnreadableError(
                self.name, self.line + 1, "any", "bytes that are not UTF-8", "UTF-8 text"
            ) from fault
        except csv.Error as fault:
            raise UnreadableError(
                self.name, self.line + 1, "any", f"broken CSV ({fault})", "rows of quoted fields"
            ) from fault

    def _read(self, file: TextIO) -> Iterator[list[str]]:
        reader = csv.reader(file, strict=True)
        header = [name.strip() for name in next(reader, [])]
        for name in self._required:
            if name not in header:
                raise UnreadableError(
                    self.name, 1, name, "no such column", "a header with " + ", ".join(self._required)
                )
        for name in self._columns:
            if header.count(name) > 1:
                raise UnreadableError(self.name, 1, name, "the column twice", "each column once")
        width = len(header)
        places = [header.index(name) if name in header else -1 for name in self._columns]
        for row in reader:
            self.line = reader.line_num
            if not row:
                continue
            if len(row) != width:
                raise self.fault("any", f"{len(row)} fields", f"{width} fields, as in the header")
            yield [row[place].strip() if place >= 0 else "" for place in places]

    def fault(self, column: str, found: str, expected: str) -> UnreadableError:
        """What is wrong in the row being read."""
        return UnreadableError(self.name, self.line, column, found if found else "nothing", expected)


class _Dates:
    """ISO dates, each parsed once."""

    def __init__(self) -> None:
        self._known: dict[str, date] = {}

    def read(self, table: _Table, column: str, text: str) -> date:
        day = self._known.get(text)
        if day is None:
            if not _DATE.fullmatch(text):
                raise table.fault(column, text, "a date as YYYY-MM-DD")
            try:
                day = date.fromisoformat(text)
            except ValueError as fault:
                raise table.fault(column, text, "a day of the calendar as YYYY-MM-DD") from fault
            if not FIRST_YEAR.get(column, 1950) <= day.year < 2100:
                raise table.fault(column, text, f"a date from {FIRST_YEAR.get(column, 1950)} to 2099")
            if day.year >= 1950:
                self._known[text] = day
        return day


def read_histories(
    homes: Path, events: Path, placements: Path | None, until: date | None = None
) -> Histories:
    """Everything a replay needs. UnreadableError at the first row that cannot be read, before anything else is done.

    Without `until` the last day is the latest recording. A home without an opening day begins with the first event of
    the file, and no home begins before it: the time before is unknown, not quiet.
    """
    dates = _Dates()
    found, warnings = _read_homes(homes, dates)
    records = _read_events(events, found, dates, until)
    living = _read_placements(placements, found, dates, until) if placements is not None else {}
    every = [record for rows in records.values() for record in rows]
    last = until or max((record.recorded_on for record in every), default=None)
    if last is None:
        raise UnreadableError(
            events.name, 1, "occurred_on", "no events and no --until", "at least one event, or --until"
        )
    first = min((record.occurred_on for record in every), default=last)
    begun = tuple(replace(home, watched_from=first) for home in found.values())
    return Histories(begun, records, living, last, tuple(warnings))


def _read_homes(path: Path, dates: _Dates) -> tuple[dict[str, Home], list[str]]:
    table = _Table(path, HOMES_REQUIRED, HOMES_OPTIONAL)
    found: dict[str, Home] = {}
    warnings = []
    for urn, provider, places, kind, name, local_authority, opened_on, changed_on in table.rows():
        for column, text in (("urn", urn), ("provider", provider)):
            if not text:
                raise table.fault(column, text, "a value")
        if urn in found:
            raise table.fault("urn", urn, "each home once")
        if not _WHOLE.fullmatch(places) or int(places) < 1:
            raise table.fault("places", places, "a whole number from 1")
        if kind not in KINDS:
            warnings.append(
                f"{table.name}, line {table.line}, column kind: {kind or 'nothing'} is read as other"
            )
            kind = "other"
        opened = dates.read(table, "opened_on", opened_on) if opened_on else None
        days = [day.strip() for day in changed_on.split(";")] if changed_on else []
        changed = tuple(sorted(dates.read(table, "changed_on", day) for day in days))
        if opened is not None and changed and changed[0] < opened:
            raise table.fault("changed_on", changed_on, f"days from opened_on ({opened})")
        found[urn] = Home(
            urn, name or urn, provider, int(places), kind, local_authority, opened, changed_on=changed
        )
    return found, warnings


def _read_events(
    path: Path, homes: dict[str, Home], dates: _Dates, until: date | None
) -> dict[str, list[Record]]:
    table = _Table(path, EVENTS_REQUIRED, EVENTS_OPTIONAL)
    streams = {name: name for name in STREAMS}
    sources = {name: name for name in SOURCES}
    people: dict[str, str] = {}
    seen: set[str] = set()
    found: dict[str, list[Record]] = {urn: [] for urn in homes}
    for row in table.rows():
        reference, urn, stream, occurred, recorded, source, child, adult, severity, themes, detail = row[:11]
        if not reference or reference in seen or _REFERENCE_FAULT.search(reference):
            raise table.fault("reference", reference, "a reference of its own, without ;")
        seen.add(reference)
        home = homes.get(urn)
        if home is None:
            raise table.fault("urn", urn, f"a urn of the homes file ({len(homes)} homes)")
        if stream not in streams:
            raise table.fault("stream", stream, "one of " + ", ".join(STREAMS))
        if source not in sources:
            raise table.fault("source", source, "one of " + ", ".join(SOURCES))
        occurred_on = dates.read(table, "occurred_on", occurred)
        recorded_on = dates.read(table, "recorded_on", recorded)
        if recorded_on < occurred_on:
            raise table.fault("recorded_on", recorded, f"a day not before occurred_on ({occurred})")
        _within(table, home, until, ("occurred_on", occurred_on), ("recorded_on", recorded_on))
        for column, key in (("child", child), ("adult", adult)):
            if key and key not in people:
                people[key] = _person(table, column, key)
        found[home.urn].append(
            Record(
                reference=reference,
                urn=home.urn,
                stream=streams[stream],
                occurred_on=occurred_on,
                recorded_on=recorded_on,
                source=sources[source],
                child=people[child] if child else "",
                adult=people[adult] if adult else "",
                severity=_severity(table, severity) if severity else None,
                themes=tuple(part for part in themes.split(";") if part) if themes else (),
                detail=_detail(table, stream, detail) if detail else "",
                restraint=_yes(table, row[11]) if row[11] else False,
                recommendations=_whole(table, "recommendations", row[12]) if row[12] else None,
                repeated=_whole(table, "repeated", row[13]) if row[13] else None,
            )
        )
    return found


def _read_placements(
    path: Path, homes: dict[str, Home], dates: _Dates, until: date | None
) -> dict[str, list[Placement]]:
    table = _Table(path, PLACEMENTS_REQUIRED, PLACEMENTS_OPTIONAL)
    found: dict[str, list[Placement]] = {urn: [] for urn in homes}
    for child, urn, authority, starts, ends, miles in table.rows():
        if not child:
            raise table.fault("child", child, "a child's key")
        _person(table, "child", child)
        home = homes.get(urn)
        if home is None:
            raise table.fault("urn", urn, f"a urn of the homes file ({len(homes)} homes)")
        if not authority:
            raise table.fault("placing_authority", authority, "a value")
        starts_on = dates.read(table, "from", starts)
        _within(table, home, until, ("from", starts_on))
        ends_on = dates.read(table, "to", ends) if ends else None
        if ends_on is not None and ends_on < starts_on:
            raise table.fault("to", ends, f"a day not before from ({starts})")
        if miles and not _MILES.fullmatch(miles):
            raise table.fault("miles", miles, "a number of miles, or nothing")
        found[home.urn].append(
            Placement(child, home.urn, authority, starts_on, ends_on, float(miles) if miles else None)
        )
    return found


def _within(table: _Table, home: Home, until: date | None, *days: tuple[str, date]) -> None:
    for column, day in days:
        if home.opened_on is not None and day < home.opened_on:
            raise table.fault(
                column, day.isoformat(), f"a day from opened_on ({home.opened_on}) of {home.urn}"
            )
        if until is not None and day > until:
            raise table.fault(column, day.isoformat(), f"a day not after --until ({until})")


def names_no_person(key: str) -> bool:
    """Whether a key cannot stand for one person: agency, unknown, or up to three letters without a digit."""
    if key.casefold() in _NO_PERSON:
        return True
    return not any(sign.isdigit() for sign in key) and sum(sign.isalpha() for sign in key) <= 3


def _person(table: _Table, column: str, key: str) -> str:
    for one in key.split(";"):
        if names_no_person(one.strip()):
            raise table.fault(column, key, "a key that stands for one person, or nothing")
    return key


def _severity(table: _Table, text: str) -> int:
    if text not in ("1", "2", "3", "4", "5"):
        raise table.fault("severity", text, "1 to 5, or nothing")
    return int(text)


def _detail(table: _Table, stream: str, text: str) -> str:
    if stream not in _DETAILS:
        return text
    allowed, expected = _DETAILS[stream]
    words = [part.strip() for part in text.split(";") if part.strip()]
    opinions = [word for word in words if word in ("yes", "partly", "no")]
    if not set(words) <= allowed or len(opinions) > 1:
        raise table.fault("detail", text, expected)
    return ";".join(words)


def _yes(table: _Table, text: str) -> bool:
    if text not in ("yes", "no"):
        raise table.fault("restraint", text, "yes or nothing")
    return text == "yes"


def _whole(table: _Table, column: str, text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise table.fault(column, text, "a whole number, or nothing")
    return int(text)

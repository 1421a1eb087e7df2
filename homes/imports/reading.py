"""Reading a list of homes as the regulator publishes it: a CSV whose columns move and whose headings change.

What cannot be read is told with line and column; nothing is guessed but the kind of a home, which becomes other.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from homes.models import Home

#: Our name for a column -> the headings it has gone by, in small letters without signs.
HEADINGS: dict[str, tuple[str, ...]] = {
    "urn": ("urn", "uniquereferencenumber", "ofstedurn", "registrationnumber"),
    "name": ("settingname", "homename", "name", "providername", "establishmentname", "nameofhome"),
    "provider": (
        "organisationwhichownstheprovider",
        "organisationname",
        "owner",
        "ownername",
        "registeredprovider",
        "provider",
        "organisation",
    ),
    "places": ("maximumusers", "maxusers", "places", "numberofplaces", "registeredplaces", "capacity"),
    "kind": ("providersubtype", "providertype", "provisiontype", "settingtype", "hometype", "kind", "type"),
    "local_authority": ("localauthority", "la", "localauthorityname", "hostauthority", "area"),
    "town": ("town", "posttown", "towncity", "city"),
    "opened_on": ("registrationdate", "dateregistered", "openedon", "dateopened", "opendate"),
    "closed_on": ("dateclosed", "closedon", "closeddate", "deregistrationdate"),
}
REQUIRED = ("urn", "name", "provider", "places")
#: The list names more than homes; these kinds of provider are passed over.
NOT_HOMES = (
    "fostering",
    "adoption",
    "familycentre",
    "supportedaccommodation",
    "boarding",
    "furthereducation",
)
KINDS = (
    ("secure", Home.HomeKind.SECURE),
    ("specialschool", Home.HomeKind.RESIDENTIAL_SCHOOL),
    ("residentialschool", Home.HomeKind.RESIDENTIAL_SCHOOL),
    ("shortbreak", Home.HomeKind.SHORT_BREAK),
    ("respite", Home.HomeKind.SHORT_BREAK),
    ("disab", Home.HomeKind.HOME_DISABILITY),
    ("childrenshome", Home.HomeKind.HOME),
    ("childrenhome", Home.HomeKind.HOME),
)
DATES = ("%d/%m/%Y", "%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%d/%m/%y")
HEADER_WITHIN = 15
MOST_PLACES = 999


@dataclass(frozen=True)
class Problem:
    """Something that could not be read: where it stands, what was found and what was expected."""

    line: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{where}: found {self.found!r}, expected {self.expected}"


@dataclass(frozen=True)
class HomeRead:
    """One home of the list."""

    urn: str
    name: str
    provider: str
    places: int
    kind: str
    local_authority: str = ""
    town: str = ""
    opened_on: date | None = None
    closed_on: date | None = None


@dataclass
class ListRead:
    """All homes of a file, what could not be read, and what was passed over or taken for something else."""

    homes: list[HomeRead] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    passed_over: int = 0


def read_homes(content: bytes) -> ListRead:
    """Read a CSV of UTF-8 or Windows-1252 bytes. Lines before the headings, such as a title, are allowed."""
    found = ListRead()
    rows = list(_lines(content))
    header, columns = _columns(rows)
    if header is None:
        wanted = "a row of headings with URN, name, provider and places within the first lines"
        found.problems.append(Problem(1, "", " ".join(rows[0][1])[:60] if rows else "", wanted))
        return found
    missing = [name for name in REQUIRED if name not in columns]
    for name in missing:
        wanted = "a heading such as " + " or ".join(HEADINGS[name][:3])
        found.problems.append(Problem(rows[header][0], name, ", ".join(rows[header][1])[:120], wanted))
    if not missing:
        seen: dict[str, int] = {}
        for line, cells in rows[header + 1 :]:
            _read_row(found, line, cells, columns, seen)
    return found


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every line that is not blank."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [cell.strip() for cell in cells]


def plain(text: str) -> str:
    """Small letters and figures only."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _columns(rows: Sequence[tuple[int, list[str]]]) -> tuple[int | None, dict[str, int]]:
    """The place of the heading row, and of each column that we know in it; the first heading in our order wins."""
    for place, (_, cells) in enumerate(rows[:HEADER_WITHIN]):
        headings = [plain(cell) for cell in cells]
        if not set(headings) & set(HEADINGS["urn"]):
            continue
        columns: dict[str, int] = {}
        for name, known in HEADINGS.items():
            places = [headings.index(heading) for heading in known if heading in headings]
            free = [place for place in places if place not in columns.values()]
            if free:
                columns[name] = free[0]
        return place, columns
    return None, {}


def _read_row(
    found: ListRead, line: int, cells: Sequence[str], columns: dict[str, int], seen: dict[str, int]
) -> None:
    def cell(name: str) -> str:
        place = columns.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    if any(word in plain(cell("kind")) for word in NOT_HOMES):
        found.passed_over += 1
        return
    before = len(found.problems)
    urn = cell("urn").upper()
    if not re.fullmatch(r"[A-Z0-9]{4,20}", urn):
        found.problems.append(Problem(line, "urn", cell("urn"), "4 to 20 letters and figures"))
    elif urn in seen:
        found.problems.append(Problem(line, "urn", urn, f"each URN once; it stands in line {seen[urn]} too"))
    seen.setdefault(urn, line)
    for name in ("name", "provider"):
        if not cell(name) or len(cell(name)) > 160:
            found.problems.append(Problem(line, name, cell(name)[:60], "a name of up to 160 letters"))
    places = _places(found, line, cell("places"))
    opened = _date(found, line, "opened_on", cell("opened_on"))
    closed = _date(found, line, "closed_on", cell("closed_on"))
    if opened and closed and closed <= opened:
        found.problems.append(
            Problem(line, "closed_on", cell("closed_on"), "a day after the registration date")
        )
    if len(found.problems) > before:
        return
    kind = _kind(found, line, cell("kind"), "kind" in columns)
    found.homes.append(
        HomeRead(
            urn,
            cell("name"),
            cell("provider"),
            places,
            kind,
            cell("local_authority"),
            cell("town")[:80],
            opened,
            closed,
        )
    )


def _places(found: ListRead, line: int, text: str) -> int:
    whole = re.fullmatch(r"(\d{1,4})(?:\.0+)?", text)
    places = int(whole[1]) if whole else 0
    if not 1 <= places <= MOST_PLACES:
        found.problems.append(Problem(line, "places", text, f"a whole number from 1 to {MOST_PLACES}"))
    return places


def _date(found: ListRead, line: int, column: str, text: str) -> date | None:
    if not text:
        return None
    for form in DATES:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    found.problems.append(Problem(line, column, text, "a date like 09/11/2026 or 2026-11-09"))
    return None


def _kind(found: ListRead, line: int, text: str, asked: bool) -> str:
    for word, kind in KINDS:
        if word in plain(text):
            return str(kind)
    exact = text.strip().lower()
    if exact in Home.HomeKind.values:
        return exact
    if asked:
        found.warnings.append(f"line {line}, column kind: {text!r} is not a kind we know; taken as other")
    return str(Home.HomeKind.OTHER)

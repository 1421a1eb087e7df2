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
#: England has about 4,000 homes; the regulator's list of all providers has some 35,000 lines.
MOST_LINES = 100_000
MOST_CELLS = 200
LONGEST_NAME = 160
#: How files begin that are no text: archives and office documents, PDF, pictures, programs, other encodings.
OTHER_FILES = (
    b"PK", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x89PNG", b"GIF8",
    b"\xff\xd8\xff", b"MZ", b"\x7fELF", b"\xff\xfe", b"\xfe\xff", b"{\\rtf", b"<", b"\xef\xbb\xbf<",
)  # fmt: skip


class NotTextError(ValueError):
    """The bytes are no CSV; the text says what they look like and what to do."""


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


def text_of(content: bytes) -> str:
    """The text of a CSV in UTF-8 or Windows-1252. Raises NotTextError for what is none."""
    if content.lstrip().startswith(OTHER_FILES):
        raise NotTextError(
            "This is no CSV file, whatever its name. Save the list as CSV (UTF-8), not as a workbook"
        )
    if b"\0" in content:
        raise NotTextError("The file holds bytes that no text has. Save the list as CSV (UTF-8)")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_homes(content: bytes | str) -> ListRead:
    """Read a CSV. Lines before the headings, such as a title, are allowed. Raises NotTextError for bytes of no text."""
    found = ListRead()
    text = text_of(content) if isinstance(content, bytes) else content
    try:
        rows = list(_lines(text))
    except csv.Error as problem:
        found.problems.append(Problem(1, "", str(problem)[:60], "a CSV of cells up to 131,072 signs"))
        return found
    if len(rows) > MOST_LINES or any(len(cells) > MOST_CELLS for _, cells in rows):
        wanted = f"at most {MOST_LINES} lines of at most {MOST_CELLS} cells"
        found.problems.append(Problem(1, "", f"{len(rows)} lines", wanted))
        return found
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


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every line that is not blank; one line more than is taken, at most. A cell is one line."""
    reader = csv.reader(io.StringIO(text, newline=""))
    taken = 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [" ".join(cell.split()) for cell in cells]
            taken += 1
            if taken > MOST_LINES:
                return


def _is_a_name(text: str) -> bool:
    """Whether people can read it as it stands: one line, no control signs, nothing that turns the text around."""
    return len(text) <= LONGEST_NAME and text.isprintable()


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
    for name in ("name", "provider", "local_authority", "town"):
        if (name in REQUIRED and not cell(name)) or not _is_a_name(cell(name)):
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

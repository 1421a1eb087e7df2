from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from oversight.risk.replay.reading import UnreadableError, names_no_person, read_histories

HOMES = "urn,name,provider,places,kind,local_authority,opened_on\n"
EVENTS = (
    "reference,urn,stream,occurred_on,recorded_on,source,child,adult,severity,themes,detail,restraint,"
    "recommendations,repeated\n"
)
PLACEMENTS = "child,urn,placing_authority,from,to,miles\n"
HOME = "DEMO1,A home,A provider,5,home,An area,2020-01-01\n"
EVENT = "e1,DEMO1,reg40,2022-03-01,2022-03-02,home,C1,A7,3,restraint;missing,death,yes,,\n"
UNTIL = date(2023, 1, 1)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., tuple[Path, Path, Path]]:
    def written(
        homes: str = HOMES + HOME, events: str = EVENTS + EVENT, placements: str = PLACEMENTS
    ) -> tuple[Path, Path, Path]:
        paths = (tmp_path / "homes.csv", tmp_path / "events.csv", tmp_path / "placements.csv")
        for path, text in zip(paths, (homes, events, placements), strict=True):
            path.write_text(text, encoding="utf-8")
        return paths

    return written


Write = Callable[..., tuple[Path, Path, Path]]


def test_everything_is_read(write: Write) -> None:
    placed = (
        PLACEMENTS + "C1,DEMO1,An authority,2022-01-01,,12.5\nC2,DEMO1,An authority,2022-01-01,2022-02-01,\n"
    )
    homes, events, placements = write(placements=placed)
    read = read_histories(homes, events, placements, UNTIL)
    (home,) = read.homes
    assert (home.urn, home.name, home.provider, home.places, home.kind) == (
        "DEMO1",
        "A home",
        "A provider",
        5,
        "home",
    )
    assert home.opened_on == date(2020, 1, 1)
    assert home.begins_on == date(2022, 3, 1), "nothing is known before the first event"
    (event,) = read.records["DEMO1"]
    assert (event.reference, event.stream, event.source, event.child, event.adult) == (
        "e1",
        "reg40",
        "home",
        "C1",
        "A7",
    )
    assert (event.occurred_on, event.recorded_on) == (date(2022, 3, 1), date(2022, 3, 2))
    assert (event.severity, event.themes, event.detail, event.restraint) == (
        3,
        ("restraint", "missing"),
        "death",
        True,
    )
    first, second = read.placements["DEMO1"]
    assert (first.ends_on, first.miles, second.ends_on, second.miles) == (None, 12.5, date(2022, 2, 1), None)
    assert read.until == UNTIL
    assert read.warnings == ()


def test_optional_columns_may_be_missing_unknown_ones_are_ignored_and_order_is_free(write: Write) -> None:
    homes, events, _ = write(
        "places,colour,urn,kind,provider\n5,blue,DEMO1,home,P\n",
        "source,recorded_on,occurred_on,stream,urn,reference\nvisitor,2022-02-02,2022-02-01,reg44,DEMO1,v\n\n",
    )
    read = read_histories(homes, events, None)
    assert read.homes[0].name == "DEMO1"
    assert read.homes[0].opened_on is None
    assert read.until == date(2022, 2, 2)
    assert read.records["DEMO1"][0].detail == ""


def test_a_home_may_be_older_than_any_record(write: Write) -> None:
    homes, events, _ = write(homes=HOMES + HOME.replace("2020-01-01", "1894-06-01"))
    assert read_histories(homes, events, None).homes[0].begins_on == date(2022, 3, 1)


def test_known_changes_of_manager_or_recording_system_are_read(write: Write) -> None:
    columns = HOMES.replace("\n", ",changed_on\n")
    homes, events, _ = write(columns + HOME.replace("\n", ",2023-02-01; 2021-05-04\n"))
    assert read_histories(homes, events, None).homes[0].changed_on == (date(2021, 5, 4), date(2023, 2, 1))
    homes, events, _ = write(columns + HOME.replace("\n", ",\n"))
    assert read_histories(homes, events, None).homes[0].changed_on == ()


@pytest.mark.parametrize("days", ["last May", "2021-05-04;", "2021-05-04,2022-01-01", "2019-12-31"])
def test_changes_that_cannot_be_read_are_refused(write: Write, days: str) -> None:
    homes, events, _ = write(HOMES.replace("\n", ",changed_on\n") + HOME.replace("\n", f',"{days}"\n'))
    with pytest.raises(UnreadableError) as fault:
        read_histories(homes, events, None)
    assert (fault.value.file, fault.value.line, fault.value.column) == ("homes.csv", 2, "changed_on")


def test_a_byte_order_mark_and_windows_lines_are_read(write: Write) -> None:
    homes, events, _ = write()
    homes.write_bytes(b"\xef\xbb\xbf" + (HOMES + HOME).replace("\n", "\r\n").encode())
    assert read_histories(homes, events, None).homes[0].urn == "DEMO1"


def test_unknown_kinds_become_other_with_a_warning(write: Write) -> None:
    homes, events, _ = write(HOMES + "DEMO1,,P,5,lighthouse,,\nDEMO2,,P,5,,,\n")
    read = read_histories(homes, events, None)
    assert [home.kind for home in read.homes] == ["other", "other"]
    assert read.warnings == (
        "homes.csv, line 2, column kind: lighthouse is read as other",
        "homes.csv, line 3, column kind: nothing is read as other",
    )


def event(**changed: str) -> str:
    fields = dict(zip(EVENTS.strip().split(","), EVENT.strip().split(","), strict=True)) | changed
    return ",".join(fields.values()) + "\n"


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        (event(reference="e1"), "reference", "e1"),
        (event(reference=""), "reference", "nothing"),
        (event(reference="a;b"), "reference", "a;b"),
        (event(urn="DEMO7"), "urn", "DEMO7"),
        (event(stream="reg41"), "stream", "reg41"),
        (event(source="neighbour"), "source", "neighbour"),
        (event(occurred_on="01/03/2022"), "occurred_on", "01/03/2022"),
        (event(occurred_on="2022-02-30"), "occurred_on", "2022-02-30"),
        (event(occurred_on=""), "occurred_on", "nothing"),
        (event(occurred_on="1850-01-01"), "occurred_on", "1850-01-01"),
        (event(recorded_on="2022-02-28"), "recorded_on", "2022-02-28"),
        (event(recorded_on="20220302"), "recorded_on", "20220302"),
        (event(recorded_on="2023-01-02"), "recorded_on", "2023-01-02"),
        (event(occurred_on="2019-12-31"), "occurred_on", "2019-12-31"),
        (event(child="agency"), "child", "agency"),
        (event(adult="Unknown"), "adult", "Unknown"),
        (event(adult="J.S."), "adult", "J.S."),
        (event(child="n/a"), "child", "n/a"),
        (event(severity="6"), "severity", "6"),
        (event(severity="high"), "severity", "high"),
        (event(detail="deceased"), "detail", "deceased"),
        (event(stream="reg44", detail="maybe"), "detail", "maybe"),
        (event(stream="reg44", detail="yes;no"), "detail", "yes;no"),
        (event(restraint="perhaps"), "restraint", "perhaps"),
        (event(recommendations="-1"), "recommendations", "-1"),
        (event(repeated="1.5"), "repeated", "1.5"),
        ("e2,DEMO1,reg40\n", "any", "3 fields"),
        (event()[:-1] + ",more\n", "any", "15 fields"),
    ],
)
def test_a_malformed_event_is_refused_with_its_place(write: Write, row: str, column: str, found: str) -> None:
    good = event(reference="e1")
    if not row.startswith("e1,"):
        good = event(reference="other")
    if column != "reference" and row.startswith("e1,"):
        row = "e2" + row[2:]
    homes, events, _ = write(events=EVENTS + good + row)
    with pytest.raises(UnreadableError) as refused:
        read_histories(homes, events, None, UNTIL)
    assert (refused.value.file, refused.value.line) == ("events.csv", 3)
    assert (refused.value.column, refused.value.found) == (column, found)
    assert (
        str(refused.value)
        == f"events.csv, line 3, column {column}: found {found}, expected {refused.value.expected}"
    )


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        ("DEMO1,,P,5,home,,\n", "urn", "DEMO1"),
        (",,P,5,home,,\n", "urn", "nothing"),
        ("DEMO2,,,5,home,,\n", "provider", "nothing"),
        ("DEMO2,,P,0,home,,\n", "places", "0"),
        ("DEMO2,,P,five,home,,\n", "places", "five"),
        ("DEMO2,,P,5,home,,soon\n", "opened_on", "soon"),
        ("DEMO2,,P,5,home,,1694-06-01\n", "opened_on", "1694-06-01"),
    ],
)
def test_a_malformed_home_is_refused_with_its_place(write: Write, row: str, column: str, found: str) -> None:
    homes, events, _ = write(homes=HOMES + HOME + row)
    with pytest.raises(UnreadableError) as refused:
        read_histories(homes, events, None)
    assert (refused.value.file, refused.value.line) == ("homes.csv", 3)
    assert (refused.value.column, refused.value.found) == (column, found)


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        (",DEMO1,A,2022-01-01,,\n", "child", "nothing"),
        ("unknown,DEMO1,A,2022-01-01,,\n", "child", "unknown"),
        ("C1,DEMO9,A,2022-01-01,,\n", "urn", "DEMO9"),
        ("C1,DEMO1,,2022-01-01,,\n", "placing_authority", "nothing"),
        ("C1,DEMO1,A,,,\n", "from", "nothing"),
        ("C1,DEMO1,A,2019-01-01,,\n", "from", "2019-01-01"),
        ("C1,DEMO1,A,2023-02-01,,\n", "from", "2023-02-01"),
        ("C1,DEMO1,A,2022-02-01,2022-01-31,\n", "to", "2022-01-31"),
        ("C1,DEMO1,A,2022-02-01,,far\n", "miles", "far"),
        ("C1,DEMO1,A,2022-02-01,,-3\n", "miles", "-3"),
    ],
)
def test_a_malformed_placement_is_refused_with_its_place(
    write: Write, row: str, column: str, found: str
) -> None:
    homes, events, placements = write(placements=PLACEMENTS + row)
    with pytest.raises(UnreadableError) as refused:
        read_histories(homes, events, placements, UNTIL)
    assert (refused.value.file, refused.value.line) == ("placements.csv", 2)
    assert (refused.value.column, refused.value.found) == (column, found)


def test_the_line_is_the_files_own_where_a_field_holds_lines(write: Write) -> None:
    first = 'e0,DEMO1,reg40,2022-03-01,2022-03-02,home,,,,"one\ntwo",,,,\n'
    homes, events, _ = write(events=EVENTS + first + event(stream="reg41"))
    with pytest.raises(UnreadableError) as refused:
        read_histories(homes, events, None)
    assert refused.value.line == 4


def test_a_missing_or_double_column_is_refused(write: Write) -> None:
    homes, events, _ = write(events="reference,urn,stream,occurred_on,source\n")
    with pytest.raises(
        UnreadableError, match=r"events\.csv, line 1, column recorded_on: found no such column"
    ):
        read_histories(homes, events, None)
    homes, events, _ = write(homes="urn,urn,provider,places,kind\n")
    with pytest.raises(UnreadableError, match="line 1, column urn: found the column twice"):
        read_histories(homes, events, None)
    homes, events, _ = write(homes="")
    with pytest.raises(UnreadableError, match="line 1, column urn"):
        read_histories(homes, events, None)


def test_what_is_no_csv_is_refused(write: Write, tmp_path: Path) -> None:
    homes, events, _ = write()
    with pytest.raises(UnreadableError, match=r"nowhere\.csv: found No such file"):
        read_histories(tmp_path / "nowhere.csv", events, None)
    events.write_bytes((EVENTS + EVENT).encode() + b"e2,DEMO1,\xff\n")
    with pytest.raises(UnreadableError, match="bytes that are not UTF-8"):
        read_histories(homes, events, None)
    events.write_text(EVENTS + '"e2"x,DEMO1\n', encoding="utf-8")
    with pytest.raises(UnreadableError, match="line 2, column any: found broken CSV"):
        read_histories(homes, events, None)


def test_without_events_the_last_day_must_be_given(write: Write) -> None:
    homes, events, _ = write(events=EVENTS)
    with pytest.raises(UnreadableError, match="no events and no --until"):
        read_histories(homes, events, None)
    assert read_histories(homes, events, None, UNTIL).until == UNTIL


@pytest.mark.parametrize(
    ("key", "nobody"),
    [
        ("agency", True),
        ("UNKNOWN", True),
        ("AB", True),
        ("abc", True),
        ("-", True),
        ("A1", False),
        ("Abcd", False),
        ("7", False),
    ],
)
def test_keys_that_name_no_person(key: str, nobody: bool) -> None:
    assert names_no_person(key) is nobody

"""From records to counts: what each stream counted on each day, and when that became known.

A matter reported twice in one stream counts once, on its earliest day. A row is *known* from its recording (or, for the
provider's picture, from the day the provider may see it) until it is withdrawn. `changes` tells the same story as a list
of differences, so that time can be walked day by day without looking back.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from oversight.risk.engine.matching import candidates, grouped, known_decisions, known_records, links
from oversight.risk.engine.records import (
    STREAMS,
    Decision,
    Home,
    Picture,
    Placement,
    Record,
    gone_from,
    known_from,
)

REG44 = STREAMS.index("reg44")
VISITS = len(STREAMS)  # the row of the count table that holds visits, the exposure of reg44
ROWS = len(STREAMS) + 1
CONCERNED: frozenset[str] = frozenset({"no", "partly"})

Ints = npt.NDArray[np.int64]
ChangeArray = npt.NDArray[np.int32]
_INDEX = {stream: index for index, stream in enumerate(STREAMS)}


class Change(NamedTuple):
    """From the end of `known_on`, row `row` counts `delta` more on `day`. Days are ordinals."""

    known_on: int
    row: int
    day: int
    delta: int


@dataclass(frozen=True, slots=True)
class HomeCounts:
    """One home's counts and exposure as known on a day: `counts` (7, days), `present` (days,), from ordinal `begins`."""

    begins: int
    counts: Ints
    present: Ints


def counted(record: Record) -> list[tuple[int, int]]:
    """What one record alone counts: (row, ordinal day) pairs."""
    day = record.occurred_on.toordinal()
    row = _INDEX[record.stream]
    if row != REG44:
        return [(row, day)]
    visit = [(VISITS, day)]
    return [*visit, (REG44, day)] if record.details() & CONCERNED else visit


def counted_once(records: Sequence[Record], decisions: Iterable[Decision]) -> list[tuple[int, int]]:
    """What records of one home count together, each matter once per stream, whatever the source."""
    found = links(records, decisions, same_stream_only=True)
    cells: list[tuple[int, int]] = []
    for members in _by_stream(grouped(records, found)):
        first = members[0].occurred_on.toordinal()
        rows = {row for record in members for row, _ in counted(record)}
        cells.extend((row, first) for row in sorted(rows))
    return cells


def _by_stream(matters: list[list[Record]]) -> list[list[Record]]:
    parted: list[list[Record]] = []
    for members in matters:
        streams: dict[str, list[Record]] = defaultdict(list)
        for record in members:
            streams[record.stream].append(record)
        parted.extend(streams.values())
    return parted


def changes(
    records: Sequence[Record], decisions: Sequence[Decision] = (), picture: Picture = "overseers"
) -> list[Change]:
    """Every difference in one home's counts, in the order in which it became known."""
    clusters, alone = _clusters(records, decisions)
    found: list[Change] = []
    for record in alone:
        known = known_from(record, picture)
        gone = gone_from(record, picture)
        if known is None or (gone is not None and gone <= known):
            continue
        for row, day in counted(record):
            found.append(Change(known.toordinal(), row, day, 1))
            if gone is not None:
                found.append(Change(gone.toordinal(), row, day, -1))
    for cluster in clusters:
        found.extend(_cluster_changes(cluster, decisions, picture))
    return sorted(found)


class _Groups:
    """Union-find over references."""

    def __init__(self) -> None:
        self.root: dict[str, str] = {}

    def find(self, name: str) -> str:
        while self.root.setdefault(name, name) != name:
            name = self.root[name]
        return name

    def join(self, first: str, second: str) -> None:
        self.root[self.find(second)] = self.find(first)


def _clusters(
    records: Sequence[Record], decisions: Sequence[Decision]
) -> tuple[list[list[Record]], list[Record]]:
    """The records that may count together with another one, gathered; and those that never can."""
    groups = _Groups()
    streams: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        streams[record.stream].append(record)
    for members in streams.values():
        source = members[0].source
        if any(record.source != source for record in members):
            for first, second in candidates(members, same_stream_only=True):
                groups.join(first.reference, second.reference)
    held = {record.reference: record.stream for record in records} if decisions else {}
    for decision in decisions:
        ours = held.get(decision.first)
        if ours is not None and ours == held.get(decision.second):
            groups.join(decision.first, decision.second)
    if not groups.root:
        return [], list(records)
    gathered: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.reference in groups.root:
            gathered[groups.find(record.reference)].append(record)
    alone = [record for record in records if record.reference not in groups.root]
    return list(gathered.values()), alone


def _cluster_changes(cluster: list[Record], decisions: Sequence[Decision], picture: Picture) -> list[Change]:
    names = {record.reference for record in cluster}
    ours = [decision for decision in decisions if decision.first in names and decision.second in names]
    days = {decision.known_on for decision in ours}
    for record in cluster:
        known = known_from(record, picture)
        days.update(day for day in (known, gone_from(record, picture)) if day is not None)
    before: dict[tuple[int, int], int] = {}
    found = []
    for day in sorted(days):
        now: dict[tuple[int, int], int] = defaultdict(int)
        for cell in counted_once(known_records(cluster, day, picture), known_decisions(ours, day)):
            now[cell] += 1
        for cell in sorted(set(now) | set(before)):
            delta = now.get(cell, 0) - before.get(cell, 0)
            if delta:
                found.append(Change(day.toordinal(), cell[0], cell[1], delta))
        before = dict(now)
    return found


def present(home: Home, placements: Iterable[Placement], begins: int, days: int) -> Ints:
    """Children exposed on each day from ordinal `begins`: placements once the home has had one, else its places."""
    steps = np.zeros(days + 1, dtype=np.int64)
    first = days
    for placement in placements:
        start = max(placement.starts_on.toordinal() - begins, 0)
        end = days if placement.ends_on is None else placement.ends_on.toordinal() - begins
        if start >= days:
            continue
        first = min(first, start)
        if end > start:
            steps[start] += 1
            steps[min(end, days)] -= 1
    living = np.cumsum(steps[:days])
    living[:first] = home.places
    return living


def counts_as_known(
    home: Home, known: Iterable[Change], placements: Iterable[Placement], as_of: date
) -> HomeCounts:
    """One home's counts from its first day to the end of `as_of`, from what was known by then."""
    begins = home.begins_on.toordinal()
    last = as_of.toordinal()
    days = max(last - begins + 1, 0)
    counts = np.zeros((ROWS, days), dtype=np.int64)
    for change in known:
        if change.known_on <= last and begins <= change.day <= last:
            counts[change.row, change.day - begins] += change.delta
    return HomeCounts(begins, counts, present(home, placements, begins, days))


def change_array(known: "Sequence[Change] | ChangeArray") -> ChangeArray:
    """The changes of one home as an array (rows, 4)."""
    return np.asarray(known, dtype=np.int32).reshape(-1, 4)


def change_table(known: "Sequence[Sequence[Change] | ChangeArray]") -> ChangeArray:
    """The changes of several homes as one table (rows, 5): known_on, home's index, row, day, delta; in that order."""
    pieces = [change_array(theirs) for theirs in known]
    table = np.empty((sum(piece.shape[0] for piece in pieces), 5), dtype=np.int32)
    at = 0
    for index, piece in enumerate(pieces):
        rows = slice(at, at + piece.shape[0])
        table[rows, 0], table[rows, 1], table[rows, 2:] = piece[:, 0], index, piece[:, 1:]
        at += piece.shape[0]
    return table[np.lexsort((table[:, 3], table[:, 2], table[:, 1], table[:, 0]))]

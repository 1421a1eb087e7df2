"""Counts of children as they may be shown: no cell under five, and none from which one could be worked out.

Every table that counts children's characteristics, or compares areas, passes here before it reaches a page, drawing,
document, file or the API. Cells under five are kept back, zero too; then as many others as it takes until each number
kept back could be any of at least five, whatever is added and subtracted of what is shown. All bear the same mark.

The table is read as a flow that is conserved (row total -> cells -> column totals -> total -> row totals), so what a
reader can work out about a number is how much flow can be sent round through it along numbers kept back.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LEAST = 5
#: A number kept back could be any of at least so many.
CHOICES = 5
KEPT_BACK = "kept back"
NOTE = "Kept back: fewer than five children, or a number that would give one away."
Place = tuple[int, int]


@dataclass(frozen=True)
class Counts:
    """Counts by row and column, none negative; cells[row][column]."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Shown:
    """The same table as it may be shown; None where the number is kept back. totals: of rows, of columns, of all."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None

    def lines(self) -> Iterator[tuple[str, ...]]:
        """Each row in words with its total, and the row of totals last."""
        for name, cells, total in zip(self.rows, self.cells, self.row_totals, strict=True):
            yield (name, *map(said, cells), said(total))
        yield ("All", *map(said, self.column_totals), said(self.total))


def said(number: int | None) -> str:
    return KEPT_BACK if number is None else f"{number:,}"


def shown(counts: Counts, *, known_rows: bool = False) -> Shown:
    """The table with what must be kept back kept back.

    known_rows: the row totals and the total are known from elsewhere and stay, and so does the total. Raises
    ValueError where one of them is under five.
    """
    flow = _Flow(counts, known_rows)
    flow.keep_back(place for place, value in flow.value.items() if value < LEAST)
    waiting = deque(sorted(flow.hidden))
    while waiting:
        place = waiting.popleft()
        if flow.choices(place) >= CHOICES:
            continue  # and so it stays: the more is kept back, the less can be worked out
        more = flow.next_to(place)
        if more is not None:
            flow.keep_back([more])
            waiting.extend((more, place))
    return flow.table()


def pooled(counts: Counts, other: str) -> Counts | None:
    """The table with rows of fewer than five in all put together as ``other``; None where too few are left to show.

    Where the others together are fewer than five, the smallest row that is not joins them.
    """
    rows = sorted(zip(counts.rows, counts.cells, strict=True), key=lambda row: (sum(row[1]), row[0]))
    small = [cells for _, cells in rows if sum(cells) < LEAST]
    large = rows[len(small) :]
    if any(sum(cells) for cells in small) and sum(map(sum, small)) < LEAST and large:
        small.append(large.pop(0)[1])
    kept = dict(large)
    if sum(map(sum, small)) >= LEAST:
        kept[other] = tuple(map(sum, zip(*small, strict=True)))
    if not kept:
        return None
    names = [name for name in (*counts.rows, other) if name in kept]
    return Counts(tuple(names), counts.columns, tuple(kept[name] for name in names))


class _Flow:
    """The table with its totals as edges of a graph: a node for each row and column, the totals' among them."""

    def __init__(self, counts: Counts, known_rows: bool) -> None:
        self.counts, self.height, self.width = counts, len(counts.rows), len(counts.columns)
        self.value: dict[Place, int] = {
            (row, column): number
            for row, cells in enumerate(counts.cells)
            for column, number in enumerate(cells)
        }
        if any(number < 0 for number in self.value.values()):
            raise ValueError("a count is not negative")
        for row in range(self.height):
            self.value[row, self.width] = sum(counts.cells[row])
        for column in range(self.width + 1):
            self.value[self.height, column] = sum(self.value[row, column] for row in range(self.height))
        self.hidden: set[Place] = set()
        self.fixed = {place for place in self.value if known_rows and place[1] == self.width}
        if any(self.value[place] < LEAST for place in self.fixed):
            raise ValueError("a row with fewer than five is not shown by name: pool it first")
        #: Node -> edges kept back that begin or end there.
        self.at: dict[tuple[str, int], list[Place]] = {}

    def ends(self, place: Place) -> tuple[tuple[str, int], tuple[str, int]]:
        """From which node to which a number flows."""
        row, column = ("row", place[0]), ("column", place[1])
        back = (place[0] == self.height) != (place[1] == self.width)
        return (column, row) if back else (row, column)

    def keep_back(self, places: Iterable[Place]) -> None:
        for place in places:
            if place not in self.hidden and place not in self.fixed:
                self.hidden.add(place)
                for node in self.ends(place):
                    self.at.setdefault(node, []).append(place)

    def choices(self, place: Place) -> int:
        """How many numbers, at most CHOICES, might stand at a place, for all that is shown."""
        start, end = self.ends(place)
        more = self._sent(end, start, place, CHOICES - 1)
        less = self._sent(start, end, place, min(self.value[place], CHOICES - 1 - more))
        return 1 + more + less

    def _sent(self, source: tuple[str, int], sink: tuple[str, int], around: Place, most: int) -> int:
        """How much, at most ``most``, can be sent through numbers kept back other than ``around``."""
        changed: dict[Place, int] = {}
        for sent in range(most):
            path = self._path(source, sink, around, changed)
            if path is None:
                return sent
            for place, step in path:
                changed[place] = changed.get(place, 0) + step
        return most

    def _path(
        self, source: tuple[str, int], sink: tuple[str, int], around: Place, changed: dict[Place, int]
    ) -> list[tuple[Place, int]] | None:
        came: dict[tuple[str, int], tuple[tuple[str, int], Place, int]] = {}
        queue, seen = deque([source]), {source}
        while queue and sink not in seen:
            node = queue.popleft()
            for place in self.at.get(node, ()):
                begins, finishes = self.ends(place)
                step, onward = (1, finishes) if begins == node else (-1, begins)
                empty = step < 0 and self.value[place] + changed.get(place, 0) == 0
                if place == around or onward in seen or empty:
                    continue
                seen.add(onward)
                came[onward] = (node, place, step)
                queue.append(onward)
        if sink not in seen:
            return None
        path, node = [], sink
        while node != source:
            node, place, step = came[node]
            path.append((place, step))
        return path

    def next_to(self, place: Place) -> Place | None:
        """What to keep back beside a number that could still be worked out: the smallest in its row or column."""
        open_ones = [one for one in self.value if one not in self.hidden and one not in self.fixed]
        row = [one for one in open_ones if one[0] == place[0]]
        column = [one for one in open_ones if one[1] == place[1]]
        alone = sum(one[0] == place[0] for one in self.hidden) == 1
        near: Sequence[Place] = (row if alone else []) or row + column or open_ones
        return min(near, key=lambda one: (self.value[one], one), default=None)

    def table(self) -> Shown:
        def at(row: int, column: int) -> int | None:
            return None if (row, column) in self.hidden else self.value[row, column]

        rows, columns = range(self.height), range(self.width)
        return Shown(
            rows=self.counts.rows,
            columns=self.counts.columns,
            cells=tuple(tuple(at(row, column) for column in columns) for row in rows),
            row_totals=tuple(at(row, self.width) for row in rows),
            column_totals=tuple(at(self.height, column) for column in columns),
            total=at(self.height, self.width),
        )

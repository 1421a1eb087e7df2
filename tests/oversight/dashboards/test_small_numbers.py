"""No number that is kept back can be worked out from what is shown: by search, and by linear algebra on larger tables."""

from collections.abc import Iterator

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.dashboards.small_numbers import CHOICES, KEPT_BACK, LEAST, Counts, Shown, pooled, shown


def counts(cells: list[list[int]]) -> Counts:
    rows = tuple(f"row {number}" for number in range(len(cells)))
    columns = tuple(f"column {number}" for number in range(len(cells[0])))
    return Counts(rows, columns, tuple(map(tuple, cells)))


def tables(most: int, rows: int, columns: int) -> st.SearchStrategy[list[list[int]]]:
    number = st.integers(0, most) | st.integers(0, 9)
    return st.integers(1, columns).flatmap(
        lambda wide: st.lists(st.lists(number, min_size=wide, max_size=wide), min_size=1, max_size=rows)
    )


def everything(table: Shown) -> list[list[int | None]]:
    """The table with its totals as a last column and a last row."""
    inner = [[*cells, total] for cells, total in zip(table.cells, table.row_totals, strict=True)]
    return [*inner, [*table.column_totals, table.total]]


def true_of(given_: Counts) -> list[list[int]]:
    inner = [[*cells, sum(cells)] for cells in given_.cells]
    return [*inner, [sum(column) for column in zip(*inner, strict=True)]]


def fillings(table: Shown, true: list[list[int]], spread: int) -> Iterator[list[list[int]]]:
    """Tables that would be shown just so, within ``spread`` of the true cells: what a reader cannot rule out."""
    grid, high, wide = everything(table), len(table.rows), len(table.columns)
    places = [(row, column) for row in range(high) for column in range(wide)]
    found = [[0] * wide for _ in range(high)]

    def fits(row: int, column: int) -> bool:
        """Whether what is filled so far agrees with a total that is complete."""
        if column == wide - 1 and grid[row][wide] not in (None, sum(found[row])):
            return False
        if row < high - 1:
            return True
        down = sum(found[up][column] for up in range(high))
        if grid[high][column] not in (None, down):
            return False
        last = column == wide - 1
        return not last or grid[high][wide] in (None, sum(map(sum, found)))

    def fill(at: int) -> Iterator[list[list[int]]]:
        if at == len(places):
            yield [list(row) for row in found]
            return
        row, column = places[at]
        known, middle = grid[row][column], true[row][column]
        for number in [known] if known is not None else range(max(middle - spread, 0), middle + spread + 1):
            found[row][column] = number
            if fits(row, column):
                yield from fill(at + 1)

    return fill(0)


@settings(max_examples=150, deadline=None)
@given(tables(14, 3, 2))
def test_a_number_kept_back_could_be_any_of_at_least_five(cells: list[list[int]]) -> None:
    """Found by trying every table near the true one, with no knowledge of how the numbers were chosen."""
    table, true = shown(counts(cells)), true_of(counts(cells))
    hidden = {
        (row, column)
        for row, line in enumerate(everything(table))
        for column, number in enumerate(line)
        if number is None
    }
    could: dict[tuple[int, int], set[int]] = {place: set() for place in hidden}
    for filled in fillings(table, true, CHOICES - 1):
        whole = true_of(counts(filled))
        for row, column in hidden:
            could[row, column].add(whole[row][column])
        if all(len(numbers) >= CHOICES for numbers in could.values()):
            break
    assert all(len(numbers) >= CHOICES for numbers in could.values()), (cells, everything(table))


@settings(max_examples=150, deadline=None)
@given(tables(40, 7, 5))
def test_no_sum_and_difference_of_what_is_shown_gives_a_number_back(cells: list[list[int]]) -> None:
    table, true = shown(counts(cells)), true_of(counts(cells))
    grid = everything(table)
    _same_where_shown(grid, true)
    assert all(number is None or number >= LEAST for line in grid for number in line)
    hidden = [(r, c) for r, line in enumerate(grid) for c, number in enumerate(line) if number is None]
    if not hidden:
        return
    high, wide = len(grid) - 1, len(grid[0]) - 1
    equations = [[_sign(place[1] == wide) * (place[0] == row) for place in hidden] for row in range(high + 1)]
    equations += [
        [_sign(place[0] == high) * (place[1] == column) for place in hidden] for column in range(wide + 1)
    ]
    matrix = numpy.array(equations, dtype=float)
    rank = numpy.linalg.matrix_rank(matrix)
    for place in range(len(hidden)):
        alone = numpy.zeros((1, len(hidden)))
        alone[0, place] = 1
        assert numpy.linalg.matrix_rank(numpy.vstack([matrix, alone])) > rank, (hidden[place], grid)


def _sign(total: bool) -> int:
    return -1 if total else 1


def _same_where_shown(grid: list[list[int | None]], true: list[list[int]]) -> None:
    for line, truth in zip(grid, true, strict=True):
        assert all(number in (None, real) for number, real in zip(line, truth, strict=True))


@settings(max_examples=100, deadline=None)
@given(tables(30, 6, 4))
def test_where_totals_are_known_from_elsewhere_they_stay_and_give_nothing_back(
    cells: list[list[int]],
) -> None:
    table = pooled(counts(cells), "others")
    if table is None:
        assert sum(map(sum, cells)) < LEAST
        return
    assert sum(map(sum, table.cells)) >= sum(sum(row) for row in cells if sum(row) >= LEAST)
    assert all(sum(row) >= LEAST for row in table.cells)
    safe = shown(table, known_rows=True)
    assert None not in safe.row_totals
    assert safe.total == sum(map(sum, table.cells))
    _same_where_shown(everything(safe), true_of(table))
    for cells_shown, total in zip(safe.cells, safe.row_totals, strict=True):
        back = [number for number in cells_shown if number is None]
        assert len(back) != 1, "the row's total would give it back"
        assert all(number is None or number >= LEAST for number in cells_shown)
        assert total is not None
    for place in range(len(safe.columns)):
        column = [row[place] for row in safe.cells]
        assert column.count(None) != 1 or safe.column_totals[place] is None


def test_the_second_smallest_goes_with_the_first_and_both_bear_one_mark() -> None:
    lines = list(shown(counts([[1, 20, 30], [12, 13, 14], [40, 50, 6]])).lines())
    assert lines[0] == ("row 0", KEPT_BACK, KEPT_BACK, "30", "51")
    assert lines[1] == ("row 1", KEPT_BACK, KEPT_BACK, "14", "39")
    assert lines[3] == ("All", "53", "83", "50", "186")


def test_a_table_of_large_numbers_is_shown_whole_and_an_empty_one_not_at_all() -> None:
    assert None not in {number for line in everything(shown(counts([[5, 6], [7, 8]]))) for number in line}
    assert {number for line in everything(shown(counts([[0, 1]]))) for number in line} == {None}
    assert pooled(counts([[0, 1], [2, 1]]), "others") is None
    assert next(shown(counts([[1200, 7]])).lines()) == ("row 0", "1,200", "7", "1,207")


def test_small_rows_are_put_together_and_take_one_more_where_they_are_few() -> None:
    table = pooled(counts([[1, 1], [9, 9], [3, 3], [2, 0]]), "others")
    assert table is not None
    assert table.rows == ("row 1", "others")
    assert table.cells == ((9, 9), (6, 4))
    few = pooled(counts([[4, 4], [6, 7], [0, 1]]), "others")
    assert few is not None
    assert dict(zip(few.rows, few.cells, strict=True)) == {"row 1": (6, 7), "others": (4, 5)}


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        shown(counts([[-1, 6]]))
    with pytest.raises(ValueError, match="pool it first"):
        shown(counts([[1, 2], [9, 9]]), known_rows=True)

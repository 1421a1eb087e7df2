"""Days along the width of a drawing, and the names of years and months under it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from oversight.dashboards.charts.drawing import line, words
from oversight.dashboards.charts.palette import INK_2, LINE


def months_between(start: date, end: date) -> int:
    """Whole months from the month of start to the month of end, both counted."""
    return (end.year - start.year) * 12 + end.month - start.month + 1


def month_firsts(start: date, end: date) -> Iterator[date]:
    """The first of every month that begins within the stretch, ends included."""
    year, month = start.year, start.month
    while (first := date(year, month, 1)) <= end:
        if first >= start:
            yield first
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


@dataclass(frozen=True)
class Axis:
    """Days from start to end, laid between left and right px."""

    start: date
    end: date
    left: float
    right: float

    def x(self, day: date) -> float:
        """Where a day stands; days outside the stretch stand at its nearer end."""
        whole = max((self.end - self.start).days, 1)
        share = min(max((day - self.start).days / whole, 0), 1)
        return self.left + share * (self.right - self.left)

    @property
    def per_month(self) -> float:
        return (self.right - self.left) / max((self.end - self.start).days / 30.44, 1)

    def every(self) -> int:
        """Months between names: 3, 6, 12, 24 or more, as the width allows."""
        for months, wide in ((3, 44.0), (6, 60.0), (12, 44.0)):
            if self.per_month * months >= wide:
                return months
        years = 2
        while self.per_month * 12 * years < 44 and years < 64:
            years *= 2
        return 12 * years

    def names(self, years_only: bool = False) -> list[tuple[float, str]]:
        """(x, name) of the months named under the axis; January and the first carry their year."""
        every = 12 * max(self.every() // 12, 1) if years_only else self.every()
        named: list[tuple[float, str]] = []
        for first in month_firsts(self.start, self.end):
            if (first.month - 1) % min(every, 12) or (every > 12 and first.year % (every // 12)):
                continue
            if years_only:
                named.append((self.x(first), str(first.year)))
            elif first.month == 1 or not named:
                named.append((self.x(first), f"{first:%b %Y}"))
            else:
                named.append((self.x(first), f"{first:%b}"))
        return named

    def drawn(self, top: float, bottom: float, size: int, years_only: bool = False) -> str:
        """Thin lines at each January from top to bottom, and the names under them."""
        rules = "".join(
            line(self.x(first), top, self.x(first), bottom + 6, LINE)
            for first in month_firsts(self.start, self.end)
            if first.month == 1
        )
        room = self.right + 12
        names = "".join(
            words(x + 3, bottom + size + 6, name, size=size, colour=INK_2)
            for x, name in self.names(years_only)
            if x + 3 + len(name) * size * 0.55 <= room
        )
        return rules + names
